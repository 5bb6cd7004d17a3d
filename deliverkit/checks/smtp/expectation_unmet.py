"""A host did not say what the script expects.

## Why it matters
A script is a test: each of its lines that begins with < says what a host has to reply. One that is not met is what the
script was written to find.

## Example
```world
like = "smtp-good"

[[smtp]]
address = "11.0.2.25"
name = "mx2.good.example"
replies = { QUIT = "451 4.3.0 stay" }
```

## Use instead
```world
like = "smtp-good"
```

## References
- RFC 5321 §4.3.2: the replies that each command may have.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from deliverkit.checks.registry import check
from deliverkit.checks.smtp.wording import IN_THE_CLEAR, came, each_of, gathered, refusal_met, talking, unheard
from deliverkit.classes import Frozen
from deliverkit.facts.smtp import Conversation, Conversations
from deliverkit.model import Absent, Evidence, Finding, Fix, Reference, Severity, rfc
from deliverkit.observations.smtp import TRUSTED, End, Unmet


@check("SMTP002", severity=Severity.ERROR, references=(rfc(5321, "4.3.2"),), since="0.1")
def expectation_unmet(conversations: Conversations) -> Iterator[Finding | Absent]:
    """Each expectation that was not met, with the hosts that took the connection and are mended in the same way."""
    yield from unheard(conversations)
    conversing = conversations.conversing
    judged = (one for one in talking(conversations) if not (conversing.is_greeting and _is_told_elsewhere(one)))
    unmet = ((one, found) for one in judged for found in one.transcript.unmet)
    for fault, same in gathered((_fault(conversations, *each), each) for each in unmet):
        does = f"{each_of([one for one, _ in same])} {fault.does}"
        yield Finding(does, _evidence(fault, same), fault.fix, fault.at_most, references=fault.references)


_PLAIN = Fix("leave --tls implicit, or tls in the script, out: TLS comes first at port 465 alone (RFC 8314 §3.3)")


class _Fault(Frozen):
    line: int
    wanted: str
    does: str
    fix: Fix | None
    at_most: Severity
    references: tuple[Reference, ...] = ()


def _fault(found: Conversations, one: Conversation, unmet: Unmet) -> _Fault:
    from deliverkit.checks.smtp.weighing import weight_of  # which conversations that go well do without
    from deliverkit.checks.trials import trial_of

    trial = trial_of(found.conversing, one, unmet)
    does, fix = (trial.does, Fix(trial.fix) if trial.fix else None) if trial else _told(found, one, unmet)
    rules = () if trial or one.greets_in_the_clear else _rules(one, unmet)
    return _Fault(unmet.line, unmet.wanted, does, fix, weight_of(found, one, unmet), rules)


def _told(found: Conversations, one: Conversation, unmet: Unmet) -> tuple[str, Fix]:
    """What went wrong, of a script that puts no host to a test, and what mends it."""
    from deliverkit.checks.lacking import lacking  # which conversations that go well do without
    from deliverkit.script import shipped

    name, lack = found.conversing.name, lacking(unmet)
    if one.greets_in_the_clear:
        return IN_THE_CLEAR, _PLAIN
    if lack and name in shipped():
        return lack.does, Fix(lack.fix)
    return _does(unmet, name), _advice(one, unmet, name)


def _rules(one: Conversation, unmet: Unmet) -> tuple[Reference, ...]:
    from deliverkit.checks.refusals import rules_behind  # which conversations that go well do without

    refusal = refusal_met(one, unmet)
    return rules_behind(one, refusal) if refusal else ()


def _does(unmet: Unmet, script: str) -> str:
    if unmet.is_of_the_script:
        return f"is not at fault: the script {script} itself cannot go on"
    return f"does not say what the script {script} expects"


def _evidence(fault: _Fault, same: Sequence[tuple[Conversation, Unmet]]) -> tuple[Evidence, ...]:
    """What was wanted, and what each host said; what all of them say is said once."""
    wants = f"line {fault.line} wants {fault.wanted}"
    told = dict.fromkeys((one.host.endpoint, came(unmet)) for one, unmet in same)
    replies = {got for _, got in told}
    if len(replies) > 1:
        return Evidence(wants), *(Evidence(endpoint, note=got) for endpoint, got in told)
    endpoints = [Evidence(endpoint) for endpoint, _ in told] if len(told) > 1 else []
    return Evidence(wants, note=f"got {replies.pop()}"), *endpoints


def _advice(one: Conversation, unmet: Unmet, script: str) -> Fix:
    """What mends the refusal that came; where it was none, the host or the script is wrong."""
    from deliverkit.checks.refusals import advised_fix  # which conversations that go well do without

    refusal = refusal_met(one, unmet)
    if refusal is not None and refusal.verb == "QUIT":
        return Fix("have the host answer QUIT with 221 (RFC 5321 §4.1.1.10); no mail is lost by it")
    if refusal is not None:
        return advised_fix(one, refusal)
    if unmet.wanted.startswith(TRUSTED):
        return Fix(
            "give the host a certificate for its name by an authority that is trusted here; on a host of your own "
            "--in-clear sends the password all the same"
        )
    change = _change(unmet.line, script)
    return Fix(change if unmet.is_of_the_script else f"mend the host; or, where it is right, {change}")


def _change(line: int, script: str) -> str:
    """How the line is changed, of a shipped script in a copy."""
    from deliverkit.script import shipped  # which conversations that go well do without

    if script not in shipped():
        return f"change line {line} of the script {script}"
    copying = f"deliverkit smtp --script {script} --show-script > my.smtp"
    return f"change line {line} in a copy of the script: {copying}, then --script my.smtp"


def _is_told_elsewhere(one: Conversation) -> bool:
    """Whether a check of its own says what went wrong, in a script that nobody wrote as a test of the host."""
    if one.greets_in_the_clear:
        return False
    starttls = one.after("STARTTLS")
    is_tls_refused = starttls is not None and starttls.reply.code != 220
    return one.transcript.end is not End.CLOSED or bool(one.refusal or one.early or is_tls_refused)

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
from typing import TYPE_CHECKING

from deliverkit.checks.registry import check
from deliverkit.checks.smtp.wording import each_of, gathered, said, talking, unheard
from deliverkit.facts.smtp import Conversation, Conversations
from deliverkit.model import Absent, Evidence, Finding, Severity, rfc, unknown
from deliverkit.observations.smtp import End

if TYPE_CHECKING:
    from deliverkit.checks.unmet import Fault

EARLY_TALKER = "early-talker"  # the script that is glad of a no
_MOST_VALUES = 12  # of a loop that are named


@check("SMTP002", severity=Severity.ERROR, references=(rfc(5321, "4.3.2"),), since="0.1")
def expectation_unmet(conversations: Conversations) -> Iterator[Finding | Absent]:
    """Each expectation that was not met, with the hosts that took the connection and are mended in the same way."""
    yield from unheard(conversations)
    conversing = conversations.conversing
    if conversing.name == EARLY_TALKER:
        yield from _unproved(conversations)
    judged = [one for one in talking(conversations) if not (conversing.is_greeting and _is_told_elsewhere(one))]
    if not any(one.transcript.unmet for one in judged):
        return
    from deliverkit.checks.in_place import replies_met  # which conversations that go well do without
    from deliverkit.checks.unmet import fault_of
    from deliverkit.checks.varied import values_of, varied

    unmet = ((one, *met) for one in judged for met in replies_met(one))
    told = (fault_of(conversations, *each) for each in unmet)
    name, values = varied(conversations.held)[0], values_of(conversations.held)
    for fault, same in gathered(told):
        does = f"{each_of([one for one, _ in same])} {fault.does}"
        evidence = (
            *_evidence(fault, same),
            *_of_values(name, [values[one.transcript.call] for one, _ in same if name]),
        )
        yield Finding(does, evidence, fault.fix, fault.at_most, references=fault.references)


def _unproved(conversations: Conversations) -> Iterator[Absent]:
    """What a no to early talk does not prove, which the host may say to anybody."""
    from deliverkit.checks.early_talk import other_reason  # which this script alone needs

    for one in talking(conversations):
        no = other_reason(one)
        if no:
            yield unknown(
                f"{one.host.endpoint} says {said(no)}, which it may say to anybody: whether it notices who talks "
                "before it has greeted is not known; the script greet shows what it says to others"
            )


def _evidence(fault: Fault, same: Sequence[tuple[Conversation, str]]) -> tuple[Evidence, ...]:
    """What was wanted, and what each host said; what all of them say is said once.

    Of a script of one's own its line stands first, of one that ships the reply.
    """
    told = dict.fromkeys((one.host.endpoint, got) for one, got in same)
    replies, endpoints = {got for _, got in told}, {endpoint for endpoint, _ in told}
    each = [Evidence(endpoint, note=got) for endpoint, got in told]
    named = [Evidence(endpoint) for endpoint, _ in told] if len(told) > 1 else []
    if not fault.wants:
        return tuple(each)
    if not fault.is_own and len(replies) == 1:
        return Evidence(f"got {replies.pop()}", note=fault.wants), *named
    if len(replies) == 1:
        return Evidence(fault.wants, note=f"got {replies.pop()}"), *named
    if len(endpoints) == 1:
        each = [Evidence(f"got {got}") for _, got in told]
    return (Evidence(fault.wants), *each) if fault.is_own else (*each, Evidence(fault.wants))


def _of_values(name: str, values: Sequence[str]) -> Iterator[Evidence]:
    """In which conversations, where several at one address differ by a value: ``eod: <LF>.<LF>, <LF>.<CR><LF>``."""
    which = [*dict.fromkeys(values)]
    if which:
        more = f"and {len(which) - _MOST_VALUES:,} more" if len(which) > _MOST_VALUES else ""
        yield Evidence(f"{name}: {', '.join(which[:_MOST_VALUES])}", note=more)


def _is_told_elsewhere(one: Conversation) -> bool:
    """Whether a check of its own says what went wrong, in a script that nobody wrote as a test of the host."""
    if one.greets_in_the_clear:
        return False
    starttls = one.after("STARTTLS")
    is_tls_refused = starttls is not None and starttls.reply.code != 220
    return one.transcript.end is not End.CLOSED or bool(one.refusal or one.early or is_tls_refused)

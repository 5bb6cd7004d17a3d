"""A mail host refuses the connection, or the name that it is greeted with, before any mail is spoken of.

## Why it matters
A host that greets with 5xx or 4xx, or says no to EHLO and HELO, takes nothing from this sender. That may be about
this machine's address (a blocklist, a home network, no reverse name) or about the name that it greets with, and
others may be served. A 5xx greeting and a 4xx are the sender's choice: it may go on to the next host.

## Example
```world
like = "smtp-good"

[[smtp]]
address = "11.0.2.25"
name = "mx2.good.example"
replies = { CONNECT = "554 5.7.1 no mail from you" }
```

## Use instead
```world
like = "smtp-good"
```

## References
- RFC 5321 §3.1: a host that takes no mail greets with 554.
- RFC 5321 §4.2.1: 4xx is for now, 5xx for good.
"""

from __future__ import annotations

from collections.abc import Iterator

from deliverkit.checks.registry import check
from deliverkit.checks.smtp.wording import (
    each_of,
    gathered,
    reply_evidence,
    reply_meaning,
    saying_no,
    talking,
    unheard,
)
from deliverkit.classes import Frozen
from deliverkit.facts.smtp import Conversation, Conversations
from deliverkit.model import Absent, Finding, Fix, Reference, Severity, rfc
from deliverkit.standards.smtp.dialogue import Exchange


@check("SMTP004", severity=Severity.WARNING, references=(rfc(5321, "3.1"), rfc(5321, "4.2.1")), since="0.1")
def refuses_this_sender(conversations: Conversations) -> Iterator[Finding | Absent]:
    """Each refusal that comes before any transaction, with the hosts that say so."""
    yield from unheard(conversations)
    is_greeting = conversations.conversing.is_greeting
    refusals = (
        (one, one.refusal)
        for one in talking(conversations)
        if one.refusal and (is_greeting or one.transcript.unmet)  # no script wanted it
    )
    for fault, same in gathered((_fault(*each), each) for each in refusals):
        evidence = [reply_evidence(one, no, reply_meaning(no, one.host.name)) for one, no in same]
        does = f"{each_of([one for one, _ in same])} {fault.does}"
        yield Finding(does, tuple(evidence), fault.fix, references=fault.references)


class _Fault(Frozen):
    does: str
    fix: Fix
    references: tuple[Reference, ...]


def _fault(one: Conversation, refusal: Exchange) -> _Fault:
    from deliverkit.checks.refusals import rules_behind  # which conversations that go well do without
    from deliverkit.checks.wrong_door import of_protocol

    other = of_protocol(one, refusal)
    if other:
        return _Fault(other.does, Fix(other.instead), ())
    does = f"{saying_no(refusal)}{_about(refusal)}"
    return _Fault(does, _advice(one, refusal), rules_behind(one, refusal))


def _about(refusal: Exchange) -> str:
    from deliverkit.checks.smtp.dead import is_about_itself  # which conversations that go well do without

    if is_about_itself(refusal.reply):
        return "; by its code that is about the host itself, and not about who asks"
    return "; it may be about this machine's address or the name that it greets with, not about everybody's"


def _advice(one: Conversation, refusal: Exchange) -> Fix:
    """What the reply itself asks for; else to find out whether it is about this machine."""
    from deliverkit.checks.refusals import known_fix  # which conversations that go well do without

    ask = Fix("ask from a machine that sends mail, with its own name (--helo); see whether that is refused, too")
    return known_fix(one, refusal) or ask

"""No mail host takes a connection, or none that does greets.

## Why it matters
Every sender keeps the mail in its queue, tries again for four to five days, and then returns it. To a sender it is
the same whether nobody takes the connection, or whoever does says nothing, hangs up, or is no mail server. Where a host
refuses this machine, others may be served, and that is not known from here.

## Example
```world
like = "resolver-well"
profile = "domain"
```

## Use instead
```world
like = "smtp-good"
```

## References
- RFC 5321 §4.5.4.1: a sender tries again for four to five days.
- RFC 5321 §3.1: a host that takes mail greets with 220.
"""

from __future__ import annotations

from collections.abc import Iterator

from deliverkit.checks.registry import check
from deliverkit.checks.smtp.wording import doubt, transcript_evidence
from deliverkit.facts.smtp import Conversation, Conversations, WayOut
from deliverkit.model import Absent, Finding, Fix, Severity, rfc, unknown

_FAR = "start the mail server, and open its port in every firewall on the way"
_NEAR = "start the mail server on this machine, and have it listen there"
_LOOK = (
    "look at each host what answers there: the mail server, or something before it that lets nobody through; ask from "
    "another network, too, to see that nothing on this one answers in its place"
)


@check("SMTP001", severity=Severity.ERROR, references=(rfc(5321, "4.5.4.1"), rfc(5321, "3.1")), since="0.1")
def no_host_answers(conversations: Conversations, way_out: WayOut) -> Iterator[Finding | Absent]:
    """Not one address takes the connection and greets, though unrelated hosts take it."""
    if conversations.nobody:
        yield Finding(
            f"{conversations.nobody}: there is nobody to talk to",
            (),
            Fix("check the spelling; if it is right, give the domain an MX record, and its hosts addresses"),
        )
        return
    if any(one.is_connected for one in conversations.held):
        yield from _unwelcoming(conversations)
        return
    held = conversations.held
    doubts = [doubt(conversations, way_out, version) for version in (4, 6) if conversations.over(version)]
    reasons = _not_known(conversations)
    if held and not all(doubts) and not reasons:
        others = ", though unrelated mail hosts answer from here" if way_out.tests else ""
        number = len({one.host for one in held})
        takes = "its only address takes no" if number == 1 else f"none of {number} addresses takes a"
        yield Finding(
            f"{takes} connection{others}",
            tuple(transcript_evidence(one) for one in held),
            Fix(_NEAR if all(one.host.is_here for one in held) else _FAR),
        )
        return
    yield from (unknown(reason) for reason in (*filter(None, doubts), *reasons))


def _not_known(conversations: Conversations) -> tuple[str, ...]:
    """Why there may be a host of which nothing is known."""
    lost = [one.host.endpoint for one in conversations.held if one.is_unrecorded]
    return (*conversations.reasons, *(f"the case file does not hold what was said with {one}" for one in lost))


def _unwelcoming(conversations: Conversations) -> Iterator[Finding | Absent]:
    """That nobody who takes the connection greets, or that all turn this machine away, when it greets and no more.

    A script that is a test of a host says itself what it did not get.
    """
    held = conversations.held
    if not conversations.conversing.is_greeting or any(map(_welcomes, held)):
        return
    from deliverkit.checks.smtp.dead import (
        done_by,
        is_dead,
        why_unwelcome,
    )  # which conversations that go well do without

    dead, reasons = all(map(is_dead, held)), _not_known(conversations)
    if dead and not reasons:
        none = "its only address does not greet" if len(held) == 1 else f"none of {len(held)} addresses greets"
        yield Finding(f"{none} as a mail host that takes mail: {done_by(held)}", (), Fix(_LOOK))
        return
    yield from map(unknown, reasons)
    if not dead:
        yield unknown(why_unwelcome([one for one in held if one.is_connected]))


def _welcomes(one: Conversation) -> bool:
    """Whether it came as far as a mail host that takes mail does, or it is not known how far."""
    if one.answers:
        return True
    from deliverkit.checks.smtp.dead import is_dead, turns_us_away  # which conversations that go well do without

    return not (one.is_unrecorded or is_dead(one) or turns_us_away(one))

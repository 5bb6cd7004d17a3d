"""A reply is not written as the standard wants it.

## Why it matters
A sender acts on the code that begins each line, and reads a reply to the line that has no hyphen behind it. Where
codes differ, a line is too long or its end is not CRLF, senders read different things: one sends on, another hangs
up.

## Example
```world
like = "smtp-good"

[[smtp]]
address = "11.0.2.25"
name = "mx2.good.example"
do = "two-codes at EHLO"
```

## Use instead
```world
like = "smtp-good"
```

## References
- RFC 5321 §4.2: what a reply looks like.
- RFC 5321 §4.5.3.1.5: a line has 512 octets at most.
"""

from __future__ import annotations

from collections.abc import Iterator

from deliverkit.checks.registry import check
from deliverkit.checks.smtp.wording import (
    bounded,
    step,
    talking,
    unheard,
)
from deliverkit.facts.smtp import Conversations
from deliverkit.model import Absent, Evidence, Finding, Fix, Severity, rfc
from deliverkit.observations.smtp import End
from deliverkit.standards.smtp.dialogue import GREETING, Exchange
from deliverkit.standards.smtp.reply import DIFFERENT_CODES, parse_reply


@check("SMTP007", severity=Severity.WARNING, references=(rfc(5321, "4.2"), rfc(5321, "4.5.3.1.5")), since="0.1")
def malformed_reply(conversations: Conversations) -> Iterator[Finding | Absent]:
    """Each host with the first of its replies that has a defect, and the line that has it."""
    yield from unheard(conversations)
    for one in talking(conversations):
        if one.transcript.end is End.FLOODED:
            continue  # its last line was cut here
        spoilt = next((found for found in one.exchanges if _defects(found)), None)
        if spoilt:
            line, (first, *more) = _spoilt_line(spoilt), _defects(spoilt)
            yield Finding(
                f"{one.host.endpoint} answers {step(spoilt)} with a reply in which {first}",
                (Evidence(bounded(line), note="; ".join(more)),),
                Fix("mend the program that writes the reply: the mail server, or a filter in front of it"),
            )


def _defects(exchange: Exchange) -> list[str]:
    """What is wrong with the reply; postscreen (Postfix) says 220- to see who speaks too early, and then says no."""
    *before, last = exchange.lines or (b"",)
    is_teased = exchange.verb == GREETING and before and all(line.startswith(b"220-") for line in before)
    is_meant = is_teased and last[:1] in {b"4", b"5"}
    return [one for one in exchange.reply.defects if not (is_meant and one == DIFFERENT_CODES)]


def _spoilt_line(exchange: Exchange) -> str:
    """The first line that is spoilt by itself, else the first whose code is not that of the last one."""
    code = str(exchange.reply.code).encode()
    alone = (line for line in exchange.lines if parse_reply((line,)).defects)
    other = (line for line in exchange.lines if line[:3] != code)
    line = next(alone, None) or next(other, exchange.lines[-1])
    return line.decode("utf-8", "backslashreplace")

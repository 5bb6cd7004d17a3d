"""The plain message reached inboxes that the campaign's message did not.

## Why it matters
Both come from the same sender by the same way, so what differs is what the message says: its links, pictures, words or
markup. A sender whose plain messages land in junk, too, has another problem, and mending the text does not help.

## Example
```placement
Gmail = { junk = 6, control = { inbox = 6 } }
```

## Use instead
```placement
Gmail = { inbox = 6, control = { inbox = 6 } }
```

## References
- deliverkit, sign test on pairs of copies (as of 2026-11-25): a warning where chance alone does so in fewer than 5
  of 100 tests, else a note.
"""

from __future__ import annotations

from collections.abc import Iterator
from math import comb

from deliverkit.checks.own_rules import ours
from deliverkit.checks.registry import check
from deliverkit.facts.placement import Control, Placement
from deliverkit.model import Absent, Finding, Fix, Severity, not_applicable, unknown

_SIGN_TEST = ours("sign test on pairs of copies")
_RARE = 0.05


@check("PLACE006", severity=Severity.WARNING, references=(_SIGN_TEST,), since="0.1")
def content_misses_the_inbox(placement: Placement) -> Iterator[Finding | Absent]:
    """Mailbox by mailbox, the control beside the campaign's message."""
    control = placement.control
    if control is None:
        yield not_applicable("no control message was sent")
    elif not control.pairs:
        yield unknown("in no mailbox have both messages come to an end")
    elif control.content > control.reverse:
        yield Finding(
            f"in {control.content} of {control.pairs} mailboxes only the plain message reached the inbox",
            fix=Fix("send the message again with half of it left out, and again with the other half: what lands tells"),
            at_most=Severity.WARNING if _chance(control) < _RARE else Severity.NOTE,
        )


def _chance(control: Control) -> float:
    """How often chance alone gives so many mailboxes on the content's side, of those that differ."""
    differing = control.content + control.reverse
    ways = sum(comb(differing, number) for number in range(control.content, differing + 1))
    return ways / float(2**differing)

"""Seed copies did not take the campaign's way.

## Why it matters
Receivers judge the address that sends, the domain that signs and the Return-Path. A copy by another way says nothing of
the campaign, so no figure counts it.

## Example
```placement
Gmail = { inbox = 6, unlike = 2 }
```

## Use instead
```placement
Gmail = { inbox = 8 }
```

## References
- deliverkit, path of the campaign file (as of 2026-11-25): addresses, signing domain and Return-Path that are expected.
"""

from __future__ import annotations

from collections.abc import Iterator

from deliverkit.checks.own_rules import ours
from deliverkit.checks.placement.wording import copies
from deliverkit.checks.registry import check
from deliverkit.facts.placement import Placement
from deliverkit.model import Absent, Finding, Fix, Severity

_PATH = ours("path of the campaign file")


@check("PLACE007", severity=Severity.WARNING, references=(_PATH,), since="0.1")
def copies_unlike_the_campaign(placement: Placement) -> Iterator[Finding | Absent]:
    """All of them together, with the first reason."""
    if placement.unlike:
        yield Finding(
            f"{copies(len(placement.unlike))} did not take the campaign's way: {placement.unlike[0].unlike}",
            fix=Fix("send the seeds from the platform and the address pool of the campaign (seed send --external)"),
        )

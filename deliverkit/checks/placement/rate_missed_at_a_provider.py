"""Fewer of the seed copies at one provider reached the inbox than are asked for of all.

## Why it matters
A provider decides for all of its readers alike. With fewer than five copies this is a hint and no more; the total
decides about the campaign.

## Example
```placement
wanted = 0.7
Gmail = { inbox = 12 }
Yahoo = { inbox = 1, junk = 7 }
```

## Use instead
```placement
wanted = 0.7
Gmail = { inbox = 12 }
Yahoo = { inbox = 7, junk = 1 }
```

## References
- deliverkit, our policy, no provider's (as of 2026-11-25): the threshold of the campaign file.
"""

from __future__ import annotations

from collections.abc import Iterator

from deliverkit.checks.own_rules import OUR_POLICY
from deliverkit.checks.placement.wording import LEAST, copies, share, within
from deliverkit.checks.registry import check
from deliverkit.facts.placement import Placement
from deliverkit.model import Absent, Finding, Fix, Severity, not_applicable


@check("PLACE002", severity=Severity.WARNING, references=(OUR_POLICY,), since="0.1")
def rate_missed_at_a_provider(placement: Placement) -> Iterator[Finding | Absent]:
    """Each provider whose whole interval lies below the rate."""
    if placement.wanted is None:
        yield not_applicable("no rate is asked for")
        return
    for one in placement.providers:
        if one.settled and one.interval.high < placement.wanted:
            seen = f"{one.inbox} of {copies(one.settled)} {within(one.interval)}"
            yield Finding(
                f"at {one.provider} {seen} reached the inbox, and {share(placement.wanted)} are asked for",
                fix=Fix(f"look at the copies at {one.provider}: deliverkit seed report -v shows what its filter wrote"),
                at_most=Severity.WARNING if one.settled >= LEAST else Severity.NOTE,
                touches=(one.provider,),
            )

"""Fewer of the seed copies reached the inbox than are asked for.

## Why it matters
What lands in junk is not read, and each reader who does not open it makes the next message likelier to land there.
The rate is weighted by the audience where its shares are given, and the whole of its 95 % interval lies below what is
asked for. Seeds have no history with the sender: real recipients differ.

## Example
```placement
wanted = 0.8
Gmail = { share = 0.6, inbox = 2, junk = 10 }
Yahoo = { share = 0.4, inbox = 6, junk = 2 }
```

## Use instead
```placement
wanted = 0.8
Gmail = { share = 0.6, inbox = 10, tab = 2 }
Yahoo = { share = 0.4, inbox = 12 }
```

## References
- deliverkit, our policy, no provider's (as of 2026-11-25): the campaign file's threshold; 70 % where none is given.
"""

from __future__ import annotations

from collections.abc import Iterator

from deliverkit.checks.own_rules import OUR_POLICY
from deliverkit.checks.placement.blame import what_to_do
from deliverkit.checks.placement.wording import LEAST, copies, in_words, share, tells_nothing
from deliverkit.checks.registry import check
from deliverkit.facts.placement import Fate, Placement, Total
from deliverkit.facts.seed_evidence import SeedEvidence
from deliverkit.model import Absent, Finding, Fix, Severity, not_applicable, unknown


@check("PLACE001", severity=Severity.ERROR, references=(OUR_POLICY,), since="0.1", decides=True)
def inbox_rate_below_wanted(placement: Placement, evidence: SeedEvidence | Absent) -> Iterator[Finding | Absent]:
    """Fails, passes, or cannot be told, by where the interval lies."""
    wanted, total = placement.wanted, placement.total
    if wanted is None:
        yield not_applicable("no rate is asked for")
    elif total is None:
        yield unknown(f"no seed copy at a provider of the audience has come to an end that counts{_unread(placement)}")
    elif tells_nothing(total):
        yield unknown(f"{_little(placement.settled, total)}{_unread(placement)}")
    elif _is_missed(placement.at_best, wanted):
        said = f"{in_words(total)} reached the inbox, and {share(wanted)} are asked for"
        yield Finding(said, fix=Fix(what_to_do(placement, evidence)))
    elif not _is_reached(placement.at_worst, wanted):
        yield unknown(_open_end(placement, total, wanted))


def _little(settled: int, total: Total) -> str:
    if total.worth >= LEAST:
        return f"no seed copy counts at the providers of {share(total.uncovered)} of the audience"
    if settled < LEAST:
        return f"{copies(settled)} {'is' if settled == 1 else 'are'} too few to tell: {LEAST} are the least"
    spread = f"{total.worth:.1f} would that are spread as the audience is"
    return f"{copies(settled)} tell no more here than {spread}: {LEAST} are the least"


def _is_missed(total: Total | None, wanted: float) -> bool:
    return total is not None and total.interval.high < wanted


def _is_reached(total: Total | None, wanted: float) -> bool:
    return total is not None and total.interval.low >= wanted


def _unread(placement: Placement) -> str:
    """What kept copies from counting that are not on their way: a mailbox that could not be read, no sending at all."""
    kept = [one for one in placement.copies if one.fate in {Fate.UNREADABLE, Fate.UNSENT}]
    return f"; {copies(len(kept))} {kept[0].fate}, as at {kept[0].provider}: {kept[0].detail}" if kept else ""


def _open_end(placement: Placement, total: Total, wanted: float) -> str:
    if placement.open and (_is_missed(total, wanted) or _is_reached(total, wanted)):
        return f"{copies(placement.open)} may still arrive, and they decide"
    return f"{in_words(total)} reached the inbox: {share(wanted)}, which are asked for, lie in that range"

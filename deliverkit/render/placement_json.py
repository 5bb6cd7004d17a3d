"""The key ``placement`` of JSON schema 1, spelt out like all of it."""

from __future__ import annotations

from deliverkit.facts.placement import Control, Delays, PlacedCopy, Placement, ProviderPlacement, Total
from deliverkit.facts.seed_evidence import SeedEvidence
from deliverkit.report import Report
from deliverkit.standards.intervals import Interval

Json = dict[str, object]


def placement(report: Report) -> Json | None:
    """Where the copies of a seed test landed; null where the report is on none."""
    found, evidence = report.fact(Placement), report.fact(SeedEvidence)
    if not isinstance(found, Placement):
        return None
    known = evidence if isinstance(evidence, SeedEvidence) else SeedEvidence()
    return {
        **summary(found),
        "control": _control(found.control) if found.control else None,
        "problems": [{"address": address, "problem": problem} for address, problem in found.problems],
        "copies": [_copy(one, known) for one in found.every],
    }


def summary(found: Placement) -> Json:
    """Its figures, without the copies one by one."""
    return {
        "test": found.test,
        "wanted": found.wanted,
        "n": len(found.copies),
        "settled": found.settled,
        "inbox": found.inbox,
        "open": found.open,
        "total": _total(found.total),
        "at_worst": _total(found.at_worst),
        "at_best": _total(found.at_best),
        "providers": [_provider(one) for one in found.providers],
    }


def interval(found: Interval) -> Json:
    """A 95 % interval."""
    return {"low": _rounded(found.low), "high": _rounded(found.high)}


def _rounded(rate: float) -> float:
    return round(rate, 6)


def _total(found: Total | None) -> Json | None:
    if found is None:
        return None
    return {
        "rate": _rounded(found.rate),
        "interval": interval(found.interval),
        "weighted": found.is_weighted,
        "worth": found.worth,
        "uncovered": _rounded(found.uncovered),
    }


def _provider(one: ProviderPlacement) -> Json:
    return {
        "provider": one.provider,
        "share": one.share,
        "n": len(one.copies),
        "settled": one.settled,
        "inbox": one.inbox,
        "counts": {fate.value: count for fate, count in sorted(one.counts.items())},
        "rate": _rounded(one.inbox / one.settled) if one.settled else None,
        "interval": interval(one.interval) if one.settled else None,
        "delays": _delays(one.delays),
    }


def _delays(found: Delays | None) -> Json | None:
    return {"median_s": found.median, "p95_s": found.p95} if found else None


def _control(found: Control) -> Json:
    return {"pairs": found.pairs, "content": found.content, "sender": found.sender, "reverse": found.reverse}


def _copy(one: PlacedCopy, evidence: SeedEvidence) -> Json:
    written = evidence.written_into(one.address, is_control=one.is_control)
    return {
        "address": one.address,
        "provider": one.provider,
        "is_control": one.is_control,
        "fate": one.fate.value,
        "folder": one.folder,
        "delay_s": one.delay,
        "detail": one.detail,
        "unlike": one.unlike,
        "evidence": written.to_plain() if written else None,
    }

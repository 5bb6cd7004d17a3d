"""The selectors of a domain: which were tried, why, and what stands there."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import islice

from deliverkit.checks.wording import count
from deliverkit.facts.dkim import DkimKeys, KeyState, SelectorKey
from deliverkit.render.findings import framed
from deliverkit.render.look import Detail, Look
from deliverkit.render.tables import Table, lay_out
from deliverkit.render.text import cut_middle, escape
from deliverkit.report import Report

MOST_RECORDS = 8  # of one selector in JSON: a verifier may take any of them
MOST_DEFECTS = 32  # of each of them
MOST_SHOWN = 5000  # characters of each of them
_MARKS = {
    KeyState.BROKEN: "✗",
    KeyState.ALIAS_TO_NOWHERE: "✗",
    KeyState.REVOKED: "–",
    KeyState.WILDCARD: "–",
    KeyState.NONE: "–",
    KeyState.UNKNOWN: "?",
}
_QUIET = {KeyState.NONE, KeyState.WILDCARD}  # told in a number where nothing speaks for the selector

Json = dict[str, object]


def render_dkim(report: Report, look: Look) -> str:
    """The report as the ``dkim`` command shows it: verdict, selectors, findings, figures."""
    blocks = [lay_out(table, look) for table in tables_of(report, in_full=look.detail is Detail.EVERYTHING)]
    others = _others(report) if look.detail is Detail.USUAL else ""
    return framed(report, look, [*blocks, look.paint(f"  {others}", "dim")] if others else blocks)


def tables_of(report: Report, *, in_full: bool = False) -> list[Table]:
    """The selectors with something to tell, or every one that was tried; none where no keys were looked for."""
    keys = report.fact(DkimKeys)
    shown = [key for key in keys.keys if in_full or _is_telling(key)] if isinstance(keys, DkimKeys) else []
    headers = ("selector", "key", "state", "why it was tried")
    return [Table(headers, tuple(map(_row, shown)))] if shown else []


def dkim_keys(report: Report) -> Json | None:
    """What JSON says of the selectors; null where no keys were looked for."""
    keys = report.fact(DkimKeys)
    if not isinstance(keys, DkimKeys):
        return None
    return {
        "selectors": [_selector(key) for key in keys.keys],
        "nothing_below_domainkey": keys.is_bare,
        "doubled_zone": keys.doubled or None,
        "wildcard": [cut_middle(str(one), MOST_SHOWN) for one in keys.ground.made_up.answer.records[:MOST_RECORDS]],
        "unguessable": list(keys.unguessable),
        "left_out": keys.left_out,
    }


def _is_telling(key: SelectorKey) -> bool:
    return key.state not in _QUIET or key.candidate.is_expected or key.candidate.is_likely


def _row(key: SelectorKey) -> tuple[str, ...]:
    return escape(key.selector), _kinds(key) or "–", _state(key), _why(key)


def _kinds(key: SelectorKey) -> str:
    return " and ".join(str(record.key) for record in key.records if record.key)


def _state(key: SelectorKey) -> str:
    """The state with its mark, and what a reader should see beside it: why it is of no use, or a flag."""
    if key.state is KeyState.UNUSABLE:
        return f"✗ {next(record.hindrance for record in key.records if record.hindrance)}"
    if key.state is not KeyState.GOOD:
        return f"{_MARKS[key.state]} {key.state}"
    if len(key.records) > 1:
        return f"? {len(key.records)} records"
    return "✓ good, a test" if "y" in key.records[0].flags else "✓ good"


def _why(key: SelectorKey) -> str:
    reasons = key.candidate.reasons
    more = f" and {len(reasons) - 2} more" if len(reasons) > 2 else ""
    return escape(f"{', '.join(reasons[:2])}{more}")


def _others(report: Report) -> str:
    """How many selectors are not in the table."""
    keys = report.fact(DkimKeys)
    if not isinstance(keys, DkimKeys):
        return ""
    number = sum(not _is_telling(key) for key in keys.keys) + keys.left_out
    if keys.is_bare:
        return "" if number else "others were not tried: nothing stands below _domainkey"
    return f"{count(number, 'other selector')} tried without a find (-v names them)" if number else ""


def _selector(key: SelectorKey) -> Json:
    return {
        "selector": key.selector,
        "name": key.name,
        "reasons": list(key.candidate.reasons),
        "given": key.candidate.is_expected,
        "status": str(key.lookup.answer.status),
        "state": str(key.state),
        "aliases": [str(alias) for alias in key.aliases],
        "keys": list(_keys(key)),
    }


def _keys(key: SelectorKey) -> Iterator[Json]:
    for record, source in islice(zip(key.records, key.resource_records, strict=True), MOST_RECORDS):
        yield {
            "record": cut_middle(str(source), MOST_SHOWN),
            "type": record.key.type if record.key else record.key_type,
            "bits": record.key.bits if record.key else None,
            "hashes": list(record.hashes),
            "services": list(record.services),
            "flags": list(record.flags),
            "defects": [str(defect.kind) for defect in record.defects[:MOST_DEFECTS]],
        }

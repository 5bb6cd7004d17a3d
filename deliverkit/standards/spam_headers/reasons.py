"""What in a filter's field speaks for spam: the rules that fired, or the values by which it says so."""

from __future__ import annotations

from typing import NamedTuple

from deliverkit.standards.spam_headers.verdict import Mark, Verdict

_FILTERS = {
    "x-spamd-result": "rspamd",
    "x-forefront-antispam-report": "Microsoft",
    "x-ms-exchange-organization-scl": "Microsoft",
}
_WITH_RULES = ("x-spamd-result", "x-spam-status")
_NO_RULES = ("flag", "score", "required")
_TELLING = ("SFV", "CAT", "SCL")  # of Microsoft's values those that say spam, as far as it tells


class Reasons(NamedTuple):
    """Why a filter takes a message for spam: what it is called, and the names of what spoke for it, the heaviest first.

    ``names`` is empty where it says no more than spam.
    """

    filter: str
    names: tuple[str, ...]


def reasons_of(verdict: Verdict) -> Reasons | None:
    """What speaks for spam in the field; None where nothing does."""
    field = verdict.field.lower()
    names = rules_of(verdict) or (_values(verdict) if verdict.is_spam else ())
    if not names and not verdict.is_spam:
        return None
    return Reasons(_FILTERS.get(field, verdict.field), names)


def rules_of(verdict: Verdict) -> tuple[str, ...]:
    """The rules that gave points; where the field has no points, all of a message that it takes for spam."""
    if verdict.field.lower() not in _WITH_RULES:
        return ()
    rules = [mark for mark in verdict.marks if mark.name not in _NO_RULES]
    if any(mark.number is not None for mark in rules):
        rules = sorted((mark for mark in rules if _points(mark) > 0), key=_points, reverse=True)
    elif not verdict.is_spam:
        return ()
    return tuple(dict.fromkeys(mark.name for mark in rules))


def _points(mark: Mark) -> float:
    return mark.number or 0.0


def _values(verdict: Verdict) -> tuple[str, ...]:
    found = {mark.name.upper(): mark for mark in verdict.marks if mark.meaning}
    return tuple(f"{name} {found[name].value}" for name in _TELLING if name in found)

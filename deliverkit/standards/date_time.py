"""Dates and times as a message's header has them."""

from __future__ import annotations

import re
from datetime import UTC, datetime, timedelta, timezone

from deliverkit.regexes import regex

_DAYS = ("Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun")
_MONTHS = ("Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec")
_DATE_TIME = regex(  # RFC 5322 §3.3, §4.3
    r"\s*+(?:[A-Za-z]{3,9}\s*+,?\s*+)?+(\d{1,2})\s++([A-Za-z]{3})[a-z]*+\.?\s++(\d{4}|\d{2})"
    r"\s++(\d{1,2}):(\d{2})(?::(\d{2})(?:\.\d{1,9})?+)?+\s*+(?:([+-])(\d{2})(\d{2})|([A-Za-z]{1,3})\b)",
    re.ASCII,
)
_ZONES = {"UT": 0, "GMT": 0, "UTC": 0, "Z": 0} | {  # RFC 5322 §4.3: what other names mean is not known
    f"{letter}{kind}": hours + (kind == "DT")
    for letter, hours in (("E", -5), ("C", -6), ("M", -7), ("P", -8))
    for kind in ("ST", "DT")
}


def format_date_time(moment: datetime) -> str:
    """The moment, which has a time zone, whatever language this machine speaks (RFC 5322 §3.3)."""
    return f"{_DAYS[moment.weekday()]}, {moment:%d} {_MONTHS[moment.month - 1]} {moment:%Y %H:%M:%S %z}"


def parse_date_time(text: str) -> datetime | None:
    """The moment at the beginning of the text; None where there is none, or its time zone is not known."""
    found = _DATE_TIME.match(text)
    if found is None:
        return None
    day, month, year, hour, minute, second, sign, hours, minutes, zone = found.groups()
    try:
        return datetime(
            _full_year(year),
            _MONTHS.index(month.capitalize()) + 1,
            int(day),
            int(hour),
            int(minute),
            min(int(second or 0), 59),  # RFC 5322 §3.3: a leap second is the 60th
            tzinfo=_zone(sign, hours, minutes) if sign else timezone(timedelta(hours=_ZONES[zone.upper()])),
        )
    except (ValueError, KeyError):
        return None


def _zone(sign: str, hours: str, minutes: str) -> timezone:
    offset = timedelta(hours=int(hours), minutes=int(minutes))
    return timezone(-offset if sign == "-" else offset) if offset else UTC


def _full_year(text: str) -> int:
    year = int(text)
    return year if len(text) == 4 else year + (2000 if year < 50 else 1900)  # RFC 5322 §4.3

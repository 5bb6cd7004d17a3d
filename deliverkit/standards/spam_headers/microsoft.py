"""X-Forefront-Antispam-Report, X-Microsoft-Antispam and the SCL, as Microsoft documents them.

Of the many values only those have a meaning here that Microsoft publishes; it keeps the others for its own staff.
"""

from __future__ import annotations

import re
from datetime import date

from deliverkit.model import Reference, Span
from deliverkit.standards.spam_headers.spamassassin import Read
from deliverkit.standards.spam_headers.verdict import MOST_MARKS, Mark, number_of

HEADERS = Reference("Microsoft, Anti-spam message headers in cloud organizations", "fields", date(2025, 7, 7))
LEVELS = Reference("Microsoft, Spam confidence level (SCL) in cloud organizations", "values", date(2026, 5, 21))
BULK = Reference("Microsoft, Bulk complaint level (BCL) in EOP", "values", date(2023, 10, 17))
_ITEM = re.compile(r"\s*+([A-Za-z][A-Za-z0-9_-]{0,40}):([^;]*+)(?:;|$)|[^;]*+(?:;|$)", re.ASCII)
_FILTERED = {  # SFV: whether it says spam, what it means
    "BLK": (True, "a user's own list of blocked senders holds the address"),
    "NSPM": (False, "the spam filter does not take it for spam"),
    "SFE": (False, "a user's own list of safe senders holds the address, so it was not filtered"),
    "SKA": (False, "an allow list of the organisation's policy holds the sender, so it was not filtered"),
    "SKB": (True, "a block list of the organisation's policy holds the sender"),
    "SKN": (False, "it was marked as no spam before the filter, by a rule for example"),
    "SKQ": (False, "it was released from quarantine"),
    "SKS": (True, "it was marked as spam before the filter, by a rule for example"),
    "SPM": (True, "the spam filter takes it for spam"),
}
_CATEGORIES = {
    "AMP": "malware",
    "BIMP": "it poses as a brand",
    "BULK": "bulk mail",
    "DIMP": "its domain poses as another",
    "FTBP": "an attachment of a kind that is not let through",
    "GIMP": "its sender poses as somebody whom the mailbox knows",
    "HPHSH": "phishing, with high confidence",
    "HPHISH": "phishing, with high confidence",
    "HSPM": "spam, with high confidence",
    "INTOS": "phishing from within the organisation",
    "MALW": "malware",
    "OSPM": "spam that was going out",
    "PHSH": "phishing",
    "SAP": "an attachment that was found unsafe",
    "SPM": "spam",
    "SPOOF": "its sender is spoofed",
    "UIMP": "its sender poses as a user",
}
_OTHERS = {
    ("IPV", "CAL"): "the address is on the organisation's allow list, so it was not filtered",
    ("IPV", "NLI"): "the address is on no reputation list",
    ("SRV", "BULK"): "it is bulk mail above the threshold for complaints",
    ("DIR", "INB"): "it came in",
    ("DIR", "OUT"): "it went out",
    ("DIR", "INT"): "it stayed within the organisation",
    ("SFTY", "9.19"): "phishing: its domain poses as a protected one",
    ("SFTY", "9.20"): "phishing: its sender poses as a user",
    ("SFTY", "9.25"): "the first message from this sender, which may be suspicious",
}
_NAMED = {
    "CIP": "the address that connected",
    "CTRY": "the country of the address that connected",
    "H": "the name in HELO or EHLO",
    "LANG": "the language of the message",
    "PTR": "the reverse name of the address that connected",
}


def read_report(text: str) -> Read:
    """``CIP:198.51.100.7;CTRY:DE;SCL:1;SFV:NSPM;CAT:NONE;…``."""
    marks = _items(text)
    for mark in marks:
        if mark.name == "SFV" and mark.value in _FILTERED:
            return _FILTERED[mark.value][0], marks
    return next((_is_spam(mark.number) for mark in marks if mark.name == "SCL"), None), marks


def read_level(text: str) -> Read:
    """The spam confidence level alone."""
    start = len(text) - len(text.lstrip())
    mark = _explained(Mark("SCL", text.strip(), Span(start, start + len(text.strip())), number_of(text.strip())))
    return _is_spam(mark.number), (mark,) if mark.value else ()


def read_items(text: str) -> Read:
    """``BCL:0;…``: how much people complain of the sender's bulk mail, or other values; none says spam or not."""
    return None, _items(text)


def _items(text: str) -> tuple[Mark, ...]:
    """The list ``name:value; …``; what is empty is left out."""
    marks: list[Mark] = []
    for found in _ITEM.finditer(text):
        value = (found[2] or "").strip()
        if value:
            start = found.start(2) + len(found[2]) - len(found[2].lstrip())
            marks.append(_explained(Mark(found[1], value, Span(start, start + len(value)), number_of(value))))
        if len(marks) == MOST_MARKS:
            break
    return tuple(marks)


def _explained(mark: Mark) -> Mark:
    name, value = mark.name.upper(), mark.value.upper()
    if name == "SCL":
        return _with(mark, _of_level(mark.number), LEVELS)
    if name == "BCL":
        return _with(mark, _of_bulk(mark.number), BULK)
    if name == "SFV":
        return _with(mark, _FILTERED.get(value, (None, ""))[1], HEADERS)
    found = _CATEGORIES.get(value, "") if name == "CAT" else _OTHERS.get((name, value), _NAMED.get(name, ""))
    return _with(mark, found, HEADERS)


def _with(mark: Mark, meaning: str, source: Reference) -> Mark:
    return mark._replace(meaning=meaning, source=source) if meaning else mark


def _of_level(level: float | None) -> str:
    meanings = {
        (-1,): "it was not filtered, for its sender or its address is trusted",
        (0, 1): "the spam filter does not take it for spam",
        (5, 6): "spam: by default it goes to junk",
        (7, 8, 9): "spam, with high confidence: by default it goes to junk",
    }
    return next((meaning for levels, meaning in meanings.items() if level in levels), "")


def _is_spam(level: float | None) -> bool | None:
    if level in {-1, 0, 1}:
        return False
    return True if level in {5, 6, 7, 8, 9} else None


def _of_bulk(level: float | None) -> str:
    meanings = {
        (0,): "not from a bulk sender",
        (1, 2, 3): "from a bulk sender with few complaints",
        (4, 5, 6, 7): "from a bulk sender with some complaints",
        (8, 9): "from a bulk sender with many complaints",
    }
    return next((meaning for levels, meaning in meanings.items() if level in levels), "")

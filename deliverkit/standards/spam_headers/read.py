"""All of a header's fields that spam filters write, read each by its own form."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import date
from itertools import islice

from deliverkit.model import Reference, Span
from deliverkit.standards.header import HeaderField
from deliverkit.standards.spam_headers.microsoft import read_items, read_level, read_report
from deliverkit.standards.spam_headers.rspamd import read_action, read_result
from deliverkit.standards.spam_headers.spamassassin import Read, read_bar, read_flag, read_score, read_status
from deliverkit.standards.spam_headers.verdict import Mark, Verdict
from deliverkit.standards.structured import MOST_CHARACTERS

MOST_VERDICTS = 50
GOOGLE = Reference("Google Workspace Admin Help, Set up routing", "Add X-Gm-Spam and X-Gm-Phishy", date(2026, 11, 25))


def read_spam_headers(fields: Sequence[HeaderField]) -> tuple[Verdict, ...]:
    """What each field of a filter says, the topmost first; never raises. Who wrote it is another question."""
    known = ((index, field) for index, field in enumerate(fields) if field.name.lower() in _READERS)
    return tuple(_verdict(index, field) for index, field in islice(known, MOST_VERDICTS))


def _verdict(index: int, field: HeaderField) -> Verdict:
    is_spam, marks = _READERS[field.name.lower()](field.body[:MOST_CHARACTERS])
    return Verdict(index, field.name, field.body, is_spam, marks)


def _read_gmail(text: str) -> Read:
    """``1`` or ``0``, where an administrator has asked for it; of phishing too."""
    digit = text.strip()
    if digit not in {"0", "1"}:
        return None, ()
    start = text.index(digit)
    meaning = "Gmail's filter marked it" if digit == "1" else "Gmail's filter did not mark it"
    return digit == "1", (Mark("flag", digit, Span(start, start + 1), float(digit), meaning, GOOGLE),)


_READERS: dict[str, Callable[[str], Read]] = {
    "x-spam": read_flag,
    "x-spam-status": read_status,
    "x-spam-flag": read_flag,
    "x-spam-score": read_score,
    "x-spam-level": read_bar,
    "x-spam-bar": read_bar,
    "x-spamd-bar": read_bar,
    "x-spamd-result": read_result,
    "x-rspamd-action": read_action,
    "x-ms-exchange-organization-scl": read_level,
    "x-microsoft-antispam": read_items,
    "x-microsoft-antispam-mailbox-delivery": read_items,
    "x-forefront-antispam-report": read_report,
    "x-gm-spam": _read_gmail,
    "x-gm-phishy": _read_gmail,
}

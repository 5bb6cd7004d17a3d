"""Whose turn it was: in SMTP the server greets, and then speaks only when it is spoken to (RFC 5321 §4.1.4, §4.3.1)."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from deliverkit.observations.smtp import Entry, Kind
from deliverkit.standards.smtp.reply import is_last


def early_lines(entries: Iterable[Entry]) -> tuple[Entry, ...]:
    """The lines that came when no reply was due: before their command, behind a goodbye, in the clear before TLS.

    Where commands went out in pieces some may be missed; none is named wrongly. In LMTP, where a message has several
    replies (RFC 2033 §4.2), none is looked for; 421 may come at any time (RFC 5321 §3.8).
    """
    found = tuple(entries)
    if any(entry.kind is Kind.SENT and entry.data[:4].upper() == b"LHLO" for entry in found):
        return ()
    return tuple(_early(found))


def _early(entries: Iterable[Entry]) -> Iterator[Entry]:
    due, is_greeted, is_begun, is_answer, was_due = 1, False, False, False, True
    for entry in entries:
        if entry.kind is Kind.SENT:
            # what follows a reply that wants more is one answer to it, however many lines it has
            due = max(due, 1) if is_answer else due + max(1, entry.data.count(b"\n"))
        elif entry.kind is Kind.SECURED:
            due, is_begun, is_answer = (0 if is_greeted else 1), False, False
        elif entry.kind is Kind.RECEIVED:
            was_due = was_due if is_begun else due > 0
            is_begun = not is_last(entry.data)
            if not was_due and not entry.data.startswith(b"421"):
                yield entry
            elif was_due and not is_begun:
                due, is_greeted, is_answer = due - 1, True, entry.data.startswith(b"3")

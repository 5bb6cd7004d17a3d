"""What the message of a seed test is composed of, as options or a campaign file say it."""

from __future__ import annotations

from collections.abc import Iterable

from deliverkit.classes import Frozen
from deliverkit.errors import UsageError
from deliverkit.regexes import regex
from deliverkit.seeds.copies import REPLACED
from deliverkit.standards.address_list import Mailbox
from deliverkit.standards.composing import parse_header, refuse_breaks
from deliverkit.standards.field_text import format_mailbox, read_mailboxes
from deliverkit.standards.senders import parse_mail_from
from deliverkit.standards.structured import QUOTED

_QUOTED = regex(QUOTED)
_NO_LOCAL_PART = regex(r"[\s<>,;:()\x00-\x20]|@.*@")


class Parts(Frozen):
    """A message in its parts: ``text``, ``html`` and the ``attachments`` are names of files, empty: it has none."""

    author: str
    subject: str
    text: str = ""
    html: str = ""
    headers: tuple[tuple[str, str], ...] = ()
    attachments: tuple[str, ...] = ()


def parts_of(  # noqa: PLR0913 - a message has as many
    author: str,
    subject: str,
    *,
    text: str = "",
    html: str = "",
    headers: Iterable[str] = (),
    attachments: Iterable[str] = (),
) -> Parts:
    """The parts, from what was given; From and Subject may stand among the headers, too.

    Raises:
        UsageError: something is missing, given twice, or every copy has its own of it.
    """
    given = tuple(map(parse_header, headers))
    for name, value in (*given, ("From", author), ("Subject", subject)):
        refuse_breaks(f"the header {name}", value)
        if name.lower() in REPLACED:
            raise UsageError(f"the header {name} cannot be given: every copy has its own, or none")
    if not (text or html):
        raise UsageError("the message has nothing in it to read: give --text FILE, or --html FILE, or both")
    rest = tuple((name, value) for name, value in given if name.lower() not in {"from", "subject"})
    return Parts(_author(author, given), _subject(subject, given), text, html, rest, tuple(attachments))


def read_author(text: str) -> str:
    """The address of ``news@example.com`` or ``Spring Sale <news@example.com>``.

    Raises:
        UsageError: it is neither.
    """
    return parse_mail_from(_mailbox(text).address)


def _author(author: str, given: Iterable[tuple[str, str]]) -> str:
    """What stands in From. A From header says more than an address: the name beside it."""
    told = [value for name, value in given if name.lower() == "from"]
    if len(told) > 1:
        raise UsageError("the header From is given twice, and stands in a message once (RFC 5322 §3.6)")
    text = told[0] if told else author
    if not text:
        raise UsageError("the message does not say whom it is from: give --from news@example.com")
    if told and author and read_author(author) != read_author(text):
        raise UsageError(f"it is from {read_author(author)}, and its From header says {text}: leave one of them out")
    return format_mailbox(_mailbox(text).display_name, read_author(text))


def _mailbox(text: str) -> Mailbox:
    if "@" not in text:
        raise UsageError(f"{text!r} is no e-mail address: give one such as news@example.com")
    found = read_mailboxes("From", text)
    if len(found) != 1:
        raise UsageError(f"{text!r}: a message is from one address here, as in Spring Sale <news@example.com>")
    if _NO_LOCAL_PART.search(_QUOTED.sub("", found[0].address)):
        raise UsageError(f"{found[0].address!r} is no e-mail address: give one such as news@example.com")
    return found[0]


def _subject(subject: str, given: Iterable[tuple[str, str]]) -> str:
    told = [value for name, value in given if name.lower() == "subject"]
    if len(told) + bool(subject) > 1:
        raise UsageError("the subject is given twice: leave one of them out")
    found = told[0] if told else subject
    if not found.strip():
        raise UsageError("the message has no subject: give --subject TEXT")
    return found

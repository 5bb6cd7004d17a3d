"""Messages made of what was given: headers, text, attachments → RFC 5322, with the encodings of MIME."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Iterable, Mapping
from email.message import EmailMessage
from email.policy import SMTP
from typing import NamedTuple

from deliverkit.classes import Frozen
from deliverkit.errors import UsageError
from deliverkit.regexes import regex
from deliverkit.standards.address_list import parse_address_list
from deliverkit.standards.field_text import write_field
from deliverkit.standards.header import split_message
from deliverkit.standards.names import shorten

_NAME = regex(r"[!-9;-~]{1,76}")  # RFC 5322 §3.6.8
_UNFIT = regex(r"[\x00-\x08\x0a-\x1f\x7f\ud800-\udfff]")
_ASCII = SMTP.clone(cte_type="7bit")
_OF_THE_BODY = ("content-", "mime-version")
_ONCE = frozenset(  # RFC 5322 §3.6
    ("date", "from", "sender", "reply-to", "to", "cc", "bcc", "message-id", "in-reply-to", "references", "subject")
)
_PIECE = regex(r"\{\{|\}\}|\{([a-z][a-z0-9_]{0,63})\}", re.ASCII)
_VARIABLE = regex(r"(?<!\{)\{([a-z][a-z0-9_]{0,63})\}", re.ASCII)
_KEPT = ("From", "To", "Subject")  # be they empty
NULL_SENDER = "MAILER-DAEMON"  # who a message is from whose sender is <>


class Attachment(NamedTuple):
    """A file that goes with a message; ``media_type`` is such as ``text/plain``."""

    name: str
    octets: bytes
    media_type: str = "application/octet-stream"


class Draft(Frozen):
    """What a message is made of. ``headers`` stand in place of those that follow from the rest, or beside them.

    Without ``date`` or ``message_id`` it has no such header: whoever sends it adds them. Without ``html`` there is
    ``text``, be it empty.
    """

    sender: str
    recipients: tuple[str, ...] = ()
    date: str = ""
    message_id: str = ""
    subject: str = ""
    text: str = ""
    html: str = ""
    headers: tuple[tuple[str, str], ...] = ()
    attachments: tuple[Attachment, ...] = ()


def compose(draft: Draft) -> bytes:
    """The message, its lines ended by CRLF (RFC 5322 §2.1); in ASCII but where an address is not (RFC 6532).

    The same draft gives the same octets.

    Raises:
        UsageError: something cannot stand in a message, a line break in a header above all.
    """
    headers = list(_headers(draft))
    _refuse_twice(headers)
    written = "".join(_written(name, value) for name, value in headers)
    return written.encode() + _body(draft)


def _headers(draft: Draft) -> Iterable[tuple[str, str]]:
    """Every header in its order: Date, From, To, Message-ID (RFC 5322 §3.6), and what was given."""
    given = {name.lower() for name, _ in draft.headers}
    own = {
        "Date": draft.date,
        "From": draft.sender,
        "To": ", ".join(draft.recipients) or "undisclosed-recipients:;",
        "Subject": draft.subject,
        "Message-ID": f"<{draft.message_id}>" if draft.message_id else "",
    }
    yield from ((name, value) for name, value in own.items() if name.lower() not in given and (value or name in _KEPT))
    yield from draft.headers


def _refuse_twice(headers: Iterable[tuple[str, str]]) -> None:
    seen: set[str] = set()
    for name, _ in headers:
        if name.lower() in seen & _ONCE:
            raise UsageError(f"the header {name} is given twice, and stands in a message once (RFC 5322 §3.6)")
        seen.add(name.lower())


def _written(name: str, value: str) -> str:
    if not _NAME.fullmatch(name):
        raise UsageError(f"{name!r} is no name of a header: write 'Name: value'")
    if name.lower().startswith(_OF_THE_BODY):
        raise UsageError(f"the header {name} follows from the body: for one of your own give the whole message")
    refuse_breaks(f"the header {name}", value)
    return write_field(name, value)


def _body(draft: Draft) -> bytes:
    """The rest: the headers that follow from the body, an empty line, and the body (RFC 2045)."""
    message = EmailMessage(_ASCII)
    try:
        _add_texts(message, draft)
    except UnicodeEncodeError:
        raise UsageError("the text of the message has octets in it that are no UTF-8") from None
    for one in draft.attachments:
        _attach(message, one)
    _settle(message, draft)
    return message.as_bytes()


def _add_texts(message: EmailMessage, draft: Draft) -> None:
    """The text, and beside it the HTML, which is the better form and so the last (RFC 2046 §5.1.4)."""
    if draft.text or not draft.html:
        message.set_content(draft.text)
        if draft.html:
            message.add_alternative(draft.html, subtype="html")
    else:
        message.set_content(draft.html, subtype="html")


def _attach(message: EmailMessage, one: Attachment) -> None:
    refuse_breaks("the name of an attachment", one.name)
    main, _, sub = one.media_type.partition("/")
    if main in {"message", "multipart"}:  # these may not be encoded (RFC 2045 §6.4), and may hold anything
        main, sub = "application", "octet-stream"
    parameters = {"charset": "utf-8"} if main == "text" and _is_utf8(one.octets) else {}
    message.add_attachment(one.octets, main, sub, filename=one.name, params=parameters)


def _is_utf8(octets: bytes) -> bool:
    try:
        octets.decode()
    except UnicodeDecodeError:
        return False
    return True


def _settle(message: EmailMessage, draft: Draft) -> None:
    """Boundaries that follow from the draft, and MIME-Version at the top alone (RFC 2045 §4).

    The equals sign and underscore occur in no encoded part (RFC 2045 §6.7).
    """
    texts = (draft.sender, draft.subject, draft.text, draft.html, *(one.name for one in draft.attachments))
    digest = hashlib.sha256("\0".join(texts).encode())
    for one in draft.attachments:
        digest.update(one.octets)
    word = digest.hexdigest()[:32]
    for number, part in enumerate(message.walk()):
        if number:
            del part["MIME-Version"]
        if part.is_multipart():
            part.set_boundary(f"=_{word}_{number}")


def refuse_breaks(what: str, value: str) -> None:
    """See that the value can stand in a header: a line break would begin another one, or the body.

    Raises:
        UsageError: it cannot; says what is in it.
    """
    found = _UNFIT.search(value)
    if found:
        kind = "a line break" if found[0] in "\r\n" else f"the control character {found[0]!r}"
        kind = "an octet that is no UTF-8" if found[0] >= "\ud800" else kind
        raise UsageError(f"{what} has {kind} in it, and none may stand there: {shorten(value)!r}")


def parse_header(text: str) -> tuple[str, str]:
    """Name and value of ``Name: value``.

    Raises:
        UsageError: it is none.
    """
    name, colon, value = text.partition(":")
    if not colon or not _NAME.fullmatch(name):
        raise UsageError(f"{text!r} is no header: write 'Name: value'")
    return name, value.strip(" \t")


def fill_message(text: str, values: Mapping[str, str]) -> str:
    """The message with ``{name}`` replaced by its value everywhere; ``{{`` and ``}}`` are the signs themselves.

    Raises:
        UsageError: a name has no value; or its value has a line break in it, and it stands in a header.
    """
    head, blank, body = _parted(text)
    for name in _VARIABLE.findall(head):
        refuse_breaks(f"the value of {{{name}}}, in a header,", values.get(name, ""))

    def value_of(found: re.Match[str]) -> str:
        if found[0] in {"{{", "}}"}:
            return found[0][0]
        if found[1] not in values:
            line = found.string.count("\n", 0, found.start()) + 1
            raise UsageError(f"line {line} needs a value for {{{found[1]}}}: give --set {found[1]}=VALUE")
        return values[found[1]]

    return _PIECE.sub(value_of, head + blank + body)


def _parted(text: str) -> tuple[str, str, str]:
    """Headers, the empty line, and the body (RFC 5322 §2.1)."""
    found = re.search(r"\r?\n\r?\n", text)
    return (text[: found.start()], found[0], text[found.end() :]) if found else (text, "", "")


def domain_of_author(message: bytes) -> str:
    """The domain of the From header's address, in lower case; empty where there is none."""
    mailboxes = parse_address_list(split_message(message).get("From"))
    return mailboxes[0].domain if mailboxes else ""

"""Messages made of what was given: headers, text, attachments → RFC 5322, with the encodings of MIME."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from email.message import EmailMessage
from email.policy import SMTP, SMTPUTF8
from typing import NamedTuple

from deliverkit.classes import frozen
from deliverkit.errors import UsageError
from deliverkit.regexes import regex
from deliverkit.standards.address_list import parse_address_list
from deliverkit.standards.header import split_message

_NAME = regex(r"[!-9;-~]{1,76}")  # RFC 5322 §3.6.8
_UNFIT = regex(r"[\x00-\x08\x0a-\x1f\x7f]")
_ASCII, _UTF8 = SMTP.clone(cte_type="7bit"), SMTPUTF8.clone(cte_type="7bit")
_OF_THE_BODY = ("content-", "mime-version")
_PIECE = regex(r"\{\{|\}\}|\{([a-z][a-z0-9_]{0,63})\}", re.ASCII)
_VARIABLE = regex(r"(?<!\{)\{([a-z][a-z0-9_]{0,63})\}", re.ASCII)
NULL_SENDER = "MAILER-DAEMON"  # who a message is from whose sender is <>


class Attachment(NamedTuple):
    """A file that goes with a message; ``media_type`` is such as ``text/plain``."""

    name: str
    octets: bytes
    media_type: str = "application/octet-stream"


@frozen
class Draft:
    """What a message is made of. ``headers`` stand in place of those that follow from the rest, or beside them."""

    sender: str
    recipients: tuple[str, ...]
    date: str
    message_id: str
    subject: str = ""
    text: str = ""
    html: str = ""
    headers: tuple[tuple[str, str], ...] = ()
    attachments: tuple[Attachment, ...] = ()


def compose(draft: Draft) -> bytes:
    """The message, its lines ended by CRLF (RFC 5322 §2.1); in ASCII but where an address is not (RFC 6532).

    Raises:
        UsageError: something cannot stand in a message, a line break in a header above all.
    """
    addresses = (draft.sender, *draft.recipients)
    message = EmailMessage(_ASCII if all(map(str.isascii, addresses)) else _UTF8)
    for name, value in _headers(draft):
        _add_header(message, name, value)
    message.set_content(draft.text)
    if draft.html:
        message.add_alternative(draft.html, subtype="html")
    for one in draft.attachments:
        main, _, sub = one.media_type.partition("/")
        _refuse_breaks("the name of an attachment", one.name)
        message.add_attachment(one.octets, main, sub, filename=one.name)
    return message.as_bytes()


def _headers(draft: Draft) -> Iterable[tuple[str, str]]:
    """Every header in its order: Date, From, To, Message-ID (RFC 5322 §3.6), and what was given."""
    given = {name.lower() for name, _ in draft.headers}
    own = {
        "Date": draft.date,
        "From": draft.sender,
        "To": ", ".join(draft.recipients) or "undisclosed-recipients:;",
        "Subject": draft.subject,
        "Message-ID": f"<{draft.message_id}>",
    }
    yield from ((name, value) for name, value in own.items() if name.lower() not in given)
    yield from draft.headers


def _add_header(message: EmailMessage, name: str, value: str) -> None:
    if not _NAME.fullmatch(name):
        raise UsageError(f"{name!r} is no name of a header: write 'Name: value'")
    if name.lower().startswith(_OF_THE_BODY):
        raise UsageError(f"the header {name} follows from the body: for one of your own give the whole message")
    _refuse_breaks(f"the header {name}", value)
    try:
        message[name] = value
    except ValueError as error:
        raise UsageError(f"the header {name} cannot be {value!r}: {error}") from None


def _refuse_breaks(what: str, value: str) -> None:
    """A line break in a header would begin another one, or the body."""
    found = _UNFIT.search(value)
    if found:
        kind = "a line break" if found[0] in "\r\n" else f"the control character {found[0]!r}"
        raise UsageError(f"{what} has {kind} in it, and none may stand there: {value!r}")


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
        _refuse_breaks(f"the value of {{{name}}}, in a header,", values.get(name, ""))

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

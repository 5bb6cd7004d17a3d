"""The copies of a message: each like the message that was given, with a token of its own by which it is found again."""

from __future__ import annotations

import re
import secrets
from datetime import datetime

from deliverkit.errors import UsageError
from deliverkit.standards.composing import Draft, compose
from deliverkit.standards.date_time import format_date_time
from deliverkit.standards.header import SplitMessage, split_message
from deliverkit.standards.smtp.commands import with_crlf

HEADER = "X-Deliverkit-Seed"
CONTROL_SUBJECT = "Notes from today's meeting"
TOKEN = re.compile(r"dk[0-9a-f]{24}")
MOST_OCTETS = 50 * 1024 * 1024  # of a message
# Each copy has its own of these; Bcc and Return-Path are no part of what is sent (RFC 5322 §3.6.3, RFC 5321 §4.4).
REPLACED = ("to", "cc", "bcc", "message-id", "return-path", HEADER.lower())
_SIGNATURES = ("dkim-signature", "arc-seal", "arc-message-signature", "arc-authentication-results")


def new_token() -> str:
    """A token that nobody guesses."""
    return f"dk{secrets.token_hex(12)}"


def is_signed(message: bytes) -> bool:
    """Whether the message has a signature that a changed header would break."""
    return any(field.name.lower() in _SIGNATURES for field in split_whole(message).fields)


def copy_of(message: bytes, *, token: str, address: str, from_domain: str) -> bytes:
    """The message addressed to one seed, with its token as a header of its own and in the Message-ID; unsigned.

    Raises:
        UsageError: it is no message: its headers cannot be read, or it has no From.
    """
    found = split_whole(message)
    if not any(field.is_named("From") for field in found.fields):
        raise UsageError("the message has no From header: give a whole message, its headers first (RFC 5322 §3.6)")
    kept = [field.octets for field in found.fields if field.name.lower() not in (*REPLACED, *_SIGNATURES)]
    own = f"{HEADER}: {token}\r\nTo: {address}\r\nMessage-ID: <{token}@{from_domain}>\r\n"
    return b"".join((own.encode(), *kept, b"\r\n", found.body))


def dated(message: bytes, moment: datetime) -> bytes:
    """A composed message with the date at which it goes out; one that it has already stays."""
    if any(field.is_named("Date") for field in split_whole(message).fields):
        return message
    return f"Date: {format_date_time(moment)}\r\n".encode() + message  # RFC 5322 §3.6.1


def control_message(sender: str, moment: datetime) -> bytes:
    """The plain message that is sent beside the campaign's: the same sender, nothing to object to in what it says."""
    draft = Draft(
        sender=sender,
        recipients=(),
        date=format_date_time(moment),
        message_id="control@invalid",
        subject=CONTROL_SUBJECT,
        text="Hello,\n\nas promised, the short version: we meet again on Thursday at ten, in the same room.\n\n"
        "Kind regards\n",
    )
    return compose(draft)


def split_whole(message: bytes) -> SplitMessage:
    """The header fields with all their octets, and the body; lines end with CRLF.

    Raises:
        UsageError: its headers cannot be read.
    """
    if len(message) > MOST_OCTETS:
        raise UsageError(f"the message is larger than {MOST_OCTETS >> 20} MiB, and than any host takes")
    text = with_crlf(message)
    found = split_message(text)
    if found.broken_at:
        raise UsageError(
            f"line {found.broken_at} of the message is neither a header nor the empty line that ends the headers"
        )
    if sum(len(field.octets) for field in found.fields) + len(b"\r\n" + found.body) < len(text):
        raise UsageError("the message has more headers than can be read")
    return found

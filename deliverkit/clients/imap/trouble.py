"""What goes wrong with a mailbox, as a clause for people."""

from __future__ import annotations

import re
from collections.abc import Iterator
from contextlib import contextmanager

from imapclient.exceptions import IMAPClientAbortError, IMAPClientError, ProtocolError

MOST_SAID = 200  # characters of a server's own words that are told


class TroubleError(Exception):
    """A mailbox cannot be read any further; the text is a clause that says why, and what to do where that is known."""


class UnknownError(TroubleError):
    """It says nothing of the mailbox: its server could not be reached, or not to the end."""


class SilentError(UnknownError):
    """Nothing came any more, or it came too slowly."""


class LostError(UnknownError):
    """The connection is gone."""


_MEANINGS = (  # what servers say, beside the response codes of RFC 5530, in lower case
    (
        ("too many simultaneous", "maximum number of connections", "too many connections", "[limit]", "[inuse]"),
        "its server has too many connections of this mailbox open: close other mail programs, or wait",
    ),
    (
        ("[unavailable]", "[serverbug]", "temporary", "try again"),
        "its server cannot serve this mailbox just now: try again later",
    ),
    (
        ("not enabled for imap", "imap is disabled", "imap access is disabled", "not enabled for imap use"),
        "IMAP is off for this mailbox: switch it on in its settings",
    ),
    (("expired",), "its password or token has expired: get a new one"),
    (
        ("authenticated but not connected",),
        "the login is right, but the account may not use IMAP: its administrator can let it",
    ),
)
_REPR = re.compile(r"""\bb(['"])(.*)\1""")  # how imaplib puts octets into its errors
_OURS = re.compile(r"command: \S+ => |\S+ command error: (?:BAD|NO) \[(?=.*\]$)")  # what it says before them
_NO_IMAP = "unexpected "  # and before what it cannot read


def meaning_of(words: str) -> str:
    """What a server's refusal means, as a clause with its words; empty where that is not known."""
    lowered = words.lower()
    found = next((clause for marks, clause in _MEANINGS if any(mark in lowered for mark in marks)), "")
    return f"{found} ({words})" if found else ""


def said(text: object) -> str:
    """A server's own words on one line, cut short."""
    if isinstance(text, Exception):
        text = text.args[0] if text.args else type(text).__name__
    words = text.decode("utf-8", "replace") if isinstance(text, bytes) else str(text)
    line = " ".join(_REPR.sub(r"\2", _OURS.sub("", words)).split()).removeprefix("* BYE ")
    return line if len(line) <= MOST_SAID else f"{line[:MOST_SAID]}…"


@contextmanager
def as_trouble() -> Iterator[None]:
    """Whatever an IMAP library raises over what a server says, as trouble.

    imaplib and IMAPClient take what is no IMAP for a fault of the program, so it comes as anything.
    """
    try:
        yield
    except TroubleError:
        raise
    except IMAPClientError as error:
        raise _trouble_of(error) from None
    except OSError:
        raise LostError("the connection to its server broke off") from None
    except (ValueError, TypeError, LookupError, AttributeError, ArithmeticError, AssertionError, RuntimeError) as error:
        raise TroubleError(f"its server says what is no IMAP ({type(error).__name__})") from None


def _trouble_of(error: Exception) -> TroubleError:
    words = said(error)
    if words.startswith(_NO_IMAP) or isinstance(error, ProtocolError):
        return TroubleError(f"its server says what is no IMAP: {words}")
    known = meaning_of(words)
    if isinstance(error, IMAPClientAbortError):
        return LostError(known or f"its server broke off: {words}")
    return TroubleError(known or f"its server refuses: {words}")

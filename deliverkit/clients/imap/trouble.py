"""What goes wrong with a mailbox, as a clause for people."""

from __future__ import annotations

import re
from collections.abc import Iterator
from contextlib import contextmanager
from typing import NamedTuple

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


_LATER = "its server cannot serve this mailbox just now: try again later"
WANTS_TLS = 'its server lets nobody in without TLS: write tls = "implicit", or tls = "starttls"'


class _Meaning(NamedTuple):
    """What words of a server mean, in lower case, as a clause. ``passes``: another time it may be otherwise."""

    marks: tuple[str, ...]
    clause: str
    passes: bool = False


_MEANINGS = (  # the response codes of RFC 5530 §3 stand in brackets; the first that is found counts
    _Meaning(
        ("[limit]", "[inuse]", "too many simultaneous", "maximum number of connections", "too many connections"),
        "its server has too many connections of this mailbox open: close other mail programs, or wait",
        passes=True,
    ),
    _Meaning(("[unavailable]", "[serverbug]"), _LATER, passes=True),
    _Meaning(
        ("[contactadmin]",),
        "its server says to ask its administrator: is the account open, and may it use IMAP?",
    ),
    _Meaning(("[privacyrequired]",), WANTS_TLS),
    _Meaning(
        ("[authorizationfailed]", "[noperm]"),
        "the login is right, but may not open this mailbox: is the user its own, and does its administrator let it?",
    ),
    _Meaning(("[corruption]",), "its server finds it damaged: its administrator has to mend it"),
    _Meaning(("[overquota]",), "it is full: make room in it"),
    _Meaning(  # Gmail's, beside [ALERT]
        ("[webalert", "web login required", "log in via your web browser"),
        "its provider wants you to sign in with a browser first, and to say there that it was you",
    ),
    _Meaning(("temporary", "try again"), _LATER, passes=True),
    _Meaning(
        ("not enabled for imap", "imap is disabled", "imap access is disabled"),
        "IMAP is off for this mailbox: switch it on in its settings",
    ),
    _Meaning(("expired",), "its password or token has expired: get a new one"),
    _Meaning(
        ("authenticated but not connected",),
        "the login is right, but the account may not use IMAP: its administrator can let it",
    ),
)
_REPR = re.compile(r"""\bb(['"])(.*)\1""")  # how imaplib puts octets into its errors
_OURS = re.compile(r"command: \S+ => |\S+ command error: (?:BAD|NO) \[(?=.*\]$)")  # what it says before them
_NO_IMAP = "unexpected "  # and before what it cannot read


def refused(words: str, otherwise: str) -> TroubleError:
    """The trouble that a server's refusal is: what its words mean, and them; ``otherwise`` where that is not known."""
    lowered = words.lower()
    found = next((one for one in _MEANINGS if any(mark in lowered for mark in one.marks)), None)
    if found is None:
        return TroubleError(otherwise)
    return (UnknownError if found.passes else TroubleError)(f"{found.clause} ({words})")


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
    if isinstance(error, IMAPClientAbortError):
        return LostError(str(refused(words, f"its server broke off: {words}")))
    return refused(words, f"its server refuses: {words}")

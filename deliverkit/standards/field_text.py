"""Header fields as they are written: folded, in ASCII, each line short enough.

A field that is too long for a line goes on in the next, which begins with white space (RFC 5322 §2.2.3). What is not
ASCII in it stands in encoded words (RFC 2047), a domain in A-labels (RFC 5890 §2.3.2.1). An address whose local part is
not ASCII has no other form: its field is in UTF-8 (RFC 6532 §3.2).
"""

from __future__ import annotations

from base64 import b64encode
from collections.abc import Callable, Iterator

from deliverkit.errors import UsageError
from deliverkit.regexes import regex
from deliverkit.standards.address_list import Mailbox, parse_address_list
from deliverkit.standards.names import shorten, to_a_label
from deliverkit.standards.structured import QUOTED

LONGEST_LINE = 998  # RFC 5322 §2.1.1
_LINE = 76  # of one that holds encoded words (RFC 2047 §2)
_WORD = 75  # RFC 2047 §2
_OF_ADDRESSES = frozenset(
    ("from", "sender", "reply-to", "to", "cc", "bcc", "resent-from", "resent-sender", "resent-to", "resent-cc")
)
# What names machines' things: encoded words have no place there (RFC 5322 §3.6.4, RFC 2369 §2, RFC 8058 §3).
_FOR_MACHINES = frozenset(
    ("date", "message-id", "in-reply-to", "references", "list-unsubscribe", "list-unsubscribe-post", "return-path")
)
_PIECES = regex(r"[ \t]*[^ \t]+")
_ATOMS = regex(r"[A-Za-z0-9!#$%&'*+/^_`{|}~ -]*")  # RFC 5322 §3.2.3, without what might be taken for encoded words
_QUOTED_OR_ANGLED = regex(rf"{QUOTED}|<[^>]*>")
_SAFE = frozenset(b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789!*+-/")  # RFC 2047 §5 (3)


def write_field(name: str, value: str) -> str:
    """The field with the end of its last line.

    Raises:
        UsageError: it cannot be written so; says why.
    """
    text = value.strip(" \t")
    if not text.isascii():
        text = _without_others(name, text)
    lines = list(_folded(f"{name}:", f" {text}"))
    longest = max(map(len, lines))
    if longest > LONGEST_LINE:
        raise UsageError(
            f"the header {name} has a word that makes a line of {longest} characters, and a line has at most "
            f"{LONGEST_LINE} (RFC 5322 §2.1.1)"
        )
    return "\r\n".join((*lines, ""))


def _folded(line: str, text: str) -> Iterator[str]:
    """The lines: each word on the one that has room for it, the first always on the first."""
    begun = False
    for piece in _PIECES.findall(text):
        if begun and len(line) + len(piece) > _LINE:
            yield line
            line = ""
        line += piece
        begun = True
    yield line


def _without_others(name: str, text: str) -> str:
    """The value in ASCII, but for addresses that have no such form."""
    if name.lower() in _OF_ADDRESSES:
        return _with_addresses(name, text)
    if name.lower() in _FOR_MACHINES:
        raise UsageError(f"the header {name} takes ASCII alone: {shorten(text)!r}")
    pieces = _PIECES.findall(text)
    beyond = [number for number, piece in enumerate(pieces) if not piece.isascii()]
    before, encoded, after = (
        "".join(part) for part in (pieces[: beyond[0]], pieces[beyond[0] : beyond[-1] + 1], pieces[beyond[-1] + 1 :])
    )
    words = _encoded(encoded.lstrip(" \t"), _WORD if before else _WORD - len(name) - 2)
    return f"{before}{' ' if before else ''}{words}{after}"


def read_mailboxes(name: str, text: str) -> tuple[Mailbox, ...]:
    """The mailboxes of a field that is a list of them and nothing else.

    Raises:
        UsageError: it is not; says how one is written.
    """
    found = parse_address_list(text)
    rest = _QUOTED_OR_ANGLED.sub("x", text)
    if len(found) != rest.count(",") + 1 or any(sign in rest for sign in ":;("):
        raise UsageError(
            f"the header {name} is no list of addresses: {shorten(text)!r}; separate them with commas, and put a name "
            'that has one in quotation marks, as in "Sale, Spring" <news@example.com>'
        )
    return found


def format_mailbox(name: str, address: str) -> str:
    """A display name and an address as they stand in a field, not yet encoded; the address alone where it has none."""
    return f"{_as_it_is(name)} <{address}>" if name else address


def _with_addresses(name: str, text: str) -> str:
    found = read_mailboxes(name, text)
    write = _as_it_is if any(not one.address.rpartition("@")[0].isascii() for one in found) else _in_words
    return ", ".join(_mailbox(one, write) for one in found)


def _mailbox(one: Mailbox, write: Callable[[str], str]) -> str:
    local, _, domain = one.address.rpartition("@")
    address = f"{local}@{to_a_label(domain)}"
    return f"{write(one.display_name)} <{address}>" if one.display_name else address


def _as_it_is(phrase: str) -> str:
    if _ATOMS.fullmatch(phrase):
        return phrase
    escaped = phrase.replace("\\", "\\\\").replace('"', '\\"')
    return f'"{escaped}"'


def _in_words(phrase: str) -> str:
    return _as_it_is(phrase) if phrase.isascii() else _encoded(phrase, _WORD - len("Reply-To: "))


def _encoded(text: str, first: int) -> str:
    """The text in encoded words, whole characters in each (RFC 2047 §5); ``first``: characters of the first."""
    is_mostly_ascii = 2 * sum(map(str.isascii, text)) > len(text)
    form = _quoted if is_mostly_ascii else _base64  # what is mostly ASCII stays readable so
    words, piece, room = [], "", max(first, len(form("\U0001f600")))
    for character in text:
        if piece and len(form(piece + character)) > room:
            words.append(form(piece))
            piece, room = "", _WORD
        piece += character
    return " ".join((*words, form(piece)))


def _base64(text: str) -> str:
    return f"=?utf-8?b?{b64encode(text.encode()).decode()}?="


def _quoted(text: str) -> str:
    signs = (chr(octet) if octet in _SAFE else "_" if octet == ord(" ") else f"={octet:02X}" for octet in text.encode())
    return f"=?utf-8?q?{''.join(signs)}?="

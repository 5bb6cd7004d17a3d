"""Who stands in From, To and their like (RFC 5322 §3.4), and words that are encoded in headers (RFC 2047)."""

from __future__ import annotations

import binascii
import re
from typing import NamedTuple

from deliverkit.standards.structured import MOST_CHARACTERS, QUOTED, unquote, without_comments

MOST_MAILBOXES = 1_000
_ENTRY = re.compile(rf"(?:[^,;:<\"]++|{QUOTED}|<[^>]*+>?+)*+", re.DOTALL)  # a colon ends a group's name, a semicolon it
_ANGLE = re.compile(rf"((?:[^<\"]++|{QUOTED})*+)<([^>]*+)>?+", re.DOTALL)
# RFC 2047 §2, with spaces as some write them; no longer than a line (RFC 5322 §2.1.1): its end is near
_ENCODED = re.compile(r"=\?([!->@-~]{1,40})\?([bBqQ])\?([ -~]{0,998}?)\?=")
_BETWEEN = re.compile(r"(\?=)\s+(?==\?)")  # RFC 2047 §6.2: white space between two of them is none


class Mailbox(NamedTuple):
    """A display name, decoded, and an address, as it is written."""

    display_name: str
    address: str

    @property
    def domain(self) -> str:
        """The address's domain in lower case."""
        return self.address.rpartition("@")[2].lower().removesuffix(".")


def parse_address_list(value: str) -> tuple[Mailbox, ...]:
    """The mailboxes with an address, in order, those of groups among them; never raises."""
    bare = without_comments(value[:MOST_CHARACTERS]).text
    found: list[Mailbox] = []
    place = 0
    while place <= len(bare) and len(found) < MOST_MAILBOXES:
        entry = _ENTRY.match(bare, place)
        assert entry is not None  # it may be empty
        mailbox = _mailbox(entry[0])
        found += [mailbox] if mailbox else []
        place = entry.end() + 1
    return tuple(found)


def addresses_in(value: str) -> tuple[str, ...]:
    """The addresses alone."""
    return tuple(mailbox.address for mailbox in parse_address_list(value))


def _mailbox(entry: str) -> Mailbox | None:
    angle = _ANGLE.match(entry)
    name, address = (angle[1], angle[2].strip()) if angle else ("", entry.strip())
    local, _, domain = address.rpartition("@")
    return Mailbox(decode_words(unquote(name.strip())), address) if local and domain else None


def decode_words(text: str) -> str:
    """The text with its encoded words decoded; one that cannot be is left as it is."""
    return _ENCODED.sub(_word, _BETWEEN.sub(r"\1", text[:MOST_CHARACTERS]))


def _word(found: re.Match[str]) -> str:
    charset, encoding, text = found.groups()
    try:  # RFC 2047 §4.2: an underscore is a space
        octets = binascii.a2b_base64(text) if encoding in "bB" else binascii.a2b_qp(text, header=True)
    except (binascii.Error, ValueError):
        return found[0]
    return decoded(octets, charset.partition("*")[0]) or found[0]  # RFC 2231 §5: a language may follow


_NEVER = frozenset({"idna", "punycode", "undefined", "unicode_escape", "raw_unicode_escape"})  # Python's, no charsets


def decoded(octets: bytes, charset: str) -> str | None:
    """The octets as text, what does not fit replaced; None where there is no such charset."""
    if charset.lower().replace("-", "_") in _NEVER:
        return None
    try:
        return octets.decode(charset, "replace")
    except (LookupError, ValueError):
        return None

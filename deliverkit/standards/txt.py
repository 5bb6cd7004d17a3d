"""TXT records: the character strings of master-file data (RFC 1035 §5.1) and the text that they make together."""

from __future__ import annotations

import re
from functools import cache, lru_cache

from deliverkit.regexes import regex

MOST = 255  # octets of a character string (RFC 1035 §3.3)

_STRING = regex(r'"((?:[^"\\]|\\.)*)"|((?:[^\s"\\]|\\.)+)', re.DOTALL)


def strings_of(data: str) -> tuple[str, ...]:
    """The character strings of the data, each octet as the character of that number."""
    return tuple(_plain(quoted or bare) for quoted, bare in _STRING.findall(data))


@lru_cache(maxsize=64)  # a wildcard answers many names with one text
def text_of(data: str) -> str:
    """The strings joined with nothing between them (RFC 7208 §3.3, RFC 6376 §3.6.2.2)."""
    return "".join(strings_of(data))


def data_of(text: str) -> str:
    """The text as master-file data, in strings of at most 255 octets; characters above 255 as UTF-8."""
    octets = text.encode("latin-1") if all(ord(character) < 256 for character in text) else text.encode()
    parts = [octets[start : start + MOST] for start in range(0, len(octets), MOST)] or [b""]
    return " ".join(f'"{"".join(map(_escaped, part))}"' for part in parts)


def as_utf8(text: str) -> str:
    """The text as people see it: UTF-8 where its octets are that."""
    try:
        return text.encode("latin-1").decode()
    except UnicodeError:
        return text


def _plain(text: str) -> str:
    """The text without its escapes; a record of nothing else is read, too, at a call for each escaped backslash."""
    return "\\".join(map(_without_escapes, text.split("\\\\"))) if "\\" in text else text


def _without_escapes(text: str) -> str:
    """The text, in which no backslash is escaped itself."""
    first, *others = text.split("\\")
    octets = _octets()
    return "".join([first, *[octets[at[:3]] + at[3:] if at[:3] in octets else at for at in others]])


@cache
def _octets() -> dict[str, str]:
    """The octets by their numbers in three digits (RFC 1035 §5.1: \\DDD)."""
    return {f"{number:03d}": chr(number & 0xFF) for number in range(1000)}


def _escaped(octet: int) -> str:
    if octet in b'"\\':
        return f"\\{chr(octet)}"
    return chr(octet) if 0x20 <= octet < 0x7F else f"\\{octet:03d}"

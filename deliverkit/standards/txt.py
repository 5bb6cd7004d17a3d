"""TXT records: the character strings of master-file data (RFC 1035 §5.1) and the text that they make together."""

from __future__ import annotations

import re

MOST = 255  # octets of a character string (RFC 1035 §3.3)

_STRING = re.compile(r'"((?:[^"\\]|\\.)*)"|((?:[^\s"\\]|\\.)+)', re.DOTALL)
_ESCAPED = re.compile(r"\\(\d{3})|\\(.)", re.DOTALL)


def strings_of(data: str) -> tuple[str, ...]:
    """The character strings of the data, each octet as the character of that number."""
    return tuple(_plain(quoted or bare) for quoted, bare in _STRING.findall(data))


def text_of(data: str) -> str:
    """The strings joined with nothing between them (RFC 7208 §3.3, RFC 6376 §3.6.2.2)."""
    return "".join(strings_of(data))


def data_of(text: str) -> str:
    """The text as master-file data, in strings of at most 255 octets; characters above 255 as UTF-8."""
    octets = text.encode("latin-1") if all(ord(character) < 256 for character in text) else text.encode()
    parts = [octets[start : start + MOST] for start in range(0, len(octets), MOST)] or [b""]
    return " ".join(f'"{"".join(map(_escaped, part))}"' for part in parts)


def _plain(text: str) -> str:
    return _ESCAPED.sub(lambda found: chr(int(found[1]) & 0xFF) if found[1] else found[2], text)


def _escaped(octet: int) -> str:
    if octet in b'"\\':
        return f"\\{chr(octet)}"
    return chr(octet) if 0x20 <= octet < 0x7F else f"\\{octet:03d}"

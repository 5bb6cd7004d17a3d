"""Keyed tokens: the same text gives the same token under one key, and nothing without it."""

from __future__ import annotations

import hashlib
import hmac
import re

from deliverkit.classes import Frozen
from deliverkit.regexes import regex

_LETTERS = "ghjklmnpqrstvwxz"  # neither digits nor hexadecimal: a token never spells an address nor a word
_RUN = regex(r"[A-Za-z0-9]+|[^\x00-\x7f]+")
_OCTETS = 5  # two letters each


class Tokens(Frozen):
    """Tokens under one key of 32 octets."""

    key: bytes

    def word(self, text: str) -> str:
        """A token of ten letters."""
        digest = keyed(self.key, f"word {text}")[:_OCTETS]
        return "".join(_LETTERS[octet >> 4] + _LETTERS[octet & 15] for octet in digest)

    def like(self, text: str) -> str:
        """The text with letters in place of every letter and digit: as long, and its punctuation where it was."""
        return _RUN.sub(self._run, text)

    def _run(self, found: re.Match[str]) -> str:
        digest = keyed(self.key, f"word {found[0]}")
        return "".join(_LETTERS[digest[place % len(digest)] >> 4] for place in range(len(found[0])))

    def hexadecimal(self, text: str) -> str:
        """As many hexadecimal digits."""
        blocks = range(len(text) // 64 + 1)
        return "".join(keyed(self.key, f"hex {number} {text}").hex() for number in blocks)[: len(text)]

    def number(self, text: str) -> str:
        """A number of 31 bits, for serial numbers."""
        return str(int.from_bytes(keyed(self.key, f"number {text}")[:4]) >> 1)


def keyed(key: bytes, text: str) -> bytes:
    """The keyed hash of a text (RFC 2104)."""
    return hmac.digest(key, text.encode("utf-8", "surrogatepass"), hashlib.sha256)

"""Replies: lines ⇄ values, and the extensions that one to EHLO names.

The parser is total: what no reply may hold is a defect beside what could be read.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from functools import lru_cache
from types import MappingProxyType

from deliverkit.classes import frozen
from deliverkit.regexes import regex

_ENHANCED = regex(r"([245])\.([0-9]{1,3})\.([0-9]{1,3})(?= |$)", re.ASCII)  # RFC 3463 §2
USUAL = 1024  # octets, or characters, of a reply that is kept to be read once
DIFFERENT_CODES = "its lines bear different codes"
MOST_OCTETS = 512  # of a reply line with its CRLF: RFC 5321 §4.5.3.1.5


@frozen
class Reply:
    """A reply. ``code`` is 0 where no line begins with one; ``text`` is each line's without code and end.

    ``enhanced`` is the enhanced status code (``5.7.1``), or empty; ``defects`` are clauses about the reply.
    """

    code: int
    text: tuple[str, ...]
    enhanced: str = ""
    defects: tuple[str, ...] = ()

    @property
    def severity(self) -> int:
        """The first digit: 2 done, 3 more is wanted, 4 failed for now, 5 failed for good; 0: none."""
        return self.code // 100

    @property
    def joined(self) -> str:
        """The lines' text without the enhanced status code that each may repeat."""
        return " ".join(_ENHANCED.sub("", line, count=1).strip() if self.enhanced else line for line in self.text)


Whole = tuple[tuple[bytes, ...], Reply]
"""A reply as it came, from its first octet to its last: its lines, each with its end, and what they are."""


def is_last(line: bytes) -> bool:
    """Whether the line ends its reply: every whole one but with a hyphen after its code does (RFC 5321 §4.2.1)."""
    return line.endswith(b"\n") and (line[3:4] != b"-" or not _code(line))


def parse_reply(lines: Sequence[bytes]) -> Reply:
    """The reply that the lines are, each with its end as it came."""
    is_usual = len(lines) < 32 and sum(map(len, lines)) <= USUAL
    return _parse_usual(tuple(lines)) if is_usual else _parse(lines)


@lru_cache(maxsize=512)
def read_usual(octets: bytes) -> Whole | None:
    """The one reply that the octets are, at most `USUAL`; None where they are less or more than one.

    Hosts say the same again and again: what is known is found in one look.
    """
    *started, rest = octets.split(b"\n")
    lines = tuple([line + b"\n" for line in started])
    if rest or not lines or any(map(is_last, lines[:-1])) or not is_last(lines[-1]):
        return None
    return lines, _parse(lines)


@lru_cache(maxsize=512)
def _parse_usual(lines: tuple[bytes, ...]) -> Reply:
    """A short reply, of which a host says the same again and again."""
    return _parse(lines)


def _parse(lines: Sequence[bytes]) -> Reply:
    codes: list[int] = []
    text: list[str] = []
    for line in lines:
        code, said = _code(line), line
        if code:
            codes.append(code)
            said = line[4:] if line[3:4] in {b" ", b"-"} else line[3:]
        text.append(said.rstrip(b"\r\n").decode("utf-8", "backslashreplace"))
    enhanced = _enhanced(text[-1]) if text else ""
    defects = tuple(_defects(lines, codes, enhanced))
    return Reply(codes[-1] if codes else 0, tuple(text), enhanced, defects)


def _enhanced(text: str) -> str:
    """The enhanced status code that the text begins with (RFC 3463 §2); empty where there is none."""
    word = text.partition(" ")[0]
    severity, *numbers = word.split(".")
    is_one = severity in {"2", "4", "5"} and len(numbers) == 2 and all(map(_is_number, numbers))
    return word if is_one else ""


def _is_number(text: str) -> bool:
    return len(text) <= 3 and text.isascii() and text.isdigit()


def _code(line: bytes) -> int:
    """The code that the line begins with (RFC 5321 §4.2); 0 where there is none."""
    digits = line[:3]
    return int(digits) if len(digits) == 3 and digits.isdigit() and b"2" <= digits < b"6" else 0


def _defects(lines: Sequence[bytes], codes: Sequence[int], enhanced: str) -> list[str]:
    found = []
    if len(codes) < len(lines):
        found.append("a line does not begin with a reply code")
    if codes and codes.count(codes[0]) < len(codes):
        found.append(DIFFERENT_CODES)  # RFC 5321 §4.2.1: the same on each
    if not all([line.endswith(b"\r\n") for line in lines]):  # noqa: C419 - a list of one or two is made faster
        found.append("a line does not end with CRLF")
    if max(map(len, lines), default=0) > MOST_OCTETS:
        found.append(f"a line is longer than {MOST_OCTETS} octets")
    if enhanced and codes and int(enhanced[0]) != codes[-1] // 100:
        found.append(f"the enhanced status code {enhanced} contradicts {codes[-1]}")  # RFC 2034 §4
    return found


def parse_extensions(reply: Reply) -> Mapping[str, str]:
    """Each keyword of an answer to EHLO, in upper case, with its parameters; nothing of the first line, which greets.

    ``AUTH=LOGIN``, the form before RFC 4954, is read as ``AUTH LOGIN``; of a keyword named twice the
    parameters are joined.
    """
    offered = reply.text[1:] if reply.severity == 2 else ()
    return _usual_extensions(offered) if len(offered) < 32 and sum(map(len, offered)) <= USUAL else _extensions(offered)


@lru_cache(maxsize=128)
def _usual_extensions(offered: tuple[str, ...]) -> Mapping[str, str]:
    """A short answer, which a host gives again and again."""
    return MappingProxyType(_extensions(offered))


def _extensions(offered: Sequence[str]) -> dict[str, str]:
    found: dict[str, str] = {}
    for line in offered:
        keyword = line.replace("=", " ").partition(" ")[0]
        if _is_keyword(keyword):
            name, rest = keyword.upper(), line[len(keyword) :].strip(" =")
            found[name] = " ".join(dict.fromkeys(f"{found.get(name, '')} {rest}".split()))
    return found


def _is_keyword(text: str) -> bool:
    """Whether the text is the name of an extension (RFC 5321 §4.1.1.1): letters, digits and, not first, hyphens."""
    return text.isascii() and text.replace("-", "").isalnum() and not text.startswith("-")

"""Replies: lines ⇄ values, the extensions that one to EHLO names, and what the codes mean (RFC 5321 §4.2).

The parser is total: what no reply may hold is a defect beside what could be read.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from functools import cached_property, lru_cache
from types import MappingProxyType

from deliverkit.classes import Frozen
from deliverkit.regexes import regex

_ENHANCED = regex(r"([245])\.([0-9]{1,3})\.([0-9]{1,3})(?= |$)", re.ASCII)  # RFC 3463 §2
USUAL = 1024  # octets, or characters, of a reply that is kept to be read once
DIFFERENT_CODES = "its lines bear different codes"
MOST_OCTETS = 512  # of a reply line with its CRLF: RFC 5321 §4.5.3.1.5

# After a command a code may mean more than it does alone.
_AFTER = {
    (220, "STARTTLS"): "ready for TLS",  # RFC 3207 §4
    (250, "."): "accepted: the server now answers for it",  # RFC 5321 §4.2.5
    (250, "RCPT"): "the recipient is taken, which does not prove that the mailbox exists",  # RFC 5321 §3.3
    (250, "MAIL"): "the sender is taken",
    (250, "RSET"): "the transaction is given up",
    (250, "VRFY"): "the mailbox is known",
    (552, "RCPT"): "too many recipients: to be read as 452",  # RFC 5321 §4.5.3.1.10
    (552, "."): "the message is too large, or the mailbox is full",
    (554, ""): "no SMTP service for this client",  # RFC 5321 §3.1: as the greeting
    (554, "."): "the message is refused",
}
_MEANINGS = {
    211: "status",
    214: "help",
    220: "ready",
    221: "closed in good order",
    235: "signed in",  # RFC 4954 §6
    250: "done",
    251: "the recipient is elsewhere; it will be forwarded",
    252: "cannot say whether the mailbox exists, will try",
    334: "asks for the next step of the sign-in",  # RFC 4954 §4
    354: "send the message",
    421: "closes the connection: try again later",
    422: "the mailbox is full",
    431: "out of storage",
    432: "the password has to be changed first",  # RFC 4954 §4.7.12
    441: "the host does not answer",
    450: "the mailbox cannot be reached now",
    451: "an error in the server's processing",
    452: "out of storage, or too many recipients",
    454: "not available now",  # RFC 3207 §4, RFC 4954 §4
    455: "the server cannot take these parameters now",
    500: "the command is not known",
    501: "a parameter is wrong",
    502: "the command is not implemented",
    503: "the commands came in the wrong order",
    504: "the parameter is not implemented",
    521: "this host takes no mail",  # RFC 7504 §3
    523: "encryption is required",
    524: "the password has to be changed first",
    525: "the account is disabled",
    530: "sign in, or start TLS, first",  # RFC 3207 §4, RFC 4954 §6
    534: "this way of signing in is too weak",
    535: "the sign-in failed",
    538: "this way of signing in needs TLS",
    550: "refused: no such mailbox, or policy",
    551: "the recipient is elsewhere, and it is not forwarded",
    552: "over a limit of storage or size",
    553: "the mailbox name is not allowed",
    554: "failed",
    555: "the parameters of MAIL or RCPT are not known",
    556: "the domain takes no mail",  # RFC 7504 §4
}
_CLASSES = {
    2: "done",
    3: "wants more",
    4: "failed for now: try again later",
    5: "failed for good",
}


class Reply(Frozen):
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

    @cached_property
    def extensions(self) -> Mapping[str, str]:
        """Each keyword of an answer to EHLO, in upper case, with its parameters; the first line only greets.

        ``AUTH=LOGIN``, the form before RFC 4954, is read as ``AUTH LOGIN``; of a keyword named twice the parameters are
        joined. Hosts give the same answer again and again, so it is read once.
        """
        return MappingProxyType(_extensions(self.text[1:] if self.severity == 2 else ()))

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


def meaning(code: int, *, after: str = "-") -> str:
    """What the code means, in words.

    ``after`` is the verb that it answers: empty for the greeting, ``.`` for a message's end.
    """
    return _AFTER.get((code, after)) or _MEANINGS.get(code) or _CLASSES.get(code // 100, "no reply code")

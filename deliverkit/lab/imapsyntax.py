"""The syntax of IMAP: commands read into words, lists and strings, and strings written (RFC 3501 §9)."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

_TOKEN = re.compile(
    r'\s*(?:"(?P<quoted>(?:[^"\\]|\\.)*)"|\0(?P<literal>\d+)\0|(?P<open>\()|(?P<close>\))'
    r'|(?P<atom>(?:\[[^\]]*\]|[^\s()"\[\0])+)|(?P<wrong>\S))'
)


class Quoted(str):
    """A string that was quoted or a literal, so that it is no keyword."""

    __slots__ = ()


Token = str | list["Token"]


class SyntaxFault(ValueError):  # noqa: N818 - it is the client's
    """A command that cannot be read."""


@dataclass(frozen=True, slots=True)
class Command:
    """A command: its tag, its name in capitals, what follows it, and whether UID stands before it."""

    tag: str
    name: str
    arguments: list[Token]
    by_uid: bool = False

    def texts(self, count: int) -> list[str]:
        """The first arguments, which are to be strings.

        Raises:
            SyntaxFault: there are fewer, or a list is among them.
        """
        found = [one for one in self.arguments[:count] if isinstance(one, str)]
        if len(found) < count:
            raise SyntaxFault("an argument is missing")
        return found


def parse(text: str, literals: Sequence[str]) -> Command:
    """The command in a line, in which NUL, number, NUL stand for a literal.

    Raises:
        SyntaxFault: there is none in it.
    """
    words = _read(text, literals)
    if len(words) < 2 or not isinstance(words[0], str) or not isinstance(words[1], str):
        raise SyntaxFault("a tag and a command are missing")
    tag, name = words[0], words[1].upper()
    if name == "UID" and len(words) > 2 and isinstance(words[2], str):
        return Command(tag, words[2].upper(), words[3:], by_uid=True)
    return Command(tag, name, words[2:])


def _read(text: str, literals: Sequence[str]) -> list[Token]:
    lists: list[list[Token]] = [[]]
    for kind, found in _tokens(text):
        if kind == "open":
            lists.append([])
        elif kind == "close" and len(lists) > 1:
            inner = lists.pop()
            lists[-1].append(inner)
        elif kind == "atom":
            lists[-1].append(found)
        elif kind == "quoted":
            lists[-1].append(Quoted(re.sub(r"\\(.)", r"\1", found)))
        elif kind == "literal" and int(found) < len(literals):
            lists[-1].append(Quoted(literals[int(found)]))
        else:
            raise SyntaxFault(f"unexpected {found!r}")
    if len(lists) > 1:
        raise SyntaxFault("a parenthesis is not closed")
    return lists[0]


def _tokens(text: str) -> Iterator[tuple[str, str]]:
    for found in _TOKEN.finditer(text):
        assert found.lastgroup is not None
        yield found.lastgroup, found[found.lastgroup]


class Numbers:
    """A sequence set (RFC 3501 §9): ``1:4,7,9:*``, where ``*`` is the last number that there is."""

    def __init__(self, text: str, last: int) -> None:
        if not re.fullmatch(r"(?:\d{1,10}|\*)(?::(?:\d{1,10}|\*))?(?:,(?:\d{1,10}|\*)(?::(?:\d{1,10}|\*))?)*", text):
            raise SyntaxFault(f"{text!r} is no set of numbers")
        ends = [part.partition(":") for part in text.replace("*", str(last)).split(",")]
        pairs = [(int(first), int(second or first)) for first, _, second in ends]
        self._ranges = [(min(pair), max(pair)) for pair in pairs]

    def __contains__(self, number: int) -> bool:
        return any(low <= number <= high for low, high in self._ranges)


def quoted(text: str) -> str:
    """The text as a quoted string."""
    escaped = text.replace("\\", "\\\\").replace('"', '\\"')
    return f'"{escaped}"'


def literal(octets: bytes) -> bytes:
    """The octets as a literal."""
    return b"{%d}\r\n%s" % (len(octets), octets)

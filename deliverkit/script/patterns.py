"""Patterns of reply text: the everyday part of regular expressions, matched in time linear in the text.

Python's own engine may take for ever over a text that a host chose. Here a pattern is a small program whose states are
all followed side by side, so that a step costs at most as much as the pattern is long.

Letters (case is ignored), ``.``, ``[…]``, ``\\d \\w \\s`` and their contraries, ``\\`` before a sign, ``( | )``,
``* + ?``, ``{n}``, ``{n,m}``, and at a line's ends ``^ $``.
"""

from __future__ import annotations

import re
import warnings
from collections.abc import Callable, Iterable
from functools import lru_cache

from deliverkit.classes import Frozen, Slotted, field
from deliverkit.regexes import regex

MOST_CHARACTERS = 200  # of a pattern
MOST_STATES = 1_000
MOST_BRACKETS = 16  # in one another
MOST_TEXT = 1_024  # of a line that is looked at

_LONGER = frozenset("[\\{")  # what begins a sign of more than one character
_LONG = regex(r"\[\^?\]?(?:\\.|[^\]\\])*\]|\\[dDwWsS]|\\[^A-Za-z0-9]|\{[0-9]{1,3}(?:,[0-9]{0,3})?\}", re.DOTALL)
_REPEATS = frozenset("*+?{")  # what begins a sign that says how often


class PatternFaultError(Exception):
    """A pattern that cannot be read: where, what was expected, and what stood there."""

    def __init__(self, offset: int, expected: str, found: str) -> None:
        super().__init__(offset, expected, found)
        self.offset = offset
        self.expected = expected
        self.found = found


class Pattern(Frozen):
    """``/text/`` in a script."""

    text: str

    def is_in(self, line: str) -> bool:
        """Whether the line has a part that matches."""
        return _is_in(compile_pattern(self.text), line[:MOST_TEXT])


# A state: a test of a character and where it leads, or where it leads without one (a fork, an assertion).
class _State(Slotted):
    takes: Callable[[str], object] | None = None
    leads: list[int] = field(default_factory=list)
    only_at: str = ""  # "^" or "$"


_Piece = Callable[[int], int]  # builds the states before the state of that number, and gives the first of them


@lru_cache(maxsize=256)
def compile_pattern(text: str) -> tuple[tuple[_State, ...], int]:
    """The states of the pattern, the last that accepts first, and the number of the one to begin with."""
    if len(text) > MOST_CHARACTERS:
        raise PatternFaultError(MOST_CHARACTERS, f"a pattern of at most {MOST_CHARACTERS} characters", "a longer one")
    reading = _Reading(text)
    piece = reading.alternatives()
    if reading.sign is not None:
        raise PatternFaultError(reading.at, "an opening bracket before it", repr(reading.sign))
    first = piece(0)
    return tuple(reading.states), first


class _Reading(Slotted):
    """A pattern as it is read."""

    text: str
    at: int = 0
    depth: int = 0
    states: list[_State] = field(default_factory=lambda: [_State()])

    @property
    def sign(self) -> str | None:
        if self.at >= len(self.text):
            return None
        if self.text[self.at] not in _LONGER:
            return self.text[self.at]
        found = _LONG.match(self.text, self.at)
        if found is None:
            raise PatternFaultError(self.at, "a closed [ ], a number in { }, or \\ before a sign", self.text[self.at :])
        return found[0]

    def advance(self) -> str:
        taken = self.sign or ""
        self.at += len(taken)
        return taken

    def add(self, state: _State) -> int:
        if len(self.states) >= MOST_STATES:
            raise PatternFaultError(self.at, f"a pattern of at most {MOST_STATES} states", "a larger one")
        self.states.append(state)
        return len(self.states) - 1

    def alternatives(self) -> _Piece:
        branches = [self.sequence()]
        while self.sign == "|":
            self.advance()
            branches.append(self.sequence())
        if len(branches) == 1:
            return branches[0]
        return lambda then: self.add(_State(leads=[branch(then) for branch in branches]))

    def sequence(self) -> _Piece:
        pieces: list[_Piece] = []
        while self.sign not in {None, "|", ")"}:
            pieces.append(self.quantified(self.atom()))

        def build(then: int) -> int:
            for piece in reversed(pieces):
                then = piece(then)
            return then

        return build if pieces else lambda then: self.add(_State(leads=[then]))

    def atom(self) -> _Piece:
        start, sign = self.at, self.advance()
        if sign == "(":
            return self.bracketed(start)
        if sign in {"^", "$"}:
            return lambda then: self.add(_State(leads=[then], only_at=sign))
        if sign[0] in _REPEATS:
            raise PatternFaultError(start, "something to repeat before it", repr(sign))
        takes = _character_test(sign, start)
        return lambda then: self.add(_State(takes=takes, leads=[then]))

    def bracketed(self, start: int) -> _Piece:
        self.depth += 1
        if self.depth > MOST_BRACKETS:
            raise PatternFaultError(start, f"at most {MOST_BRACKETS} brackets in one another", "more")
        inner = self.alternatives()
        if self.advance() != ")":
            raise PatternFaultError(start, "a closing bracket after it", "none")
        self.depth -= 1
        return inner

    def quantified(self, piece: _Piece) -> _Piece:
        sign = self.sign
        if sign is None or sign[0] not in _REPEATS:
            return piece
        start = self.at
        self.advance()
        least, most = _bounds(sign)
        if most is not None and most < least:
            raise PatternFaultError(start, "the lower number first", repr(sign))

        def build(then: int) -> int:
            then = self._loop(piece, then) if most is None else self._optional(piece, then, most - least)
            for _ in range(least):
                then = piece(then)
            return then

        return build

    def _loop(self, piece: _Piece, then: int) -> int:
        fork = self.add(_State(leads=[then]))
        self.states[fork].leads.append(piece(fork))
        return fork

    def _optional(self, piece: _Piece, then: int, times: int) -> int:
        last = then
        for _ in range(times):
            then = self.add(_State(leads=[last, piece(then)]))
        return then


def _bounds(quantifier: str) -> tuple[int, int | None]:
    simple: dict[str, tuple[int, int | None]] = {"*": (0, None), "+": (1, None), "?": (0, 1)}
    if quantifier in simple:
        return simple[quantifier]
    least, comma, most = quantifier[1:-1].partition(",")
    if not comma:
        return int(least), int(least)
    return int(least), int(most) if most else None


def _character_test(sign: str, offset: int) -> Callable[[str], object]:
    if len(sign) == 1 and sign != ".":
        return frozenset({sign.lower(), sign.upper()} if sign.isascii() else {sign}).__contains__
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("error")  # of sets in sets, which Python may read otherwise one day
            return re.compile(sign, re.IGNORECASE | re.ASCII | re.DOTALL).fullmatch
    except (re.error, FutureWarning) as fault:
        raise PatternFaultError(offset, "a set of characters", f"{sign!r} ({fault})") from None


def _is_in(program: tuple[tuple[_State, ...], int], line: str) -> bool:
    states, first = program
    current: Iterable[int] = ()
    for at in range(len(line) + 1):
        reached = _closure(states, [*current, first], {"^": at == 0, "$": at == len(line)})
        if 0 in reached:
            return True
        if at < len(line):
            current = [states[one].leads[0] for one in reached if _takes(states[one], line[at])]
    return False


def _takes(state: _State, character: str) -> bool:
    return state.takes is not None and bool(state.takes(character))


def _closure(states: tuple[_State, ...], begin: list[int], holds: dict[str, bool]) -> set[int]:
    """The states that are reached without taking a character."""
    reached: set[int] = set()
    waiting = list(begin)
    while waiting:
        one = waiting.pop()
        if one in reached:
            continue
        reached.add(one)
        state = states[one]
        if state.takes is None and holds.get(state.only_at, True):
            waiting.extend(state.leads)
    return reached

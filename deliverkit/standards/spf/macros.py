"""SPF macros (RFC 7208 §7): reading strings that hold some, and expanding them."""

from __future__ import annotations

import re
from collections.abc import Callable
from functools import cached_property

from deliverkit.classes import Frozen
from deliverkit.model import Span
from deliverkit.regexes import regex
from deliverkit.standards.names import MAX_NAME

LETTERS = "slodiphv"
LETTERS_OF_EXPLANATION = f"{LETTERS}crt"  # RFC 7208 §7.2: c, r and t only in the text that exp leads to

_MACRO = regex(r"%(?:\{([A-Za-z])(\d*)([rR]?)([.\-+,/_=]*)\}|([%_-]))", re.ASCII)
_LITERALS = {"%": "%", "_": " ", "-": "%20"}  # RFC 7208 §7.1
_UNRESERVED = regex(r"[^A-Za-z0-9\-._~]")  # RFC 3986 §2.3
_VISIBLE = regex(r"[\x21-\x7e]")  # RFC 7208 §7.1: macro-literal
_TEXT = regex(r"[\x20-\x7e]")  # RFC 7208 §6.2: explain-string


class SyntaxFault(Frozen):
    """A part of a record that the grammar does not allow, and why."""

    span: Span
    reason: str


class Macro(Frozen):
    """``%{letter digits r delimiters}``; ``kept`` is None where all parts are."""

    letter: str
    is_escaped: bool
    kept: int | None
    is_reversed: bool
    delimiters: str

    def transform(self, value: str) -> str:
        """The value split, reversed, cut and joined as the macro says (RFC 7208 §7.3)."""
        if self.kept is not None or self.is_reversed or self.delimiters != ".":
            parts = re.split(f"[{re.escape(self.delimiters)}]", value)
            if self.is_reversed:
                parts.reverse()
            value = ".".join(parts[-self.kept :] if self.kept else parts)
        return _UNRESERVED.sub(_percent, value) if self.is_escaped else value


def _percent(found: re.Match[str]) -> str:
    return "".join(f"%{octet:02X}" for octet in found[0].encode())


class MacroString(Frozen):
    """A text with macros: its parts in order, literal text and macros."""

    text: str
    parts: tuple[str | Macro, ...]
    ends_in_macro: bool

    def __str__(self) -> str:
        return self.text

    @cached_property
    def letters(self) -> frozenset[str]:
        """The macros that stand in it, by letter."""
        return frozenset(part.letter for part in self.parts if isinstance(part, Macro))

    @cached_property
    def literal(self) -> str:
        """Its expansion where no macro stands in it; empty otherwise."""
        return "" if self.letters else "".join(part for part in self.parts if isinstance(part, str))

    @cached_property
    def name(self) -> str:
        """The name that it is where no macro stands in it; empty otherwise."""
        return domain_of(self.literal)

    def expand(self, value_of: Callable[[str], str]) -> str:
        """The text with the macros' values in their places."""
        return "".join(part if isinstance(part, str) else part.transform(value_of(part.letter)) for part in self.parts)


def domain_of(expanded: str) -> str:
    """The expansion of a domain-spec as a name: without the final dot, cut from the left to 253 characters."""
    name = expanded.removesuffix(".").lower()
    if len(name) <= MAX_NAME:
        return name
    return name[-MAX_NAME - 1 :].partition(".")[2]  # RFC 7208 §7.3: whole labels go


def parse_macros(text: str, start: int = 0, *, in_explanation: bool = False) -> tuple[MacroString, list[SyntaxFault]]:
    """The macro-string, and what the grammar does not allow in it; spans count from ``start``."""
    parts: list[str | Macro] = []
    faults: list[SyntaxFault] = []
    place = 0
    for found in _MACRO.finditer(text):
        _take_literal(text[place : found.start()], start + place, parts, faults, in_explanation=in_explanation)
        place = found.end()
        if found[5]:
            parts.append(_LITERALS[found[5]])
            continue
        reason = _wrong_macro(found, in_explanation=in_explanation)
        if reason:
            faults.append(SyntaxFault(Span(start + found.start(), start + found.end()), reason))
        kept = int(found[2][-9:]) if found[2] else None
        parts.append(Macro(found[1].lower(), found[1].isupper(), kept, bool(found[3]), found[4] or "."))
    _take_literal(text[place:], start + place, parts, faults, in_explanation=in_explanation)
    return MacroString(text, tuple(parts), bool(place) and place == len(text)), faults


def _wrong_macro(found: re.Match[str], *, in_explanation: bool) -> str:
    letter = found[1].lower()
    if letter not in LETTERS_OF_EXPLANATION:
        return f"there is no macro {letter}"
    if letter not in LETTERS and not in_explanation:
        return f"the macro {letter} may stand only in the text that exp leads to"
    return "the number of parts to keep may not be 0" if found[2] and not found[2].strip("0") else ""


def _take_literal(
    text: str, start: int, parts: list[str | Macro], faults: list[SyntaxFault], *, in_explanation: bool
) -> None:
    """The text between macros, with what may not stand there."""
    if text:
        parts.append(text)
    allowed = _TEXT if in_explanation else _VISIBLE
    for number, character in enumerate(text):
        if character == "%":
            reason = "a percent sign begins no macro: write %% for a percent sign"
        elif not allowed.match(character):
            reason = f"the character U+{ord(character):04X} may not stand in a record"
        else:
            continue
        faults.append(SyntaxFault(Span(start + number, start + number + 1), reason))

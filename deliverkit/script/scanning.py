"""One line of a script, read from left to right. What cannot be read is a fault with its column."""

from __future__ import annotations

import re

from deliverkit.classes import Slotted
from deliverkit.errors import ScriptFault
from deliverkit.regexes import regex
from deliverkit.script.patterns import Pattern, PatternFaultError, compile_pattern
from deliverkit.script.syntax import MOST_SECONDS, Secret, Template, Variable

_NAME = regex(r"[a-z][a-z0-9_]{0,63}", re.ASCII)
_VARIABLE = regex(r"\{(secret:)?([a-z][a-z0-9_]{0,63})\}", re.ASCII)
_PLAIN = regex(r"[^{}]+")
_PLAIN_QUOTED = regex(r'[^{}"\\]+')
_ESCAPE = regex(r"\\(?:x([0-9A-Fa-f]{2})|([rnt0\\\"]))")
_ESCAPED = {"r": "\r", "n": "\n", "t": "\t", "0": "\0", "\\": "\\", '"': '"'}
_PATTERN = regex(r"/((?:[^/\\]|\\.)*)/")
_DURATION = regex(r"([0-9]{1,6}(?:\.[0-9]{1,3})?)(ms|s|m)(?![0-9A-Za-z])", re.ASCII)
_NUMBER = regex(r"[0-9]{1,9}(?![0-9A-Za-z])", re.ASCII)
_UNIT = {"ms": 0.001, "s": 1.0, "m": 60.0}


class FaultError(Exception):
    """The line cannot be read further. It never leaves the parser."""

    def __init__(self, fault: ScriptFault) -> None:
        super().__init__(str(fault))
        self.fault = fault


class Cursor(Slotted):
    """A place in a line; the methods read what stands there and go past it."""

    text: str
    line: int
    at: int = 0

    def fault(self, expected: str, at: int | None = None) -> FaultError:
        """Nothing but ``expected`` may stand at the place."""
        place = self.at if at is None else at
        return FaultError(ScriptFault(self.line, place + 1, expected, _shown(self.text[place:])))

    @property
    def is_at_end(self) -> bool:
        """Whether nothing but space is left."""
        return not self.text[self.at :].strip()

    def skip_space(self) -> None:
        """Go past spaces and tabs."""
        while self.text.startswith((" ", "\t"), self.at):
            self.at += 1

    def take(self, pattern: re.Pattern[str]) -> re.Match[str] | None:
        """What the pattern matches here."""
        found = pattern.match(self.text, self.at)
        if found:
            self.at = found.end()
        return found

    def want(self, pattern: re.Pattern[str], expected: str) -> re.Match[str]:
        """What the pattern matches here, after space; a fault if it does not."""
        self.skip_space()
        found = self.take(pattern)
        if found is None:
            raise self.fault(expected)
        return found

    def has_word(self, word: str) -> bool:
        """Whether the word stands here, after space; then go past it."""
        self.skip_space()
        end = self.at + len(word)
        if not self.text.startswith(word, self.at) or _is_in_words(self.text[end : end + 1]):
            return False
        self.at = end
        return True

    def has_sign(self, sign: str) -> bool:
        """Whether the sign stands here, after space; then go past it."""
        self.skip_space()
        is_there = self.text.startswith(sign, self.at)
        self.at += len(sign) * is_there
        return is_there

    def end(self, expected: str = "the end of the line") -> None:
        """Nothing more may stand on the line."""
        self.skip_space()
        if not self.is_at_end:
            raise self.fault(expected)

    def name(self, expected: str = "a name of small letters, digits and _") -> str:
        """A variable's name."""
        return self.want(_NAME, expected)[0]

    def number(self, expected: str, most: int) -> int:
        """A whole number from 1."""
        self.skip_space()
        start = self.at
        value = int(self.want(_NUMBER, expected)[0])
        if not 1 <= value <= most:
            raise self.fault(f"{expected}, from 1 to {most}", start)
        return value

    def seconds(self) -> float:
        """A time such as ``2s``, ``500ms`` or ``1m``."""
        self.skip_space()
        start = self.at
        found = self.want(_DURATION, "a time such as 2s, 500ms or 1m")
        value = round(float(found[1]) * _UNIT[found[2]], 3)
        if not 0 < value <= MOST_SECONDS:
            raise self.fault(f"a time above 0 and up to {MOST_SECONDS:g}s", start)
        return value

    def rest(self) -> Template:
        """Everything up to the line's end, as it stands, with variables."""
        parts: list[str | Variable | Secret] = []
        while self.at < len(self.text):
            parts.append(self._piece(_PLAIN))
        return joined(parts)

    def quoted(self, expected: str = 'text in "quotes"') -> Template:
        """Text in quotes, with escapes and variables."""
        if not self.has_sign('"'):
            raise self.fault(expected)
        start = self.at - 1
        parts: list[str | Variable | Secret] = []
        while not self.text.startswith('"', self.at):
            if self.at >= len(self.text):
                raise self.fault('a closing "', start)
            parts.append(self._piece(_PLAIN_QUOTED) if self.text[self.at] != "\\" else self._escape())
        self.at += 1
        return joined(parts)

    def pattern(self) -> Pattern:
        """A pattern between slashes."""
        found = self.want(_PATTERN, "a closing /")
        text = found[1].replace("\\/", "/")
        try:
            compile_pattern(text)
        except PatternFaultError as fault:
            place = found.start() + 2 + fault.offset
            raise FaultError(ScriptFault(self.line, place, fault.expected, fault.found)) from None
        return Pattern(text)

    def _piece(self, plain: re.Pattern[str]) -> str | Variable | Secret:
        found = self.take(plain)
        if found:
            return found[0]
        if self.text[self.at : self.at + 2] in {"{{", "}}"}:
            self.at += 2
            return self.text[self.at - 1]
        variable = self.take(_VARIABLE)
        if variable is None:
            raise self.fault("{name}, {secret:name}, or {{ and }} for the signs themselves")
        return Secret(variable[2]) if variable[1] else Variable(variable[2])

    def _escape(self) -> str:
        found = self.take(_ESCAPE)
        if found is None:
            raise self.fault('one of \\r \\n \\t \\0 \\\\ \\" \\xHH')
        return bytes([int(found[1], 16)]).decode("utf-8", "surrogateescape") if found[1] else _ESCAPED[found[2]]


def joined(parts: list[str | Variable | Secret]) -> Template:
    """The template of these parts, neighbouring texts made one."""
    whole: list[str | Variable | Secret] = []
    for part in parts:
        last = whole[-1] if whole else None
        if isinstance(part, str) and isinstance(last, str):
            whole[-1] = last + part
        else:
            whole.append(part)
    return Template(tuple(_decoded(part) if isinstance(part, str) else part for part in whole))


def _decoded(text: str) -> str:
    """The text with octets that were escaped one by one made a character again."""
    return text.encode("utf-8", "surrogateescape").decode("utf-8", "surrogateescape")


def _is_in_words(sign: str) -> bool:
    return sign == "_" or (sign.isascii() and sign.isalnum())


def _shown(text: str) -> str:
    rest = text.strip()
    if not rest:
        return "the end of the line"
    return repr(rest if len(rest) <= 40 else rest[:39] + "…")

"""How output may look: the width, the colours and the characters that the reader's terminal takes."""

from __future__ import annotations

import enum

from deliverkit.classes import Frozen

PROSE = 100  # columns: longer lines are hard to read

_CODES = {"error": "31", "warning": "33", "pass": "32", "dim": "2", "bold": "1"}
_ASCII = str.maketrans(
    {"✓": "+", "✗": "x", "–": "-", "…": "...", "·": "|", "§": "section ", "×": "x", "−": "-", "→": "->"}
    | dict(zip("█▓▒░●─│▲▼≈▁▂▃▄▅▆▇", "#=%:o-|^v~_.,-~=*", strict=True))
)


class Detail(enum.IntEnum):
    """How much to say."""

    VERDICT = 0
    USUAL = 1
    EVERYTHING = 2


class Look(Frozen):
    """``width`` in columns, None where the reader is no terminal."""

    width: int | None = None
    has_colour: bool = False
    has_unicode: bool = True
    detail: Detail = Detail.USUAL

    @property
    def columns(self) -> int | None:
        """The columns to wrap prose at; a wide terminal gets more columns in tables, not longer lines."""
        return min(self.width, PROSE) if self.width else None

    def paint(self, text: str, kind: str) -> str:
        """The text in the colour of its class; colour says nothing that the text does not say."""
        code = _CODES.get(kind)
        return f"\x1b[{code}m{text}\x1b[0m" if self.has_colour and code and text else text

    def finish(self, text: str) -> str:
        """The text in the characters that the reader can show."""
        return text if self.has_unicode else text.translate(_ASCII)

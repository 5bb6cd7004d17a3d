"""A text on the terminal that is drawn again in place as it changes."""

from __future__ import annotations

import shutil
from dataclasses import dataclass

import click

_UP, _CLEAR_LINE, _CLEAR_BELOW = "\x1b[{}F", "\x1b[K", "\x1b[J"  # ECMA-48: CPL, EL, ED
_CUT, _WRAP = "\x1b[?7l", "\x1b[?7h"  # DECAWM: a line that is too long stays one line, so that they can be counted


@dataclass
class LiveText:
    """The text as it stands there; each drawing is one write, so that nothing flickers."""

    drawn: int = 0
    last: str = ""

    def draw(self, text: str) -> None:
        """Put this text in place of the one before; what the terminal has no lines for is left out."""
        height = max(2, shutil.get_terminal_size().lines - 1)
        lines = text.splitlines()
        kept = lines if len(lines) <= height else [*lines[: height - 1], lines[-1]]
        block = _CUT + "".join(f"{line}{_CLEAR_LINE}\n" for line in kept) + _WRAP
        if block != self.last:
            click.echo(f"{self._home()}{block}{_CLEAR_BELOW}", nl=False, color=True)
            self.drawn, self.last = len(kept), block

    def clear(self) -> None:
        """Take it away, so that what follows stands in its place."""
        if self.drawn:
            click.echo(f"{self._home()}{_CLEAR_BELOW}", nl=False, color=True)
        self.drawn, self.last = 0, ""

    def _home(self) -> str:
        return _UP.format(self.drawn) if self.drawn else ""

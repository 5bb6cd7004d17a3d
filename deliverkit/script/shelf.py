"""The scripts that deliverkit brings (``scripts/*.smtp``). Each begins with its page, as comment lines."""

from __future__ import annotations

from functools import cache
from itertools import takewhile
from pathlib import Path

from deliverkit.classes import frozen
from deliverkit.script.judging import is_restricted
from deliverkit.script.parsing import parse_script
from deliverkit.script.syntax import Comment, Script

_FOLDER = Path(__file__).with_name("scripts")


@frozen
class Shipped:
    """A script that deliverkit brings. ``page``: the lines of the comment that it begins with.

    ``restricted``: to be held only with hosts on loopback, at private addresses, or proved one's own.
    """

    name: str
    page: tuple[str, ...]
    text: str
    script: Script
    restricted: bool

    @property
    def title(self) -> str:
        """The first line of its page."""
        return self.page[0]


@cache
def shipped() -> tuple[str, ...]:
    """The names of the scripts that deliverkit brings, in alphabetical order."""
    return tuple(sorted(found.stem for found in _FOLDER.glob("*.smtp")))


@cache
def load(name: str) -> Shipped:
    """The script of that name; KeyError if deliverkit brings none."""
    if name not in shipped():
        raise KeyError(name)
    text = _FOLDER.joinpath(f"{name}.smtp").read_text("utf-8")
    script = parse_script(text)
    heading = takewhile(lambda statement: isinstance(statement, Comment), script.statements)
    page = tuple(statement.text for statement in heading if isinstance(statement, Comment))
    return Shipped(name, page, text, script, is_restricted(script))

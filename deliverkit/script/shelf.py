"""The scripts that deliverkit brings (``scripts/*.smtp``). Each begins with its page, as comment lines."""

from __future__ import annotations

import os
from functools import cache
from itertools import takewhile

from deliverkit.classes import Frozen
from deliverkit.script.parsing import parse_script
from deliverkit.script.syntax import Comment, Script

_FOLDER = os.path.join(os.path.dirname(__file__), "scripts")


class Shipped(Frozen):
    """A script that deliverkit brings. ``page``: the lines of the comment that it begins with."""

    name: str
    page: tuple[str, ...]
    text: str
    script: Script

    @property
    def title(self) -> str:
        """The first line of its page."""
        return self.page[0]

    @property
    def restricted(self) -> bool:
        """Whether it is to be held only with hosts on loopback, at private addresses, or proved one's own."""
        from deliverkit.script.judging import is_restricted

        return is_restricted(self.script)


@cache
def shipped() -> tuple[str, ...]:
    """The names of the scripts that deliverkit brings, in alphabetical order."""
    return tuple(sorted(name.removesuffix(".smtp") for name in os.listdir(_FOLDER) if name.endswith(".smtp")))


@cache
def load(name: str) -> Shipped:
    """The script of that name; KeyError if deliverkit brings none."""
    if name not in shipped():
        raise KeyError(name)
    with open(os.path.join(_FOLDER, f"{name}.smtp"), encoding="utf-8") as file:
        text = file.read()
    script = parse_script(text)
    heading = takewhile(lambda statement: isinstance(statement, Comment), script.statements)
    page = tuple(statement.text for statement in heading if isinstance(statement, Comment))
    return Shipped(name, page, text, script)

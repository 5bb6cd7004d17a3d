"""Going through the statements of a script, those in blocks too."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from deliverkit.script import syntax
from deliverkit.script.syntax import Statement

_BLOCKS = (syntax.If, syntax.Repeat, syntax.ForEach, syntax.Pipeline)


def every_statement(statements: Iterable[Statement]) -> Iterator[Statement]:
    """Each statement, and after a block's first line those within it."""
    for one in statements:
        yield one
        for body in bodies(one):
            yield from every_statement(body)


def bodies(statement: Statement) -> tuple[tuple[Statement, ...], ...]:
    """What a block holds: for ``if`` both ways; nothing for any other statement."""
    if isinstance(statement, syntax.If):
        return (statement.then, statement.otherwise or ())
    return (statement.body,) if isinstance(statement, (syntax.Repeat, syntax.ForEach, syntax.Pipeline)) else ()


def count_lines(statements: tuple[Statement, ...]) -> int:
    """How many lines they take in a script's text: one each, and a block two and those of what it holds."""
    blocks = [one for one in statements if isinstance(one, _BLOCKS)]
    return len(statements) + sum(map(_more_lines, blocks))


def _more_lines(block: Statement) -> int:
    """The lines of a block after its first."""
    has_else = isinstance(block, syntax.If) and block.otherwise is not None
    return sum(map(count_lines, bodies(block))) + has_else + 1

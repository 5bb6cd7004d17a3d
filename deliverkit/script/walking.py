"""Going through the statements of a script, those in blocks too."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from deliverkit.script import syntax
from deliverkit.script.syntax import Statement


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

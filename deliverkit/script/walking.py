"""Going through the statements of a script, those in blocks too."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import replace

from deliverkit.script import syntax
from deliverkit.script.syntax import Script, Statement


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


def without_remarks(script: Script) -> Script:
    """The script as it is held: without its comments and empty lines."""
    return Script(_held(script.statements))


def _held(statements: Iterable[Statement]) -> tuple[Statement, ...]:
    return tuple(_one_held(one) for one in statements if not isinstance(one, syntax.Blank | syntax.Comment))


def _one_held(statement: Statement) -> Statement:
    if isinstance(statement, syntax.If):
        otherwise = None if statement.otherwise is None else _held(statement.otherwise)
        return replace(statement, then=_held(statement.then), otherwise=otherwise)
    if isinstance(statement, syntax.Repeat | syntax.ForEach | syntax.Pipeline):
        return replace(statement, body=_held(statement.body))
    return statement

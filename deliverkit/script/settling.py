"""Scripts as they are held: what their given variables decide is decided once, and not in each conversation."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import replace

from deliverkit.script import syntax
from deliverkit.script.syntax import Script, Statement, Template, Variable
from deliverkit.script.walking import every_statement

Known = dict[str, str | None]
"""What is known of the variables at a place: the value; None: not whether it is set, nor to what; missing: not set."""


def settle(script: Script) -> Script:
    """The script that holds the same conversation, without remarks and without what the given variables rule out."""
    known: Known = {name: values[0] for name, values in script.given.items()}
    return Script(tuple(_settled(script.statements, known)))


def _settled(statements: Iterable[Statement], known: Known) -> Iterator[Statement]:
    """The statements that are left; what is known changes as they go on."""
    for one in statements:
        match one:
            case syntax.Blank() | syntax.Comment():
                pass
            case syntax.Send():
                yield replace(one, text=_filled(one.text, known))
            case syntax.Set():
                yield from _assigned(one, known)
            case syntax.If():
                yield from _decided(one, known)
            case syntax.Repeat() | syntax.ForEach():
                known.update(dict.fromkeys(_names_set(one)))
                yield replace(one, body=tuple(_settled(one.body, dict(known))))
            case _:
                yield one


def _decided(block: syntax.If, known: Known) -> Iterator[Statement]:
    """The one way that is left of a block where its condition is known, else both."""
    condition, otherwise = block.condition, block.otherwise or ()
    name = condition.asks.name if isinstance(condition.asks, syntax.IsSet) else None
    if name is not None and known.get(name, "") is not None:
        yield from _settled(block.then if (name in known) is not condition.is_negated else otherwise, known)
        return
    yield replace(
        block,
        then=tuple(_settled(block.then, dict(known))),
        otherwise=None if block.otherwise is None else tuple(_settled(otherwise, dict(known))),
    )
    known.update(dict.fromkeys(_names_set(block)))


def _assigned(statement: syntax.Set, known: Known) -> Iterator[Statement]:
    """An assignment; none where it is a default that is not needed."""
    name = statement.name
    if statement.is_default and known.get(name) is not None:
        return
    parts = _filled(statement.value, known).parts
    value = "".join(part for part in parts if isinstance(part, str))
    is_sure = all(isinstance(part, str) for part in parts) and not (statement.is_default and name in known)
    known[name] = value if is_sure else None
    yield statement


def _names_set(block: Statement) -> Iterator[str]:
    return (one.name for one in every_statement([block]) if isinstance(one, syntax.Set | syntax.ForEach))


def _filled(template: Template, known: Known) -> Template:
    """The template with the values that are known; one that may not stand there is left, so that it is told of.

    So is one that begins the line: whether a dot there is doubled depends on who wrote it (RFC 5321 §4.5.2).
    """
    parts: list[str | Variable | syntax.Secret] = []
    for at, part in enumerate(template.parts):
        value = known.get(part.name) if isinstance(part, Variable) else part if isinstance(part, str) else None
        is_fit = value is not None and (isinstance(part, str) or (at > 0 and "\r" not in value and "\n" not in value))
        filled = value if value is not None and is_fit else part
        if isinstance(filled, str) and parts and isinstance(parts[-1], str):
            parts[-1] += filled
        else:
            parts.append(filled)
    return Template(tuple(parts))

"""Scripts as they are held: what their given variables decide is decided once, and not in each conversation."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence

from deliverkit.classes import replace
from deliverkit.script import syntax
from deliverkit.script.filling import find_needs
from deliverkit.script.syntax import Manner, Script, Statement, Template, Variable
from deliverkit.script.walking import bodies, every_statement

_ASKED_BY_AUTH = frozenset({"user", "host", "port"})

Known = dict[str, str | None]
"""What is known of the variables at a place: the value; None: not whether it is set, nor to what; missing: not set."""


def settle(script: Script) -> Script:
    """The script that holds the same conversation, without remarks and without what the given variables rule out."""
    known: Known = {name: values[0] for name, values in script.given.items()}
    statements = tuple(_laid_out(_settled(script.statements, known), script.given))
    return Script(tuple(_without_idle(statements)))


def hasten(script: Script, most: float) -> Script:
    """The script that gives a host at most so many seconds for any reply."""
    return Script(tuple(_hastened(one, most) for one in script.statements))


def _hastened(statement: Statement, most: float) -> Statement:
    if isinstance(statement, syntax.Expect):
        return replace(statement, within=most) if statement.within > most else statement
    if isinstance(statement, syntax.If):
        then, otherwise = (tuple(_hastened(one, most) for one in body) for body in bodies(statement))
        return replace(statement, then=then, otherwise=None if statement.otherwise is None else otherwise)
    if isinstance(statement, (syntax.Repeat, syntax.ForEach, syntax.Pipeline)):
        return replace(statement, body=tuple(_hastened(one, most) for one in statement.body))
    return statement


def _laid_out(statements: Iterable[Statement], given: Mapping[str, tuple[str, ...]]) -> Iterator[Statement]:
    """The statements; a loop over the one given value gives way to its turn where nothing in it asks for the value."""
    for one in statements:
        values = given.get(one.name, ()) if isinstance(one, syntax.ForEach) else ()
        turn = _turn(one, values[0]) if isinstance(one, syntax.ForEach) and len(values) == 1 else None
        yield from (one,) if turn is None else turn


def _turn(loop: syntax.ForEach, value: str) -> list[Statement] | None:
    """What the loop's only turn sends and expects; None where it does something else, or more is to be known."""
    turn: list[Statement] = []
    for one in () if loop.values else _stopping(loop.body) if loop.keeps else loop.body:
        if isinstance(one, syntax.Send):
            turn.append(replace(one, text=_filled(one.text, {loop.name: value})))
        elif isinstance(one, syntax.Expect):
            turn.append(one)
        else:
            return None
    return None if not turn or loop.name in find_needs(Script(tuple(turn))).known else turn


def _stopping(body: Sequence[Statement]) -> Sequence[Statement]:
    """The only turn of a loop that keeps what was taken: where its one reply, the last, is amiss, nothing is kept."""
    last = body[-1] if body else None
    is_last_alone = sum(isinstance(one, syntax.Expect) for one in body) == 1
    if is_last_alone and isinstance(last, syntax.Expect) and last.manner is not Manner.OPTIONAL:
        return (*body[:-1], replace(last, manner=Manner.STOPS))
    return ()


def _without_idle(statements: Sequence[Statement]) -> Iterator[Statement]:
    """The statements without values for variables that nothing asks for."""
    spoken = tuple(one for one in statements if not isinstance(one, syntax.Given))
    asked = find_needs(Script(spoken)).known | _ASKED_BY_AUTH
    for one in statements:
        is_idle = isinstance(one, syntax.Set) and one.name not in asked and not _asks(one.value)
        if not is_idle:
            yield one


def _asks(template: Template) -> bool:
    return not all(isinstance(part, str) for part in template.parts)


def _settled(statements: Iterable[Statement], known: Known) -> Iterator[Statement]:
    """The statements that are left; what is known changes as they go on."""
    for one in statements:
        match one:
            case syntax.Blank() | syntax.Comment():
                pass
            case syntax.Send() | syntax.SendMessage() | syntax.Bdat():
                yield _sent(one, known)
            case syntax.Set():
                yield from _assigned(one, known)
            case syntax.If():
                yield from _decided(one, known)
            case syntax.Repeat() | syntax.ForEach():
                known.update(dict.fromkeys(_names_set(one)))
                yield replace(one, body=tuple(_settled(one.body, dict(known))))
            case _:
                yield one


def _sent(
    one: syntax.Send | syntax.SendMessage | syntax.Bdat, known: Known
) -> syntax.Send | syntax.SendMessage | syntax.Bdat:
    if isinstance(one, syntax.Send):
        return replace(one, text=_filled(one.text, known))
    if isinstance(one, syntax.SendMessage):
        return replace(one, name=_named(one.name, known))
    if one.source.is_file:
        return replace(one, source=replace(one.source, text=_named(one.source.text, known)))
    return one


def _named(template: Template, known: Known) -> Template:
    """A message's name, written out where all of it is known."""
    parts = template.parts
    values = [known.get(part.name) if isinstance(part, Variable) else part for part in parts]
    written = [value for value in values if isinstance(value, str)]
    return Template(("".join(written),)) if len(written) == len(values) else template


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

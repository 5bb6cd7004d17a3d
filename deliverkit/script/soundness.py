"""What cannot go well in a script whatever a host says, so that it is told before anybody is spoken to."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from deliverkit.script import syntax
from deliverkit.script.syntax import Script, Statement, Template, Variable
from deliverkit.script.walking import every_statement

_EACH = (syntax.ForEach, syntax.EachConversation)


def unasked_message(script: Script) -> int:
    """The line of a message that no DATA can have asked for (RFC 5321 §4.1.1.4); 0: there is none."""
    for one in every_statement(script.statements):
        if _may_be_data(one):
            return 0
        if isinstance(one, syntax.SendMessage):
            return one.line
    return 0


def _may_be_data(statement: Statement) -> bool:
    if isinstance(statement, syntax.SendRaw):
        return True
    if not isinstance(statement, syntax.Send):
        return False
    first = next(iter(statement.text.parts), "")
    return not isinstance(first, str) or first.strip().upper() == "DATA"


def broken_lines(script: Script) -> Iterator[tuple[int, str]]:
    """The lines whose given values would end them, and the variable: only ``>!`` sends what ends a line."""
    assigned = (one for one in every_statement(script.statements) if isinstance(one, syntax.Set))
    renewed = {one.name for one in assigned if not (one.is_default or one.name in _names(one.value))}
    breaking = {name for name, values in script.given.items() if any(map(_ends_lines, values))} - renewed
    for one in every_statement(script.statements):
        if isinstance(one, syntax.Send):
            yield from ((one.line, name) for name in _names(one.text) if name in breaking)


def _ends_lines(value: str) -> bool:
    return "\r" in value or "\n" in value


def single_variables(script: Script) -> frozenset[str]:
    """The variables of which the script uses one value: no loop goes over those that were given."""
    each = (one for one in every_statement(script.statements) if isinstance(one, _EACH))
    loops = {one.name for one in each if not one.values}
    used = (name for one in every_statement(script.statements) for text in _templates(one) for name in _names(text))
    return frozenset(used) - loops


def signings_in(script: Script) -> tuple[syntax.Auth, ...]:
    """The statements that let the user in."""
    return tuple(one for one in every_statement(script.statements) if isinstance(one, syntax.Auth))


def place_of(script: Script, variable: str) -> int:
    """The first line that asks for the variable; 0: none does."""
    asking = (one.line for one in every_statement(script.statements) if variable in _asked(one))
    return next(asking, 0)


def _asked(statement: Statement) -> frozenset[str]:
    names = frozenset(name for text in _templates(statement) for name in _names(text))
    own = {statement.name} if isinstance(statement, _EACH) else set()
    return names | own | ({"user"} if isinstance(statement, syntax.Auth) else set())


def _templates(statement: Statement) -> tuple[Template, ...]:
    """What of a statement is filled in."""
    match statement:
        case syntax.Send(text=text) | syntax.SendRaw(octets=text) | syntax.SendMessage(name=text):
            return (text,)
        case syntax.Bdat(source=syntax.Source(text=text)) | syntax.Auth(mechanism=text) | syntax.Set(value=text):
            return (text,)
        case syntax.Expect(texts=texts):
            return tuple(one for one in texts if isinstance(one, Template))
        case syntax.ForEach(values=values) | syntax.EachConversation(values=values):
            return values
    return ()


def _names(template: Template) -> Iterable[str]:
    return [part.name for part in template.parts if isinstance(part, Variable)]

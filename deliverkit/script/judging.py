"""What a script does to others: how many recipients it tries, and whether it is for one's own hosts only."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping

from deliverkit.classes import Frozen
from deliverkit.regexes import regex
from deliverkit.script import syntax
from deliverkit.script.settling import settle
from deliverkit.script.syntax import Script, Statement, Template, Variable
from deliverkit.script.walking import every_statement

_PROBES = frozenset({"RCPT", "VRFY", "EXPN"})  # each may tell whether a mailbox exists
_PROXY = frozenset({"XCLIENT", "XFORWARD"})  # they say that somebody else speaks
_PROBE_IN_OCTETS = regex(r"\b(?:RCPT|VRFY|EXPN)\b", re.IGNORECASE)
_TALKING = (syntax.Send, syntax.SendRaw, syntax.SendMessage, syntax.StartTls, syntax.Auth, syntax.Bdat)
_DOMAIN = regex(r"@([A-Za-z0-9._-]+)")
_WHOLE_WORD = regex(r"\s*\S+\s")


def rcpt_probes(script: Script) -> int:
    """How many recipients the script tries at most, VRFY and EXPN among them, in all its conversations together.

    A command that only shows when it is sent counts as one. A list that is not given yet counts as one value.
    """
    counting = _Counting(script.given, _constants(script), _in_values(script))
    each = next((one for one in script.statements if isinstance(one, syntax.EachConversation)), None)
    return (counting.times(each) if each else 1) * counting.all(script.statements)


def is_restricted(script: Script) -> bool:
    """Whether the script is to be held only with hosts on loopback, at private addresses, or proved one's own.

    It says so itself, sends raw octets, speaks for others (XCLIENT) or with a command that only shows when it is sent,
    or talks before the host has greeted.
    """
    statements, constants = tuple(every_statement(script.statements)), _constants(script)
    return (
        any(isinstance(one, (syntax.Restricted, syntax.SendRaw)) for one in statements)
        or any(_verb(one.text, constants) in {None, *_PROXY} for one in statements if isinstance(one, syntax.Send))
        or _way(script.statements) == "talks"
    )


def speaks_tls(script: Script) -> bool:
    """Whether TLS is begun on any way through the script that what was given leaves open."""
    kinds = (syntax.StartTls, syntax.Tls)
    return any(isinstance(one, kinds) for one in every_statement(settle(script).statements))


def asks_what_is_offered(script: Script) -> bool:
    """Whether EHLO or LHLO is said on any such way."""
    sent = (one for one in every_statement(settle(script).statements) if isinstance(one, syntax.Send))
    return any(_verb(one.text, {}) in {None, "EHLO", "LHLO"} for one in sent)


def tried_domains(script: Script) -> frozenset[str]:
    """The domains of the recipients that the script may try, in lower case, as far as they are written in it."""
    values: dict[str, list[Template]] = {
        name: [Template((one,)) for one in ones] for name, ones in script.given.items()
    }
    for name, value in _assigned(script):
        values.setdefault(name, []).append(value)
    constants = _constants(script)
    tried = [one.text for one in every_statement(script.statements) if isinstance(one, syntax.Send)]
    seen = [text for text in tried if _verb(text, constants) in {None, *_PROBES}]
    seen += [one.octets for one in every_statement(script.statements) if isinstance(one, syntax.SendRaw)]
    return frozenset(domain.strip(".").lower() for text in seen for domain in _domains(text, values, deep=True))


def _domains(text: Template, values: Mapping[str, list[Template]], *, deep: bool) -> Iterator[str]:
    """The domains in the text, and in the values of its variables and of theirs."""
    for part in text.parts:
        if isinstance(part, str):
            yield from _DOMAIN.findall(part)
        elif isinstance(part, Variable) and deep:
            for value in values.get(part.name, ()):
                yield from _domains(value, values, deep=False)


class _Counting(Frozen):
    """How often statements are run and lines are recipients."""

    given: Mapping[str, tuple[str, ...]]
    constants: Mapping[str, str]
    in_values: Mapping[str, int]

    def times(self, each: syntax.ForEach | syntax.EachConversation) -> int:
        return len(each.values or self.given.get(each.name, ("",)))

    def all(self, statements: Iterable[Statement]) -> int:
        return sum(self.one(statement) for statement in statements)

    def one(self, statement: Statement) -> int:
        match statement:
            case syntax.If(then=then, otherwise=otherwise):
                return max(self.all(then), self.all(otherwise or ()))
            case syntax.Repeat(times=times, body=body):
                return times * self.all(body)
            case syntax.ForEach(body=body):
                return self.times(statement) * self.all(body)
            case syntax.Pipeline(body=body):
                return self.all(body)
            case _:
                return self.sent(statement)

    def sent(self, statement: Statement) -> int:
        if isinstance(statement, syntax.Send):
            return int(_verb(statement.text, self.constants) in {None, *_PROBES})
        if isinstance(statement, syntax.SendRaw):
            names = (part.name for part in statement.octets.parts if isinstance(part, Variable))
            return _in_octets(statement.octets) + sum(self.in_values.get(name, 0) for name in names)
        return 0


def _verb(text: Template, constants: Mapping[str, str]) -> str | None:
    """The first word of a line, in capitals; None where it only shows when the line is sent."""
    read = ""
    for part in text.parts:
        if _WHOLE_WORD.match(read):
            break
        if isinstance(part, str):
            read += part
        elif isinstance(part, Variable) and part.name in constants:
            read += constants[part.name]
        else:
            return None
    return (read.split() or [""])[0].upper()


def _in_octets(octets: Template) -> int:
    """How many recipients stand in the octets as they are written."""
    return sum(len(_PROBE_IN_OCTETS.findall(part)) for part in octets.parts if isinstance(part, str))


def _in_values(script: Script) -> dict[str, int]:
    """How many recipients stand in the values of each variable, at most."""
    given = ((name, Template((value,))) for name, values in script.given.items() for value in values)
    found: dict[str, int] = {}
    for name, value in (*given, *_assigned(script)):
        found[name] = max(found.get(name, 0), _in_octets(value))
    return found


def _assigned(script: Script) -> Iterator[tuple[str, Template]]:
    """The variables to which the script itself gives values, with these."""
    for one in every_statement(script.statements):
        if isinstance(one, syntax.Set):
            yield one.name, one.value
        elif isinstance(one, (syntax.ForEach, syntax.EachConversation)):
            yield from ((one.name, value) for value in one.values or (Template(()),))


def _constants(script: Script) -> dict[str, str]:
    """The variables that have one value from the first statement to the last."""
    changing = {name for name, _ in _assigned(script)}
    return {name: values[0] for name, values in script.given.items() if len(values) == 1 and name not in changing}


def _way(statements: Iterable[Statement]) -> str:
    """What comes first on the worst way through: ``talks``, ``reads``, or neither."""
    for statement in statements:
        first = _first(statement)
        if first:
            return first
    return ""


def _first(statement: Statement) -> str:
    if isinstance(statement, syntax.If):
        ways = {_way(statement.then), _way(statement.otherwise or ())}
        return "talks" if "talks" in ways else "reads" if ways == {"reads"} else ""
    if isinstance(statement, (syntax.Repeat, syntax.Pipeline, syntax.ForEach)):
        return _way(statement.body)
    if isinstance(statement, syntax.Expect):
        return "reads"
    return "talks" if isinstance(statement, _TALKING) else ""

"""What is given to a script: one text for each conversation, and what it still needs."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from deliverkit.classes import Frozen, Slotted, field
from deliverkit.errors import ScriptError, ScriptFault
from deliverkit.script import syntax
from deliverkit.script.syntax import Script, Secret, Statement, Template, Variable
from deliverkit.script.walking import count_lines

BEARER = frozenset({"XOAUTH2", "OAUTHBEARER"})  # mechanisms whose secret is a token
BY_PASSWORD = ("PLAIN", "LOGIN", "CRAM-MD5")  # the others that are known, in the order in which one is taken


class Needs(Frozen):
    """What a script uses and does not set itself, or uses only where it is set.

    ``messages`` are the names of files as the script gives them, where no variable stands in them. ``known`` are all
    variables that make a difference to it where they are given.
    """

    variables: frozenset[str]
    secrets: frozenset[str]
    messages: frozenset[str]
    known: frozenset[str]


def fill(script: Script, variables: Mapping[str, tuple[str, ...]]) -> tuple[Script, ...]:
    """The scripts to hold, one for each conversation, which need nothing more but secrets and messages.

    The variables come after the last line, so that every statement keeps its line. ``for each mx`` at the top makes
    one script for each value. `ScriptError` if that is too much for a script.
    """
    each = _each(script)
    if each is None:
        return (_with_given(script, variables),)
    values = each.values or [Template((value,)) for value in {**script.given, **variables}.get(each.name, ())]
    return tuple(_with_given(_bound(script, each, value), variables) for value in values)


def is_for_each_host(script: Script) -> bool:
    """Whether the script is meant for every exchanger, and not for the first that takes it."""
    each = _each(script)
    return each is not None and each.name == "mx"


def find_needs(script: Script) -> Needs:
    """What must be given before the script can be held."""
    search = _Search(frozenset(script.given), set(script.given))
    search.values.update({name: values[0] for name, values in script.given.items()})
    search.look_at(script.statements)
    known = search.variables | search.used
    return Needs(frozenset(search.variables), frozenset(search.secrets), frozenset(search.messages), frozenset(known))


def _each(script: Script) -> syntax.EachConversation | None:
    return next((one for one in script.statements if isinstance(one, syntax.EachConversation)), None)


def _bound(script: Script, each: syntax.EachConversation, value: Template) -> Script:
    chosen = syntax.Set(each.line, each.name, value)
    return Script(tuple(chosen if one is each else one for one in script.statements))


def _with_given(script: Script, variables: Mapping[str, tuple[str, ...]]) -> Script:
    own = script.given
    kept = tuple(
        syntax.Given(one.line, one.name, variables.get(one.name, one.values)) if isinstance(one, syntax.Given) else one
        for one in script.statements
    )
    names = sorted(name for name, values in variables.items() if name not in own and values)
    lines = count_lines(kept)
    added = (syntax.Given(lines + at, name, variables[name]) for at, name in enumerate(names, 1))
    return _bounded(Script((*kept, *added)))


def _bounded(script: Script) -> Script:
    """The script; what is given to it keeps to the bounds of scripts, so that it can be read again."""
    for name, values in script.given.items():
        if len(values) > syntax.MOST_VALUES or sum(map(len, values)) > syntax.MOST_CHARACTERS:
            bound = f"at most {syntax.MOST_VALUES} values and {syntax.MOST_CHARACTERS} characters for {name}"
            raise ScriptError((ScriptFault(1, 1, bound, f"{len(values)} values"),))
    return script


class _Search(Slotted):
    """What was found so far. ``known``: what has a value here, or is looked at only where it has one."""

    given: frozenset[str]
    known: set[str]
    variables: set[str] = field(default_factory=set)
    secrets: set[str] = field(default_factory=set)
    messages: set[str] = field(default_factory=set)
    used: set[str] = field(default_factory=set)
    values: dict[str, str] = field(default_factory=dict)  # of the variables whose value is plain

    def look_at(self, statements: Iterable[Statement]) -> None:
        for statement in statements:
            self.one(statement)

    def one(self, statement: Statement) -> None:
        match statement:
            case syntax.If():
                self.branches(statement)
            case syntax.Repeat(body=body) | syntax.Pipeline(body=body):
                self.look_at(body)
            case syntax.ForEach(name=name, body=body):
                self.each(statement)
                self.guarded(name, body)
            case syntax.EachConversation():
                self.each(statement)
                self.known.add(statement.name)
            case _:
                self.simple(statement)

    def simple(self, statement: Statement) -> None:
        match statement:
            case syntax.Send(text=sent) | syntax.SendRaw(octets=sent):
                self.template(sent)
            case syntax.SendMessage(name=name) | syntax.Bdat(source=syntax.Source(is_file=True, text=name)):
                self.message(name)
            case syntax.Bdat(source=syntax.Source(text=sent)):
                self.template(sent)
            case syntax.Expect(texts=texts):
                self.template(*(text for text in texts if isinstance(text, Template)))
            case syntax.Auth(mechanism=mechanism):
                self.auth(mechanism)
            case syntax.Set():
                self.set(statement)

    def set(self, statement: syntax.Set) -> None:
        self.template(statement.value)
        self.known.add(statement.name)
        if all(isinstance(part, str) for part in statement.value.parts):
            plain = "".join(map(str, statement.value.parts))
            if not (statement.is_default and statement.name in self.values):
                self.values[statement.name] = plain

    def branches(self, statement: syntax.If) -> None:
        asks, is_negated = statement.condition.asks, statement.condition.is_negated
        name = asks.name if isinstance(asks, syntax.IsSet) else ""
        self.used |= {name} - {""}
        where_set, where_not = statement.then, statement.otherwise or ()
        if is_negated:
            where_set, where_not = where_not, where_set
        self.guarded(name, where_set)
        if name not in self.given:
            self.look_at(where_not)

    def guarded(self, name: str, body: tuple[Statement, ...]) -> None:
        """Look at what is done only where the variable has a value."""
        is_new = name not in self.known
        self.known.add(name)
        self.look_at(body)
        if is_new:
            self.known.discard(name)

    def each(self, statement: syntax.ForEach | syntax.EachConversation) -> None:
        self.template(*(statement.values or (Template((Variable(statement.name),)),)))

    def auth(self, mechanism: Template) -> None:
        self.template(mechanism, Template((Variable("user"),)))
        parts = (part if isinstance(part, str) else self.values.get(part.name, "") for part in mechanism.parts)
        self.secrets.add("token" if "".join(parts) in BEARER else "password")

    def message(self, name: Template) -> None:
        self.template(name)
        if all(isinstance(part, str) for part in name.parts):
            self.messages.add("".join(map(str, name.parts)))

    def template(self, *templates: Template) -> None:
        parts = [part for template in templates for part in template.parts]
        named = {part.name for part in parts if isinstance(part, Variable)}
        self.used |= named
        self.variables |= named - self.known
        self.secrets |= {part.name for part in parts if isinstance(part, Secret)}

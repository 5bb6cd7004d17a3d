"""Scripts: statements → text in the normal form, line for line as they were read."""

from __future__ import annotations

import re
from collections.abc import Iterator

from deliverkit.regexes import regex
from deliverkit.script import syntax
from deliverkit.script.patterns import Pattern
from deliverkit.script.syntax import Secret, Statement, Template, Variable

_INDENT = "  "
_ESCAPES = {"\r": "\\r", "\n": "\\n", "\t": "\\t", "\0": "\\0", "\\": "\\\\", '"': '\\"'}
_CONTROL = regex(r"[\x00-\x1f\x7f-\x9f\u2028\u2029\ud800-\udfff]")
_TO_ESCAPE = regex(_CONTROL.pattern + r"|[\"\\]")


def format_script(script: syntax.Script) -> str:
    """The script's text; `parse_script` of it gives the same script, and each statement stands on its line."""
    return "".join(f"{line}\n" for line in _lines(script.statements, ""))


def format_expectation(expect: syntax.Expect) -> str:
    """What an expectation wants, as the script says it."""
    texts = (f"/{_slashed(one.text)}/" if isinstance(one, Pattern) else _quoted(one) for one in expect.texts)
    within = (f"within {format_seconds(expect.within)}",) if expect.within else ()
    enhanced = ("|".join(expect.enhanced),) if expect.enhanced else ()
    return " ".join(("|".join(expect.codes), *enhanced, *texts, *within))


def format_hello(hello: syntax.Hello) -> str:
    """What a hello offers, as the script says it."""
    clause = ("without" if hello.is_without else "with",) if hello.suites else ()
    return " ".join(("hello", hello.version, *clause, *hello.suites))


def format_seconds(seconds: float) -> str:
    """A time, as ``0.5s``, ``2s`` or ``10m``."""
    if seconds % 60 == 0:
        return f"{seconds / 60:.0f}m"
    return f"{seconds:.3f}".rstrip("0").rstrip(".") + "s"


def format_condition(condition: syntax.Condition) -> str:
    """What an ``if`` asks."""
    asks = condition.asks
    if isinstance(asks, syntax.ReplyIs):
        text = f"reply {'|'.join(asks.codes)}"
    elif isinstance(asks, syntax.Offered):
        text = f"offered {asks.keyword} {asks.parameter}".rstrip()
    else:
        text = f"set {asks.name}"
    return f"not {text}" if condition.is_negated else text


def _lines(statements: tuple[Statement, ...], indent: str) -> Iterator[str]:
    for statement in statements:
        if isinstance(statement, syntax.Blank):
            yield ""
        elif isinstance(statement, (syntax.If, syntax.Repeat, syntax.ForEach, syntax.Pipeline)):
            yield f"{indent}{_opening(statement)} {{"
            yield from _bodies(statement, indent)
            yield f"{indent}}}"
        else:
            yield indent + _simple(statement)


def _bodies(statement: syntax.If | syntax.Repeat | syntax.ForEach | syntax.Pipeline, indent: str) -> Iterator[str]:
    if not isinstance(statement, syntax.If):
        yield from _lines(statement.body, indent + _INDENT)
        return
    yield from _lines(statement.then, indent + _INDENT)
    if statement.otherwise is not None:
        yield f"{indent}}} else {{"
        yield from _lines(statement.otherwise, indent + _INDENT)


def _opening(statement: syntax.If | syntax.Repeat | syntax.ForEach | syntax.Pipeline) -> str:
    if isinstance(statement, syntax.If):
        return f"if {format_condition(statement.condition)}"
    if isinstance(statement, syntax.Repeat):
        return f"repeat {statement.times}"
    if isinstance(statement, syntax.Pipeline):
        return "pipeline"
    return _each(statement) + (" keep" if statement.keeps else "")


def _each(statement: syntax.ForEach | syntax.EachConversation) -> str:
    values = " ".join(map(_quoted, statement.values))
    return f"for each {statement.name}" + (f" in {values}" if values else "")


def _simple(statement: Statement) -> str:
    match statement:
        case syntax.Comment(text=text):
            return f"# {text}".rstrip()
        case syntax.Send(text=text):
            return _sent(text)
        case syntax.SendMessage(name=name):
            return f"> @{_plain(name)}"
        case syntax.SendRaw(octets=octets):
            return f">! {_quoted(octets)}"
        case syntax.Expect(manner=manner):
            return f"<{manner} {format_expectation(statement)}"
        case _:
            return _worded(statement)


def _worded(statement: Statement) -> str:
    match statement:
        case syntax.StartTls(version=version) | syntax.Tls(version=version):
            return f"{type(statement).__name__.lower()} {version}".rstrip()
        case syntax.Auth(mechanism=mechanism, in_clear=in_clear):
            return f"auth {_plain(mechanism)}" + (" in clear" if in_clear else "")
        case syntax.Bdat(source=source, size=size):
            return f"bdat {_source(source)}" + (f" by {size}" if size else "")
        case syntax.Wait(seconds=seconds):
            return f"wait {format_seconds(seconds)}"
        case syntax.Set(name=name, value=value, is_default=is_default):
            return f"set {name} {'?=' if is_default else '='} {_value(value)}"
        case _:
            return _about_all(statement)


def _about_all(statement: Statement) -> str:
    match statement:
        case syntax.EachConversation():
            return _each(statement)
        case syntax.Hello():
            return format_hello(statement)
        case syntax.InTurn():
            return "in turn"
        case syntax.Given(name=name, values=values):
            return f"given {name} = {' '.join(_quoted(Template((value,))) for value in values)}"
        case _:
            return type(statement).__name__.lower()  # tls, close, restricted


def _sent(text: Template) -> str:
    plain = _plain(text)
    return f"> {'@' if plain.startswith('@') else ''}{plain}" if plain else ">"


def _source(source: syntax.Source) -> str:
    return f"@{_plain(source.text)}" if source.is_file else _quoted(source.text)


def _value(value: Template) -> str:
    plain = _plain(value)
    is_bare = plain and plain == plain.strip() and not plain.startswith('"')
    return plain if is_bare and (plain.isprintable() or not _CONTROL.search(plain)) else _quoted(value)


def _plain(template: Template) -> str:
    return "".join(_piece(part) for part in template.parts)


def _quoted(template: Template) -> str:
    return '"' + "".join(_escaped(_piece(part)) for part in template.parts) + '"'


def _piece(part: str | Variable | Secret) -> str:
    if isinstance(part, Variable):
        return f"{{{part.name}}}"
    if isinstance(part, Secret):
        return f"{{secret:{part.name}}}"
    return part.replace("{", "{{").replace("}", "}}")


def _escaped(text: str) -> str:
    is_plain = text.isprintable() and "\\" not in text and '"' not in text
    return text if is_plain else _TO_ESCAPE.sub(_escape, text)


def _escape(found: re.Match[str]) -> str:
    sign = found[0]
    if sign in _ESCAPES:
        return _ESCAPES[sign]
    octets = sign.encode("utf-8", "surrogateescape")
    return "".join(f"\\x{octet:02x}" for octet in octets)


def _slashed(pattern: str) -> str:
    return pattern.replace("/", "\\/")

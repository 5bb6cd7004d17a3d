"""The statements that stand on one line, read from after their first word or sign."""

from __future__ import annotations

import re
from collections.abc import Callable

from deliverkit.regexes import regex
from deliverkit.script import syntax
from deliverkit.script.patterns import Pattern
from deliverkit.script.scanning import Cursor
from deliverkit.script.syntax import Secret, Statement, Template

_CODE = regex(r"(?:[2-5][0-9x]|xx)[0-9x](?![0-9A-Za-z.])")
_ENHANCED = regex(r"[245]\.(?:[0-9]{1,3}|\*)\.(?:[0-9]{1,3}|\*)(?![0-9A-Za-z.*])")
_LOOKS_ENHANCED = regex(r"[0-9]+\.")
_HELLO_VERSION = regex(r"(?:ssl3|1\.[0-3])(?![\w.])", re.ASCII)
_SUITE = regex(r"\w+", re.ASCII)
_VERSION = regex(r"1\.[0-3](?![\w.])", re.ASCII)
_KEYWORD = regex(r"[A-Z0-9][A-Z0-9-]{0,63}(?![A-Za-z0-9])", re.ASCII)
_PARAMETER = regex(r"[!-z|~]{1,64}(?=[ \t]|$)", re.ASCII)
_MECHANISM = regex(r"[A-Z0-9_-]{1,20}(?=[ \t]|$)", re.ASCII)
_ONE_VARIABLE = regex(r"\{([a-z][a-z0-9_]{0,63})\}(?=[ \t]|$)", re.ASCII)
_WORD = regex(r'[^\s"{}]+')
_FILE = regex(r"\S+")
_MOST_OCTETS = 100_000_000  # of a chunk


def _send(cursor: Cursor) -> Statement:
    _one_space(cursor)
    if cursor.text.startswith("@", cursor.at) and not cursor.text.startswith("@@", cursor.at):
        cursor.at += 1
        if cursor.is_at_end:
            raise cursor.fault("a file's name")
        cursor.text = cursor.text.rstrip()
        return syntax.SendMessage(cursor.line, _without_secrets(cursor, cursor.rest()))
    cursor.at += cursor.text.startswith("@@", cursor.at)
    return syntax.Send(cursor.line, cursor.rest())


def _without_secrets(cursor: Cursor, template: Template) -> Template:
    """The template, in a place where a secret would come to be shown."""
    if any(isinstance(part, Secret) for part in template.parts):
        raise cursor.fault("no {secret:name} here: it may only be sent", cursor.text.index("{secret:"))
    return template


def _one_space(cursor: Cursor) -> None:
    if cursor.at < len(cursor.text) and cursor.text[cursor.at] != " ":
        raise cursor.fault("a space after >")
    cursor.at += 1


def _send_raw(cursor: Cursor) -> Statement:
    octets = cursor.quoted('octets in "quotes", such as "EHLO x\\r\\n"')
    cursor.end()
    return syntax.SendRaw(cursor.line, octets)


def _expect(cursor: Cursor, manner: syntax.Manner) -> Statement:
    codes = _codes(cursor)
    cursor.skip_space()
    enhanced: tuple[str, ...] = ()
    if _LOOKS_ENHANCED.match(cursor.text, cursor.at):
        enhanced = _alternatives(cursor, _ENHANCED, "an enhanced status code such as 5.7.1 or 5.7.*")
    texts: list[Template | Pattern] = []
    cursor.skip_space()
    while cursor.text.startswith(('"', "/"), cursor.at):
        texts.append(cursor.pattern() if cursor.text[cursor.at] == "/" else _without_secrets(cursor, cursor.quoted()))
        cursor.skip_space()
    within = cursor.seconds() if cursor.has_word("within") else 0.0
    cursor.end('an enhanced code, "text", /pattern/, within, or the end of the line')
    return syntax.Expect(cursor.line, codes, enhanced, tuple(texts), within, manner)


def _codes(cursor: Cursor) -> tuple[str, ...]:
    return _alternatives(cursor, _CODE, "a reply code such as 250, 2xx or 250|251")


def _alternatives(cursor: Cursor, pattern: re.Pattern[str], expected: str) -> tuple[str, ...]:
    found = [cursor.want(pattern, expected)[0]]
    while cursor.has_sign("|"):
        found.append(cursor.want(pattern, expected)[0])
    return tuple(found)


def read_condition(cursor: Cursor) -> syntax.Condition:
    """What an ``if`` asks."""
    is_negated = cursor.has_word("not")
    if cursor.has_word("reply"):
        return syntax.Condition(syntax.ReplyIs(_codes(cursor)), is_negated)
    if cursor.has_word("offered"):
        keyword = cursor.want(_KEYWORD, "an extension's keyword in capitals, such as STARTTLS")[0]
        cursor.skip_space()
        parameter = "" if cursor.text.startswith("{", cursor.at) else cursor.want(_PARAMETER, "a parameter, or {")[0]
        return syntax.Condition(syntax.Offered(keyword, parameter), is_negated)
    if cursor.has_word("set"):
        return syntax.Condition(syntax.IsSet(cursor.name()), is_negated)
    raise cursor.fault("reply, offered or set, with not before it for the contrary")


def read_values(cursor: Cursor, expected: str) -> tuple[Template, ...]:
    """A list of words and texts in quotes."""
    found: list[Template] = []
    cursor.skip_space()
    while not cursor.is_at_end and not cursor.text.startswith("{", cursor.at):
        word = cursor.take(_WORD)
        found.append(Template((word[0],)) if word else _without_secrets(cursor, cursor.quoted(expected)))
        cursor.skip_space()
    if not 1 <= len(found) <= syntax.MOST_VALUES:
        raise cursor.fault(f"from 1 to {syntax.MOST_VALUES} values")
    return tuple(found)


def _set(cursor: Cursor) -> Statement:
    name = cursor.name()
    is_default = cursor.has_sign("?=")
    if not is_default and not cursor.has_sign("="):
        raise cursor.fault("= or ?=")
    cursor.skip_space()
    if cursor.text.startswith('"', cursor.at):
        value = _without_secrets(cursor, cursor.quoted())
        cursor.end()
        return syntax.Set(cursor.line, name, value, is_default)
    cursor.text = cursor.text.rstrip()
    return syntax.Set(cursor.line, name, _without_secrets(cursor, cursor.rest()), is_default)


def _given(cursor: Cursor) -> Statement:
    name = cursor.name()
    if not cursor.has_sign("="):
        raise cursor.fault("=")
    start = cursor.at
    values = []
    for value in read_values(cursor, "a value"):
        if any(not isinstance(part, str) for part in value.parts):
            raise cursor.fault("values without variables", start)
        values.append("".join(map(str, value.parts)))
    cursor.end()
    return syntax.Given(cursor.line, name, tuple(values))


def _auth(cursor: Cursor) -> Statement:
    cursor.skip_space()
    word = cursor.take(_MECHANISM)
    variable = None if word else cursor.take(_ONE_VARIABLE)
    if not (word or variable) and cursor.has_word(syntax.OFFERED):
        mechanism = Template((syntax.OFFERED,))
    elif word:
        mechanism = Template((word[0],))
    elif variable:
        mechanism = Template((syntax.Variable(variable[1]),))
    else:
        raise cursor.fault("a mechanism in capitals, such as PLAIN, offered, or a {variable}")
    in_clear = cursor.has_word("in") and cursor.has_word("clear")
    cursor.end("in clear, or the end of the line")
    return syntax.Auth(cursor.line, mechanism, in_clear)


def _bdat(cursor: Cursor) -> Statement:
    cursor.skip_space()
    if cursor.has_sign("@"):
        word = cursor.want(_FILE, "a file's name")
        name = _without_secrets(cursor, Cursor(cursor.text[: word.end()], cursor.line, word.start()).rest())
        source = syntax.Source(is_file=True, text=name)
    else:
        text = _without_secrets(cursor, cursor.quoted('@file, or text in "quotes"'))
        source = syntax.Source(is_file=False, text=text)
    size = cursor.number("a chunk's size in octets", _MOST_OCTETS) if cursor.has_word("by") else 0
    cursor.end("by and a chunk's size, or the end of the line")
    return syntax.Bdat(cursor.line, source, size)


def _wait(cursor: Cursor) -> Statement:
    seconds = cursor.seconds()
    cursor.end()
    return syntax.Wait(cursor.line, seconds)


def _in_version(kind: Callable[[int, str], Statement]) -> Callable[[Cursor], Statement]:
    def read(cursor: Cursor) -> Statement:
        cursor.skip_space()
        found = None if cursor.is_at_end else cursor.take(_VERSION)
        cursor.end("a version of TLS, as 1.2, or the end of the line")
        return kind(cursor.line, found[0] if found else "")

    return read


def _hello(cursor: Cursor) -> Statement:
    cursor.skip_space()
    version = cursor.want(_HELLO_VERSION, "a version of TLS, as 1.2, or ssl3")[0]
    is_without = cursor.has_word("without")
    names = _suites(cursor, version) if is_without or cursor.has_word("with") else ()
    cursor.end("with or without and cipher suites, or the end of the line")
    return syntax.Hello(cursor.line, version, names, is_without)


def _suites(cursor: Cursor, version: str) -> tuple[str, ...]:
    """The names of cipher suites up to the line's end, each one that may be offered in that version."""
    from deliverkit.standards.tls.suites import BY_NAME, version_name  # which few scripts offer

    expected = f"a cipher suite of {version_name(version)}, by its name in the registry of IANA"
    found: list[str] = []
    cursor.skip_space()
    while not (found and cursor.is_at_end):
        start = cursor.at
        name = cursor.want(_SUITE, expected)[0]
        if name not in BY_NAME or not BY_NAME[name].is_for(version):
            raise cursor.fault(expected, start)
        if name in found:
            raise cursor.fault("each cipher suite once", start)
        found.append(name)
        cursor.skip_space()
    return tuple(found)


def _bare(kind: Callable[[int], Statement]) -> Callable[[Cursor], Statement]:
    def read(cursor: Cursor) -> Statement:
        cursor.end()
        return kind(cursor.line)

    return read


def _in_turn(cursor: Cursor) -> Statement:
    if not cursor.has_word("turn"):
        raise cursor.fault("turn")
    cursor.end()
    return syntax.InTurn(cursor.line)


def _comment(cursor: Cursor) -> Statement:
    return syntax.Comment(cursor.line, cursor.text[cursor.at :].removeprefix(" ").rstrip())


READERS: dict[str, Callable[[Cursor], Statement]] = {
    "#": _comment,
    ">": _send,
    ">!": _send_raw,
    "<": lambda cursor: _expect(cursor, syntax.Manner.STOPS),
    "<+": lambda cursor: _expect(cursor, syntax.Manner.COUNTS),
    "<?": lambda cursor: _expect(cursor, syntax.Manner.OPTIONAL),
    "starttls": _in_version(syntax.StartTls),
    "tls": _in_version(syntax.Tls),
    "hello": _hello,
    "close": _bare(syntax.Close),
    "restricted": _bare(syntax.Restricted),
    "in": _in_turn,
    "auth": _auth,
    "bdat": _bdat,
    "wait": _wait,
    "set": _set,
    "given": _given,
}

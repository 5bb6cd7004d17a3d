"""Scripts: text → statements.

Every fault is collected, each with its line and column, what was expected there, and what stood there.
"""

from __future__ import annotations

import re
from collections.abc import Sequence

from deliverkit.classes import Slotted, field
from deliverkit.errors import ScriptError, ScriptFault
from deliverkit.regexes import regex
from deliverkit.script import syntax
from deliverkit.script.formatting import format_script
from deliverkit.script.scanning import Cursor, FaultError
from deliverkit.script.single_lines import READERS, read_condition, read_values
from deliverkit.script.syntax import Statement
from deliverkit.script.walking import bodies, every_statement

_UNFIT = regex(r"[\x00-\x08\x0a-\x1f\x7f-\x9f\u2028\u2029\ud800-\udfff]")
_FIRST = regex(r">!|>|<[?+]?|#|[a-z]+(?![A-Za-z0-9_])", re.ASCII)
_MOST_READ = 64  # scripts that are remembered by their text
_ON_ANY_LINE = "a statement: > < starttls tls hello auth pipeline bdat wait close set if repeat for, or # for a comment"
_ELSE = "else"
_HELLO = "hello"
_AFTER_ITS_BLOCK = "} else { on one line, where the block of its if ends"
_OPENERS = ("if", "repeat", "for", "pipeline")
_AT_TOP = (syntax.EachConversation, syntax.Restricted, syntax.InTurn, syntax.Given)
_WITHOUT_EFFECT = (syntax.Blank, syntax.Comment, syntax.Given)  # they do nothing where they stand
_IN_PIPELINE = (syntax.Blank, syntax.Comment, syntax.Send, syntax.SendRaw, syntax.Expect, syntax.ForEach)

_read: dict[str, syntax.Script] = {}


def parse_script(text: str) -> syntax.Script:
    """The script that the text is; `ScriptError` with every fault if it is none."""
    return _read.get(text) or _remembered(text, _parse(text))


def text_of(script: syntax.Script) -> str:
    """The script's text, for one who reads it again in this process: then it is this script, without being parsed."""
    text = format_script(script)
    _remembered(text, script)
    return text


def _remembered(text: str, script: syntax.Script) -> syntax.Script:
    if len(_read) >= _MOST_READ:
        _read.clear()  # at once: threads that read scripts share them
    _read[text] = script
    return script


def _parse(text: str) -> syntax.Script:
    lines = [line.removesuffix("\r") for line in text.removesuffix("\n").split("\n")] if text else []
    if len(text) > syntax.MOST_CHARACTERS or len(lines) > syntax.MOST_LINES:
        bound = f"a script of at most {syntax.MOST_CHARACTERS} characters and {syntax.MOST_LINES} lines"
        raise ScriptError((ScriptFault(1, 1, bound, f"{len(text)} characters on {len(lines)} lines"),))
    reading = _Reading(lines)
    statements = reading.block(0)
    if reading.faults:
        raise ScriptError(tuple(sorted({*reading.faults})))
    return syntax.Script(statements)


class _Reading(Slotted):
    """The lines, and how far they are read."""

    lines: list[str]
    at: int = 0
    has_hello: bool = False  # few scripts say one, and only after it is there a place where nothing may stand
    faults: list[ScriptFault] = field(default_factory=list)

    def block(self, depth: int) -> tuple[Statement, ...]:
        """The statements up to the block's ``}``, which is not gone past, or to the end."""
        found: list[Statement] = []
        while self.at < len(self.lines):
            cursor = Cursor(self.lines[self.at], self.at + 1)
            cursor.skip_space()
            if depth and cursor.text.startswith("}", cursor.at):
                break
            self.at += 1
            try:
                statement = self.statement(cursor, depth)
                _check_place(statement, found, cursor, depth)
                if self.has_hello:
                    _check_after_hello(statement, found, cursor)
                found.append(statement)
            except FaultError as error:
                self.faults.append(error.fault)
                self.skip_body(cursor, depth)
        return tuple(found)

    def skip_body(self, cursor: Cursor, depth: int) -> None:
        """Read the block that the faulty line opens, for its faults and so that its ``}`` is not taken for another."""
        words = cursor.text.split()
        is_unread = self.at == cursor.line
        if not (is_unread and words and words[0] in (*_OPENERS, _ELSE) and words[-1] == "{"):
            return
        try:
            self.body(depth, cursor.line)
            if self.lines[self.at - 1].split() == ["}", "else", "{"]:
                self.body(depth, cursor.line)
        except FaultError as error:
            self.faults.append(error.fault)

    def statement(self, cursor: Cursor, depth: int) -> Statement:
        unfit = None if cursor.text.isprintable() else _UNFIT.search(cursor.text)
        if unfit:
            raise cursor.fault("no control characters: they stand as escapes in quotes", unfit.start())
        if cursor.is_at_end:
            return syntax.Blank(cursor.line)
        start = cursor.at
        found = cursor.take(_FIRST)
        word = found[0] if found else ""
        if word in READERS:
            self.has_hello = self.has_hello or word == _HELLO
            return READERS[word](cursor)
        if word in _OPENERS:
            return self.compound(word, cursor, depth)
        raise cursor.fault(_AFTER_ITS_BLOCK if word == _ELSE else _ON_ANY_LINE, start)

    def compound(self, word: str, cursor: Cursor, depth: int) -> Statement:
        if word == "if":
            return self.if_else(cursor, depth)
        if word == "repeat":
            times = cursor.number("how often", syntax.MOST_REPEATS)
            _open(cursor)
            return syntax.Repeat(cursor.line, times, self.body(depth, cursor.line))
        if word == "pipeline":
            _open(cursor)
            return syntax.Pipeline(cursor.line, self.pipelined(depth, cursor.line))
        return self.for_each(cursor, depth)

    def if_else(self, cursor: Cursor, depth: int) -> syntax.If:
        condition = read_condition(cursor)
        _open(cursor)
        then = self.body(depth, cursor.line)
        closing = Cursor(self.lines[self.at - 1], self.at)
        closing.has_sign("}")
        if not closing.has_word("else"):
            return syntax.If(cursor.line, condition, then)
        return syntax.If(cursor.line, condition, then, self.body(depth, closing.line))

    def for_each(self, cursor: Cursor, depth: int) -> Statement:
        if not cursor.has_word("each"):
            raise cursor.fault("each")
        name = cursor.name()
        values = read_values(cursor, "a value, or {") if cursor.has_word("in") else ()
        if cursor.is_at_end:
            return syntax.EachConversation(cursor.line, name, values)
        keeps = not values and cursor.has_word("keep")
        _open(cursor)
        return syntax.ForEach(cursor.line, name, values, self.body(depth, cursor.line), keeps)

    def pipelined(self, depth: int, opened: int) -> tuple[Statement, ...]:
        body = self.body(depth, opened)
        for statement in every_statement(body):
            if not isinstance(statement, _IN_PIPELINE):
                place = ScriptFault(statement.line, 1, "only > >! < and for each inside pipeline", "another statement")
                self.faults.append(place)
        return body

    def body(self, depth: int, opened: int) -> tuple[Statement, ...]:
        """A block's statements; goes past its ``}``."""
        if depth >= syntax.MOST_NESTED:
            self.pass_over()
            fault = ScriptFault(opened, 1, f"at most {syntax.MOST_NESTED} blocks in one another", "another block")
            raise FaultError(fault)
        found = self.block(depth + 1)
        if self.at >= len(self.lines):
            last = Cursor(self.lines[-1], len(self.lines), len(self.lines[-1]))
            raise last.fault(f"}} to close the block of line {opened}")
        closing = Cursor(self.lines[self.at], self.at + 1)
        self.at += 1
        closing.has_sign("}")
        if closing.has_word("else"):
            _open(closing)
        closing.end("the end of the line, or else {")
        return found

    def pass_over(self) -> None:
        """Go past the ``}`` of a block that is not read, so that none of those around it misses its own."""
        depth = 1
        while depth and self.at < len(self.lines):
            words = self.lines[self.at].split()
            self.at += 1
            depth -= words[:1] == ["}"]
            depth += words[-1:] == ["{"] and words[0] in (*_OPENERS, "}")


def _check_place(statement: Statement, before: list[Statement], cursor: Cursor, depth: int) -> None:
    if depth and isinstance(statement, _AT_TOP):
        raise cursor.fault("this outside of every block", 0)
    ahead = (syntax.Blank, syntax.Comment, syntax.Restricted, syntax.InTurn)
    if isinstance(statement, syntax.EachConversation) and any(not isinstance(one, ahead) for one in before):
        raise cursor.fault("{, or this line before every other statement", len(cursor.text))


def _check_after_hello(statement: Statement, before: list[Statement], cursor: Cursor) -> None:
    if not isinstance(statement, (*_WITHOUT_EFFECT, syntax.Close)) and _is_left_in_tls(before):
        raise cursor.fault("close, or the end of the script, after hello", 0)
    if isinstance(statement, (syntax.Repeat, syntax.ForEach)) and _is_left_in_tls(statement.body):
        raise cursor.fault("close after hello, which a connection takes once, where its block is repeated", 0)


def _is_left_in_tls(statements: Sequence[Statement]) -> bool:
    """Whether they may end with a hello: nothing can be said in the middle of a handshake."""
    last = next((one for one in reversed(statements) if not isinstance(one, _WITHOUT_EFFECT)), None)
    if last is None:
        return False
    return isinstance(last, syntax.Hello) or any(map(_is_left_in_tls, bodies(last)))


def _open(cursor: Cursor) -> None:
    if not cursor.has_sign("{"):
        raise cursor.fault("{")
    cursor.end("the end of the line after {")

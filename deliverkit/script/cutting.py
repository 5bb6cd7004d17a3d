"""Scripts cut short: held up to the reply to one step, and then left with QUIT, or dropped."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from deliverkit.classes import replace
from deliverkit.errors import UsageError
from deliverkit.script import syntax
from deliverkit.script.formatting import format_script
from deliverkit.script.parsing import parse_script
from deliverkit.script.syntax import Script, Statement, Template
from deliverkit.script.walking import bodies, every_statement

GREETING = "CONNECT"  # the step that no command begins
MESSAGE = "MESSAGE"  # a message, through DATA or BDAT
_BLOCKS = (syntax.If, syntax.Repeat, syntax.ForEach, syntax.Pipeline)
_NAMES: dict[type[Statement], tuple[str, ...]] = {
    syntax.StartTls: ("STARTTLS", "TLS"),
    syntax.Tls: ("TLS",),
    syntax.Auth: ("AUTH",),
    syntax.Bdat: ("BDAT", MESSAGE),
    syntax.SendMessage: (MESSAGE,),
}
_SENDING = (syntax.Send, syntax.SendMessage, syntax.Bdat, syntax.Auth)
_QUIT = (syntax.Send(0, Template(("QUIT",))), syntax.Expect(0, ("221",)))


def quit_after(script: Script, step: str) -> Script:
    """The script up to the replies to the last command of that name, then QUIT; whichever way it goes.

    ``step`` is a verb, TLS for a handshake of any kind, CONNECT for the greeting, or MESSAGE.

    Raises:
        UsageError: the script has no such step, or QUIT cannot follow it.
    """
    if step.upper() == "QUIT":
        raise UsageError("QUIT is the end already: stop after another step, or drop the connection after QUIT")
    if step.upper() == "DATA":  # RFC 5321 §4.1.1.4: what follows is the message
        raise UsageError("after DATA the host waits for a message: drop the connection there, or quit after MESSAGE")
    return _cut(script, step, (*_QUIT, syntax.Close(0)))


def drop_after(script: Script, step: str) -> Script:
    """The same, but that the connection is dropped there.

    Raises:
        UsageError: the script has no such step.
    """
    return _cut(script, step, (syntax.Close(0),))


def steps_of(script: Script) -> tuple[str, ...]:
    """The steps that the script has, in its order."""
    texts = _message_lines(script.statements)
    found = (step for one in every_statement(script.statements) for step in _steps(one, texts))
    return tuple(dict.fromkeys((GREETING, *found)))


def _cut(script: Script, step: str, end: tuple[Statement, ...]) -> Script:
    step, texts = step.upper(), _message_lines(script.statements)
    kept = _kept(script.statements, step, end, texts)
    if kept is None:
        raise UsageError(f"the script has no step {step}: it has {', '.join(steps_of(script))}")
    given = [one for one in script.statements if isinstance(one, syntax.Given) and one not in kept]
    return parse_script(format_script(Script((*kept, *given))))


def _kept(
    statements: Sequence[Statement], step: str, end: tuple[Statement, ...], texts: frozenset[int]
) -> tuple[Statement, ...] | None:
    """The statements up to the last that has the step, with the replies to it, and then the end; None: none has it."""
    at = _last(statements, step, texts)
    if at is None:
        return None
    found = statements[at]
    cut = _cut_within(found, step, end, texts) if isinstance(found, syntax.If | syntax.Pipeline) else found
    replies = 0 if step == GREETING else _count_replies(statements[at + 1 :])
    return (*statements[:at], cut, *statements[at + 1 : at + 1 + replies], *end)


def _last(statements: Sequence[Statement], step: str, texts: frozenset[int]) -> int | None:
    if step == GREETING:
        return next((at for at, one in enumerate(statements) if isinstance(one, syntax.Expect)), None)
    having = (
        at for at, one in enumerate(statements) if any(step in _steps(each, texts) for each in every_statement([one]))
    )
    return max(having, default=None)


def _cut_within(
    found: syntax.If | syntax.Pipeline, step: str, end: tuple[Statement, ...], texts: frozenset[int]
) -> Statement:
    """A block cut where it has the step; what it leaves open ends after it."""
    if isinstance(found, syntax.Pipeline):
        return replace(found, body=_kept(found.body, step, (), texts) or found.body)
    otherwise = None if found.otherwise is None else _branch(found.otherwise, step, end, texts)
    return replace(found, then=_branch(found.then, step, end, texts), otherwise=otherwise)


def _branch(
    body: tuple[Statement, ...], step: str, end: tuple[Statement, ...], texts: frozenset[int]
) -> tuple[Statement, ...]:
    """One way of an ``if``; as it is where the replies to the step are read after it.

    A way without the step ends at once where it would send a message, which was not to be sent.
    """
    kept = _kept(body, step, (), texts)
    if kept is None and any(MESSAGE in _steps(one, texts) for one in every_statement(body)):
        return end
    if kept is None or _waits(kept):
        return body
    return _kept(body, step, end, texts) or body


def _waits(statements: Sequence[Statement]) -> bool:
    """Whether the last of them, or of the block that they end with, sends, so that a reply is still to be read."""
    last = statements[-1] if statements else None
    if isinstance(last, _BLOCKS):
        return any(_waits(body) for body in bodies(last))
    return isinstance(last, _SENDING)


def _count_replies(statements: Sequence[Statement]) -> int:
    """How many statements at the beginning read what the step is answered."""
    last = 0
    for at, one in enumerate(statements, 1):
        is_reply = isinstance(one, syntax.Expect) or (isinstance(one, syntax.ForEach) and _only_reads(one))
        if not is_reply and not isinstance(one, syntax.Blank | syntax.Comment):
            break
        last = at if is_reply else last
    return last


def _only_reads(block: syntax.ForEach) -> bool:
    """A reply for each recipient, as LMTP has them (RFC 2033 §4.2)."""
    return all(isinstance(one, syntax.Blank | syntax.Comment | syntax.Expect) for one in block.body)


def _steps(statement: Statement, texts: frozenset[int]) -> tuple[str, ...]:
    """The steps that a statement is, but for its blocks."""
    if isinstance(statement, syntax.Send):
        return _steps_of_line(statement) if statement.line not in texts else ()
    return _NAMES.get(type(statement), ())


def _steps_of_line(sent: syntax.Send) -> tuple[str, ...]:
    first = next(iter(sent.text.parts), "")
    word = (first.split() or [""])[0].upper() if isinstance(first, str) else ""
    return (MESSAGE,) if word == "." else (word,) if word.isalpha() else ()


def _message_lines(statements: Iterable[Statement]) -> frozenset[int]:
    """The lines of the script that are a message's, and so no commands."""
    found: set[int] = set()
    _follow(statements, is_in_message=False, found=found)
    return frozenset(found)


def _follow(statements: Iterable[Statement], *, is_in_message: bool, found: set[int]) -> bool:
    """Note the lines of messages; whether a message goes on after the statements."""
    for one in statements:
        if isinstance(one, syntax.If):
            ways = [_follow(body, is_in_message=is_in_message, found=found) for body in bodies(one)]
            is_in_message = all(ways)
        elif isinstance(one, _BLOCKS):
            is_in_message = _follow(one.body, is_in_message=is_in_message, found=found)
        elif isinstance(one, syntax.SendMessage):
            is_in_message = False
        elif isinstance(one, syntax.Send):
            step = _steps_of_line(one)
            if is_in_message and step != (MESSAGE,):
                found.add(one.line)
            is_in_message = step != (MESSAGE,) and (is_in_message or step == ("DATA",))
    return is_in_message

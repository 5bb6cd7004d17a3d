"""Holds a conversation: a script's statements, one after the other, over a session (docs/scripts.md)."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from functools import partial
from itertools import repeat

from deliverkit.clients.smtp import EndedError, Session, Steps, Talk
from deliverkit.clients.smtp.dialogue import WANTING_MORE, Dialogue, StoppedError
from deliverkit.clients.smtp.provisions import CutOffError, Held, Provisions
from deliverkit.observations.smtp import End
from deliverkit.script import syntax
from deliverkit.script.formatting import format_expectation, format_seconds
from deliverkit.script.matching import has_code
from deliverkit.script.rendering import Rendered
from deliverkit.script.syntax import Expect, Manner, Script, Send, Statement

_START = syntax.Blank(0)
_SPEAKING = (Send, syntax.SendMessage, syntax.Pipeline, syntax.Bdat, syntax.StartTls, syntax.Auth)
_CLOSED = End.CLOSED
_OPTIONAL = Manner.OPTIONAL
MOST_STATEMENTS = 10_000  # that are run
_IN_WORDS = {
    End.HUNG_UP: "the host hung up",
    End.RESET: "the connection was reset",
    End.SILENT: "the host said nothing in time",
    End.STUCK: "the host stopped reading",
    End.FLOODED: "the host said too much",
}


async def converse(script: Script, session: Session, provisions: Provisions) -> Held:
    """Hold the conversation to the script's end, to an expectation that stops it, or until the host ends it.

    The session is left to whoever connected it, to be closed.
    """
    longest = provisions.longest
    dialogue = Dialogue(session, provisions, {**script.first}, is_in_turn=script.is_in_turn)
    running = _Running(dialogue, script.given)
    end, detail = _CLOSED, ""
    try:
        session.limit(longest)
        try:
            await running.run(script.steps)
        except StoppedError:
            await dialogue.leave()
    except EndedError as ended:
        end, detail = ended.end, ended.detail
        running.cut_off(ended)
    except TimeoutError:
        dialogue.miss(running.current.line, f"the script's end within {format_seconds(longest)}", "it was still here")
    except Exception:
        raise
    except BaseException as stop:
        raise stop from CutOffError(Held(End.INTERRUPTED, "", dialogue.unmet, dialogue.hidden))
    return Held(end, detail, dialogue.unmet, dialogue.hidden)


class _Running:
    """Where the script is. ``lists``: the variables that were ``given``, with the values that are gone on with."""

    def __init__(self, dialogue: Dialogue, lists: Mapping[str, tuple[str, ...]]) -> None:
        self.dialogue = dialogue
        self.given = self.lists = lists
        self.current: Statement = _START
        self.count = 0

    async def run(self, statements: Sequence[Statement]) -> None:
        """Go through the statements.

        The session itself goes on with the plain ones, in the call that brings a reply: to wake the conversation's task
        for each costs more than all that it does with it. What is not plain, or does not come as expected, is left to
        the task.
        """
        at = 0
        while True:
            before = self.count
            await self.dialogue.session.follow(partial(self.plainly, statements, at))
            at += self.count - before
            if at == len(statements):
                return
            statement = statements[at]
            at += 1
            self.step(statement)
            await self.act(statement)

    def plainly(  # noqa: C901 - a call for a statement takes as long as the statement
        self, statements: Sequence[Statement], at: int, talk: Talk
    ) -> Steps:
        """Go on from there as far as it is plain."""
        dialogue, replies, passed = self.dialogue, talk.replies, 0
        unanswered, is_in_data = dialogue.unanswered, dialogue.is_in_data
        for statement in () if dialogue.unread else statements[at : at + MOST_STATEMENTS - self.count]:
            if isinstance(statement, Expect):
                if replies:
                    reply = talk.take(statement.line)
                else:
                    within = statement.within
                    if within and statement.manner is _OPTIONAL:
                        break
                    self.current = statement
                    reply = yield statement.line, within or dialogue.patience
                if reply.code not in statement.plain:
                    talk.put_back(reply)
                    break
                dialogue.heard(reply)
                is_in_data = reply.code in WANTING_MORE
            elif isinstance(statement, Send):
                if statement.command is None or is_in_data or replies:
                    break
                octets, verb = statement.command
                if not talk.say(octets, statement.line):
                    break
                unanswered.append(verb)
            elif not self.passes(statement, talk):
                break
            passed += 1
        self.count += passed

    def step(self, statement: Statement) -> None:
        """Go on to the statement."""
        self.current = statement
        self.count += 1
        if self.count > MOST_STATEMENTS:
            bound = f"the script's end within {MOST_STATEMENTS:,} statements"
            self.dialogue.stop(statement.line, bound, "it was still here")

    def cut_off(self, ended: EndedError) -> None:
        """Note what the current statement wanted when the conversation ended; an optional reply was not wanted."""
        words = ended.detail or _IN_WORDS.get(ended.end, ended.end.value)
        match self.current:
            case syntax.Expect(manner=Manner.OPTIONAL):
                return
            case syntax.Expect() as expected:
                wanted = format_expectation(expected)
            case syntax.StartTls() | syntax.Tls():
                wanted = "a TLS handshake"
            case _:
                wanted = "the conversation to go on"
        self.dialogue.miss(self.current.line, wanted, f"nothing: {words}")

    def passes(self, statement: Statement, talk: Talk) -> bool:
        """Do what the statement says that is no line, where nothing goes wrong; whether it was so."""
        if isinstance(statement, syntax.SendMessage):
            return self.dialogue.says_message(statement, talk)
        return isinstance(statement, syntax.If) and not self.chosen(statement)

    async def act(self, statement: Statement) -> None:
        dialogue = self.dialogue
        if dialogue.is_in_turn and isinstance(statement, _SPEAKING):
            await dialogue.keep_turn(statement.line)
        match statement:
            case syntax.Expect():
                await dialogue.expect(statement)
            case syntax.SendMessage():
                await dialogue.send_message(statement)
            case syntax.Send(line=line):
                await dialogue.send(dialogue.as_line(statement), line)
            case syntax.SendRaw(line=line):
                await dialogue.send(dialogue.as_octets(statement), line)
            case syntax.Pipeline():
                await self.pipeline(statement)
            case syntax.Bdat():
                await dialogue.send_chunks(statement)
            case _:
                await self.decide(statement)

    async def decide(self, statement: Statement) -> None:
        match statement:
            case syntax.If():
                await self.run(self.chosen(statement))
            case syntax.Set():
                self.set(statement)
            case syntax.Repeat() | syntax.ForEach():
                for _ in self.turns(statement):
                    await self.run(statement.body)
            case syntax.Auth():
                from deliverkit.clients.smtp.signing_in import sign_in  # which few scripts do

                await sign_in(self.dialogue, statement)
            case _:
                await self.do(statement)

    async def do(self, statement: Statement) -> None:
        match statement:
            case syntax.StartTls(line=line, version=version):
                await self.dialogue.start_tls(line, version)
            case syntax.Tls(line=line, version=version):
                await self.dialogue.shake_hands(line, version)
            case syntax.Hello():
                from deliverkit.clients.smtp.hello import say_hello  # which few scripts do

                await say_hello(self.dialogue.session, statement)
            case syntax.Wait(seconds=seconds, line=line):
                await self.dialogue.session.listen(seconds, line=line)
            case syntax.Close(line=line):
                self.dialogue.close(line)
                raise StoppedError

    def chosen(self, statement: syntax.If) -> Sequence[Statement]:
        return statement.then if self.holds(statement.condition) else statement.otherwise or ()

    def holds(self, condition: syntax.Condition) -> bool:
        """Whether the condition is true."""
        dialogue, asks = self.dialogue, condition.asks
        if isinstance(asks, syntax.IsSet):
            is_so = asks.name in dialogue.variables
        elif isinstance(asks, syntax.ReplyIs):
            is_so = dialogue.reply is not None and has_code(dialogue.reply.code, asks.codes)
        else:
            offered = dialogue.extensions.get(asks.keyword)
            is_so = offered is not None and (not asks.parameter or asks.parameter in offered.split())
        return is_so is not condition.is_negated

    def set(self, statement: syntax.Set) -> None:
        if not (statement.is_default and statement.name in self.dialogue.variables):
            self.dialogue.variables[statement.name] = self.dialogue.text(statement.value, statement.line)

    def turns(self, statement: syntax.Repeat | syntax.ForEach) -> Iterator[None]:
        """The turns of a loop: the variable is set to each value; afterwards it is what it was."""
        if isinstance(statement, syntax.Repeat):
            yield from repeat(None, statement.times)
            return
        dialogue, variables, name = self.dialogue, self.dialogue.variables, statement.name
        before, outer, kept = variables.get(name), dialogue.turn, []
        is_one_of_several = len(statement.values or self.given.get(name, ())) > 1
        for value in self.values(statement):
            variables[name], amiss = value, dialogue.amiss
            dialogue.turn = value if is_one_of_several else outer
            yield
            if dialogue.amiss == amiss:
                kept.append(value)
        dialogue.turn = outer
        variables.pop(name, None)
        if before is not None:
            variables[name] = before
        if statement.keeps:
            self.keep(name, kept)

    def keep(self, name: str, values: Sequence[str]) -> None:
        """Go on with these values: a transaction with the recipients that were taken (RFC 5321 §3.3)."""
        if not values:
            raise StoppedError
        self.lists = {**self.lists, name: tuple(values)}

    def values(self, statement: syntax.ForEach) -> Sequence[str]:
        if statement.values:
            return [self.dialogue.text(value, statement.line) for value in statement.values]
        if statement.name not in self.lists:
            self.dialogue.stop(statement.line, f"values for {{{statement.name}}}", "none")
        return self.lists[statement.name]

    async def pipeline(self, statement: syntax.Pipeline) -> None:
        """One write of all that is sent, then the replies in order (RFC 2920 §3.1)."""
        octets = shown = b""
        for one in self.pipelined(statement.body):
            self.step(one)
            rendered = self.sent(one)
            octets, shown = octets + rendered.octets, shown + rendered.shown
        await self.dialogue.send(Rendered(octets, shown, ()), statement.line)
        for one in self.pipelined(statement.body):
            if isinstance(one, syntax.Expect):
                self.current = one
                await self.dialogue.expect(one)

    def pipelined(self, body: Sequence[Statement]) -> Iterator[Statement]:
        """The statements of a pipeline, those of ``for each`` with its variable set."""
        for one in body:
            if isinstance(one, syntax.ForEach):
                for _ in self.turns(one):
                    yield from self.pipelined(one.body)
            else:
                yield one

    def sent(self, statement: Statement) -> Rendered:
        if isinstance(statement, syntax.Send):
            return self.dialogue.as_line(statement)
        if isinstance(statement, syntax.SendRaw):
            return self.dialogue.as_octets(statement)
        return Rendered(b"", b"", ())

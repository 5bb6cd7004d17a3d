"""The steps of a conversation: what is sent and read, what the host offered, and what was expected in vain."""

from __future__ import annotations

from collections.abc import Awaitable, Mapping
from functools import cached_property
from typing import Never

from deliverkit.clients.smtp import PACKET, EndedError, Session, Talk
from deliverkit.clients.smtp.provisions import Provisions, UsedSecrets
from deliverkit.observations.smtp import IN_TURN, SMTPUTF8_FIRST, TO_STARTTLS, UNASKED, Handshake, Unmet
from deliverkit.script import syntax
from deliverkit.script.formatting import format_expectation
from deliverkit.script.matching import describe, has_code, has_enhanced, has_text
from deliverkit.script.patterns import Pattern
from deliverkit.script.rendering import MissingError, Rendered, SaidBack, Values
from deliverkit.script.syntax import Manner, Template
from deliverkit.standards.smtp.commands import CRLF, chunks, dot_stuffed, verb_of, with_crlf
from deliverkit.standards.smtp.reply import Reply

LEAVING = 5.0  # seconds for the reply to the QUIT after an expectation that was not met
_HELLOS = frozenset({"EHLO", "LHLO", "HELO"})
WANTING_MORE = frozenset(range(300, 400))  # RFC 5321 §4.2.1
_GREETING = ("",)  # what a host says first answers no command (RFC 5321 §3.1)


class StoppedError(Exception):
    """The script goes no further. It never leaves the conversation."""


class Dialogue:
    """A session as a script sees it. ``variables`` and ``extensions`` change as the script goes on.

    ``hidden``: the secrets that were used, in every form in which they were sent, and what is shown in their place.
    """

    def __init__(
        self, session: Session, provisions: Provisions, variables: dict[str, str], *, is_in_turn: bool = False
    ) -> None:
        self.extensions: Mapping[str, str] = {}
        self.reply: Reply | None = None
        self.handshake: Handshake | None = None
        self.is_closed = False
        self.is_in_turn = is_in_turn
        self.session = session
        self.hidden: dict[bytes, bytes] = {}
        self.messages = provisions.messages
        self.patience = provisions.patience
        self._secrets = provisions.secrets
        self.variables = variables
        self.unread: list[Reply] = []
        self.unanswered = [*_GREETING]  # the verbs of what was sent
        self.turn = ""  # the value of the loop's variable, where it is one of several
        self.amiss = 0  # replies that came otherwise than expected, even where that does not count
        self._unmet: list[Unmet] = []

    @cached_property
    def values(self) -> Values:
        """What templates are filled from; it sees the variables as they change."""
        return Values(self.variables, UsedSecrets(self._secrets, self.hidden).secret)

    @property
    def is_in_data(self) -> bool:
        """Whether the host asked for more than a command, and no command is due."""
        return self.reply is not None and self.reply.code in WANTING_MORE

    def stop(self, line: int, wanted: str, got: str) -> Never:
        """Note what was wanted and end the script."""
        self.miss(line, wanted, got)
        raise StoppedError

    def miss(self, line: int, wanted: str, got: str) -> None:
        """Note what was wanted and what came."""
        self._unmet.append(Unmet(line, wanted, got, self.turn))

    @property
    def unmet(self) -> tuple[Unmet, ...]:
        """What was wanted in vain, without the secrets that the host said back."""
        if not self._unmet:
            return ()
        said_back = SaidBack(self.hidden)
        return tuple([one._replace(got=said_back.conceal_text(one.got)) for one in self._unmet])

    def render(self, template: Template, line: int) -> Rendered:
        """The template with its values; the script ends where one is missing."""
        try:
            return self.values.render(template)
        except MissingError as missing:
            self.stop(line, f"a value for {missing}", "none")

    def text(self, template: Template, line: int) -> str:
        """The template as text; the script ends where a value is missing."""
        try:
            return self.values.text(template)
        except MissingError as missing:
            self.stop(line, f"a value for {missing}", "none")

    def as_line(self, statement: syntax.Send) -> Rendered:
        """The line as it goes out, its CRLF with it. No value may end it before: RFC 5321 §2.3.8."""
        rendered = self.render(statement.text, statement.line)
        if rendered.breaking:
            names = ", ".join(f"{{{name}}}" for name in rendered.breaking)
            self.stop(statement.line, f"one line (only >! sends CR and LF), but {names} has more", "a line break in it")
        if self.is_in_data:
            return _stuffed(rendered, statement).with_end(CRLF)
        if not rendered.octets.isascii() and "SMTPUTF8" not in self.extensions:  # RFC 6531 §3.1
            self.stop(statement.line, SMTPUTF8_FIRST, "not offered")
        self.unanswered.append(verb_of(rendered.octets))
        return rendered.with_end(CRLF)

    def as_octets(self, statement: syntax.SendRaw) -> Rendered:
        """The octets as they go out."""
        rendered = self.render(statement.octets, statement.line)
        if not self.is_in_data:
            self.unanswered.extend(map(verb_of, rendered.octets.split(CRLF)[:-1]))
        return rendered

    def send(self, rendered: Rendered, line: int) -> Awaitable[None]:
        """Send the octets."""
        octets, shown, _ = rendered
        return self.session.send(octets, line=line, shown=None if shown == octets else shown)

    async def command(self, text: bytes, line: int) -> None:
        """Send a command of the conversation's own."""
        self.unanswered.append(verb_of(text))
        await self.session.send(text + CRLF, line=line)

    async def hear(self, within: float, line: int) -> Reply:
        """The next reply; what EHLO was answered is what the host offers."""
        return self.heard(self.unread.pop(0) if self.unread else await self.session.read_reply(within, line=line))

    def heard(self, reply: Reply) -> Reply:
        """The reply, which is the last that came."""
        verb = self.unanswered.pop(0) if self.unanswered else ""
        if verb in _HELLOS and reply.severity == 2:
            self.extensions = {} if verb == "HELO" else reply.extensions
        self.reply = reply
        return reply

    def says_message(self, statement: syntax.SendMessage, talk: Talk) -> bool:
        """Send a message that was asked for, where there is one; whether it could go out at once."""
        if self.reply is None or self.reply.code != 354 or talk.replies:  # RFC 5321 §4.1.1.4
            return False
        message = self.messages.get(statement.plain or "")
        octets = b"" if message is None or len(message) > PACKET else dot_stuffed(message)
        return 0 < len(octets) <= PACKET and talk.say(octets, statement.line)

    async def expect(self, expected: syntax.Expect) -> None:
        """Hold the next reply against what is expected; one that is optional may not come in its time at all.

        It has none then, and one that comes later is what is expected next.
        """
        if self.unread:
            self.judge(self.unread.pop(0), expected)
            return
        if expected.within and expected.manner is Manner.OPTIONAL and not await self.session.hears(expected.within):
            self.reply = None
            return
        self.judge(await self.session.read_reply(expected.within or self.patience, line=expected.line), expected)

    def judge(self, reply: Reply, expected: syntax.Expect) -> None:
        """Hold the reply against what is expected."""
        self.heard(reply)
        if self._meets(reply, expected):
            return
        self.amiss += 1
        if expected.manner is Manner.OPTIONAL:
            return
        self.miss(expected.line, format_expectation(expected), describe(reply))
        if expected.manner is Manner.STOPS:
            raise StoppedError

    def _meets(self, reply: Reply, expected: syntax.Expect) -> bool:
        if not (has_code(reply.code, expected.codes) and has_enhanced(reply, expected.enhanced)):
            return False
        texts = [one if isinstance(one, Pattern) else self.text(one, expected.line) for one in expected.texts]
        return all(has_text(reply, text) for text in texts)

    async def start_tls(self, line: int, version: str = "") -> None:
        """STARTTLS, its 220, and the handshake, in that version alone where one is given."""
        await self.command(b"STARTTLS", line)
        reply = await self.hear(self.patience, line)
        if reply.code != 220:  # RFC 3207 §4
            self.stop(line, TO_STARTTLS, describe(reply))
        await self.shake_hands(line, version)

    async def shake_hands(self, line: int, version: str = "") -> None:
        """The handshake; what was offered before it counts no more (RFC 3207 §4.2)."""
        self.handshake = await self.session.start_tls(line=line, version=version)
        self.extensions = {}
        self.unanswered = [*_GREETING] if self.reply is None else []

    async def keep_turn(self, line: int) -> None:
        """End the script where a reply is waiting that nothing asked for: what is said next would not be answered."""
        if len(self.unread) + self.session.waiting <= len(self.unanswered):
            return
        asked = self.reply
        reply = await self.hear(self.patience, line)
        if reply.code == 421:  # which a host may say at any time: RFC 5321 §3.8
            self.put_back(reply)
            return
        self.reply = asked  # whether the host waits for a message or for a command does not change by it
        self.stop(line, IN_TURN, describe(reply))

    def message(self, name: Template, line: int) -> bytes:
        """The message of that name, as it was given."""
        wanted = self.text(name, line)
        if wanted not in self.messages:
            self.stop(line, f"a message {wanted}", "none of that name")
        return self.messages[wanted]

    async def send_message(self, statement: syntax.SendMessage) -> None:
        """A message through DATA: only where the host has asked for one, so that no file passes for commands."""
        if self.reply is None or self.reply.code != 354:  # RFC 5321 §4.1.1.4
            self.stop(statement.line, UNASKED, describe(self.reply) if self.reply else "no reply yet")
        octets = dot_stuffed(self.message(statement.name, statement.line))
        await self.session.send(octets, line=statement.line)

    async def send_chunks(self, statement: syntax.Bdat) -> None:
        """A message through BDAT; the last chunk's reply is left to be expected (RFC 3030 §2)."""
        source, line = statement.source, statement.line
        octets = with_crlf(self.message(source.text, line)) if source.is_file else self.render(source.text, line).octets
        for at, (command, chunk) in enumerate(chunks(octets, statement.size)):
            if at:
                reply = await self.hear(self.patience, line)
                if reply.severity != 2:
                    self.stop(line, "2xx after each chunk", describe(reply))
            self.unanswered.append("BDAT")
            await self.session.send(command + chunk, line=line)

    def put_back(self, reply: Reply) -> None:
        """Leave the reply to be expected."""
        self.unread.append(reply)

    async def leave(self) -> None:
        """QUIT, where the host is waiting for a command; not in the middle of a message, which it would end up in."""
        if self.is_closed or (self.reply is not None and (self.reply.severity == 3 or self.reply.code == 421)):
            return
        within = min(self.patience, LEAVING)
        before = len(self.unanswered) - len(self.unread)  # what was pipelined is answered first (RFC 2920 §3.1)
        try:
            self.session.limit(within)
            await self.command(b"QUIT", 0)
            for _ in range(max(0, before) + 1):
                if (await self.session.read_reply(within)).code == 221:
                    return
        except (EndedError, TimeoutError):
            return  # it was to end anyway

    def close(self, line: int) -> None:
        """Drop the connection."""
        self.is_closed = True
        self.session.close(line=line)


def _stuffed(rendered: Rendered, statement: syntax.Send) -> Rendered:
    """A message's line whose dot comes from a value, doubled: no value ends a message (RFC 5321 §4.5.2)."""
    is_written = isinstance(next(iter(statement.text.parts), ""), str)
    if is_written or not rendered.octets.startswith(b"."):
        return rendered
    return Rendered(b"." + rendered.octets, b"." + rendered.shown, ())

"""A session: one connection to an SMTP server, every octet of it kept in the order in which it came and went.

What the host sends is noted as it comes (`connection`), and whoever reads takes it from there. So a reply that came
before its command stands before it.
"""

from __future__ import annotations

from collections.abc import Awaitable, Generator
from typing import TYPE_CHECKING

from deliverkit.clients.smtp import BLOCK, PACKET, Course, EndedError, Steps
from deliverkit.clients.smtp.connection import Connection
from deliverkit.clients.smtp.notes import MOST_ENTRIES
from deliverkit.observations.smtp import BROKEN_OFF, UNFINISHED, End, Handshake, HelloAnswer, Kind
from deliverkit.standards.smtp.reply import Reply

if TYPE_CHECKING:  # few scripts say no more of TLS than its hello
    from deliverkit.standards.tls.client_hello import ClientHello


class _Nothing:
    """Nothing to wait for, where something is awaited."""

    def __await__(self) -> Generator[None, None, None]:
        """It is done."""
        yield from ()


_NOTHING = _Nothing()


class SmtpSession(Connection):
    """A `Session` on the network. ``is_sending``: a part of what was sent last is still here."""

    is_sending = False

    @property
    def waiting(self) -> int:
        """How many replies came that nobody has taken."""
        return len(self.replies)

    def limit(self, seconds: float) -> None:
        """From now on, TimeoutError once more than so much time is waited for in all."""
        self._bell.limit(seconds)

    def send(self, data: bytes, *, line: int = 0, shown: bytes | None = None) -> Awaitable[None]:
        """Send the octets; the transcript keeps ``shown`` in their place where it is given."""
        if self.ended or self._gone or self.notes.count >= MOST_ENTRIES:
            self._require_reader()
        self.notes.add_sent(data if shown is None else shown, line)
        self._unsent += data
        if self._unwritten or len(self._unsent) > PACKET:
            return self._send_blocks()
        return _NOTHING

    def say(self, data: bytes, line: int) -> bool:
        """Send the octets of a command, where nothing stands in the way."""
        notes, unsent = self.notes, self._unsent
        if self._gone or self._unwritten or notes.is_nearly_full:
            return False
        if unsent:
            if len(unsent) + len(data) > PACKET:
                return False
            self._hurry()  # each of them may be answered by itself
        notes.add_sent(data, line)
        self._unsent = unsent + data if unsent else data
        return True

    def _require_reader(self) -> None:
        """More may be said: the host is there, or has closed and there is a reply of it that nobody has read."""
        self._require()
        if self._gone and not (self._gone.end is End.HUNG_UP and self.notes.replies and not self._is_lost):
            raise self._end(self._gone)
        if self.notes.count >= MOST_ENTRIES:
            raise self._end(EndedError(End.FLOODED, f"more than {MOST_ENTRIES:,} lines"))

    async def _send_blocks(self) -> None:
        """Write what is to be sent, no more at a time than the host reads."""
        self._hurry()
        data, self.is_sending = self._unsent, True
        for start in range(0, len(data), BLOCK):
            self._unsent = data[start : start + BLOCK]
            self._flush()
            if self._unwritten:
                await self._drain()
        self.is_sending = False

    async def _drain(self) -> None:
        await self._until(lambda: not self._unwritten, self._settings.timeout)
        self._require()
        if self._gone:
            raise self._end(self._gone)
        if self._unwritten:
            raise self._end(EndedError(End.STUCK, f"the host read nothing for {self._settings.timeout:g} s"))

    def follow(self, course: Course) -> Awaitable[None]:
        """Go through it, without the task whenever something came, to its end."""
        if self.ended:
            return _NOTHING
        steps = course(self)
        wanted = next(steps, None)
        return _NOTHING if wanted is None else self._followed(steps, *wanted)

    async def _followed(self, steps: Steps, line: int, within: float) -> None:
        if not self._gone:
            self._steps, self._line, self._within, self._is_met = steps, line, within, bool
            self._flush()
            try:
                await self._bell.wait(within)
            finally:
                is_over, self._steps = self._steps is None, None
            if self._fault:
                raise self._fault
            if is_over:
                return
        self._require_reply(self._within)

    def take(self, line: int) -> Reply:
        """The next reply, which is of this line of the script."""
        return self.notes.read(line)

    def put_back(self, reply: Reply) -> None:
        """It is the next one again."""
        self.replies.insert(0, ((), reply))

    async def read_reply(self, within: float, *, line: int = 0) -> Reply:
        """The next whole reply, waited for at most ``within`` seconds in all."""
        if self.ended:
            self._require()
        replies = self.notes.replies
        if self._unsent:
            if replies:
                self._hurry()
            self._flush()
        if not replies:
            if not self._gone:
                self._is_met = replies.__len__
                await self._bell.wait(within)
            if self.ended or not replies:
                self._require_reply(within)
        return self.notes.read(line)

    async def hears(self, within: float) -> bool:
        """Whether the next whole reply, or the end, comes in that time; it is left to be read."""
        self._require()
        replies = self.notes.replies
        await self._until(replies.__len__, within)
        return bool(replies or self._gone or self.ended)

    def _require_reply(self, within: float) -> None:
        self._require()
        if not self.notes.replies:
            whole = "whole " if self.notes.is_midway else ""
            raise self._end(self._gone or EndedError(End.SILENT, f"no {whole}reply within {within:g} s"))

    async def start_tls(self, *, line: int = 0, version: str = "") -> Handshake:
        """Shake hands, without verifying; what came in the clear and was not read is thrown away (RFC 3207 §6)."""
        from deliverkit.clients.smtp.tls import Offer, Tls  # which a conversation in the clear does without
        from deliverkit.clients.smtp.trust import complaint

        discarded = self._leave_the_clear()
        tls = self._tls = Tls(self._host, Offer(version, self._settings.client))
        self._tls_line = line
        self._take_tls(tls, b"")
        await self._until(lambda: tls.is_shaken, self._settings.timeout)
        if not tls.is_shaken:
            failure = self._failure()
            self.handshake = Handshake(server_name=tls.server_name, failure=failure, discarded=discarded)
            raise self._end(EndedError(End.TLS_FAILED, failure))
        shown = tls.shown()
        trust = self._settings.trust
        untrusted = complaint(trust, shown.certificates)
        self.handshake = shown._replace(untrusted=untrusted, discarded=discarded, roots=trust.name)
        return self.handshake

    async def say_hello(self, hello: ClientHello, said: bytes, *, line: int = 0) -> HelloAnswer:
        """Begin TLS by that hello, and wait for the answer, whatever it is; of a host that gives none it tells that."""
        from deliverkit.clients.smtp.hello import Beginning  # which few scripts say

        self._leave_the_clear()
        begun = self._tls = Beginning(self._host, hello)
        self._take_tls(begun, b"")
        await self._until(lambda: begun.answer, self._settings.timeout)
        self.hello = begun.answer or HelloAnswer(failure=self._failure())
        self.notes.add(Kind.OFFERED, said, line)
        return self.hello

    def _leave_the_clear(self) -> int:
        """From now on all is TLS: how many octets are thrown away that came before and were not read."""
        self._require()
        if self._gone:
            raise self._end(self._gone)
        if self._tls:
            raise self._end(EndedError(End.TLS_FAILED, "TLS is there already"))
        self._hurry()
        discarded = self.notes.discard()
        self._flush()
        return discarded

    def _failure(self) -> str:
        """Why a handshake was not done."""
        if self._gone is None:
            return f"{UNFINISHED}{self._settings.timeout:g} s"
        return self._gone.detail if self._gone.end is End.TLS_FAILED else f"{self._gone.detail}{BROKEN_OFF}"

    async def listen(self, seconds: float, *, line: int = 0) -> None:  # noqa: ARG002 - what comes is nobody's yet
        """Wait so long, or until the host has closed, and keep what comes meanwhile."""
        self._require()
        await self._until(bool, seconds)

"""SMTP: a session that sees and keeps every octet, and the script that drives it.

The session (a socket that a reactor watches) knows nothing of scripts; the conversation knows nothing of sockets.
They meet in the `Session` protocol below. It is one of the three places of deliverkit that act on the world.
"""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Generator, Sequence
from typing import TYPE_CHECKING, Protocol

from deliverkit.observations.smtp import End, Handshake, HelloAnswer
from deliverkit.standards.smtp.reply import Reply

if TYPE_CHECKING:  # few scripts say no more of TLS than its hello
    from deliverkit.standards.tls.client_hello import ClientHello

BLOCK = 65536  # octets that are given to a connection at a time
PACKET = 1024  # octets that go out as one, or nearly so


class EndedError(Exception):
    """The conversation ended before its script did: how, and in words. It never leaves ``clients/smtp``."""

    def __init__(self, end: End, detail: str = "") -> None:
        super().__init__(end, detail)
        self.end = end
        self.detail = detail


class Talk(Protocol):
    """What of a session needs no waiting. ``replies``: that nobody has taken, the next one first."""

    replies: list[tuple[Sequence[int], Reply]]

    def say(self, data: bytes, line: int) -> bool:
        """Send the octets, at most a `PACKET`; False where something stands in the way, and nothing was sent."""
        ...

    def take(self, line: int) -> Reply:
        """The next reply, which is of this line."""
        ...

    def put_back(self, reply: Reply) -> None:
        """It was not for this: it is the next one again."""
        ...


Steps = Generator[tuple[int, float], Reply, None]
"""What is done without waiting, as far as that goes. Where a reply is waited for it gives the line that wants it and
the seconds that it may take, and gets the reply."""

Course = Callable[[Talk], Steps]


class Session(Protocol):
    """A connection to an SMTP server. Each method notes what it did in the transcript, under the script's ``line``.

    Every method but `close` raises `EndedError` once the conversation has ended.
    """

    @property
    def waiting(self) -> int:
        """How many replies came that nobody has taken."""
        ...

    def limit(self, seconds: float) -> None:
        """From now on, TimeoutError once more than so much time is waited for in all."""
        ...

    def send(self, data: bytes, *, line: int = 0, shown: bytes | None = None) -> Awaitable[None]:
        """Send the octets as they are; the transcript keeps ``shown`` in their place where they hold a secret."""
        ...

    def follow(self, course: Course) -> Awaitable[None]:
        """Go through it, on whenever something comes, to its end; a session may leave it alone."""
        ...

    async def read_reply(self, within: float, *, line: int = 0) -> Reply:
        """The next whole reply, waited for at most ``within`` seconds in all."""
        ...

    async def hears(self, within: float) -> bool:
        """Whether the next whole reply, or the end, comes in that time. Nothing is read, and silence ends nothing."""
        ...

    async def start_tls(self, *, line: int = 0, version: str = "") -> Handshake:
        """Shake hands, without verifying; what stood in the buffer is thrown away and noted (RFC 3207 §6).

        ``version``: the only one that is offered, as ``1.2``; empty: all that this machine can speak.
        """
        ...

    async def say_hello(self, hello: ClientHello, said: bytes, *, line: int = 0) -> HelloAnswer:
        """Begin TLS by that hello, and get no further than the host's answer to it.

        ``said``: what the transcript says of it. Nothing can follow but `close`.
        """
        ...

    async def listen(self, seconds: float, *, line: int = 0) -> None:
        """Wait so long, and keep what comes meanwhile for the next `read_reply`."""
        ...

    def close(self, *, line: int = 0) -> None:
        """Drop the connection, without QUIT."""
        ...

"""Many questions at once over one stream: DNS messages, each behind its length (RFC 7766 §6.2.1.1, §8).

Answers may come in any order. One is taken only if its id and its question are those of somebody who waits; what
nobody waits for is dropped.
"""

from __future__ import annotations

import asyncio
import secrets
import time

import dns.message

from deliverkit.clients.dns.wire import BadPacketError

LENGTH = 2  # octets before each message, RFC 1035 §4.2.2

_Waiting = tuple[dns.message.QueryMessage, asyncio.Future[dns.message.Message]]


class LostError(ConnectionError):
    """The stream ended before the answer came."""


class Pipeline(asyncio.Protocol):
    """A stream to a server that is connected, or was."""

    def __init__(self) -> None:
        self.is_lost = False
        self.heard = 0.0  # when octets came last, on the monotonic clock
        self.answers = 0
        self._transport: asyncio.Transport | None = None
        self._waiting: dict[int, _Waiting] = {}
        self._received = bytearray()

    async def ask(self, question: dns.message.QueryMessage) -> dns.message.Message:
        """The answer. The question is given an id that no other on this stream has.

        Raises:
            LostError: the stream ended.
            BadPacketError: what came with the question's id is no answer to it.
        """
        if self._transport is None or self.is_lost:
            raise LostError
        question.id = secrets.randbelow(0x10000)
        while question.id in self._waiting:
            question.id = secrets.randbelow(0x10000)
        answer: asyncio.Future[dns.message.Message] = asyncio.get_running_loop().create_future()
        self._waiting[question.id] = question, answer
        try:
            self._transport.write(question.to_wire(prepend_length=True))
            return await answer
        finally:
            self._waiting.pop(question.id, None)

    def close(self) -> None:
        """Give the stream up; what waits is lost."""
        if self._transport is not None:
            self._transport.abort()
        self.connection_lost(None)

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        """The stream is there."""
        assert isinstance(transport, asyncio.Transport)
        self._transport = transport
        self.heard = time.monotonic()

    def data_received(self, data: bytes) -> None:
        """Take every message that is whole."""
        self.heard = time.monotonic()
        received = self._received
        received += data
        while len(received) >= LENGTH:
            end = LENGTH + int.from_bytes(received[:LENGTH])
            if len(received) < end:
                return
            message = bytes(received[LENGTH:end])
            del received[:end]
            self._take(message)

    def connection_lost(self, exc: Exception | None) -> None:  # noqa: ARG002 - a protocol's signature
        """The stream has ended."""
        self.is_lost = True
        for _, answer in self._waiting.values():
            if not answer.done():
                answer.set_exception(LostError())

    def _take(self, message: bytes) -> None:
        question, answer = self._waiting.get(int.from_bytes(message[:2]), (None, None))
        if question is None or answer is None or answer.done():
            return
        try:
            answer.set_result(_answer_to(question, message))
        except BadPacketError as error:
            answer.set_exception(error)
        self.answers += 1


def _answer_to(question: dns.message.QueryMessage, message: bytes) -> dns.message.Message:
    try:
        response = dns.message.from_wire(message)
    except Exception:  # noqa: BLE001 - whatever a parser makes of a hostile message, it is no answer
        raise BadPacketError("the message is not well-formed") from None
    if not question.is_response(response):
        raise BadPacketError("the message answers something else")
    return response

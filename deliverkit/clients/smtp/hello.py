"""The beginning of TLS alone: a hello, and what the host answers. No key is agreed on, so nothing can follow it."""

from __future__ import annotations

import secrets

from deliverkit.clients.smtp import Session
from deliverkit.observations.smtp import HelloAnswer
from deliverkit.script import syntax
from deliverkit.script.formatting import format_hello
from deliverkit.standards.tls.client_hello import ENTROPY, ClientHello
from deliverkit.standards.tls.server_answer import AnswerReader
from deliverkit.standards.tls.suites import chosen


class Beginning:
    """What stands in the place of TLS in a session that goes no further than the host's answer to a hello."""

    is_shaken = False
    is_over = False
    failure = ""

    def __init__(self, host: str, hello: ClientHello) -> None:
        self.answer: HelloAnswer | None = None
        self._reader = AnswerReader(hello)
        self._unsent = hello.octets(host, secrets.token_bytes(ENTROPY))

    def take(self, data: bytes) -> bytes:
        """Take octets from the wire; none of them is a reply of SMTP."""
        if self.answer is None and data:
            self.answer = self._reader.take(data)
        return b""

    def is_own(self, data: bytes) -> bool:  # noqa: ARG002 - all are
        """Whether octets that came belong to TLS."""
        return True

    def to_send(self, data: bytes = b"") -> bytes:  # noqa: ARG002 - there is no key for it
        """The hello, once."""
        unsent, self._unsent = self._unsent, b""
        return unsent

    def goodbye(self) -> bytes:
        """Nothing: there is no TLS that could be ended."""
        return b""


async def say_hello(session: Session, statement: syntax.Hello) -> None:
    """Say the hello, and have noted what came of it."""
    suites = chosen(statement.version, statement.suites, without=statement.is_without)
    hello = ClientHello(statement.version, tuple(one.number for one in suites))
    await session.say_hello(hello, format_hello(statement).encode(), line=statement.line)

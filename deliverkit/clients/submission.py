"""Handing a message over to a relay or a mail host for real, with aiosmtplib, and the transcript of it.

aiosmtplib gives replies and not octets, so the transcript holds what the conversation was made of, line by line.
"""

from __future__ import annotations

import hashlib
import socket
import ssl
import time
from collections.abc import Callable, Collection
from contextlib import suppress
from typing import Literal, NamedTuple, Protocol

import aiosmtplib
from aiosmtplib import SMTPResponse
from aiosmtplib.typing import Default

from deliverkit.clients.routes import Routes
from deliverkit.clients.tcp import connected_to, words_of
from deliverkit.errors import UsageError
from deliverkit.observations.smtp import Call, End, Entry, Handshake, Kind, LeftOut, Transcript
from deliverkit.standards.smtp.commands import dot_stuffed

NO_REPLY = 0
_DOT = b".\r\n"
_HIDDEN = b"(not shown)"
_MOST_REPLY = 2_000  # characters of a reply that are kept


class Way(NamedTuple):
    """Where a message is handed over. ``tls``: ``implicit``, ``starttls``, ``opportunistic`` or ``none``.

    TLS of the first two is verified; ``opportunistic`` is that of mail hosts: taken where it is offered, whatever the
    certificate (RFC 7435). ``secret``: the password of ``user``, with ``has_token`` a token; no text holds it.
    """

    host: str
    address: str
    port: int
    tls: str = "opportunistic"
    user: str = ""
    secret: str = ""
    has_token: bool = False

    def __repr__(self) -> str:
        return f"Way({self.host!r}, {self.address!r}, {self.port}, {self.tls!r})"


class Envelope(NamedTuple):
    """From whom and to whom, and how this machine greets."""

    mail_from: str
    recipient: str
    helo: str


class HandedOver(NamedTuple):
    """How it went: the reply that decided, or 0 and a clause where none came. ``step`` is the last command's name.

    ``is_in_doubt``: the message was on its way and no reply came, so it may have been delivered.
    """

    code: int
    reply: str
    step: str
    transcript: Transcript
    is_in_doubt: bool = False

    @property
    def is_tls_at_fault(self) -> bool:
        """Whether there is no TLS as it is asked for: not offered, refused, not understood, or not trusted."""
        return self.step == "STARTTLS" or self.transcript.end is End.TLS_FAILED


class NotASeedError(UsageError):
    """An address that is not among those that may get mail: nothing was sent to it."""


class Courier:
    """Hands messages over, to the addresses in ``allowed`` and to nobody else.

    ``roots``: certificates as PEM that are trusted in place of this machine's. ``patience``: seconds for a reply.
    """

    def __init__(self, allowed: Collection[str], *, routes: Routes, roots: bytes = b"", patience: float = 60.0) -> None:
        self._allowed = frozenset(allowed)
        self._routes = routes
        self._roots = roots
        self._patience = patience

    async def hand_over(
        self, way: Way, envelope: Envelope, message: bytes, *, at_the_dot: Callable[[], None]
    ) -> HandedOver:
        """Hand the message over. ``at_the_dot`` is called when the host has said 354, before a line of it goes out.

        Raises:
            NotASeedError: the recipient is not among those that may get mail.
            UsageError: an address or the name to greet with cannot stand in a command.
        """
        noted = _Noted(way, envelope, self._patience)
        end = End.CLOSED
        try:
            await noted.begin(await self._connected(way), self._context(way))
            await noted.envelope(self._allowed, size=len(message))
            await noted.message(message, at_the_dot)
        except aiosmtplib.SMTPResponseException as error:
            noted.decide(error.code, error.message)
        except (OSError, aiosmtplib.SMTPException) as error:
            cause = error.__cause__ if isinstance(error.__cause__, OSError) else error  # aiosmtplib wraps the system's
            end = _end_of(cause)
            noted.decide(NO_REPLY, _words(cause))
        except ValueError as error:  # what aiosmtplib does not put into a command: an address with a blank in it
            raise UsageError(f"this cannot be said in SMTP: {error}") from None
        finally:
            await noted.leave()
        call = Call(way.host, way.address, way.port, "")
        transcript = Transcript(
            call, tuple(noted.entries), end, "" if end is End.CLOSED else noted.reply, noted.handshake
        )
        is_in_doubt = noted.step == "message" and noted.code == NO_REPLY
        return HandedOver(noted.code, noted.reply, noted.step, transcript, is_in_doubt)

    async def _connected(self, way: Way) -> socket.socket:
        """A connection along the world's routes; no name is looked up here."""
        endpoint = self._routes.resolve((way.address, way.port))
        return await connected_to(endpoint, min(self._patience, _CONNECTING))

    def _context(self, way: Way) -> ssl.SSLContext:
        context = ssl.create_default_context(cadata=self._roots.decode() or None)
        if way.tls == "opportunistic":
            context.check_hostname = False
            context.verify_mode = ssl.CERT_NONE
        return context


class Couriers(Protocol):
    """Something that makes couriers."""

    def courier(self, allowed: Collection[str]) -> Courier:
        """One that hands over to these addresses and to nobody else."""
        ...


class _Noted(aiosmtplib.SMTP):
    """A connection that notes what is said."""

    def __init__(self, way: Way, envelope: Envelope, patience: float) -> None:
        super().__init__(hostname=way.host, local_hostname=envelope.helo, timeout=patience)
        self.entries: list[Entry] = []
        self.step, self.code, self.reply = "connect", NO_REPLY, ""
        self.handshake: Handshake | None = None
        self._way = way
        self._envelope = envelope
        self._started = time.monotonic()
        self._is_hiding = False

    def decide(self, code: int, reply: str) -> None:
        """Keep the reply that decides how it went, on one line."""
        self.code = code
        self.reply = " ".join(reply.split())[:_MOST_REPLY]

    async def begin(self, connection: socket.socket, context: ssl.SSLContext) -> None:
        """Greeting, EHLO, TLS and AUTH, as the way wants them."""
        self._note(Kind.CONNECTED)
        is_implicit = self._way.tls == "implicit"
        secured = context if is_implicit else None
        greeting = await self.connect(sock=connection, use_tls=is_implicit, start_tls=False, tls_context=secured)
        if is_implicit:
            self._note_handshake(context)
        self._note_reply(greeting)
        await self._greet()
        if self._way.tls == "starttls" or (self._way.tls == "opportunistic" and self.supports_extension("starttls")):
            self.step = "STARTTLS"
            self._note(Kind.SENT, b"STARTTLS\r\n")
            self._note_reply(await self.starttls(tls_context=context))
            self._note_handshake(context)
            await self._greet()
        if self._way.user:
            await self._authenticate()

    async def _authenticate(self) -> None:
        self.step, self._is_hiding = "AUTH", True
        proves = self.auth_xoauth2 if self._way.has_token else self.login
        try:
            await proves(self._way.user, self._way.secret)
        finally:
            self._is_hiding = False

    async def _greet(self) -> None:
        self.step = "EHLO"
        try:
            await self.ehlo()
        except aiosmtplib.SMTPHeloError as error:
            if error.code < 500:  # RFC 5321 §3.2: a host that does not know EHLO says 5xx, and may know HELO
                raise
            await self.helo()

    async def envelope(self, allowed: Collection[str], *, size: int) -> None:
        """MAIL and RCPT."""
        self.step = "MAIL"
        recipient = self._envelope.recipient
        is_plain = (self._envelope.mail_from + recipient).isascii()
        options, encoding = ([], "ascii") if is_plain else (["SMTPUTF8"], "utf-8")
        if self.supports_extension("size"):  # RFC 1870 §6: a host refuses what is too large before it has it
            options.append(f"SIZE={size}")
        await self.mail(self._envelope.mail_from, options=options, encoding=encoding)
        self.step = "RCPT"
        if recipient not in allowed:  # the last look before anything could reach anybody
            raise NotASeedError(f"{recipient} is not in the seed file, and gets no mail")
        await self.rcpt(recipient, encoding=encoding)

    async def message(self, message: bytes, at_the_dot: Callable[[], None]) -> None:
        """DATA and the message."""
        self.step = "DATA"
        response = await self.execute_command(b"DATA")
        if response.code != 354:
            raise aiosmtplib.SMTPDataError(response.code, response.message)
        assert self.protocol is not None
        at_the_dot()
        self.step = "message"
        octets = dot_stuffed(message)
        self.protocol.write(octets)
        left_out = LeftOut(0, len(octets) - len(_DOT), hashlib.sha256(octets).hexdigest())
        self._note(Kind.SENT, _DOT, left_out)
        response = await self.protocol.read_response(timeout=max(self._patience, _AFTER_THE_DOT))
        self._note_reply(response)
        self.decide(response.code, response.message)

    @property
    def _patience(self) -> float:
        assert self.timeout is not None
        return self.timeout

    async def leave(self) -> None:
        """QUIT where it can still be said, and close: what comes of it changes nothing."""
        if self.is_connected and self.step != "connect" and self.code:
            with suppress(OSError, aiosmtplib.SMTPException):
                await self.execute_command(b"QUIT", timeout=_PARTING)
        self.close()
        self._note(Kind.CLOSED)

    async def execute_command(
        self, *args: bytes, timeout: float | Literal[Default.token] | None = Default.token
    ) -> SMTPResponse:
        """The reply to the command; both are noted, a secret not."""
        self._note(Kind.SENT, b" ".join(self._shown(args)) + b"\r\n")
        response = await super().execute_command(*args, timeout=timeout)
        self._note_reply(response)
        return response

    def _shown(self, args: tuple[bytes, ...]) -> tuple[bytes, ...]:
        if not self._is_hiding:
            return args
        return (*args[:2], _HIDDEN) if args[:1] == (b"AUTH",) else (_HIDDEN,)

    def _note_reply(self, response: SMTPResponse) -> None:
        *before, last = response.message.split("\n")
        for line in before:
            self._note(Kind.RECEIVED, f"{response.code}-{line}\r\n".encode("utf-8", "surrogateescape"))
        self._note(Kind.RECEIVED, f"{response.code} {last}\r\n".encode("utf-8", "surrogateescape"))

    def _note_handshake(self, context: ssl.SSLContext) -> None:
        """Keep what TLS came to; of the chain aiosmtplib shows the host's own certificate alone."""
        secured = self.get_transport_info("ssl_object")
        assert secured is not None
        chain, (cipher, *_) = (secured.getpeercert(binary_form=True),), secured.cipher()
        untrusted = "" if context.verify_mode is ssl.CERT_REQUIRED else _NOT_LOOKED_AT
        self.handshake = Handshake(secured.version(), cipher, self._way.host, chain, untrusted)
        self._note(Kind.SECURED)

    def _note(self, kind: Kind, data: bytes = b"", left_out: LeftOut | None = None) -> None:
        elapsed = round(time.monotonic() - self._started, 6)
        is_secure = self.transport is not None and self.get_transport_info("sslcontext") is not None
        self.entries.append(Entry(elapsed, kind, data, is_secure, left_out=left_out))


_NOT_LOOKED_AT = "nobody looked, as between mail hosts any certificate will do"
_AFTER_THE_DOT = 600.0  # seconds, RFC 5321 §4.5.3.2.6: hosts look at the message before they answer
_PARTING = 5.0
_CONNECTING = 15.0  # a host that is there takes connections at once, however long it thinks before it greets


def _end_of(error: Exception) -> End:
    if isinstance(error, TimeoutError):
        return End.SILENT
    return End.TLS_FAILED if isinstance(error, ssl.SSLError) else End.HUNG_UP


def _words(cause: Exception) -> str:
    """What went wrong, as a clause."""
    if isinstance(cause, ssl.SSLCertVerificationError):
        return f"its certificate is not good: {cause.verify_message.removesuffix('.')}"
    if isinstance(cause, ssl.SSLError):
        return f"TLS failed: {cause.reason or cause}"
    if isinstance(cause, TimeoutError):
        return "no answer in time"
    return words_of(cause) if isinstance(cause, OSError) and cause.errno else str(cause)

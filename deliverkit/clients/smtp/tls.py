"""TLS inside a session, over octets in memory: what the host shows is kept, and nothing of it is verified here."""

from __future__ import annotations

import ssl
import warnings
from collections.abc import Sequence
from contextlib import suppress
from functools import cache
from typing import Any

from deliverkit.classes import Frozen
from deliverkit.clients.smtp.provisions import NO_CLIENT, ClientCertificate
from deliverkit.errors import UsageError
from deliverkit.observations.smtp import ALERT, NOT_SPOKEN_HERE, NOT_TLS, OLDER, Handshake
from deliverkit.regexes import regex

_READ = 65536  # octets at a time
_ALERT = regex(r"(?:SSLV3|TLSV1|TLSV13)_ALERT_(\w+)")
_VERSIONS = {
    "1.0": ssl.TLSVersion.TLSv1,
    "1.1": ssl.TLSVersion.TLSv1_1,
    "1.2": ssl.TLSVersion.TLSv1_2,
    "1.3": ssl.TLSVersion.TLSv1_3,
}
_WORDS = {
    "WRONG_VERSION_NUMBER": NOT_TLS,
    "HTTP_REQUEST": NOT_TLS,
    "PACKET_LENGTH_TOO_LONG": NOT_TLS,
    "RECORD_LAYER_FAILURE": NOT_TLS,
    "NO_PROTOCOLS_AVAILABLE": NOT_SPOKEN_HERE,
    "UNSUPPORTED_PROTOCOL": OLDER,
    "UNEXPECTED_EOF_WHILE_READING": "the host closed the connection in the middle of TLS",
}


class Offer(Frozen):
    """What this side of a handshake offers. ``version``: the only one, as ``1.2``; empty: all that it can speak."""

    version: str = ""
    client: ClientCertificate = NO_CLIENT


class Tls:
    """The client's side of one TLS connection: octets of the wire in, octets for the wire and plain ones out."""

    def __init__(self, host: str, offer: Offer = Offer()) -> None:  # noqa: B008 - it cannot change
        self._offer = offer
        self._incoming = ssl.MemoryBIO()
        self._outgoing = ssl.MemoryBIO()
        self.server_name, self._object = self._wrap(host)
        self.is_shaken = False
        self.failure = ""  # a clause
        self.is_over = False  # the host said that it will send no more (RFC 8446 §6.1)

    def _wrap(self, host: str) -> tuple[str, ssl.SSLObject]:
        """With the host's name for SNI; without one where it is no name that SNI can carry (RFC 6066 §3)."""
        context = _context(self._offer)
        try:
            if host.startswith("/"):  # the path of a socket
                return "", context.wrap_bio(self._incoming, self._outgoing)
            return host, context.wrap_bio(self._incoming, self._outgoing, server_hostname=host or None)
        except ValueError:
            return "", context.wrap_bio(self._incoming, self._outgoing)

    def take(self, data: bytes) -> bytes:
        """Take octets from the wire; the plain ones that they hold."""
        self._incoming.write(data)
        parts: list[bytes] = []
        try:
            if not self.is_shaken:
                self._object.do_handshake()
                self.is_shaken = True
            while part := self._object.read(_READ):
                parts.append(part)
            self.is_over = True
        except ssl.SSLWantReadError:
            pass
        except ssl.SSLZeroReturnError:
            self.is_over = True
        except ssl.SSLError as error:
            self.failure = words_of(error)
        return b"".join(parts)

    def is_own(self, data: bytes) -> bool:
        """Whether octets that came belong to TLS: they begin a record, or may go on one (RFC 8446 §5.1)."""
        return self.is_shaken or not data[:1].isdigit()

    def to_send(self, data: bytes = b"") -> bytes:
        """The octets for the wire: those of the plain ones, and what TLS itself wants to say."""
        try:
            if data:
                self._object.write(data)
        except ssl.SSLError as error:
            self.failure = words_of(error)
        return self._outgoing.read()

    def goodbye(self) -> bytes:
        """The octets that end TLS (RFC 8446 §6.1)."""
        with suppress(ssl.SSLError, ValueError):  # it wants the host's, for which nobody waits
            self._object.unwrap()
        return self._outgoing.read()

    def shown(self) -> Handshake:
        """What the handshake showed."""
        cipher = self._object.cipher()
        return Handshake(
            self._object.version() or "", cipher[0] if cipher else "", self.server_name, self._certificates()
        )

    def _certificates(self) -> tuple[bytes, ...]:
        """The chain as it was sent; before Python 3.13 it stands in the object behind the object alone."""
        public = getattr(self._object, "get_unverified_chain", None)
        if public is not None:
            return tuple(public())
        behind: Any = self._object._sslobj  # type: ignore[attr-defined]  # noqa: SLF001
        sent: Sequence[Any] = behind.get_unverified_chain() or ()
        return tuple(ssl.PEM_cert_to_DER_cert(certificate.public_bytes()) for certificate in sent)


def check_client(client: ClientCertificate) -> None:
    """Say now what would go wrong later with the certificate.

    Raises:
        UsageError: it cannot be used; says why.
    """
    _context(Offer(client=client))


def _lay(client: ClientCertificate, context: ssl.SSLContext) -> None:
    """Have the certificate shown to hosts that ask for one."""
    if not client.certificate:
        return
    try:
        # a key that is encrypted is refused: OpenSSL would ask the terminal for its password
        context.load_cert_chain(client.certificate, client.key or None, password=lambda: "")
    except ssl.SSLError as error:
        why = words_of(error)
        raise UsageError(f"the client certificate {client.certificate} cannot be used with its key: {why}") from None
    except OSError as error:
        which = f"{client.certificate} or {client.key}" if client.key else client.certificate
        raise UsageError(f"{which} cannot be read: {error.strerror}") from None


def words_of(error: ssl.SSLError) -> str:
    """Why TLS failed, as a clause."""
    reason = error.reason or "unknown error"
    alert = _ALERT.fullmatch(reason)
    if alert:
        return f"{ALERT}{_spaced(alert[1])}"
    return _WORDS.get(reason, _spaced(reason))


def _spaced(word: str) -> str:
    return word.replace("_", " ").lower()


@cache
def _context(offer: Offer) -> ssl.SSLContext:
    """Nothing is verified, and the oldest versions that this machine can still speak are offered, so as to tell."""
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
    context.check_hostname = False
    context.verify_mode = ssl.CERT_NONE
    context.minimum_version = ssl.TLSVersion.MINIMUM_SUPPORTED
    context.set_ciphers("DEFAULT:@SECLEVEL=0")
    context.options |= getattr(ssl, "OP_LEGACY_SERVER_CONNECT", 0x4)
    if offer.version:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore", DeprecationWarning)  # of TLS 1.0: somebody asked for it
            context.minimum_version = context.maximum_version = _VERSIONS[offer.version]
    _lay(offer.client, context)
    return context

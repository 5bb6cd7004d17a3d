"""What was seen of a file on a web server over HTTPS: one request, no redirect followed, and what came of it."""

from __future__ import annotations

import enum
from typing import NamedTuple, Protocol

from deliverkit.classes import Frozen


class HttpEnd(enum.StrEnum):
    """How an exchange ended, as a word."""

    DONE = "DONE"  # a response came, its body whole where its code is 200
    REFUSED = "REFUSED"  # no connection: the machine, or one on the way, said no
    TIMEOUT = "TIMEOUT"  # no connection: nobody answered
    UNREACHABLE = "UNREACHABLE"  # no connection: no way leads there from this machine
    CERTIFICATE = "CERTIFICATE"  # the certificate is not good for the name
    TLS_FAILED = "TLS_FAILED"  # the handshake failed for another reason
    SILENT = "SILENT"  # no response began within the time
    SLOW = "SLOW"  # the response did not end within the time
    HUNG_UP = "HUNG_UP"  # the server closed in the middle
    TOO_LARGE = "TOO_LARGE"  # the body is larger than was wanted
    BROKEN = "BROKEN"  # what came is no HTTP
    UNRECORDED = "UNRECORDED"  # a case file does not hold the exchange

    @property
    def is_unconnected(self) -> bool:
        """Whether there was no connection at all."""
        return self in {HttpEnd.REFUSED, HttpEnd.TIMEOUT, HttpEnd.UNREACHABLE, HttpEnd.UNRECORDED}


class CertificateFault(enum.StrEnum):
    """Why a certificate is not good for a name, as people say it."""

    EXPIRED = "expired"
    NOT_YET_VALID = "not yet valid"
    WRONG_NAME = "wrong name"
    SELF_SIGNED = "self-signed"
    UNTRUSTED = "untrusted"  # no chain leads to a root that this machine trusts
    INVALID = "invalid"  # for a reason that has no word here


class HttpRequest(NamedTuple):
    """What is asked for: the file at that path, from these addresses in turn until one takes the connection."""

    host: str
    path: str
    addresses: tuple[str, ...]

    @property
    def url(self) -> str:
        """The address as people write it."""
        return f"https://{self.host}{self.path}"


class HttpExchange(Frozen):
    """What came of a request; ``elapsed`` is in seconds.

    ``address`` is the one that took the connection. ``fault``, ``names`` and ``until`` (``YYYY-MM-DD``) are about a
    certificate that is not good: why, whose it is, and its last day. ``location`` is where a redirect leads.
    ``body`` is read where ``code`` is 200, as UTF-8. ``detail`` says more of the end in words.
    """

    request: HttpRequest
    end: HttpEnd
    address: str = ""
    code: int = 0
    media_type: str = ""
    location: str = ""
    body: str = ""
    fault: CertificateFault | None = None
    names: tuple[str, ...] = ()
    until: str = ""
    detail: str = ""
    elapsed: float = 0.0


class Fetcher(Protocol):
    """Something that fetches a file over HTTPS: live or recorded."""

    async def fetch(self, request: HttpRequest) -> HttpExchange:
        """The exchange; what goes wrong is in it, never an exception."""
        ...

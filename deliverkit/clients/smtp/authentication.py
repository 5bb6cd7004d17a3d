"""AUTH (RFC 4954): what each mechanism answers to each challenge. Pure: octets in, octets out.

A mechanism is a generator: what it yields first is its initial response, or None for none; then it is sent each
challenge and yields the response to it.
"""

from __future__ import annotations

import hmac
from base64 import b64decode
from collections.abc import Callable, Generator
from typing import NamedTuple

from deliverkit.observations.smtp import Handshake

MOST_COMMAND = 512  # octets of a command line, RFC 5321 §4.5.3.1.4
CANCEL = b"*"  # RFC 4954 §4


class Credentials(NamedTuple):
    """Who is let in. ``secret`` is the password or the token; ``host`` and ``port`` what was connected to, if known."""

    user: str
    secret: str
    host: str = ""
    port: str = ""

    @property
    def is_fit(self) -> bool:
        """Whether nothing in it can pass for the mechanisms' own separators (RFC 4616 §2, RFC 7628 §3.1)."""
        return not any(sign < " " or sign == "\x7f" for value in self for sign in value)


class Response(NamedTuple):
    """What is sent, before base64; ``is_secret``: the transcript must not hold it."""

    octets: bytes
    is_secret: bool = True


Exchange = Generator[Response | None, bytes, None]


def _plain(who: Credentials) -> Exchange:
    yield Response(f"\0{who.user}\0{who.secret}".encode())  # RFC 4616 §2


def _login(who: Credentials) -> Exchange:
    yield None
    yield Response(who.user.encode(), is_secret=False)  # draft-murchison-sasl-login
    yield Response(who.secret.encode())


def _cram_md5(who: Credentials) -> Exchange:
    challenge = yield None
    digest = hmac.new(who.secret.encode(), challenge, "md5").hexdigest()  # RFC 2195 §2
    yield Response(f"{who.user} {digest}".encode())


def _xoauth2(who: Credentials) -> Exchange:
    yield Response(f"user={who.user}\x01auth=Bearer {who.secret}\x01\x01".encode())
    yield Response(b"", is_secret=False)  # a challenge is the error: an empty response fetches the reply


def _oauthbearer(who: Credentials) -> Exchange:
    user = who.user.replace("=", "=3D").replace(",", "=2C")  # RFC 5801 §4: saslname
    places = "".join(f"{key}={value}\x01" for key, value in (("host", who.host), ("port", who.port)) if value)
    yield Response(f"n,a={user},\x01{places}auth=Bearer {who.secret}\x01\x01".encode())  # RFC 7628 §3.1
    yield Response(b"\x01", is_secret=False)  # RFC 7628 §3.2.3: the dummy response to an error


class Mechanism(NamedTuple):
    """How a mechanism answers, the name of the secret that it takes, and whether that goes out as it is."""

    begin: Callable[[Credentials], Exchange]
    needs: str = "password"
    is_in_clear: bool = True


MECHANISMS = {
    "PLAIN": Mechanism(_plain),
    "LOGIN": Mechanism(_login),
    "CRAM-MD5": Mechanism(_cram_md5, is_in_clear=False),
    "XOAUTH2": Mechanism(_xoauth2, needs="token"),
    "OAUTHBEARER": Mechanism(_oauthbearer, needs="token"),
}


def decode_challenge(text: str) -> bytes:
    """The challenge of a 334; empty where it is no base64."""
    try:
        return b64decode(text.strip(), validate=True)
    except ValueError:
        return b""


def doubt_of(handshake: Handshake | None) -> str:
    """Why a password is not safe with whoever answers; empty: TLS leads to the host that was meant (RFC 8314 §5.1)."""
    if handshake is None:
        return "none"
    if handshake.untrusted:
        return f"a certificate that is not trusted: {handshake.untrusted}"
    from deliverkit.standards.certificates import parse_certificate

    certificates = list(map(parse_certificate, handshake.certificates[:1]))
    if any(one is None or not one.is_for(handshake.server_name) for one in certificates):
        return f"a certificate that is not for {handshake.server_name or 'the host'}"
    return ""

"""The server's side of SASL mechanisms (RFC 4954 §4): generators of challenges that take the responses."""

from __future__ import annotations

import hashlib
import hmac
from collections.abc import Generator, Mapping

Exchange = Generator[bytes, bytes, str]
"""It yields challenges, is sent responses, and returns who logged in; empty: nobody."""

CHALLENGE = b"<1896.697170952@lab.example>"


def exchange(mechanism: str, users: Mapping[str, str]) -> Exchange | None:
    """The exchange of that mechanism, in which a user is known by password or token; None: there is no such one."""
    known = {
        "PLAIN": _plain,
        "LOGIN": _login,
        "CRAM-MD5": _cram_md5,
        "XOAUTH2": _bearer,
        "OAUTHBEARER": _bearer,
    }.get(mechanism)
    return known(users) if known else None


def _plain(users: Mapping[str, str]) -> Exchange:
    """RFC 4616: identity to act for, NUL, user, NUL, password."""
    parts = (yield b"").split(b"\0")
    return _checked(users, parts[1], parts[2]) if len(parts) == 3 else ""


def _login(users: Mapping[str, str]) -> Exchange:
    user = yield b"Username:"
    password = yield b"Password:"
    return _checked(users, user, password)


def _cram_md5(users: Mapping[str, str]) -> Exchange:
    """RFC 2195: user, space, HMAC-MD5 of the challenge in hexadecimal."""
    user, _, digest = (yield CHALLENGE).decode("utf-8", "replace").rpartition(" ")
    wanted = hmac.new(users.get(user, "").encode(), CHALLENGE, hashlib.md5).hexdigest()
    return user if user in users and hmac.compare_digest(wanted, digest) else ""


def _bearer(users: Mapping[str, str]) -> Exchange:
    """RFC 7628 §3.1, and what came before it: fields between octets 1; a refusal is told in one more challenge.

    Several users may have the same token: the one that is named is meant, and without a name the first.
    """
    fields = (yield b"").decode("utf-8", "replace").split("\1")
    token = next((field.partition("Bearer ")[2] for field in fields if field.startswith("auth=Bearer ")), "")
    named = _named(fields[0])
    user = next((user for user, known in users.items() if token and known == token and named in {"", user}), "")
    if not user:
        yield b'{"status":"401","schemes":"bearer"}'  # RFC 7628 §3.2.2
    return user


def _named(field: str) -> str:
    """Whom the first field names: ``user=ada``, or in OAUTHBEARER ``n,a=ada,``."""
    return field.removeprefix("user=") if field.startswith("user=") else field.partition("a=")[2].rstrip(",")


def _checked(users: Mapping[str, str], user: bytes, password: bytes) -> str:
    name = user.decode("utf-8", "replace")
    return name if name in users and users[name].encode() == password else ""

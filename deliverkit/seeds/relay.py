"""The relay that a seed test is sent through, as people name it."""

from __future__ import annotations

import asyncio
from collections.abc import Iterable

from deliverkit.classes import Frozen
from deliverkit.clients import Clients
from deliverkit.clients.secrets import fetch_secret
from deliverkit.clients.submission import Way
from deliverkit.errors import UsageError
from deliverkit.standards.addresses import is_near
from deliverkit.standards.names import parse_address
from deliverkit.standards.smtp.target import SmtpTarget, parse_smtp_target

_PORTS = {"starttls": 587, "implicit": 465, "none": 25}  # RFC 6409 §3.1, RFC 8314 §3.3, RFC 5321 §4.5.4.2
MOST_ADDRESSES = 4


class Relay(Frozen):
    """A relay: ``place`` is host or host:port.

    ``secret`` says where the password of ``user`` is, or with ``has_token`` the access token.
    """

    place: str
    tls: str = "starttls"
    user: str = ""
    secret: str = ""
    has_token: bool = False


async def ways_to(relay: Relay, clients: Clients) -> tuple[Way, ...]:
    """The ways to the relay's addresses.

    Raises:
        UsageError: it is no host, it has no address, or its secret cannot be had or would travel in the clear.
    """
    target = target_of(relay)
    addresses = await _addresses(target.host, clients)
    if relay.user and relay.tls == "none" and not _all_near(addresses):
        raise UsageError(f"the password for {target.host} would travel in the clear: leave --relay-tls none out")
    way = Way(target.host, "", target.port, relay.tls, relay.user, _secret(relay), relay.has_token)
    return tuple(way._replace(address=address) for address in addresses)


def target_of(relay: Relay) -> SmtpTarget:
    """The relay's host and port.

    Raises:
        UsageError: it is no host, or its port is none.
    """
    return parse_smtp_target(with_port(relay), port=_PORTS[relay.tls])


def _all_near(addresses: Iterable[str]) -> bool:
    """Whether all are this machine's or a private network's."""
    return all(found is not None and is_near(found) for found in map(parse_address, addresses))


def with_port(relay: Relay) -> str:
    """The place with a port: a bare name would be taken for a mail domain."""
    has_port = relay.place.rpartition("]")[2].count(":") == 1
    literal = parse_address(relay.place)
    if literal is not None:
        return f"[{literal}]:{_PORTS[relay.tls]}" if literal.version == 6 else f"{literal}:{_PORTS[relay.tls]}"
    return relay.place if has_port else f"{relay.place}:{_PORTS[relay.tls]}"


async def _addresses(host: str, clients: Clients) -> tuple[str, ...]:
    if parse_address(host) is not None:
        return (host,)
    answers = await asyncio.gather(*(clients.resolver.query(host, rdtype) for rdtype in ("A", "AAAA")))
    found = tuple(record.data for answer in answers for record in answer.records)[:MOST_ADDRESSES]
    if not found:
        raise UsageError(f"the relay {host} has no address ({', '.join(str(answer.status) for answer in answers)})")
    return found


def _secret(relay: Relay) -> str:
    if not relay.user:
        return ""
    if not relay.secret:
        raise UsageError(f"the relay wants a password for {relay.user}: say where it is (env:VARIABLE, file:PATH …)")
    try:
        return fetch_secret(relay.secret, relay.user)
    except UsageError as error:
        raise UsageError(f"the relay's password: {error}") from None

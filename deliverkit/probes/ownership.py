"""Whether a host is proved one's own, by the TXT record that ``deliverkit own`` prints."""

from __future__ import annotations

from functools import partial
from typing import NamedTuple

from deliverkit.clients.trace import together
from deliverkit.facts import Lookup, addresses_of
from deliverkit.observations import Resolver
from deliverkit.standards.names import parse_address
from deliverkit.standards.ownership import owner_name, proves

MOST_NAMES = 10  # reverse names of an address that are looked at
MOST_ADDRESSES = 16  # of a host


class Proof(NamedTuple):
    """Whether an address is proved one's own: by a token at one of the ``names`` that its owner gave it."""

    address: str
    names: tuple[str, ...]
    is_own: bool


class Ownership(NamedTuple):
    """What is published of a host. ``is_published``: None: it cannot be told; ``zone``: empty: it is not known."""

    zone: str
    is_published: bool | None
    proofs: tuple[Proof, ...]


async def prove(address: str, resolver: Resolver, key: bytes) -> Proof:
    """Whether the address is one's own: its reverse name is, which only who has the address can set.

    A token at a host's name alone would prove the name, and anybody may let a name lead to somebody else's address.
    """
    parsed = parse_address(address)
    assert parsed is not None
    pointed = await resolver.query(parsed.reverse_pointer, "PTR")
    data = [record.data for record in pointed.records if record.rdtype == "PTR"]
    names = tuple(dict.fromkeys(one.removesuffix(".").lower() for one in data))[:MOST_NAMES]
    published = await together(partial(_is_published, name, resolver, key) for name in names)
    return Proof(address, names, any(published))


async def _is_published(host: str, resolver: Resolver, key: bytes) -> bool | None:
    """Whether the host's token is published; None where it cannot be told."""
    answer = await resolver.query(owner_name(host), "TXT")
    if proves((record.data for record in answer.records if record.rdtype == "TXT"), host, key):
        return True
    return False if answer.status.is_definite else None


async def zone_of(host: str, resolver: Resolver) -> str:
    """The zone that holds the host's name; empty where it is not known."""
    return (await resolver.query(host, "SOA")).zone or ""


async def ownership_of(host: str, resolver: Resolver, key: bytes) -> Ownership:
    """Whether the host's record is published, and which of its addresses it proves."""
    found = await together(partial(resolver.query, host, rdtype) for rdtype in ("A", "AAAA"))
    addresses = [str(address) for answer in found for address, _ in addresses_of(Lookup(answer))][:MOST_ADDRESSES]
    proofs = await together(partial(prove, address, resolver, key) for address in addresses)
    return Ownership(await zone_of(host, resolver), await _is_published(host, resolver, key), tuple(proofs))

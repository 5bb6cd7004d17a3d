"""The reverse name of an address, and whether it leads back."""

from __future__ import annotations

from collections.abc import Iterable
from functools import partial
from itertools import islice

from deliverkit.clients.trace import together
from deliverkit.facts import ReverseName, addresses_of
from deliverkit.model import Absent, not_applicable
from deliverkit.observations import Resolver, ResourceRecord
from deliverkit.probes.looking_up import look_up
from deliverkit.standards.addresses import Address, unroutable_kind

MAX_NAMES = 10


async def reverse_name_of(resolver: Resolver, address: Address) -> ReverseName | Absent:
    """The PTR names, and those of them that lead back to the address; Absent for one that has no public name."""
    kind = unroutable_kind(address)
    if kind is not None:
        return not_applicable(f"{address} is a {kind} address")
    lookup = await look_up(resolver, address.reverse_pointer, "PTR")
    names = _names(lookup.answer.records)
    rdtype = "A" if address.version == 4 else "AAAA"
    forward = await together(partial(look_up, resolver, name, rdtype) for name in names)
    return ReverseName(
        lookup=lookup,
        names=names,
        confirmed=tuple(
            name for name, found in zip(names, forward, strict=True) if address in dict(addresses_of(found))
        ),
        unresolved=tuple(found for found in forward if not found.answer.status.is_definite),
    )


def _names(records: Iterable[ResourceRecord]) -> tuple[str, ...]:
    names = dict.fromkeys(record.data.removesuffix(".").lower() or "." for record in records)
    return tuple(islice(names, MAX_NAMES))

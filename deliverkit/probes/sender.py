"""What the DNS says of the addresses that are said to send for a domain: each asked for its reverse name at once."""

from __future__ import annotations

from collections.abc import Callable, Coroutine
from functools import partial
from typing import Any

from deliverkit.clients import Clients
from deliverkit.clients.trace import together
from deliverkit.facts import Expectations
from deliverkit.facts.sender import HeloName, SendingAddress, SendingHosts
from deliverkit.model import Absent, not_applicable
from deliverkit.observations import Resolver
from deliverkit.probes.looking_up import look_up
from deliverkit.probes.reversing import reverse_name_of
from deliverkit.standards.addresses import Address

MAX_ADDRESSES = 256  # of a pool that are looked at


async def learn_sending_hosts(domain: str, clients: Clients, expected: Expectations) -> SendingHosts | Absent:
    """The senders' reverse names and the addresses of their HELO name; Absent where no sender is given."""
    if not expected.senders:
        return not_applicable("no sending address is given: senders in deliverkit.toml names them")
    senders = tuple(dict.fromkeys(expected.senders))
    works: list[Callable[[], Coroutine[Any, Any, SendingAddress | HeloName]]] = [
        *(partial(_sending_address, clients.resolver, address) for address in senders[:MAX_ADDRESSES]),
        *(partial(_helo_name, clients.resolver, name) for name in (expected.helo,) if name),
    ]
    found = await together(works)
    return SendingHosts(
        domain=domain,
        addresses=tuple(one for one in found if isinstance(one, SendingAddress)),
        helo=next((one for one in found if isinstance(one, HeloName)), None),
        left_out=max(0, len(senders) - MAX_ADDRESSES),
    )


async def _sending_address(resolver: Resolver, address: Address) -> SendingAddress:
    return SendingAddress(address, await reverse_name_of(resolver, address))


async def _helo_name(resolver: Resolver, name: str) -> HeloName:
    ipv4, ipv6 = await together(partial(look_up, resolver, name, rdtype) for rdtype in ("A", "AAAA"))
    return HeloName(name, (ipv4, ipv6))

"""What the DNS says of the machines that send for a domain: their reverse names, and the name by which they greet."""

from __future__ import annotations

from collections.abc import Iterator

from deliverkit.classes import Frozen
from deliverkit.facts import Lookup, ReverseName, addresses_of
from deliverkit.model import Absent
from deliverkit.standards.addresses import Address


class SendingAddress(Frozen):
    """An address that sends; its reverse name is Absent where the address has no public one."""

    address: Address
    reverse: ReverseName | Absent


class HeloName(Frozen):
    """The name that senders say in EHLO, and the questions for its IPv4 and its IPv6 addresses."""

    name: str
    lookups: tuple[Lookup, Lookup]

    @property
    def addresses(self) -> tuple[Address, ...]:
        """The addresses that the name has."""
        return tuple(address for lookup in self.lookups for address, _ in addresses_of(lookup))

    @property
    def failures(self) -> tuple[str, ...]:
        """What could not be found out, in words."""
        return tuple(lookup.failure for lookup in self.lookups if lookup.failure)


class SendingHosts(Frozen):
    """The addresses that are said to send for the domain, and their HELO name, where one is given.

    ``left_out`` counts the addresses past the bound that were not looked at.
    """

    domain: str
    addresses: tuple[SendingAddress, ...]
    helo: HeloName | None
    left_out: int = 0

    @property
    def reversed(self) -> Iterator[tuple[Address, ReverseName]]:
        """The addresses whose reverse names are known, be it that there are none."""
        for one in self.addresses:
            if isinstance(one.reverse, ReverseName) and not one.reverse.lookup.failure:
                yield one.address, one.reverse

    @property
    def wanted_name(self) -> str:
        """The name that an address without a good one might bear."""
        return self.helo.name if self.helo else f"out.{self.domain}"

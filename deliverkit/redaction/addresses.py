"""Addresses that stand for others: equal networks stay equal, and what an address is for stays."""

from __future__ import annotations

from ipaddress import IPv4Address, IPv6Address, ip_address

from deliverkit.classes import Slotted, field
from deliverkit.redaction.tokens import keyed
from deliverkit.standards.addresses import Address, special_network

# IPv4 addresses inside IPv6 ones, by the bits before them: 6to4 (RFC 3056 §2), IPv4-mapped and NAT64 (RFC 6052 §2.1).
_EMBEDDED = {"2002::/16": 16, "::ffff:0:0/96": 96, "64:ff9b::/96": 96}
_MEANINGFUL = {"0.0.0.0/8", "127.0.0.0/8"}  # nobody's, and some of them mean something
_BITS = {4: 32, 6: 128}


class Addresses(Slotted):
    """A one-to-one map of addresses under a key.

    Two addresses share as many leading bits as their images do, so that what shares a network does so still. The
    bits of a special network stay, and no other address is moved into one: it is moved on until it is out again,
    and its whole /24 or /48 with it, because no special network among the global ones is smaller.
    """

    key: bytes
    _known: dict[Address, Address] = field(default_factory=dict)
    _flips: dict[tuple[int, int, int], int] = field(default_factory=dict)

    def redact(self, address: Address) -> Address:
        """The address that stands for this one."""
        if address not in self._known:
            self._known[address] = self._redact(address)
        return self._known[address]

    def _redact(self, address: Address) -> Address:
        network = special_network(address)
        if str(network) in _MEANINGFUL:
            return address
        kept = network.prefixlen if network else 0
        start = _EMBEDDED.get(str(network))
        if start is not None:
            return self._with_embedded(int(address), start)
        moved = self._moved(address.version, int(address), kept)
        while special_network(moved) != network:
            moved = self._moved(moved.version, int(moved), kept)
        return moved

    def _with_embedded(self, value: int, start: int) -> Address:
        """An IPv6 address that holds an IPv4 address after so many bits."""
        below = _BITS[6] - start - _BITS[4]
        inner = self.redact(IPv4Address(value >> below & 0xFFFFFFFF))
        rest = int(self._moved(6, value, start + _BITS[4])) & ((1 << below) - 1)
        head = value >> (below + _BITS[4])
        return IPv6Address(((head << _BITS[4] | int(inner)) << below) | rest)

    def _moved(self, version: int, value: int, kept: int) -> Address:
        """Each bit after the kept ones flipped or not, as the key and the bits before it say."""
        width = _BITS[version]
        moved = value
        for position in range(kept, width):
            flip = self._flip(version, position, value >> (width - position))
            moved ^= flip << (width - position - 1)
        return IPv4Address(moved) if version == 4 else IPv6Address(moved)

    def _flip(self, version: int, position: int, before: int) -> int:
        place = (version, position, before)
        if place not in self._flips:
            self._flips[place] = keyed(self.key, f"IPv{version} {position} {before}")[0] & 1
        return self._flips[place]


def parse_plain(text: str) -> Address | None:
    """The address that the text is, and nothing beside it."""
    try:
        return ip_address(text)
    except ValueError:
        return None

"""Where a message crossed into the receiver's own systems, told from its header.

Every host writes above what is there (RFC 5321 §4.4), so what stands above the field of the host that took the
message from outside was written by the receiver. What stands right beneath it, above the next Received field, may be
the receiver's too: milters and Gmail write there; but a message may also have begun so. All below is the sender's.
Where the sender itself looks, and handed the message straight to that host, it knows with which field it began.
"""

from __future__ import annotations

import enum
from collections.abc import Collection, Sequence
from ipaddress import IPv6Address
from itertools import pairwise

from deliverkit.classes import Frozen
from deliverkit.standards.addresses import is_near, network_of
from deliverkit.standards.header import HeaderField
from deliverkit.standards.names import is_within
from deliverkit.standards.received import MOST_HOPS, Hop, parse_received


class Place(enum.StrEnum):
    """Where a field stands: ``above`` only the receiver writes, ``beneath`` the sender could have, ``below`` it did."""

    ABOVE = "above"
    BENEATH = "beneath"
    BELOW = "below"


class Border(Frozen):
    """The field of the receiver's host that took the message, its place in the header, and that of the next one.

    ``begins``: the place of a field that the message began with as the receiver got it; 0: none is known.
    """

    hop: Hop
    index: int
    next_index: int
    begins: int = 0

    def place_of(self, index: int) -> Place:
        """Where the field with that place in the header stands."""
        if index < max(self.index, self.begins):
            return Place.ABOVE
        return Place.BENEATH if index < self.next_index else Place.BELOW


def find_border(fields: Sequence[HeaderField], receiver: Collection[str], *, begins: int = 0) -> Border | None:
    """The border of the receiver whose hosts are these names or lie below them; None where none is proved.

    The walk goes down only through hops that nobody beyond the receiver's networks can have made; names do not count,
    for a sender chooses the one that it says.
    """
    indices = [index for index, field in enumerate(fields) if field.is_named("Received")][:MOST_HOPS]
    border: Border | None = None
    for index, next_index in pairwise([*indices, len(fields)]):
        hop = parse_received(fields[index].body)
        if is_of(hop.host, receiver):
            border = Border(hop, index, next_index, begins)
        if not _is_inner(hop):
            break
    return border


def is_of(name: str, receiver: Collection[str]) -> bool:
    """Whether the name is one of the receiver's, or lies below one."""
    return any(is_within(name.lower().rstrip("."), domain) for domain in receiver)


def _is_inner(hop: Hop) -> bool:
    """Whether the message was handed on within the receiver's systems: no sender on the Internet can make that so.

    A private address alone does not tell: behind a translating router every sender seems to have one.
    """
    if "LMTP" in hop.get("with").upper() and (hop.client is None or is_near(hop.client)):
        return True  # RFC 2033 §5: not over the Internet; Dovecot writes no address
    if hop.client is None:
        return not hop.get("from") and "." not in hop.host  # Gmail's own systems: by 2002:…
    if hop.client.is_loopback or hop.client.is_link_local:
        return True
    is_beside = isinstance(hop.client, IPv6Address) and isinstance(hop.host_address, IPv6Address)
    return is_beside and hop.host_address in network_of(hop.client)  # Exchange Online writes both

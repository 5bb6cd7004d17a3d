"""What the checks of senders share."""

from __future__ import annotations

from collections.abc import Iterable
from ipaddress import IPv6Address

from deliverkit.facts.spf import SenderTest
from deliverkit.standards.addresses import Address
from deliverkit.standards.spf.parse import parse_spf
from deliverkit.standards.spf.trace import NO_ADDRESS, SpfResult, Step

_NO_MATCH = frozenset({SpfResult.FAIL, SpfResult.SOFTFAIL, SpfResult.NEUTRAL})


def lacks_ipv6(test: SenderTest, domain: str) -> bool:
    """Whether the sender is of IPv6, and nothing that a receiver comes to in the domain's record can match one."""
    client, found = test.client, test.evaluation
    if not isinstance(client.address, IPv6Address) or client.address.ipv4_mapped is not None:  # RFC 7208 §5
        return False
    is_own = client.mailbox[1] == domain and found.result in _NO_MATCH
    return is_own and not any(map(_can_match_ipv6, found.steps))


def _can_match_ipv6(step: Step) -> bool:
    """Whether the term may match an address of IPv6; an include does so by its record's own terms."""
    if step.term.name in {"a", "mx"}:
        return step.why not in NO_ADDRESS
    return step.term.name in {"ip6", "exists", "ptr"}


def naming(text: str, addresses: Iterable[Address]) -> str:
    """The record's text with these addresses named in front."""
    names = " ".join(f"ip{address.version}:{address}" for address in dict.fromkeys(addresses))
    return f"v=spf1 {names}{parse_spf(text).text[len('v=spf1') :]}"

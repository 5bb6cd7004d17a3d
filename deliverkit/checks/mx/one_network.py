"""All exchangers share one address or one network, so one failure stops all mail.

## Why it matters
While that network is away, mail waits at the senders, for hours or days. Nothing is lost at once, so one network
may be good enough; it should be a decision. Large providers run many machines behind one name.

## Example
```zone
$ORIGIN onenet.example.
@    MX  10 mx1
@    MX  20 mx2
mx1  A   11.0.1.25
mx2  A   11.0.1.26
```

## Use instead
```zone
$ORIGIN onenet.example.
@    MX  10 mx1
@    MX  20 mx2
mx1  A   11.0.1.25
mx2  A   11.0.2.25
```

## References
- RFC 2182 §3.1: servers that back each other up belong in different places of the network.
"""

from __future__ import annotations

from collections.abc import Iterator
from ipaddress import IPv4Network, IPv6Network

from deliverkit.checks.registry import check
from deliverkit.checks.wording import every, routable, unjudged
from deliverkit.facts import MailHosts
from deliverkit.model import Absent, Evidence, Finding, Fix, Severity, not_applicable, rfc
from deliverkit.standards.addresses import Address, network_of


@check("MX016", severity=Severity.NOTE, references=(rfc(2182, "3.1"),), since="0.1")
def one_network(hosts: MailHosts) -> Iterator[Finding | Absent]:
    """One /24 for all IPv4 addresses, one /48 for all IPv6 addresses."""
    if hosts.is_implicit:
        yield not_applicable("there is no MX record")
        return
    if hosts.hosts and all(host.is_large_provider for host in hosts.hosts):
        return
    found = {found.address: found for found in routable(hosts)}
    networks = {network_of(address) for address in found}
    if any(sum(network.version == version for network in networks) > 1 for version in (4, 6)):
        return
    yield from unjudged(hosts)
    if found and not hosts.failures:
        yield Finding(
            _message(list(found), networks, sum(bool(host.addresses) for host in hosts.hosts)),
            tuple(Evidence(str(address.record)) for address in list(found.values())[:6]),
            Fix("add an exchanger in another network, if mail may not wait while this one is away"),
        )


def _message(addresses: list[Address], networks: set[IPv4Network | IPv6Network], hosts: int) -> str:
    if len(addresses) == 1:
        whose = "the only exchanger has" if hosts == 1 else f"{every(hosts, 'exchanger')} share"
        return f"{whose} the one address {addresses[0]}"
    where = " and ".join(str(network) for network in sorted(networks, key=str))
    return f"{every(len(addresses), 'address')} of the exchangers lie in {where}"

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

from deliverkit.checks.registry import check
from deliverkit.checks.wording import count
from deliverkit.facts import MailHosts
from deliverkit.model import Absent, Evidence, Finding, Fix, Severity, not_applicable, rfc, unknown
from deliverkit.standards.addresses import network_of, unroutable_kind


@check("MX016", severity=Severity.NOTE, references=(rfc(2182, "3.1"),), since="0.1")
def one_network(hosts: MailHosts) -> Iterator[Finding | Absent]:
    """One /24 for all IPv4 addresses, one /48 for all IPv6 addresses."""
    if hosts.is_implicit:
        yield not_applicable("there is no MX record")
        return
    if all(host.provider is not None and host.provider.is_large for host in hosts.hosts):
        return
    found = [found for host in hosts.hosts for found in host.addresses if unroutable_kind(found.address) is None]
    networks = {network_of(address.address) for address in found}
    if not found or any(sum(n.version == version for n in networks) > 1 for version in (4, 6)):
        return
    unanswered = [lookup.failure for host in hosts.hosts for lookup in host.lookups if lookup.failure]
    yield from (unknown(failure) for failure in unanswered)
    if not unanswered:
        where = " and ".join(str(network) for network in sorted(networks, key=str))
        yield Finding(
            f"all {count(len(found), 'address')} of the exchangers lie in {where}"
            if len(found) > 1
            else f"the only exchanger has the one address {found[0].address}",
            tuple(Evidence(str(address.record)) for address in found[:6]),
            Fix("add an exchanger in another network, if mail may not wait while this one is away"),
        )

"""An SPF record permits a network so large that strangers are in it.

## Why it matters
Whoever has a machine in the network can send as the domain and pass SPF, and through it DMARC.

## Example
```zone
$ORIGIN good.example
@  TXT  "v=spf1 ip4:11.0.0.0/8 -all"
```

## Use instead
```zone
$ORIGIN good.example
@  TXT  "v=spf1 ip4:11.0.1.0/24 -all"
```

## References
- RFC 7208 §5.6: ip4 and ip6 permit all addresses of the network.
"""

from __future__ import annotations

from collections.abc import Iterator

from deliverkit.checks.registry import check
from deliverkit.checks.spf.wording import term_evidence
from deliverkit.facts.spf import SpfRecord
from deliverkit.model import Finding, Fix, Severity, rfc

_SMALLEST = {4: 12, 6: 24}  # prefix lengths: what is larger is no one sender's


@check("SPF009", severity=Severity.WARNING, references=(rfc(7208, "5.6"),), since="0.1")
def huge_network(found: SpfRecord) -> Iterator[Finding]:
    """An ip4 larger than a /12, an ip6 larger than a /24, or a host with such a prefix length behind it."""
    for mechanism in found.record.reached:
        if mechanism.qualifier != "+":
            continue
        network = mechanism.network
        lengths = (
            {network.version: network.prefixlen} if network else {4: mechanism.ipv4_length, 6: mechanism.ipv6_length}
        )
        wide = [(version, length) for version, length in lengths.items() if 0 < length < _SMALLEST[version]]
        if not network:
            wide += [(version, length) for version, length in lengths.items() if length == 0]
        for version, length in wide:
            size = 2 ** ((32 if version == 4 else 128) - length)
            number = f"{size:,} addresses" if version == 4 else f"a /{length} of IPv6"
            yield Finding(
                f"{mechanism.text} lets {number} send as {found.domain}",
                term_evidence(found, mechanism, number),
                Fix("name the networks of the senders alone"),
            )

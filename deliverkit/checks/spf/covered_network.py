"""A network in an SPF record lies within another one that stands before it.

## Why it matters
It permits nobody new and makes the record longer.

## Example
```zone
$ORIGIN good.example
@  TXT  "v=spf1 ip4:11.0.1.0/24 ip4:11.0.1.25 -all"
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
from deliverkit.checks.spf.wording import and_more, evidence, without
from deliverkit.facts.spf import SpfRecord
from deliverkit.model import Finding, Severity, rfc
from deliverkit.standards.addresses import Network
from deliverkit.standards.spf.parse import Mechanism


@check("SPF016", severity=Severity.NOTE, references=(rfc(7208, "5.6"),), since="0.1")
def covered_network(found: SpfRecord) -> Iterator[Finding]:
    """An earlier network with the same qualifier holds it."""
    seen: dict[str, dict[Network, Mechanism]] = {}
    covered = []
    for mechanism in found.record.reached:
        network = mechanism.network
        if network is None:
            continue
        earlier = seen.setdefault(mechanism.qualifier, {})
        if network not in earlier and _holder(network, earlier):
            covered.append(mechanism)
        earlier.setdefault(network, mechanism)
    if covered:
        yield Finding(
            f"{covered[0].text}{and_more(covered)} in the SPF record of {found.domain} "
            f"{'lies' if len(covered) == 1 else 'lie'} within a network that stands before",
            tuple(evidence(found.record.text, term.span, "is permitted already") for term in covered[:5]),
            without(found, covered, "remove what another network holds"),
        )


def _holder(network: Network, earlier: dict[Network, Mechanism]) -> bool:
    lengths = {other.prefixlen for other in earlier if other.version == network.version}
    return any(network.supernet(new_prefix=n) in earlier for n in lengths if n < network.prefixlen)

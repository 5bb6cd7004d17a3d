"""An SPF record names addresses that no receiver on the Internet ever sees.

## Why it matters
Mail leaves through a public address, and that one has to be named. The private one permits nobody, and tells strangers
how the inner network is numbered.

## Example
```zone
$ORIGIN good.example
@  TXT  "v=spf1 ip4:192.168.1.25 ip4:11.0.1.25 -all"
```

## Use instead
```zone
$ORIGIN good.example
@  TXT  "v=spf1 ip4:11.0.1.25 -all"
```

## References
- RFC 7208 §5.6: ip4 and ip6 are compared with the address that the receiver sees.
- RFC 6890 §2.2: which addresses are not global.
"""

from __future__ import annotations

from collections.abc import Iterator

from deliverkit.checks.registry import check
from deliverkit.checks.spf.wording import term_evidence, without
from deliverkit.facts import Expectations
from deliverkit.facts.spf import SpfRecord
from deliverkit.model import Finding, Severity, rfc
from deliverkit.standards.addresses import unroutable_kind


@check("SPF019", severity=Severity.WARNING, references=(rfc(7208, "5.6"), rfc(6890, "2.2")), since="0.1")
def private_address_permitted(found: SpfRecord, expected: Expectations) -> Iterator[Finding]:
    """An ip4 or ip6 lies in a special network, and the profile does not say that this is fine."""
    if expected.private_addresses:
        return
    for mechanism in found.record.reached:
        network = mechanism.network
        kind = unroutable_kind(network.network_address) if network and network.prefixlen else None
        if kind is not None:
            yield Finding(
                f"{mechanism.text} in the SPF record of {found.domain} permits nobody: the address is {kind}",
                term_evidence(found, mechanism, kind),
                without(found, [mechanism], "name the public address through which mail leaves, in its place"),
            )

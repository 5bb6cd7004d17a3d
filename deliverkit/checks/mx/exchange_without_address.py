"""An exchanger's name exists but has no address.

## Why it matters
A sender has nothing to connect to and tries the next exchanger. Often the address record was forgotten, or the
host was moved and only the name stayed.

## Example
```zone
$ORIGIN noaddress.example.
@    MX   10 mx1
@    MX   20 mx2
mx1  A    11.0.1.25
mx2  TXT  "the address was forgotten"
```

## Use instead
```zone
$ORIGIN noaddress.example.
@    MX  10 mx1
@    MX  20 mx2
mx1  A   11.0.1.25
mx2  A   11.0.2.25
```

## References
- RFC 5321 §5.1: an exchanger must resolve to at least one address.
"""

from __future__ import annotations

from collections.abc import Iterator

from deliverkit.checks.registry import check
from deliverkit.checks.wording import exchange_evidence
from deliverkit.facts import MailHosts
from deliverkit.model import Absent, Finding, Fix, Severity, rfc, unknown
from deliverkit.standards.mx import address_meant


@check("MX009", severity=Severity.WARNING, references=(rfc(5321, "5.1"),), since="0.1")
def exchange_without_address(hosts: MailHosts) -> Iterator[Finding | Absent]:
    """NODATA for both A and AAAA."""
    for host in () if hosts.is_implicit else hosts.hosts:
        is_address = address_meant(host.host, hosts.mx.zone or hosts.mx.domain) is not None
        if host.addresses or host.does_not_exist or is_address:
            continue
        failures = [lookup.failure for lookup in host.lookups if lookup.failure]
        yield from (unknown(failure) for failure in failures)
        if not failures:
            yield Finding(
                f"the exchanger {host.host} has no address",
                exchange_evidence(hosts.mx, host.host, "has neither an A nor an AAAA record"),
                Fix(f"publish the address of {host.host}, or remove the MX record if the host is gone"),
            )

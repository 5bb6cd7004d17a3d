"""An exchanger's name does not exist in the DNS.

## Why it matters
A sender skips it and tries the next. It costs nothing while the others work, but it is a back-up that is not
there, and it is often the old name of a host that was moved.

## Example
```zone
$ORIGIN gone.example.
@    MX  10 mx1
@    MX  20 old-mx
mx1  A   11.0.1.25
```

## Use instead
```zone
$ORIGIN gone.example.
@    MX  10 mx1
@    MX  20 mx2
mx1  A   11.0.1.25
mx2  A   11.0.2.25
```

## References
- RFC 5321 §5.1: an exchanger must resolve to at least one address.
- RFC 1912 §2.4: names in records must lead somewhere.
"""

from __future__ import annotations

from collections.abc import Iterator

from deliverkit.checks.mx.doubled_zone import intended_name
from deliverkit.checks.registry import check
from deliverkit.checks.wording import exchange_evidence, exchange_records, lines
from deliverkit.facts import MailHost, MailHosts
from deliverkit.model import Absent, Finding, Fix, Severity, rfc, unknown
from deliverkit.standards.mx import ExchangeForm, address_meant, form_of


@check("MX008", severity=Severity.WARNING, references=(rfc(5321, "5.1"), rfc(1912, "2.4")), since="0.1")
def exchange_does_not_exist(hosts: MailHosts) -> Iterator[Finding | Absent]:
    """NXDOMAIN for the exchanger, unless its very form says more."""
    for host in () if hosts.is_implicit else hosts.hosts:
        if host.does_not_exist and _is_named_well(hosts, host):
            alias = f" (its alias leads to {host.aliases[-1].data.removesuffix('.')})" if host.aliases else ""
            yield Finding(
                f"the exchanger {host.host} does not exist{alias}",
                exchange_evidence(hosts.mx, host.host, "does not exist (NXDOMAIN)"),
                Fix(
                    "correct the name, or remove the record if the host is gone",
                    remove=lines(exchange_records(hosts.mx, host.host)),
                ),
            )
        elif not host.does_not_exist:
            yield from (unknown(lookup.failure) for lookup in host.lookups if lookup.failure)


def _is_named_well(hosts: MailHosts, host: MailHost) -> bool:
    """Whether no other check says more of the name's very form."""
    is_plain = form_of(host.host) is ExchangeForm.HOST_NAME
    return (
        is_plain
        and not intended_name(hosts, host)
        and address_meant(host.host, hosts.mx.zone or hosts.mx.domain) is None
    )

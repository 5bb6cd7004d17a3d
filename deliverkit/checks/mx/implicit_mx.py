"""The domain has no MX record, so senders try its own address: usually a web server.

## Why it matters
The fall-back to the address is old and legal, but hardly ever meant. If that machine does not listen on port
25, senders retry for days before the message bounces; if it does, mail ends where nobody looks.

## Example
```zone
$ORIGIN webonly.example.
@  A  11.0.1.80
```

## Use instead
```zone
$ORIGIN webonly.example.
@    A   11.0.1.80
@    MX  10 mx1
mx1  A   11.0.1.25
```

## References
- RFC 5321 §5.1: without MX records the domain's address is treated as an MX of preference 0.
"""

from __future__ import annotations

from collections.abc import Iterator

from deliverkit.checks.registry import check
from deliverkit.checks.wording import listed, record_evidence, unjudged
from deliverkit.facts import Expectations, MailHosts
from deliverkit.model import Absent, Finding, Fix, Severity, not_applicable, rfc


@check("MX003", severity=Severity.WARNING, references=(rfc(5321, "5.1"),), since="0.1", decides=True)
def implicit_mx(hosts: MailHosts, expectations: Expectations) -> Iterator[Finding | Absent]:
    """Mail goes to the domain's own address."""
    if not expectations.takes_mail:
        yield not_applicable("the profile expects no mail here")
    elif hosts.is_implicit and not hosts.hosts[0].addresses:
        yield from unjudged(hosts)
    elif hosts.is_implicit:
        domain, records = hosts.mx.domain, [address.record for address in hosts.hosts[0].addresses]
        yield Finding(
            f"{domain} has no MX record, so senders try its own address {listed([r.data for r in records])}",
            tuple(record_evidence(record, record.data, "is where senders go") for record in records[:3]),
            Fix(
                "name the host that takes the domain's mail in an MX record; if it should take none, say so with "
                f"a null MX:  {domain}.  {hosts.mx.ttl}  IN  MX  0 ."
            ),
        )

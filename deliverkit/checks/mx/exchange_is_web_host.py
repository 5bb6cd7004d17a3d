"""An exchanger has the addresses of the domain's web site.

## Why it matters
On small hosting that is meant: one machine does both. Where the web site stands behind a content delivery
network or with a site builder, nothing there takes mail, and senders retry for days.

## Example
```zone
$ORIGIN web.example.
@    A    11.0.1.80
@    MX   10 @
www  A    11.0.1.80
```

## Use instead
```zone
$ORIGIN web.example.
@    A    11.0.1.80
www  A    11.0.1.80
@    MX   10 mx1
mx1  A    11.0.1.25
```

## References
- RFC 5321 §5.1: the exchanger is the host that senders connect to on port 25.
"""

from __future__ import annotations

from collections.abc import Iterator

from deliverkit.checks.registry import check
from deliverkit.checks.wording import exchange_evidence, listed, unjudged
from deliverkit.facts import MailHosts, WebHosts
from deliverkit.model import Absent, Finding, Fix, Severity, not_applicable, rfc, unknown


@check("MX031", severity=Severity.NOTE, references=(rfc(5321, "5.1"),), since="0.1")
def exchange_is_web_host(hosts: MailHosts, web: WebHosts) -> Iterator[Finding | Absent]:
    """Every address of the exchanger is one of the domain's or its www name's."""
    if hosts.is_implicit:
        yield not_applicable("there is no MX record")
        return
    yield from unjudged(hosts)
    addresses = {record.data for record in web.addresses}
    for host in hosts.hosts:
        own = [found.record.data for found in host.addresses]
        if own and addresses.issuperset(own):
            yield Finding(
                f"the exchanger {host.host} is the web host ({listed(own)}): does it take mail?",
                exchange_evidence(hosts.mx, host.host, "has the addresses of the web site"),
                Fix("if mail is hosted elsewhere, put the mail host's name into the MX record"),
            )
    if hosts.hosts:
        yield from (unknown(lookup.failure) for lookup in web.lookups if lookup.failure)

"""An exchanger's name is an alias (CNAME), which the standard forbids and some senders refuse.

## Why it matters
Most senders follow the alias and deliver. Some refuse the name, and certificates and MTA-STS policies are
matched against the name in the MX record, not against the one behind the alias.

## Example
```zone
$ORIGIN alias.example.
@     MX     10 mail
mail  CNAME  mx1
mx1   A      11.0.1.25
```

## Use instead
```zone
$ORIGIN alias.example.
@    MX  10 mx1
mx1  A   11.0.1.25
```

## References
- RFC 2181 §10.3: the name in an MX record must not be an alias.
- RFC 5321 §5.1: what a sender does with such an alias is out of the standard's scope.
"""

from __future__ import annotations

from collections.abc import Iterator

from deliverkit.checks.registry import check
from deliverkit.checks.wording import exchange_evidence, exchange_records, lines, proposal
from deliverkit.facts import MailHost, MailHosts, MxSet
from deliverkit.model import Absent, Finding, Fix, Severity, rfc, unknown
from deliverkit.standards.names import is_within


@check("MX004", severity=Severity.WARNING, references=(rfc(2181, "10.3"), rfc(5321, "5.1")), since="0.1")
def exchange_is_alias(hosts: MailHosts) -> Iterator[Finding | Absent]:
    """A CNAME stands at the exchanger's name."""
    if hosts.is_implicit:
        return
    for host in hosts.hosts:
        if host.aliases:
            yield Finding(
                f"the exchanger {host.host} is an alias and some senders refuse that",
                exchange_evidence(hosts.mx, host.host, f"is a CNAME to {host.aliases[0].data}"),
                _fix(hosts.mx, host),
            )
    yield from (unknown(failure) for failure in hosts.failures)


def _fix(mx: MxSet, host: MailHost) -> Fix:
    """The real name is offered only where it is the customer's own, and leads to an address."""
    target = host.aliases[-1].data.removesuffix(".").lower()
    if not host.addresses:
        return Fix(f"give {host.host} address records of its own in place of the CNAME")
    if host.provider is not None or not is_within(target, mx.zone or mx.domain):
        return Fix(
            f"give {host.host} address records of its own in place of the CNAME, or put into the MX the name that "
            "the mail provider tells its customers to use"
        )
    preferences = [record.preference for record in mx.records if record.exchange == host.host]
    return Fix(
        f"name the real host in the MX record, or give {host.host} address records of its own in place of the CNAME",
        remove=lines(exchange_records(mx, host.host)),
        add=tuple(proposal(mx, "MX", f"{preference} {target}.") for preference in preferences),
    )

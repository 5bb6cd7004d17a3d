"""The domain exists but has neither an MX record nor an address, so there is no host to deliver to.

## Why it matters
Without an MX record a sender falls back to the domain's own address records. Where these are missing too, the
message bounces at once.

## Example
```zone
$ORIGIN silent.example.
@  TXT  "a domain without a mail host"
```

## Use instead
```zone
$ORIGIN silent.example.
@    MX  10 mx1
mx1  A   11.0.1.25
```

## References
- RFC 5321 §5.1: no MX and no address record means that delivery fails.
- RFC 7505 §3: a domain that wants no mail says so with a null MX.
"""

from __future__ import annotations

from collections.abc import Iterator

from deliverkit.checks.registry import check
from deliverkit.facts import Expectations, MailHosts
from deliverkit.model import Absent, Finding, Fix, Severity, not_applicable, rfc, unknown


@check("MX002", severity=Severity.ERROR, references=(rfc(5321, "5.1"), rfc(7505, "3")), since="0.1", decides=True)
def no_mail_host(hosts: MailHosts, expectations: Expectations) -> Iterator[Finding | Absent]:
    """Neither MX nor address."""
    if not expectations.takes_mail:
        yield not_applicable("the profile expects no mail here")
    elif hosts.is_implicit and not hosts.hosts[0].addresses:
        domain = hosts.mx.domain
        failures = [lookup.failure for lookup in hosts.hosts[0].lookups if lookup.failure]
        yield from (unknown(failure) for failure in failures)
        if not failures:
            yield Finding(
                f"{domain} has neither an MX record nor an address, so mail to it bounces at once",
                (),
                Fix(
                    "name the host that takes its mail in an MX record; if it should take none, say so with a "
                    f"null MX:  {domain}.  {hosts.mx.ttl}  IN  MX  0 ."
                ),
            )

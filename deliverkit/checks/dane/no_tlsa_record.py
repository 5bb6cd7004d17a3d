"""No exchanger has a TLSA record.

## Why it matters
Nothing in the DNS says which certificate an exchanger has, so senders cannot tell it from somebody in its place. Many
domains have no DANE, and it needs a signed zone.

## Example
```world
like = "transport-good"
remove = [
    "_25._tcp.mx1.good.example. TLSA 3 1 1 a1a1a1a1a1a1a1a1a1a1a1a1a1a1a1a1a1a1a1a1a1a1a1a1a1a1a1a1a1a1a1a1",
    "_25._tcp.mx2.good.example. TLSA 3 1 1 b2b2b2b2b2b2b2b2b2b2b2b2b2b2b2b2b2b2b2b2b2b2b2b2b2b2b2b2b2b2b2b2",
]
```

## Use instead
```world
like = "transport-good"
```

## References
- RFC 7672 §2.2.3: where the TLSA records of an exchanger stand.
- RFC 7671 §5.1: 3 1 1 is recommended.
"""

from __future__ import annotations

from collections.abc import Iterator

from deliverkit.checks.dane.wording import unprotected
from deliverkit.checks.registry import check
from deliverkit.facts import Expectations, MxSet
from deliverkit.facts.dane import DaneHosts, tlsa_name
from deliverkit.model import Absent, Finding, Fix, Outcome, Severity, not_applicable, rfc


@check("DANE001", severity=Severity.NOTE, references=(rfc(7672, "2.2.3"), rfc(7671, "5.1")), since="0.1")
def no_tlsa_record(found: DaneHosts, mx: MxSet, expectations: Expectations) -> Iterator[Finding | Absent]:
    """The DNS denies them all, at a domain that takes mail."""
    yield from (absent for absent in unprotected(found) if absent.outcome is Outcome.UNKNOWN)
    if not mx.records or not found.hosts or not expectations.takes_mail:
        yield not_applicable("there is no exchanger to protect")
    elif all(host.is_denied for host in found.hosts):
        yield Finding(
            f"no exchanger of {found.domain} has a TLSA record (DANE)",
            (),
            Fix(
                f"once its zone is signed, publish 3 1 1 and the digest of its key at {tlsa_name(found.hosts[0].host)}"
            ),
        )

"""A mail host has TLSA records, and no TLS that works, or none newer than 1.1.

## Why it matters
Secure TLSA records promise TLS. Senders that know DANE hold mail back rather than send it in the clear: it waits, and
bounces after days.

## Example
```world
like = "tls-good"

[[smtp]]
address = "11.0.2.25"
name = "mx2.good.example"
certificate = ""
```

## Use instead
```world
like = "tls-good"
```

## References
- RFC 7672 §2.2: secure TLSA records make TLS mandatory.
- RFC 7672 §2.1.2: a host for which that fails is passed over.
- RFC 8996 §4: TLS 1.0 must not be agreed on, and (§5) nor must 1.1.
"""

from __future__ import annotations

from collections.abc import Iterator

from deliverkit.checks.dane.senders import by_host, without_ruling
from deliverkit.checks.dealings import dealing_evidence
from deliverkit.checks.registry import check
from deliverkit.facts.dealings import DaneSenders
from deliverkit.facts.ruling import Fault
from deliverkit.model import Absent, Finding, Fix, Severity, rfc


@check(
    "DANE010", severity=Severity.ERROR, references=(rfc(7672, "2.2"), rfc(7672, "2.1.2"), rfc(8996, "4")), since="0.1"
)
def tlsa_without_tls(senders: DaneSenders) -> Iterator[Finding | Absent]:
    """Each host with secure records that offers no STARTTLS, refuses it, or has no TLS that may be used."""
    yield from without_ruling(senders)
    for host, dealings in by_host(senders, Fault.TLS):
        yield Finding(
            _message(senders, host),
            dealing_evidence(dealings),
            Fix(
                "switch STARTTLS on, with TLS 1.2 or newer and the certificate that the records name, or take the "
                "records away until then"
            ),
        )


def _message(senders: DaneSenders, host: str) -> str:
    if senders.is_all_deferred:
        return f"mail from senders that know DANE is being deferred for want of TLS at {host}"
    return f"senders that know DANE do not deliver at {host} for want of TLS"

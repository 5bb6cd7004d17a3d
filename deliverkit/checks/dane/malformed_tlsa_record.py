"""A TLSA record cannot be used: its numbers or its digest are wrong.

## Why it matters
Senders pass over it. Where it is the only one, they insist on TLS without looking at the certificate.

## Example
```world
like = "transport-good"
remove = ["_25._tcp.mx1.good.example. TLSA 3 1 1 a1a1a1a1a1a1a1a1a1a1a1a1a1a1a1a1a1a1a1a1a1a1a1a1a1a1a1a1a1a1a1a1"]
add = "_25._tcp.mx1 TLSA 3 1 1 a1a1a1a1a1a1a1a1a1a1a1a1a1a1a1a1a1a1a1a1"
```

## Use instead
```world
like = "transport-good"
```

## References
- RFC 6698 §2.1: what the numbers of the record may be, and how long a digest is.
"""

from __future__ import annotations

from collections.abc import Iterator

from deliverkit.checks.dane.wording import tlsa_evidence, unprotected, with_records
from deliverkit.checks.registry import check
from deliverkit.facts.dane import DaneHosts
from deliverkit.model import Absent, Finding, Fix, Severity, rfc


@check("DANE004", severity=Severity.WARNING, references=(rfc(6698, "2.1"),), since="0.1")
def malformed_tlsa_record(found: DaneHosts) -> Iterator[Finding | Absent]:
    """Numbers that mean nothing, or a digest of another length."""
    yield from unprotected(found)
    for host, records in with_records(found):
        for record in records:
            if record.tlsa.malformed:
                yield Finding(
                    f"senders pass over a TLSA record of {host.host}: {record.tlsa.malformed}",
                    (tlsa_evidence(record, record.tlsa.malformed),),
                    Fix("make it anew from the host's certificate, as 3 1 1"),
                )

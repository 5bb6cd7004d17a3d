"""A TLSA record has a usage that senders of mail do not use.

## Why it matters
Usages 0 and 1 rest on public authorities, which senders of mail have in common with nobody. The record has no effect,
but where it is the only one, senders insist on TLS without looking at the certificate.

## Example
```world
like = "transport-good"
remove = ["_25._tcp.mx1.good.example. TLSA 3 1 1 a1a1a1a1a1a1a1a1a1a1a1a1a1a1a1a1a1a1a1a1a1a1a1a1a1a1a1a1a1a1a1a1"]
add = "_25._tcp.mx1 TLSA 1 1 1 a1a1a1a1a1a1a1a1a1a1a1a1a1a1a1a1a1a1a1a1a1a1a1a1a1a1a1a1a1a1a1a1"
```

## Use instead
```world
like = "transport-good"
```

## References
- RFC 7672 §3.1.3: usages 0 and 1 should not be published for SMTP, and senders treat them as unusable.
"""

from __future__ import annotations

from collections.abc import Iterator

from deliverkit.checks.dane.wording import tlsa_evidence, unprotected, with_records
from deliverkit.checks.registry import check
from deliverkit.facts.dane import DaneHosts, TlsaRecord
from deliverkit.model import Absent, Finding, Fix, Severity, rfc


@check("DANE003", severity=Severity.WARNING, references=(rfc(7672, "3.1.3"),), since="0.1")
def unusable_tlsa_usage(found: DaneHosts) -> Iterator[Finding | Absent]:
    """Usage 0 or 1."""
    yield from unprotected(found)
    for host, records in with_records(found):
        bad = [record for record in records if not record.tlsa.malformed and not record.tlsa.is_usable]
        if bad:
            yield Finding(
                f"a TLSA record of {host.host} has no effect: senders of mail do not use {_usage(bad[0])}",
                tuple(tlsa_evidence(record, record.tlsa.usage_word) for record in bad),
                Fix("publish the digest of the host's key with usage 3 (3 1 1), then take this record away"),
            )


def _usage(record: TlsaRecord) -> str:
    return f"{record.tlsa.usage_word} ({record.tlsa.usage})"

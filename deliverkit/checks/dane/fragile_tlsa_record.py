"""A TLSA record is of a kind that breaks easily.

## Why it matters
A record of the whole certificate (selector 0) is wrong after every renewal, the whole data instead of a digest makes
answers large, and not every sender knows SHA2-512.

## Example
```world
like = "transport-good"
remove = ["_25._tcp.mx1.good.example. TLSA 3 1 1 a1a1a1a1a1a1a1a1a1a1a1a1a1a1a1a1a1a1a1a1a1a1a1a1a1a1a1a1a1a1a1a1"]
add = "_25._tcp.mx1 TLSA 3 0 1 a1a1a1a1a1a1a1a1a1a1a1a1a1a1a1a1a1a1a1a1a1a1a1a1a1a1a1a1a1a1a1a1"
```

## Use instead
```world
like = "transport-good"
```

## References
- RFC 7671 §5.1: 3 1 1 is recommended.
- RFC 7671 §10.1.2: a digest in place of the whole keeps answers small.
"""

from __future__ import annotations

from collections.abc import Iterator

from deliverkit.checks.dane.wording import SHOWN, tlsa_evidence, unprotected
from deliverkit.checks.registry import check
from deliverkit.facts.dane import DaneHosts
from deliverkit.model import Absent, Finding, Fix, Severity, rfc
from deliverkit.standards.dane import Tlsa


@check("DANE006", severity=Severity.NOTE, references=(rfc(7671, "5.1"), rfc(7671, "10.1.2")), since="0.1")
def fragile_tlsa_record(found: DaneHosts) -> Iterator[Finding | Absent]:
    """The whole certificate of the host, no digest, or the longer digest alone."""
    yield from unprotected(found)
    for host in found.protected:
        is_covered = any(record.tlsa.matching == 1 for record in host.usable)
        for record in host.usable[:SHOWN]:
            why = _why(record.tlsa, is_covered=is_covered)
            if why:
                yield Finding(
                    f"a TLSA record of {host.host} is fragile: {why}",
                    (tlsa_evidence(record, why),),
                    Fix("publish the digest of the key beside it (3 1 1), and take this one away a day later"),
                )


def _why(tlsa: Tlsa, *, is_covered: bool) -> str:
    if tlsa.usage == 3 and tlsa.selector == 0:
        return "it names the certificate, which changes with every renewal"
    if tlsa.matching == 0:
        return "it holds the whole data and no digest"
    return "" if is_covered or tlsa.matching == 1 else "not every sender knows SHA2-512"

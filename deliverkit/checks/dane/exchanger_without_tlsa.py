"""Some exchangers have TLSA records and others have none.

## Why it matters
Mail to the others goes without protection. Somebody on the way can make senders use them, by keeping the connections to
the protected ones from coming about.

## Example
```world
like = "transport-good"
remove = ["_25._tcp.mx2.good.example. TLSA 3 1 1 b2b2b2b2b2b2b2b2b2b2b2b2b2b2b2b2b2b2b2b2b2b2b2b2b2b2b2b2b2b2b2b2"]
```

## Use instead
```world
like = "transport-good"
```

## References
- RFC 7672 §2.2.3: each exchanger is looked up, and judged, by its own TLSA records.
"""

from __future__ import annotations

from collections.abc import Iterator

from deliverkit.checks.dane.wording import SHOWN, unprotected
from deliverkit.checks.registry import check
from deliverkit.checks.wording import listed
from deliverkit.facts.dane import DaneHosts, tlsa_name
from deliverkit.model import Absent, Evidence, Finding, Fix, Severity, rfc


@check("DANE005", severity=Severity.WARNING, references=(rfc(7672, "2.2.3"),), since="0.1")
def exchanger_without_tlsa(found: DaneHosts) -> Iterator[Finding | Absent]:
    """Both kinds beside each other."""
    yield from unprotected(found)
    bare = [host.host for host in found.hosts if host.is_denied]
    if found.protected and bare:
        verb = "has" if len(bare) == 1 else "have"
        yield Finding(
            f"{listed(bare)} {verb} no TLSA record, though other exchangers of {found.domain} do",
            tuple(Evidence(f"{tlsa_name(name)} TLSA: no such record") for name in bare[:SHOWN]),
            Fix(f"publish one at {tlsa_name(bare[0])}, too"),
        )

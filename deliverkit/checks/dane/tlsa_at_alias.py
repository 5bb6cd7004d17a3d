"""The TLSA records stand at an exchanger's name that is an alias.

## Why it matters
Senders look first where the alias leads, and at the exchanger's own name after that; not all of them do the second.
An exchanger's name should be no alias.

## Example
```world
like = "transport-good"
remove = ["mx2.good.example. A 11.0.2.25", "mx2.good.example. AAAA 2a11:db8:2::25"]
add = '''
mx2 CNAME mx3
mx3 A 11.0.2.25
mx3 AAAA 2a11:db8:2::25
'''
```

## Use instead
```world
like = "transport-good"
remove = ["mx2.good.example. A 11.0.2.25", "mx2.good.example. AAAA 2a11:db8:2::25"]
add = '''
mx2 CNAME mx3
mx3 A 11.0.2.25
mx3 AAAA 2a11:db8:2::25
_25._tcp.mx3 TLSA 3 1 1 b2b2b2b2b2b2b2b2b2b2b2b2b2b2b2b2b2b2b2b2b2b2b2b2b2b2b2b2b2b2b2b2
'''
```

## References
- RFC 7672 §2.2.2: where the exchanger's name is an alias, the name it leads to comes first.
"""

from __future__ import annotations

from collections.abc import Iterator

from deliverkit.checks.dane.wording import SHOWN, tlsa_evidence, unprotected
from deliverkit.checks.registry import check
from deliverkit.facts.dane import DaneHosts, tlsa_name
from deliverkit.model import Absent, Finding, Fix, Severity, rfc


@check("DANE008", severity=Severity.NOTE, references=(rfc(7672, "2.2.2"),), since="0.1")
def tlsa_at_alias(found: DaneHosts) -> Iterator[Finding | Absent]:
    """Records at the alias, and none where it leads."""
    yield from unprotected(found)
    for host in found.protected:
        if host.is_alias and host.base == host.host:
            aliases = host.ipv4.answer.aliases or host.ipv6.answer.aliases
            end = aliases[-1].data.removesuffix(".").lower()
            yield Finding(
                f"the TLSA records of {host.host} stand at an alias, where not every sender finds them",
                tuple(tlsa_evidence(record) for record in host.records[:SHOWN]),
                Fix(f"publish them at {tlsa_name(end)}, too, or name {end} in the MX"),
            )

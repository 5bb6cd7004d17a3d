"""More than two terms of an SPF record ask for names that have no such records.

## Why it matters
Many receivers give "permerror" at the third lookup that comes back empty. The terms permit nobody, so nothing is lost
with them.

## Example
```zone
$ORIGIN good.example
@  TXT  "v=spf1 a:old1.good.example a:old2.good.example a:old3.good.example ip4:11.0.1.25 -all"
```

## Use instead
```zone
$ORIGIN good.example
@  TXT  "v=spf1 ip4:11.0.1.25 -all"
```

## References
- RFC 7208 §4.6.4: lookups without an answer should be limited to two, else a permerror.
- RFC 7208 §11.1: why void lookups are limited.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from deliverkit.checks.registry import check
from deliverkit.checks.spf.wording import owner_evidence, unseen, without
from deliverkit.facts.spf import SpfHosts
from deliverkit.model import Absent, Finding, Severity, rfc
from deliverkit.standards.spf.asking import MAX_VOIDS
from deliverkit.standards.spf.parse import Term


@check("SPF005", severity=Severity.WARNING, references=(rfc(7208, "4.6.4"), rfc(7208, "11.1")), since="0.1")
def too_many_void_lookups(hosts: SpfHosts) -> Iterator[Finding | Absent]:
    """Three terms a or mx have nothing at their target, in IPv4 nor in IPv6."""
    void = [found for found in hosts.hosts if found.is_void]
    domain = hosts.tree.root.domain
    if len(void) > MAX_VOIDS:
        own = [found.term for found in void if found.owner == domain]
        yield Finding(
            f"{len(void)} terms of the SPF record of {domain} lead to nothing, and many receivers stop at the third",
            tuple(owner_evidence(hosts.tree, found.owner, found.term, "has no record") for found in void[:5]),
            without(hosts.tree.root, own, f"remove {_what(own)} to nothing") if own else None,
        )
        return
    yield from unseen(hosts)


def _what(own: Sequence[Term]) -> str:
    return "the term that leads" if len(own) == 1 else "the terms that lead"

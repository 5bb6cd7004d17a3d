"""A term a or mx of an SPF record leads to a name that has nothing there.

## Why it matters
It permits nobody and costs a lookup; two such terms are all that many receivers bear.

## Example
```zone
$ORIGIN good.example
@  TXT  "v=spf1 a:old.good.example ip4:11.0.1.25 -all"
```

## Use instead
```zone
$ORIGIN good.example
@  TXT  "v=spf1 ip4:11.0.1.25 -all"
```

## References
- RFC 7208 §5.3: a permits the addresses of the name.
- RFC 7208 §5.4: mx permits those of its exchangers.
"""

from __future__ import annotations

from collections.abc import Iterator

from deliverkit.checks.registry import check
from deliverkit.checks.spf.wording import owner_evidence, unseen, without
from deliverkit.facts.spf import SpfHosts
from deliverkit.model import Absent, Finding, Severity, rfc


@check("SPF022", severity=Severity.NOTE, references=(rfc(7208, "5.3"), rfc(7208, "5.4")), since="0.1")
def term_without_address(hosts: SpfHosts) -> Iterator[Finding | Absent]:
    """A term of the domain's own record has no address, in IPv4 nor in IPv6."""
    domain = hosts.tree.root.domain
    for found in hosts.hosts:
        if found.owner == domain and found.is_void:
            what = "MX record" if found.mx else "address"
            yield Finding(
                f"{found.term.text} in the SPF record of {domain} permits nobody: {found.target} has no {what}",
                (owner_evidence(hosts.tree, found.owner, found.term, f"{found.target} has no {what}"),),
                without(hosts.tree.root, [found.term], "remove the term, or give the name its address"),
            )
    yield from unseen(hosts)

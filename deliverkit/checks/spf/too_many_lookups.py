"""An SPF record needs more than ten DNS lookups in the worst case.

## Why it matters
A receiver stops at the eleventh lookup and gives "permerror". Senders that an early term permits are not touched; those
named late, and everybody who is not named at all, run into it.

## Example
```zone
$ORIGIN good.example
@    TXT  "v=spf1 include:_a.good.example include:_b.good.example -all"
_a   TXT  "v=spf1 a:h1.good.example a:h2.good.example a:h3.good.example a:h4.good.example"
_b   TXT  "v=spf1 a:h5.good.example a:h6.good.example a:h7.good.example a:h8.good.example a:h9.good.example"
h1   A    11.0.1.1
h2   A    11.0.1.2
h3   A    11.0.1.3
h4   A    11.0.1.4
h5   A    11.0.1.5
h6   A    11.0.1.6
h7   A    11.0.1.7
h8   A    11.0.1.8
h9   A    11.0.1.9
```

## Use instead
```zone
$ORIGIN good.example
@  TXT  "v=spf1 ip4:11.0.1.0/28 -all"
```

## References
- RFC 7208 §4.6.4: at most ten terms of the whole evaluation may cause lookups: include, a, mx, ptr, exists, redirect.
"""

from __future__ import annotations

from collections.abc import Iterator

from deliverkit.checks.registry import check
from deliverkit.checks.spf.saving_lookups import saving
from deliverkit.checks.spf.wording import owner_evidence, unseen
from deliverkit.facts.spf import SpfHosts, SpfTree, looking_up
from deliverkit.model import Absent, Evidence, Finding, Severity, rfc
from deliverkit.observations import Instant
from deliverkit.standards.spf.asking import MAX_LOOKUPS


@check("SPF004", severity=Severity.WARNING, references=(rfc(7208, "4.6.4"),), since="0.1")
def too_many_lookups(hosts: SpfHosts, now: Instant) -> Iterator[Finding | Absent]:
    """The terms of the record and of all that it leads to look up more than ten times."""
    tree = hosts.tree
    domain = tree.root.domain
    total = tree.cost(domain)
    if total > MAX_LOOKUPS:
        yield Finding(
            f"the SPF record of {domain} needs {_shown(total)} DNS lookups in the worst case, and receivers stop at "
            f"{MAX_LOOKUPS}",
            tuple(_evidence(tree)),
            saving(hosts, now.moment.date()),
        )
        return
    yield from unseen(tree)


def _shown(total: int) -> str:
    return str(total) if total < 1000 else "more than 1000"


def _evidence(tree: SpfTree) -> Iterator[Evidence]:
    """The term with which the eleventh lookup comes, in the domain's own record."""
    running = 0
    for term in looking_up(tree.root.record):
        running += tree.term_cost(tree.root.domain, term)
        if running > MAX_LOOKUPS:
            yield owner_evidence(tree, tree.root.domain, term, f"here the count comes to {_shown(running)}")
            return

"""SPF records include each other in a circle.

## Why it matters
Whoever is not permitted before the circle runs round it until ten lookups are spent, and gets "permerror".

## Example
```zone
$ORIGIN good.example
@  TXT  "v=spf1 include:_a.good.example -all"
_a  TXT  "v=spf1 include:_b.good.example -all"
_b  TXT  "v=spf1 include:_a.good.example ip4:11.0.1.25 -all"
```

## Use instead
```zone
$ORIGIN good.example
@  TXT  "v=spf1 include:_a.good.example -all"
_a  TXT  "v=spf1 include:_b.good.example -all"
_b  TXT  "v=spf1 ip4:11.0.1.25 -all"
```

## References
- RFC 7208 §4.6.4: the limit of ten lookups ends such a circle with a permerror.
- RFC 7208 §5.2: an include that gives permerror makes the whole a permerror.
"""

from __future__ import annotations

from collections.abc import Iterator

from deliverkit.checks.registry import check
from deliverkit.checks.spf.wording import owner_evidence, unseen, without
from deliverkit.facts.spf import SpfTree
from deliverkit.model import Absent, Finding, Fix, Severity, rfc
from deliverkit.standards.spf.parse import Term


@check("SPF011", severity=Severity.ERROR, references=(rfc(7208, "4.6.4"), rfc(7208, "5.2")), since="0.1")
def include_loop(tree: SpfTree) -> Iterator[Finding | Absent]:
    """An include or a redirect leads back to a record above it."""
    found = _closing(tree)
    if found is None:
        yield from unseen(tree)
        return
    owner, term = found
    message = f"the SPF records below {tree.root.domain} lead in a circle, and who comes there fails"
    is_own = owner == tree.root.domain
    fix = (
        without(tree.root, [term], "remove the term") if is_own else Fix(f"remove the term from the record of {owner}")
    )
    yield Finding(message, (owner_evidence(tree, owner, term, "leads back"),), fix)


def _closing(tree: SpfTree) -> tuple[str, Term] | None:
    """The first term that leads back to a name above it."""
    done: set[str] = set()

    def visit(owner: str, above: frozenset[str]) -> tuple[str, Term] | None:
        above |= {owner}
        for term, target in tree.branches(owner):
            if target in above:
                return owner, term
            if target and target not in done:
                found = visit(target, above)
                if found:
                    return found
        done.add(owner)
        return None

    return visit(tree.root.domain, frozenset())

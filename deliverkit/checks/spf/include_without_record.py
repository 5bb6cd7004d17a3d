"""An include or a redirect leads to a name that has no usable SPF record.

## Why it matters
A receiver that comes to it gives "permerror": no record, two records or a broken one at the other end are held against
this domain. Everybody who is not permitted before is touched.

## Example
```zone
$ORIGIN good.example
@  TXT  "v=spf1 ip4:11.0.1.25 include:_spf.gone.example -all"
$ORIGIN gone.example
@  A  11.0.9.80
```

## Use instead
```zone
$ORIGIN good.example
@  TXT  "v=spf1 ip4:11.0.1.25 -all"
```

## References
- RFC 7208 §5.2: an include of a name without a record, or with a broken one, is a permerror.
- RFC 7208 §6.1: so is a redirect to one.
"""

from __future__ import annotations

from collections.abc import Iterator

from deliverkit.checks.registry import check
from deliverkit.checks.spf.wording import owner_evidence, owner_phrase, replaced, term_phrase, unseen, without
from deliverkit.facts.spf import SpfNode, SpfTree
from deliverkit.model import Absent, Finding, Fix, Severity, rfc
from deliverkit.standards.spf.parse import Term


@check("SPF012", severity=Severity.ERROR, references=(rfc(7208, "5.2"), rfc(7208, "6.1")), since="0.1")
def include_without_record(tree: SpfTree) -> Iterator[Finding | Absent]:
    """The name that an include or a redirect leads to has none, several, or a broken one."""
    for owner in tree.reached:
        for term, target in tree.branches(owner):
            node = tree.nodes.get(target)
            why = _why_unusable(node) if node else ""
            if why:
                yield Finding(
                    f"{term_phrase(tree, term)} leads to {target}, which {why}, so SPF fails for who comes there",
                    (owner_evidence(tree, owner, term, why),),
                    _fix(tree, owner, term),
                )
    yield from unseen(tree)


def _fix(tree: SpfTree, owner: str, term: Term) -> Fix:
    """The domain's own record without the term, an end in place of a redirect; elsewhere in words."""
    mend = f"else have {owner_phrase(tree, term, 'its owner')} mend the record"
    is_own = owner == tree.root.domain
    if term.name == "redirect":
        action = f"end the record with ~all in its place, if nobody sends through it; {mend}"
        return replaced(tree.root, term, "~all", action) if is_own else Fix(action)
    action = f"remove the term, if nobody sends through it; {mend}"
    return without(tree.root, [term], action) if is_own else Fix(action)


def _why_unusable(node: SpfNode) -> str:
    if not node.lookup.answer.status.is_definite or node.lookup.is_withheld:
        return ""
    if node.records == 0:
        return "has no SPF record"
    if node.record is None:
        return f"has {node.records} SPF records"
    return f"has a broken SPF record: {node.record.faults[0].reason}" if node.record.faults else ""

r"""The name servers fail when they are asked for a record that SPF needs.

## Why it matters
A receiver gives "temperror": it defers the mail, or takes it without a result, for as long as the failure lasts.

## Example
```world
title = "An include whose name servers fail"
target = "good.example"

[[zones]]
origin = "good.example"
text = '''
@     TXT  "v=spf1 include:_spf.good.example -all"
_spf  TXT  "v=spf1 ip4:11.0.1.25 -all"
'''

[[faults]]
name = "_spf.good.example"
do = "servfail"
```

## Use instead
```world
title = "An include that answers"
target = "good.example"

[[zones]]
origin = "good.example"
text = '''
@     TXT  "v=spf1 include:_spf.good.example -all"
_spf  TXT  "v=spf1 ip4:11.0.1.25 -all"
'''
```

## References
- RFC 7208 §4.4: a failing lookup is a temperror.
- RFC 4035 §5.5: data that does not validate is a failure to those who look.
"""

from __future__ import annotations

from collections.abc import Iterator

from deliverkit.checks.registry import check
from deliverkit.checks.spf.wording import owner_evidence, owner_phrase, term_phrase, unseen
from deliverkit.facts.spf import SpfTree
from deliverkit.model import Absent, Finding, Fix, Severity, rfc


@check("SPF023", severity=Severity.ERROR, references=(rfc(7208, "4.4"), rfc(4035, "5.5")), since="0.1")
def spf_lookup_fails(tree: SpfTree) -> Iterator[Finding | Absent]:
    """SERVFAIL, with a resolver that answers for others, at a name that an include or a redirect leads to."""
    for owner in tree.reached:
        for term, target in tree.branches(owner):
            node = tree.nodes.get(target)
            if node is not None and node.lookup.is_failing and not tree.root.found.answer.is_bare_denial:
                whose = owner_phrase(tree, term, f"the owner of {target}")
                why = "its signatures are broken (DNSSEC)" if node.lookup.is_bogus else "its name servers fail"
                yield Finding(
                    f"{term_phrase(tree, term)} cannot be looked up: {why}, so receivers defer who comes there",
                    (owner_evidence(tree, owner, term, f"{target} TXT: {node.lookup.answer.status}"),),
                    Fix(f"have {whose} mend it, or remove the term while it fails"),
                )
    yield from unseen(tree)

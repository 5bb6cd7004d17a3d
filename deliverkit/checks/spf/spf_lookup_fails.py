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
from deliverkit.checks.spf.wording import owner_evidence, owner_phrase, term_phrase
from deliverkit.facts import Lookup
from deliverkit.facts.spf import SpfHosts
from deliverkit.model import Absent, Finding, Fix, Severity, rfc, unknown
from deliverkit.standards.spf.parse import Term


@check("SPF023", severity=Severity.ERROR, references=(rfc(7208, "4.4"), rfc(4035, "5.5")), since="0.1")
def spf_lookup_fails(hosts: SpfHosts) -> Iterator[Finding | Absent]:
    """SERVFAIL, with a resolver that answers for others, at a name to which a term leads; silence proves nothing."""
    tree = hosts.tree
    for owner, term, lookups in _lookups(hosts):
        failing = [lookup for lookup in lookups if lookup.is_failing]
        if failing:
            name = failing[0].answer.name
            why = "its signatures are broken (DNSSEC)" if failing[0].is_bogus else "its name servers fail"
            whose = owner_phrase(tree, term, f"the owner of {name}")
            notes = (f"{lookup.answer.name} {lookup.answer.rdtype}: {lookup.answer.status}" for lookup in failing)
            yield Finding(
                f"{term_phrase(tree, term)} cannot be looked up: {why}, so receivers defer who comes there",
                tuple(owner_evidence(tree, owner, term, note) for note in notes),
                Fix(f"have {whose} mend it, or remove the term while it fails"),
            )
        yield from (
            unknown(f"{term.text} in the record of {owner} leads to {lookup.failure}")
            for lookup in lookups
            if lookup.failure and not lookup.is_failing
        )
    if tree.left_out:
        yield unknown(tree.failures[-1])


def _lookups(hosts: SpfHosts) -> Iterator[tuple[str, Term, tuple[Lookup, ...]]]:
    """Each term that looks something up, with the record that has it and the questions."""
    tree = hosts.tree
    for owner in tree.reached:
        for term, target in tree.branches(owner):
            node = tree.nodes.get(target)
            if node is not None:
                yield owner, term, (node.lookup,)
    for found in hosts.hosts:
        yield found.owner, found.term, (*((found.mx,) if found.mx else ()), *found.addresses)

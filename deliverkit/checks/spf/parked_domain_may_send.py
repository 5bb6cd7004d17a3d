r"""A domain that neither takes nor sends mail has an SPF record that does not say so plainly.

## Why it matters
A parked domain is what forgers look for. `v=spf1 -all` alone lets every receiver refuse what claims to come from it.

## Example
```world
title = "Parked, with a soft end"
target = "good.example"
profile = "parked"

[[zones]]
origin = "good.example"
text = '''
@  MX   0 .
@  TXT  "v=spf1 a ~all"
'''
```

## Use instead
```world
title = "Parked"
target = "good.example"
profile = "parked"

[[zones]]
origin = "good.example"
text = '''
@  MX   0 .
@  TXT  "v=spf1 -all"
'''
```

## References
- RFC 7208 §10.1.2: a domain that sends no mail publishes v=spf1 -all.
"""

from __future__ import annotations

from collections.abc import Iterator

from deliverkit.checks.registry import check
from deliverkit.checks.spf.wording import amended
from deliverkit.facts import Expectations
from deliverkit.facts.spf import SpfTree
from deliverkit.model import Absent, Evidence, Finding, Severity, not_applicable, rfc, unknown
from deliverkit.standards.spf.parse import Record


@check("SPF008", severity=Severity.WARNING, references=(rfc(7208, "10.1.2"),), since="0.1")
def parked_domain_may_send(tree: SpfTree, expected: Expectations) -> Iterator[Finding | Absent]:
    """The profile says that the domain neither takes nor sends mail, and the record is not v=spf1 -all."""
    if not expected.is_parked:
        yield not_applicable("the domain is not parked")
        return
    found = tree.root
    decides, failure = _that_decides(tree)
    if decides is None and failure:
        yield unknown(failure)
    elif not found.record.faults and (decides is None or not _refuses_all(decides)):
        yield Finding(
            f"{found.domain} sends no mail, and its SPF record does not refuse all senders",
            (Evidence(found.record.text[:200]),),
            amended(found, "v=spf1 -all", "say that nobody sends for the domain"),
        )


def _refuses_all(record: Record) -> bool:
    first = record.reached[:1]
    return bool(first) and first[0].name == "all" and first[0].qualifier == "-"


def _that_decides(tree: SpfTree) -> tuple[Record | None, str]:
    """The record that a redirect without any mechanism before it leads to, or why it is not known."""
    name, seen = tree.root.domain, set[str]()
    while (
        (record := tree.record_of(name)) is not None and not record.mechanisms and record.redirect and name not in seen
    ):
        seen.add(name)
        name = tree.target(name, record.redirect)
    node = tree.nodes.get(name)
    return record, node.lookup.failure if node else ""

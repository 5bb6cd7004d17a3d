"""A blocklist does not answer for its own test points as it should, so it is left out.

## Why it matters
A list that has died may list the whole world at its end, or nothing; one that wants to know its readers answers
nobody else. Its word counts for nothing until its test points do what they are for.

## Example
```world
like = "resolver-well"

[[zones]]
origin = "psbl.surriel.com"
text = "1.0.0.127 A 127.0.0.2"
```

## Use instead
```world
like = "resolver-well"
```

## References
- RFC 5782 §5: a list has an entry for 127.0.0.2 and none for 127.0.0.1; a list of domains TEST and not INVALID.
"""

from __future__ import annotations

from collections.abc import Iterator

from deliverkit.checks.registry import check
from deliverkit.checks.resolver.wording import list_evidence, unlisted
from deliverkit.facts.resolver import BlocklistTest, BlocklistTests
from deliverkit.model import Absent, Finding, Fix, Severity, rfc
from deliverkit.standards.dnsbl import ListState


@check("RES009", severity=Severity.NOTE, references=(rfc(5782, "5"),), since="0.1")
def blocklist_unusable(lists: BlocklistTests) -> Iterator[Finding | Absent]:
    """A test point that is not listed, or one that is and should not; a list that answers its own readers alone."""
    yield from unlisted(lists, registered=True)
    refusing = [test for test in lists.of(ListState.REFUSES) if test.blocklist.is_registered]
    for test in (*lists.of(ListState.UNUSABLE), *refusing):
        yield Finding(f"{test.blocklist.zone} cannot be used here: it {_why(test)}", (list_evidence(test),), _fix(test))


def _why(test: BlocklistTest) -> str:
    return test.reason if test.state is ListState.UNUSABLE else "refuses whoever has not registered"


def _fix(test: BlocklistTest) -> Fix:
    if test.blocklist.is_registered:
        return Fix("register the address of this machine's resolver with the list's operator, or do without it")
    return Fix("take no notice of it, and take it out of your mail server's configuration if it stands there")

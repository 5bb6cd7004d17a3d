"""Blocklists refuse to answer this machine's resolver.

## Why it matters
Most lists turn large public resolvers away, and those of some clouds. They do so by answers that careless programs
take for a listing: then all mail looks like spam. Through such a resolver nobody can be looked up.

## Example
```world
like = "resolver-well"
remove = ["2.0.0.127.zen.spamhaus.org. A 127.0.0.2"]

[[zones]]
origin = "zen.spamhaus.org"
text = "* A 127.255.255.254"
```

## Use instead
```world
like = "resolver-well"
```

## References
- RFC 5782 §2.1: an entry's address lies in 127.0.0.0/8, and what it means is the list's to say.
- Spamhaus, DNSBL return codes (as of 2026-11-22): 127.255.255.x is an error, never a listing.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date

from deliverkit.checks.registry import check
from deliverkit.checks.resolver.wording import list_evidence, unlisted
from deliverkit.checks.wording import count, listed
from deliverkit.facts.resolver import BlocklistTests
from deliverkit.model import Absent, Finding, Fix, Reference, Severity, rfc
from deliverkit.standards.dnsbl import ListState

_CODES = Reference("Spamhaus", "DNSBL return codes", date(2026, 11, 22))


@check("RES008", severity=Severity.WARNING, references=(rfc(5782, "2.1"), _CODES), since="0.1")
def blocklist_refuses(lists: BlocklistTests) -> Iterator[Finding | Absent]:
    """An answer by which a list turns readers away, from one that answers everybody else."""
    yield from unlisted(lists, registered=False)
    refusing = [test for test in lists.of(ListState.REFUSES) if not test.blocklist.is_registered]
    for server in dict.fromkeys(test.server for test in refusing):
        own = [test for test in refusing if test.server == server]
        zones = [test.blocklist.zone for test in own]
        verb = "refuses" if len(zones) == 1 else "refuse"
        yield Finding(
            f"{count(len(zones), 'blocklist')} {verb} to answer the resolver {server}: {listed(zones)}",
            tuple(list_evidence(test) for test in own),
            Fix("run a recursive resolver of your own on this machine; public ones and forwarders to them are refused"),
        )

"""No name server of the domain's zone answers for it.

## Why it matters
Every lookup in the zone fails: mail to the domain waits at the senders and comes back after days, and what the
domain sends fails every check of its records. Until then caches may hide it from some.

## Example
```world
target = "good.example"
authoritative = true

[[zones]]
origin = "good.example"
text = '''
@    NS  ns1
@    NS  ns2
@    MX  10 mx1
ns1  A   11.0.2.53
ns2  A   11.0.3.53
mx1  A   11.0.1.25
'''

[[servers]]
address = "11.0.2.53"
do = "refused"

[[servers]]
address = "11.0.3.53"
do = "silent"
```

## Use instead
```world
target = "good.example"
authoritative = true

[[zones]]
origin = "good.example"
text = '''
@    NS  ns1
@    NS  ns2
@    MX  10 mx1
ns1  A   11.0.2.53
ns2  A   11.0.3.53
mx1  A   11.0.1.25
'''

[[servers]]
address = "11.0.2.53"

[[servers]]
address = "11.0.3.53"
```

## References
- RFC 2182 §3: the servers of a zone are there so that one of them always answers.
"""

from __future__ import annotations

from collections.abc import Iterator

from deliverkit.checks.answers import asked_words, word_evidence
from deliverkit.checks.registry import check
from deliverkit.facts.authority import ZoneServers
from deliverkit.model import Absent, Finding, Fix, Severity, rfc


@check("NS001", severity=Severity.ERROR, references=(rfc(2182, "3"),), since="0.1", decides=True)
def no_server_answers(zone: ZoneServers) -> Iterator[Finding | Absent]:
    """Every server that can be reached from here is silent or lame."""
    if zone.good:
        return
    words = yield from asked_words(zone)
    if words and not any(word.is_untold for word in zone.words):
        yield Finding(
            f"no name server of {zone.zone} answers for it",
            tuple(map(word_evidence, words)),
            Fix(
                f"bring the name servers up, or have the zone {zone.zone} loaded there, or name others at the registrar"
            ),
        )

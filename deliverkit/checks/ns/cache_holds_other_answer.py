"""The resolver gives another answer than the zone's name servers do.

## Why it matters
Who asks that resolver sees the old records until its copy runs out. Every cache may hold what was published before a
change for as long as the TTL said then; lower it a day before a change.

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
remove = ["good.example. MX 10 mx1.good.example."]
add = "@ MX 10 mx2"

[[servers]]
address = "11.0.3.53"
remove = ["good.example. MX 10 mx1.good.example."]
add = "@ MX 10 mx2"
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
- RFC 1034 §3.6: the TTL says for how long a cache may keep a record.
- RFC 2308 §5: and for how long it may keep that there is none.
"""

from __future__ import annotations

from collections.abc import Iterator

from deliverkit.checks.answers import answer_evidence, question_phrase, uncompared
from deliverkit.checks.registry import check
from deliverkit.checks.wording import format_duration
from deliverkit.facts.authority import ZoneServers, is_delegation, is_known, published
from deliverkit.model import Absent, Finding, Fix, Severity, rfc


@check("NS008", severity=Severity.NOTE, references=(rfc(1034, "3.6"), rfc(2308, "5")), since="0.1")
def cache_holds_other_answer(zone: ZoneServers) -> Iterator[Finding | Absent]:
    """All servers of the zone agree on what the resolver does not say."""
    yield from uncompared(zone)
    unsettled = set(zone.differing())
    for number, lookup in enumerate(zone.seen):
        own = [answer for answer in zone.about(number).values() if is_known(answer)]
        seen = lookup.answer
        if number == 0 or number in unsettled or not own or is_delegation(own[0]) or not is_known(seen):
            continue
        if published(own[0]) == published(seen):
            continue
        left = format_duration(seen.lifetime)
        yield Finding(
            f"the resolver {seen.server} gives another answer to {question_phrase(seen)}, out of its cache for {left} "
            "at most",
            (answer_evidence(own[0].server, own[0]), answer_evidence(seen.server, seen)),
            Fix(
                "wait until its copy has run out, or have the resolver's operator flush it; one with a view of its own "
                "of the zone, as inside a company, goes on saying so"
            ),
        )

"""The zone's name servers give different answers.

## Why it matters
Which records a receiver or a sender sees is chance then: mail goes to the old host or fails a check, for some, and
only sometimes. For minutes after a change this is as it must be; later a secondary server is stuck.

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

[[servers]]
address = "11.0.3.53"
remove = ["good.example. MX 10 mx1.good.example."]
add = "@ MX 10 old"
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
- RFC 1034 §4.3.5: secondary servers poll the primary for a new serial number and take the zone over.
- RFC 1996 §3: the primary tells them at once (NOTIFY).
"""

from __future__ import annotations

from collections.abc import Iterator

from deliverkit.checks.answers import answer_evidence, question_phrase, uncompared
from deliverkit.checks.registry import check
from deliverkit.facts.authority import ZoneServers, is_known
from deliverkit.model import Absent, Finding, Fix, Severity, rfc, unknown


@check("NS004", severity=Severity.ERROR, references=(rfc(1034, "4.3.5"), rfc(1996, "3")), since="0.1")
def servers_differ(zone: ZoneServers) -> Iterator[Finding | Absent]:
    """Two servers of the zone publish other data at the same name and type."""
    yield from uncompared(zone)
    for number in zone.differing():
        answers = zone.about(number)
        yield Finding(
            f"the name servers differ in {question_phrase(zone.seen[number].answer)}",
            tuple(answer_evidence(server, answer) for server, answer in answers.items()),
            Fix("wait for the secondary servers if this was just changed; else see why the zone does not reach them"),
        )
    for word in zone.good:
        for answer in word.answers:
            if not is_known(answer):
                yield unknown(f"{word}: {answer.name} {answer.rdtype}: {answer.status}")

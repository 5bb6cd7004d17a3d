"""Resolvers give different answers about the domain.

## Why it matters
A change is not everywhere yet: each cache keeps what it has until its time is up. Where the time is up and the
answers still differ, the domain's name servers differ, or one of the resolvers changes answers.

## Example
```world
target = "good.example"
compare = ["11.0.0.54"]

[[zones]]
origin = "good.example"
text = '''
@    MX  10 mx1
mx1  A   11.0.1.25
mx2  A   11.0.2.25
'''

[[servers]]
address = "11.0.0.54"
recursive = true
remove = ["good.example. MX 10 mx1.good.example."]
add = "@ MX 10 mx2"
```

## Use instead
```world
target = "good.example"
compare = ["11.0.0.54"]

[[zones]]
origin = "good.example"
text = '''
@    MX  10 mx1
mx1  A   11.0.1.25
'''

[[servers]]
address = "11.0.0.54"
recursive = true
```

## References
- RFC 1034 §3.6: the TTL says for how long a cache may keep a record.
- RFC 2308 §5: and for how long it may keep that there is none.
"""

from __future__ import annotations

from collections.abc import Iterator

from deliverkit.checks.answers import answer_evidence, question_phrase
from deliverkit.checks.registry import check
from deliverkit.checks.wording import format_duration
from deliverkit.facts.authority import Compared, is_known
from deliverkit.model import Absent, Evidence, Finding, Fix, Severity, rfc, unknown
from deliverkit.observations import Answer


@check("PRO001", severity=Severity.WARNING, references=(rfc(1034, "3.6"), rfc(2308, "5")), since="0.1")
def resolvers_differ(compared: Compared) -> Iterator[Finding | Absent]:
    """Two resolvers hold other data at the same name and type."""
    for number in compared.differing():
        answers = compared.about(number)
        longest = format_duration(max(answer.lifetime for answer in answers.values()))
        yield Finding(
            f"they differ in {question_phrase(next(iter(answers.values())))}",
            tuple(_evidence(server, answer) for server, answer in answers.items()),
            Fix(f"wait: the last of these copies runs out in {longest}; --authoritative asks the source"),
        )
    for word in compared.words:
        for answer in word.answers:
            if not is_known(answer):
                yield unknown(f"{word.server}: {answer.name} {answer.rdtype}: {answer.status}")


def _evidence(server: str, answer: Answer) -> Evidence:
    said = answer_evidence(server, answer).text
    return Evidence(said, None, f"for {format_duration(answer.lifetime)} more" if is_known(answer) else "")

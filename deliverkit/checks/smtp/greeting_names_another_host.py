"""A mail host greets with a name that is not the one under which it was reached.

## Why it matters
A host greets with its own name. One that differs from the exchanger's shows that the address is shared or was handed
on, or that the server was never told its name, which it then also uses when it sends. Mail arrives all the same.

## Example
```world
like = "smtp-good"

[[smtp]]
address = "11.0.2.25"
name = "server12.hosting.example"
names = ["mx2.good.example"]
```

## Use instead
```world
like = "smtp-good"
```

## References
- RFC 5321 §4.3.1: the greeting begins with the host's name.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from deliverkit.checks.registry import check
from deliverkit.checks.smtp.wording import (
    reply_evidence,
    talking,
    unheard,
)
from deliverkit.facts.smtp import Conversations
from deliverkit.model import Absent, Finding, Severity, not_applicable, rfc
from deliverkit.regexes import regex
from deliverkit.standards.smtp.dialogue import Exchange

_LABEL = regex(r"[a-z0-9_](?:[a-z0-9_-]{0,61}[a-z0-9_])?", re.ASCII)


@check("SMTP012", severity=Severity.NOTE, references=(rfc(5321, "4.3.1"),), since="0.1")
def greeting_names_another_host(conversations: Conversations) -> Iterator[Finding | Absent]:
    """Each host whose greeting does not begin with its name; a large provider's one name is many machines."""
    yield from unheard(conversations)
    named = [one for one in talking(conversations) if one.host.is_named and one.answers]
    if not named and talking(conversations):
        yield not_applicable("no host was reached by a name and greeted")
    for one in named:
        greeting = one.greeting
        name = _name(greeting) if greeting else ""
        is_many = one.host.provider is not None and one.host.provider.is_large
        if greeting and name != one.host.name and not is_many:
            yield Finding(
                f"{one.host.name} greets as {name} at {one.host.address}"
                if name
                else f"{one.host.name} greets without its name at {one.host.address}",
                (reply_evidence(one, greeting),),
            )


def _name(greeting: Exchange) -> str:
    """The host name that the greeting begins with; empty: it begins with none."""
    word = greeting.reply.text[0].split(" ", 1)[0].rstrip(".").lower()
    labels = word.split(".")
    is_name = len(labels) > 1 and len(word) <= 253 and all(_LABEL.fullmatch(label) for label in labels)
    return word if is_name else ""

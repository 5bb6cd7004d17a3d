"""The mail hosts of a domain differ in what they offer.

## Why it matters
Which host a message comes to is chance. If one takes large messages, addresses beyond ASCII or TLS and another does
not, mail fails now and then, and nobody sees why.

## Example
```world
like = "smtp-good"

[[smtp]]
address = "11.0.2.25"
name = "mx2.good.example"
extensions = ["PIPELINING", "SIZE 20000", "8BITMIME"]
```

## Use instead
```world
like = "smtp-good"
```

## References
- RFC 5321 §4.1.1.1: a host names its extensions in its reply to EHLO.
- RFC 5321 §5.1: hosts of equal preference are used alike.
"""

from __future__ import annotations

from collections.abc import Iterator

from deliverkit.checks.registry import check
from deliverkit.checks.smtp.wording import (
    bounded,
    talking,
    unheard,
)
from deliverkit.checks.wording import listed
from deliverkit.facts.smtp import Conversation, Conversations
from deliverkit.model import Absent, Evidence, Finding, Fix, Severity, not_applicable, rfc

_DECIDING = ("STARTTLS", "SIZE", "SMTPUTF8", "8BITMIME")


@check("SMTP013", severity=Severity.NOTE, references=(rfc(5321, "4.1.1.1"), rfc(5321, "5.1")), since="0.1")
def hosts_offer_different_things(conversations: Conversations) -> Iterator[Finding | Absent]:
    """The extensions, and the size, that not every host offers."""
    yield from unheard(conversations)
    told = [one for one in talking(conversations) if one.says_what_it_offers and not one.is_implicit_tls]
    every = [_offered(one) for one in told]
    differing = frozenset().union(*every) - frozenset(every[0]).intersection(*every) if every else frozenset()
    if len(told) < 2 and talking(conversations):
        yield not_applicable("no two hosts say what they offer")
    elif differing:
        shown = sorted(differing, key=_weight)
        yield Finding(
            f"the mail hosts differ in {listed(list(dict.fromkeys(one.partition(' ')[0] for one in shown)))}",
            tuple(
                Evidence(
                    f"{one.host.endpoint}: {bounded(', '.join(w for w in shown if w in offered) or 'none of these')}"
                )
                for one, offered in zip(told, every, strict=True)
            ),
            Fix("set the mail hosts up alike"),
        )


def _weight(offered: str) -> tuple[int, str]:
    """First what decides whether a message arrives, and how."""
    word = offered.partition(" ")[0]
    return _DECIDING.index(word) if word in _DECIDING else len(_DECIDING), offered


def _offered(one: Conversation) -> frozenset[str]:
    """Its keywords, with the size where it names one (RFC 1870 §4)."""
    return frozenset(f"{word} {value}" if word == "SIZE" and value else word for word, value in one.extensions.items())

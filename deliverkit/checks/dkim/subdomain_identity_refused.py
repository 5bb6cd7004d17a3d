"""The key allows no subdomain in i=, and mail is signed with one there.

## Why it matters
With t=s a verifier has to refuse a signature whose i= names a subdomain of d=. Such mail counts as unsigned; what has
no i=, or the domain itself in it, is not touched, whatever its From says.

## Example
```world
target = "narrow.example"
signing_identities = ["news.narrow.example"]

[[zones]]
origin = "narrow.example"
text = '''
mail._domainkey  TXT  "v=DKIM1; k=ed25519; t=s; p=r2djxHw3CdZ0rsZrObaawtuCYk1FSDuvgiEUavPGp2g="
'''
```

## Use instead
```world
target = "narrow.example"
signing_identities = ["news.narrow.example"]

[[zones]]
origin = "narrow.example"
text = '''
mail._domainkey  TXT  "v=DKIM1; k=ed25519; p=r2djxHw3CdZ0rsZrObaawtuCYk1FSDuvgiEUavPGp2g="
'''
```

## References
- RFC 6376 §3.6.1: the flag s: the domain of i= has to be that of d=.
"""

from __future__ import annotations

from collections.abc import Iterator

from deliverkit.checks.dkim.wording import readable, record_excerpt, tag_span, unjudged
from deliverkit.checks.registry import check
from deliverkit.checks.wording import listed
from deliverkit.facts import Expectations
from deliverkit.facts.dkim import DkimKeys
from deliverkit.model import Absent, Finding, Fix, Severity, not_applicable, rfc
from deliverkit.standards.names import is_within


@check("DKIM023", severity=Severity.NOTE, references=(rfc(6376, "3.6.1"),), since="0.1")
def subdomain_identity_refused(keys: DkimKeys, expected: Expectations) -> Iterator[Finding | Absent]:
    """The flag s, where a message or the user says which i= is written."""
    yield from unjudged(keys)
    strict = [entry for entry, _ in readable(keys) if "s" in entry[1].flags]
    below = [one for one in expected.signing_identities if one != keys.domain and is_within(one, keys.domain)]
    if strict and not expected.signing_identities:
        yield not_applicable("no i= of a signature is known: --from-message FILE")
    for entry in strict if below else ():
        yield Finding(
            f"the key of {entry[0].selector} allows no subdomain in i=, so signatures for {listed(below)} fail",
            (record_excerpt(entry, tag_span(entry[1], "t"), "no subdomains"),),
            Fix("take s out of t=, or have the signer write the domain itself in i=, or none"),
        )

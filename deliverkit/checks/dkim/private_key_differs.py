"""The private key that is signed with belongs to none of the keys that are published.

## Why it matters
What is signed with it cannot be verified with what stands in the DNS: every signature fails, as after a rotation of
which only one half was done.

## Example
```world
target = "mismatch.example"
signing_key = "MGWDRnV/vO9K5yWszSqxlDxjiqPxT0uGoNnN7XWv9Ms="
selectors = ["mail"]

[[zones]]
origin = "mismatch.example"
text = '''
mail._domainkey  TXT  "v=DKIM1; k=ed25519; p=r2djxHw3CdZ0rsZrObaawtuCYk1FSDuvgiEUavPGp2g="
'''
```

## Use instead
```world
target = "mismatch.example"
signing_key = "r2djxHw3CdZ0rsZrObaawtuCYk1FSDuvgiEUavPGp2g="
selectors = ["mail"]

[[zones]]
origin = "mismatch.example"
text = '''
mail._domainkey  TXT  "v=DKIM1; k=ed25519; p=r2djxHw3CdZ0rsZrObaawtuCYk1FSDuvgiEUavPGp2g="
'''
```

## References
- RFC 6376 §6.1.3: the signature is verified with the key that the DNS holds.
"""

from __future__ import annotations

from collections.abc import Iterator

from deliverkit.checks.dkim.wording import readable, record_excerpt, tag_span
from deliverkit.checks.registry import check
from deliverkit.facts import Expectations
from deliverkit.facts.dkim import DkimKeys
from deliverkit.model import Absent, Finding, Fix, Severity, not_applicable, rfc, unknown
from deliverkit.standards.dkim.key_record import decoded


@check("DKIM022", severity=Severity.ERROR, references=(rfc(6376, "6.1.3"),), since="0.1")
def private_key_differs(keys: DkimKeys, expected: Expectations) -> Iterator[Finding | Absent]:
    """The public half of the given key among the keys in the DNS: at the given selectors, or without these at any."""
    if not expected.signing_key:
        yield not_applicable("no private key was given: --private-key FILE")
        return
    signing = decoded(expected.signing_key)
    found = [(entry, key) for entry, key in readable(keys) if entry[0].candidate.is_expected or not keys.expected]
    if any(key.octets == signing for _, key in found):
        return
    if not found:
        yield from (unknown(failure) for failure in keys.failures or ("no key was found to hold it against",))
        return
    yield Finding(
        f"the private key belongs to none of the keys that {keys.domain} publishes",
        tuple(record_excerpt(entry, tag_span(entry[1], "p"), "another key") for entry, _ in found[:3]),
        Fix("sign with the key of the published record, or publish the record of this key at a new selector"),
    )

"""The record of a subdomain says a policy for names below it (``sp``, ``np``), which has no effect there.

## Why it matters
For names below, receivers look at the Organizational Domain. What this record says of them is never read.

## Example
```world
target = "mail.deep.example"

[[zones]]
origin = "deep.example"
text = '''
_dmarc       TXT  "v=DMARC1; p=reject; rua=mailto:dmarc@deep.example"
_dmarc.mail  TXT  "v=DMARC1; p=reject; sp=none; rua=mailto:dmarc@deep.example"
@            MX   10 mx1
mail         MX   10 mx1
mx1          A    11.0.1.25
'''
```

## Use instead
```world
target = "mail.deep.example"

[[zones]]
origin = "deep.example"
text = '''
_dmarc       TXT  "v=DMARC1; p=reject; rua=mailto:dmarc@deep.example"
_dmarc.mail  TXT  "v=DMARC1; p=reject; rua=mailto:dmarc@deep.example"
@            MX   10 mx1
mail         MX   10 mx1
mx1          A    11.0.1.25
'''
```

## References
- RFC 9989 §4.7: sp and np count at an Organizational Domain and at a PSD alone.
- RFC 9989 §4.10.2: which domain that is; psd=n makes it the subdomain itself.
"""

from __future__ import annotations

from collections.abc import Iterator

from deliverkit.checks.dmarc.wording import replacement, rewritten, tag_evidence, without_record
from deliverkit.checks.registry import check
from deliverkit.facts.dmarc import DmarcDiscovery
from deliverkit.model import Absent, Finding, Severity, rfc


@check("DMARC023", severity=Severity.NOTE, references=(rfc(9989, "4.7"), rfc(9989, "4.10.2")), since="0.1")
def subdomain_policy_without_effect(found: DmarcDiscovery) -> Iterator[Finding | Absent]:
    """Subdomain policies on an own record that is not the Organizational Domain's."""
    yield from without_record(found)
    text = found.published
    organizational = found.walk.organizational_domain
    if text is None or found.is_inherited or found.domain == organizational:
        return
    tags = [tag for name in ("sp", "np") if (tag := text.record.get(name)) is not None]
    if tags:
        name = tags[0].name.lower()
        yield Finding(
            f"the {name} of {found.domain} has no effect: below it the record of {organizational} holds",
            (tag_evidence(text, text.record, name),),
            replacement(found, text, rewritten(text.record, without=[tag.span for tag in tags]), "leave it out here"),
        )

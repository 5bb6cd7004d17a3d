"""The record says that the domain is a public suffix, which it is not.

## Why it matters
With psd=y each name below the domain is an organization of its own: what is signed or sent as such a name is no longer
aligned with the domain, nor the domain with it. It is for those who run a suffix below which others register.

## Example
```zone
$ORIGIN suffix.example.
@       MX   10 mx1
mx1     A    11.0.1.25
_dmarc  TXT  "v=DMARC1; p=reject; psd=y; rua=mailto:dmarc@suffix.example"
```

## Use instead
```zone
$ORIGIN suffix.example.
@       MX   10 mx1
mx1     A    11.0.1.25
_dmarc  TXT  "v=DMARC1; p=reject; rua=mailto:dmarc@suffix.example"
```

## References
- RFC 9989 §4.7: what psd says.
- RFC 9989 §4.10.2: below a domain with psd=y lie Organizational Domains.
"""

from __future__ import annotations

from collections.abc import Iterator

from deliverkit.checks.dmarc.wording import replacement, rewritten, tag_evidence, without_record
from deliverkit.checks.registry import check
from deliverkit.facts import MxSet
from deliverkit.facts.dmarc import DmarcDiscovery
from deliverkit.model import Absent, Finding, Severity, rfc
from deliverkit.standards.dmarc.public_suffix import registered_domain
from deliverkit.standards.dmarc.record import Psd


@check("DMARC026", severity=Severity.WARNING, references=(rfc(9989, "4.7"), rfc(9989, "4.10.2")), since="0.1")
def claims_public_suffix(found: DmarcDiscovery, mx: MxSet) -> Iterator[Finding | Absent]:
    """A suffix need not be on the Public Suffix List; one that takes mail, and is not on it, is none."""
    yield from without_record(found)
    text = found.published
    tag = text.record.get("psd") if text else None
    if text is None or tag is None or text.record.psd is not Psd.YES or found.is_inherited:
        return
    if mx.is_null or not mx.records or not registered_domain(found.domain):
        return
    yield Finding(
        f"{found.domain} says that it is a public suffix, so no name below it is aligned with it",
        (tag_evidence(text, text.record, "psd", "for those below whom others register"),),
        replacement(found, text, rewritten(text.record, without=(tag.span,)), "take psd=y out"),
    )

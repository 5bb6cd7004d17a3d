"""There are several DMARC records at one name.

## Why it matters
Receivers may use none of them: the domain is without a policy, and no report is sent.

## Example
```zone
$ORIGIN twice.example.
@       MX   10 mx1
mx1     A    11.0.1.25
_dmarc  TXT  "v=DMARC1; p=reject; rua=mailto:dmarc@twice.example"
_dmarc  TXT  "v=DMARC1; p=none; rua=mailto:dmarc@twice.example"
```

## Use instead
```zone
$ORIGIN twice.example.
@       MX   10 mx1
mx1     A    11.0.1.25
_dmarc  TXT  "v=DMARC1; p=none; rua=mailto:dmarc@twice.example"
```

## References
- RFC 9989 §4.10: where several records remain at a name, all of them are discarded.
"""

from __future__ import annotations

from collections.abc import Iterator

from deliverkit.checks.dmarc.wording import rewritten, text_evidence
from deliverkit.checks.registry import check
from deliverkit.checks.wording import count
from deliverkit.facts.dmarc import DmarcDiscovery, DmarcText
from deliverkit.model import Finding, Fix, Severity, rfc


@check("DMARC002", severity=Severity.ERROR, references=(rfc(9989, "4.10"),), since="0.1", decides=True)
def several_dmarc_records(found: DmarcDiscovery) -> Iterator[Finding]:
    """More than one that begins with the version."""
    texts = [text for text in found.meant if text.record.is_record]
    if len(texts) < 2:
        return
    kept = min(texts, key=_strength)
    yield Finding(
        f"{texts[0].resource_record.name} holds {count(len(texts), 'DMARC record')}, so receivers use none of them",
        tuple(text_evidence(text, None) for text in texts[:4]),
        Fix(
            f"keep one of them; the weakest is {rewritten(kept.record)!r}, and the stronger can follow once reports "
            "show that your mail passes",
            remove=tuple(str(text.resource_record) for text in texts if text is not kept),
        ),
    )


def _strength(text: DmarcText) -> int:
    return text.record.policy("p") or 0

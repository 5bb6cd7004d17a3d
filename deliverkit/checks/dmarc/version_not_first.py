"""What was meant as a DMARC record does not begin with ``v=DMARC1``.

## Why it matters
The tag has to be the first, DMARC1 in capitals, and a semicolon has to follow. Without it the text is no DMARC
record: receivers pass it over as if nothing were there.

## Example
```zone
$ORIGIN small.example.
@       MX   10 mx1
mx1     A    11.0.1.25
_dmarc  TXT  "v=dmarc1; p=reject; rua=mailto:dmarc@small.example"
```

## Use instead
```zone
$ORIGIN small.example.
@       MX   10 mx1
mx1     A    11.0.1.25
_dmarc  TXT  "v=DMARC1; p=none; rua=mailto:dmarc@small.example"
```

## References
- RFC 9989 §4.7: v has to be the first tag, its value DMARC1 in capitals; else the record is ignored.
- RFC 9989 §4.8: what may follow the version.
"""

from __future__ import annotations

from collections.abc import Iterator

from deliverkit.checks.dmarc.wording import replacement, rewritten, text_evidence
from deliverkit.checks.registry import check
from deliverkit.facts.dmarc import DmarcDiscovery, DmarcText
from deliverkit.model import Finding, Severity, rfc
from deliverkit.standards.dmarc.parse import parse
from deliverkit.standards.dmarc.quotes import unquoted
from deliverkit.standards.dmarc.record import DefectKind


@check("DMARC003", severity=Severity.ERROR, references=(rfc(9989, "4.7"), rfc(9989, "4.8")), since="0.1", decides=True)
def version_not_first(found: DmarcDiscovery) -> Iterator[Finding]:
    """Wrong letters, wrong place, or something behind it."""
    for text in found.meant:
        defects = text.record.of(DefectKind.VERSION)
        if defects and unquoted(text.text) == text.text:
            yield Finding(
                f"{text.resource_record.name} holds a text that receivers do not take for a DMARC record: "
                f"{defects[0].reason}",
                (text_evidence(text, defects[0].span, defects[0].reason),),
                replacement(
                    found,
                    text,
                    _corrected(text),
                    "write v=DMARC1 first, in capitals, with a semicolon behind; begin with p=none: by the standard "
                    "no receiver has acted on the record",
                ),
            )


def _corrected(text: DmarcText) -> str:
    """The tags behind a right version; the policy is none, because none has been in force."""
    record = text.record
    version = record.get("v")
    behind = version.value.partition(" ")[2] if version else ""
    rest = parse(f"v=DMARC1; {behind}; {text.text}") if "=" in behind else record
    return rewritten(rest, {"p": "none"})

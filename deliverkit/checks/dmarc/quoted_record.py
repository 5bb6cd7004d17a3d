"""The DMARC record holds quotation marks: those of a zone file, or curly ones from a word processor.

## Why it matters
Quotation marks delimit a text in a zone file and are no part of it. In a form for DNS records they become part of the
text, which then does not begin with ``v=DMARC1``: receivers pass it over.

## Example
```zone
$ORIGIN quoted.example.
@       MX   10 mx1
mx1     A    11.0.1.25
_dmarc  TXT  "\\"v=DMARC1; p=reject; rua=mailto:dmarc@quoted.example\\""
```

## Use instead
```zone
$ORIGIN quoted.example.
@       MX   10 mx1
mx1     A    11.0.1.25
_dmarc  TXT  "v=DMARC1; p=none; rua=mailto:dmarc@quoted.example"
```

## References
- RFC 1035 §5.1: quotation marks delimit a character string and are no part of it.
- RFC 9989 §4.7: a record that does not begin with v=DMARC1 is ignored.
"""

from __future__ import annotations

from collections.abc import Iterator

from deliverkit.checks.dmarc.wording import replacement, rewritten, text_evidence
from deliverkit.checks.registry import check
from deliverkit.facts.dmarc import DmarcDiscovery
from deliverkit.model import Finding, Severity, Span, rfc
from deliverkit.standards.dmarc.parse import parse
from deliverkit.standards.dmarc.quotes import first_quote, unquoted


@check("DMARC004", severity=Severity.ERROR, references=(rfc(1035, "5.1"), rfc(9989, "4.7")), since="0.1", decides=True)
def quoted_record(found: DmarcDiscovery) -> Iterator[Finding]:
    """Marks anywhere in a text that was meant as a record."""
    for text in found.meant:
        place = first_quote(text.text)
        if place is None:
            continue
        record = parse(unquoted(text.text))
        policy = record.policies["p"].word if text.record.is_record and "p" in record.policies else "none"
        yield Finding(
            f"{text.resource_record.name} holds quotation marks as part of its text, so receivers misread it",
            (text_evidence(text, Span(*place), "part of the text"),),
            replacement(found, text, rewritten(record, {"p": policy}), "enter the text without any quotation mark"),
        )

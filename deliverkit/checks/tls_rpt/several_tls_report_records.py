"""There are several TLS-RPT records.

## Why it matters
Senders act on none of them: no report is sent.

## Example
```world
like = "transport-good"
add = '_smtp._tls TXT "v=TLSRPTv1; rua=mailto:postmaster@good.example"'
```

## Use instead
```world
like = "transport-good"
```

## References
- RFC 8460 §3: unless exactly one record remains, senders send no reports.
"""

from __future__ import annotations

from collections.abc import Iterator

from deliverkit.checks.registry import check
from deliverkit.checks.txt import text_evidence
from deliverkit.checks.wording import count
from deliverkit.facts.tlsrpt import TlsRptRecords
from deliverkit.model import Finding, Fix, Severity, rfc


@check("RPT002", severity=Severity.WARNING, references=(rfc(8460, "3"),), since="0.1")
def several_tls_report_records(records: TlsRptRecords) -> Iterator[Finding]:
    """More than one that begins with the version."""
    texts = records.published
    if len(texts) < 2:
        return
    kept = next((text for text in texts if text.record.is_valid), texts[0])
    yield Finding(
        f"{texts[0].resource_record.name} holds {count(len(texts), 'TLS-RPT record')}, so nobody sends reports",
        tuple(text_evidence(text.resource_record, text.text) for text in texts[:4]),
        Fix(
            f"keep one of them, such as {kept.text!r}; it may name several addresses, with commas between",
            remove=tuple(str(text.resource_record) for text in texts if text is not kept),
        ),
    )

"""The TLS-RPT record is not written as it has to be.

## Why it matters
Senders do not act on it: no report is sent.

## Example
```world
like = "transport-good"
remove = ['_smtp._tls.good.example. TXT "v=TLSRPTv1; rua=mailto:tls-reports@good.example"']
add = '_smtp._tls TXT "v=TLSRPTv1; mailto:tls-reports@good.example"'
```

## Use instead
```world
like = "transport-good"
```

## References
- RFC 8460 §3: how the record is written.
"""

from __future__ import annotations

from collections.abc import Iterator

from deliverkit.checks.registry import check
from deliverkit.checks.txt import text_evidence
from deliverkit.facts.tlsrpt import TlsRptRecords
from deliverkit.model import Finding, Fix, Severity, rfc

MOST = 8  # that are told each by itself


@check("RPT003", severity=Severity.WARNING, references=(rfc(8460, "3"),), since="0.1")
def malformed_tls_report_record(records: TlsRptRecords) -> Iterator[Finding]:
    """Anything wrong but the addresses."""
    for text in records.texts[:MOST]:
        defects = text.record.defects
        if defects:
            first, source = defects[0], text.resource_record
            reason = first.reason if first.name else f"a part of it {first.reason}"
            yield Finding(
                f"senders do not act on the TLS-RPT record at {source.name}: {reason}",
                tuple(text_evidence(source, text.text, defect.span, note=defect.reason) for defect in defects[:3]),
                Fix(f"write it so: v=TLSRPTv1; rua=mailto:tls-reports@{records.domain}"),
            )

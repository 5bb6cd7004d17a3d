"""An address for reports about TLS is none.

## Why it matters
No report is sent there.

## Example
```world
like = "transport-good"
remove = ['_smtp._tls.good.example. TXT "v=TLSRPTv1; rua=mailto:tls-reports@good.example"']
add = '_smtp._tls TXT "v=TLSRPTv1; rua=tls-reports@good.example"'
```

## Use instead
```world
like = "transport-good"
```

## References
- RFC 8460 §3: rua holds URIs with the scheme mailto or https.
"""

from __future__ import annotations

from collections.abc import Iterator

from deliverkit.checks.registry import check
from deliverkit.checks.txt import text_evidence
from deliverkit.facts.tlsrpt import TlsRptRecords
from deliverkit.model import Absent, Finding, Fix, Severity, not_applicable, rfc

MOST = 8  # that are told each by itself


@check("RPT004", severity=Severity.WARNING, references=(rfc(8460, "3"),), since="0.1")
def bad_tls_report_address(records: TlsRptRecords) -> Iterator[Finding | Absent]:
    """Each URI that cannot be used."""
    if not records.published:
        yield not_applicable(f"{records.domain} has no TLS-RPT record")
    for text in records.published[:MOST]:
        for uri in text.record.uris[:MOST]:
            if uri.reason:
                yield Finding(
                    f"no report goes to {uri.text!r}: it {uri.reason}",
                    (text_evidence(text.resource_record, text.text, uri.span, note=uri.reason),),
                    Fix(f"write a mailbox as mailto:tls-reports@{records.domain}, or an address with https://"),
                )

"""The domain asks for no reports about TLS, though it has MTA-STS or DANE.

## Why it matters
When senders cannot deliver because of the policy or of a certificate, nobody tells you: mail waits unseen.

## Example
```world
like = "transport-good"
remove = ['_smtp._tls.good.example. TXT "v=TLSRPTv1; rua=mailto:tls-reports@good.example"']
```

## Use instead
```world
like = "transport-good"
```

## References
- RFC 8460 §3: the record says where reports go.
"""

from __future__ import annotations

from collections.abc import Iterator

from deliverkit.checks.registry import check
from deliverkit.checks.txt import txt_line
from deliverkit.facts.dane import DaneHosts
from deliverkit.facts.mta_sts import MtaStsRecords
from deliverkit.facts.tlsrpt import LABEL, TlsRptRecords
from deliverkit.model import Absent, Finding, Fix, Severity, ZoneLine, not_applicable, rfc


@check("RPT001", severity=Severity.NOTE, references=(rfc(8460, "3"),), since="0.1")
def no_tls_reports(records: TlsRptRecords, sts: MtaStsRecords, dane: DaneHosts) -> Iterator[Finding | Absent]:
    """No record, and something to be reported on."""
    if records.texts:
        return
    if not sts.published and not dane.protected:
        yield not_applicable("there is neither MTA-STS nor DANE to be reported on")
        return
    domain = records.domain
    text = f"v=TLSRPTv1; rua=mailto:tls-reports@{domain}"
    yield Finding(
        f"{domain} asks for no reports about TLS, so nobody tells it when senders cannot deliver",
        (),
        Fix("ask for them, at a mailbox that is there", add=(_line(records, text),)),
    )


def _line(records: TlsRptRecords, text: str) -> ZoneLine:
    return txt_line(f"{LABEL}.{records.domain}", records.zone, records.ttl, text=text)

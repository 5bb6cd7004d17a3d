"""An address for reports cannot be read.

## Why it matters
``rua`` and ``ruf`` hold URIs such as ``mailto:dmarc@example.com``, with commas between. Receivers pass over one that
they cannot read, and send nothing there.

## Example
```zone
$ORIGIN bare.example.
@       MX   10 mx1
mx1     A    11.0.1.25
_dmarc  TXT  "v=DMARC1; p=reject; rua=dmarc@bare.example"
```

## Use instead
```zone
$ORIGIN bare.example.
@       MX   10 mx1
mx1     A    11.0.1.25
_dmarc  TXT  "v=DMARC1; p=reject; rua=mailto:dmarc@bare.example"
```

## References
- RFC 9989 §4.7: rua and ruf hold URIs; commas and exclamation marks in them are percent-encoded.
- RFC 9990 §3.5: reports are sent by mail.
"""

from __future__ import annotations

from collections.abc import Iterator

from deliverkit.checks.dmarc.wording import judged_defects, replacement, rewritten, text_evidence, without_record
from deliverkit.checks.registry import check
from deliverkit.facts.dmarc import DmarcDiscovery
from deliverkit.model import Absent, Finding, Fix, Severity, rfc
from deliverkit.standards.dmarc.addresses import ReportAddress, parse_addresses
from deliverkit.standards.dmarc.record import DefectKind, DmarcRecord


@check("DMARC015", severity=Severity.WARNING, references=(rfc(9989, "4.7"), rfc(9990, "3.5")), since="0.1")
def bad_report_address(found: DmarcDiscovery) -> Iterator[Finding | Absent]:
    """No URI, not a mailto: one, or no mailbox in it."""
    yield from without_record(found)
    for text, record, defects in judged_defects(found, DefectKind.ADDRESS):
        for defect in defects:
            corrected = _corrected(record, defect.tag)
            action = "write the address as mailto:name@domain"
            yield Finding(
                f"no report goes to an address in the {defect.tag} of {found.policy_domain}: it {defect.reason}",
                (text_evidence(text, defect.span, defect.reason),),
                replacement(found, text, corrected, action) if corrected else Fix(action),
            )


def _corrected(record: DmarcRecord, tag: str) -> str:
    """The record with ``mailto:`` before bare addresses; empty where that does not mend them all."""
    addresses = record.rua if tag == "rua" else record.ruf
    mended = [_mended(address) for address in addresses]
    return rewritten(record, {tag: ",".join(mended)}) if all(mended) else ""


def _mended(address: ReportAddress) -> str:
    if address.is_valid:
        return address.text
    [again] = parse_addresses(f"mailto:{address.text}", 0)
    return again.text if again.is_valid else ""

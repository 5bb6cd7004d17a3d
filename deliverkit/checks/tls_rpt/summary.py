"""What the TLS-RPT area comes to: where reports about TLS go, in words that a customer understands."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from deliverkit.checks.summing_up import but, without, worst
from deliverkit.checks.wording import listed
from deliverkit.facts.tlsrpt import TlsRptRecords
from deliverkit.model import Absent, Result, Verdict
from deliverkit.standards.names import to_readable

NEEDS: tuple[type, ...] = (TlsRptRecords,)


def summarize(facts: Mapping[type, object | Absent], results: Sequence[Result]) -> Verdict:
    """The verdict on the domain's reports, from the fact in ``NEEDS`` and the area's results."""
    records = facts[TlsRptRecords]
    if not isinstance(records, TlsRptRecords):
        return without("TLS-RPT", records)
    domain = to_readable(records.domain)
    if not records.texts:
        return Verdict(f"{domain} asks for no reports about TLS: nobody tells it when senders cannot use TLS.")
    hosts = [uri.host for uri in records.valid.record.uris if uri.host] if records.valid is not None else []
    if not hosts:
        return Verdict(f"No report about TLS to {domain} arrives{worst(results)}.")
    return Verdict(f"Senders tell {listed(list(dict.fromkeys(hosts)))} when TLS to {domain} fails{but(results)}.")

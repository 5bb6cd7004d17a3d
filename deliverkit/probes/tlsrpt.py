"""A domain's TLS-RPT record."""

from __future__ import annotations

from deliverkit.clients import Clients
from deliverkit.facts import MxLookup, MxSet
from deliverkit.facts.tlsrpt import LABEL, TlsRptLookup, TlsRptRecords, TlsRptText
from deliverkit.model import Absent, not_applicable, unknown
from deliverkit.probes.looking_up import look_up, texts_of
from deliverkit.standards.tlsrpt import looks_like_tlsrpt


async def learn_tls_rpt_lookup(domain: str, clients: Clients) -> TlsRptLookup:
    """The question for the record."""
    return TlsRptLookup(domain, await look_up(clients.resolver, f"{LABEL}.{domain}", "TXT"))


async def learn_tls_rpt_records(
    domain: str,
    clients: Clients,  # noqa: ARG001 - every probe has them
    found: TlsRptLookup,
    mx: MxSet,
    own: MxLookup,
) -> TlsRptRecords | Absent:
    """What was meant as a record; Absent where that is not known, or the domain takes no mail."""
    if mx.is_null:
        return not_applicable(f"{domain} takes no mail (null MX)")
    if found.lookup.failure:
        return unknown(found.lookup.failure)
    texts = (TlsRptText(record, text) for record, text in texts_of(found.lookup))
    return TlsRptRecords(domain, own.zone, tuple(text for text in texts if looks_like_tlsrpt(text.text)))

"""The facts that a target gives by itself which is a host and no domain."""

from __future__ import annotations

from collections.abc import Collection, Mapping

from deliverkit.clients import Clients
from deliverkit.facts import MxLookup
from deliverkit.facts.smtp import SmtpHosts
from deliverkit.model import not_applicable
from deliverkit.probes.smtp import hosts_of
from deliverkit.standards.smtp.target import SmtpTarget


async def facts_of(target: SmtpTarget, areas: Collection[str], clients: Clients) -> Mapping[type, object]:
    """Whom to talk to, that there are no exchangers nor policies, and where DANE is wanted the host's TLSA records."""
    no_domain = not_applicable("a host was named, no domain")
    facts: dict[type, object] = {SmtpHosts: await hosts_of(target, clients), MxLookup: no_domain}
    if not {"dane", "mta-sts", "tls-rpt"} & set(areas):  # what these begin with is imported for them alone
        return facts
    from deliverkit.facts.mta_sts import MtaStsLookup
    from deliverkit.facts.tlsrpt import TlsRptLookup

    facts |= dict.fromkeys((MtaStsLookup, TlsRptLookup), no_domain)
    if "dane" in areas:
        from deliverkit.facts.dane import DaneHosts
        from deliverkit.probes.dane import dane_of

        facts[DaneHosts] = await dane_of(target, clients)
    return facts

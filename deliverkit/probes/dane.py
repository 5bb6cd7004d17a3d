"""The TLSA records of a domain's exchangers, and the control that says whether DNSSEC can be seen from here."""

from __future__ import annotations

from collections.abc import Sequence
from functools import partial

from deliverkit.clients import Clients
from deliverkit.clients.trace import together
from deliverkit.facts import MxSet
from deliverkit.facts.dane import DaneHost, DaneHosts, tlsa_name
from deliverkit.facts.mta_sts import exchanges_of
from deliverkit.facts.resolver import BogusTest, Validation
from deliverkit.knowledge.controls import bogus_names
from deliverkit.model import Absent, not_applicable
from deliverkit.observations import Resolver
from deliverkit.probes.looking_up import look_up
from deliverkit.probes.mx import MAX_HOSTS
from deliverkit.standards.mx import ExchangeForm, form_of
from deliverkit.standards.names import parse_address
from deliverkit.standards.smtp.target import SMTP_PORT, SmtpTarget


async def learn_dane_hosts(domain: str, clients: Clients, mx: MxSet) -> DaneHosts | Absent:
    """The exchangers with their TLSA records; Absent where the domain takes no mail."""
    if mx.is_null:
        return not_applicable(f"{domain} takes no mail (null MX)")
    names = [exchange for exchange in exchanges_of(mx) if form_of(exchange) is not ExchangeForm.ADDRESS]
    hosts = await together(partial(_learn_host, clients.resolver, name) for name in names[:MAX_HOSTS])
    validation = await _validation_for(hosts, clients.resolver)
    return DaneHosts(domain, mx.answer, tuple(hosts), validation, left_out=max(0, len(names) - MAX_HOSTS))


async def dane_of(target: SmtpTarget, clients: Clients) -> DaneHosts | Absent:
    """A host that was named itself, with the TLSA records for its port (RFC 7672 §2.2.2).

    Mail goes from host to host at port 25 alone: elsewhere DANE matters only where there is a record.
    """
    if not target.host or parse_address(target.host) is not None:
        return not_applicable("DANE goes by names, and none was given")
    host = await _learn_host(clients.resolver, target.host, target.port)
    if target.port != SMTP_PORT and host.is_denied:
        name = tlsa_name(target.host, target.port)
        return not_applicable(f"mail between hosts does not use port {target.port}, and {name} has no TLSA record")
    return DaneHosts(target.host, None, (host,), await _validation_for([host], clients.resolver))


async def _validation_for(hosts: Sequence[DaneHost], resolver: Resolver) -> Validation | None:
    """What the resolver does with DNSSEC, where a host has TLSA records, or may have."""
    is_needed = any(host.records or not host.tlsa.answer.status.is_definite for host in hosts)
    return await _validation(resolver) if is_needed else None


async def _learn_host(resolver: Resolver, host: str, port: int = SMTP_PORT) -> DaneHost:
    questions = ((host, "A"), (host, "AAAA"), (tlsa_name(host, port), "TLSA"))
    ipv4, ipv6, own = await together(partial(look_up, resolver, *question) for question in questions)
    aliases = ipv4.answer.aliases or ipv6.answer.aliases
    if not aliases:
        return DaneHost(host, host, ipv4, ipv6, own)
    end = aliases[-1].data.removesuffix(".").lower()
    at_end = await look_up(resolver, tlsa_name(end, port), "TLSA")
    if at_end.answer.records:  # RFC 7672 §2.2.2: the name at the end of the chain comes first
        return DaneHost(host, end, ipv4, ipv6, at_end, (own,))
    return DaneHost(host, host, ipv4, ipv6, own, (at_end,))


async def _validation(resolver: Resolver) -> Validation:
    """What the run's resolver does with names that are bogus on purpose, and with the root, which is signed."""
    names = bogus_names()
    works = [
        partial(resolver.query, name.name, "A", checking_disabled=disabled)
        for name in names
        for disabled in (False, True)
    ]
    root, *answers = await together([partial(resolver.query, ".", "SOA"), *works])
    pairs = zip(names, answers[::2], answers[1::2], strict=True)
    return Validation(root.server, root, tuple(BogusTest(name, *pair) for name, *pair in pairs))

"""What senders do at each mail host, from DNS and handshakes together; and which versions of TLS are spoken."""

from __future__ import annotations

from collections.abc import Mapping
from functools import partial

from deliverkit.clients import Clients
from deliverkit.clients.trace import together
from deliverkit.facts.dane import DaneHosts
from deliverkit.facts.mta_sts import MtaStsPolicy, MtaStsRecords
from deliverkit.facts.smtp import Conversation, Conversations
from deliverkit.facts.tls import (
    VERSIONS,
    DaneSenders,
    Ruling,
    StsDealing,
    StsSenders,
    TlsProtocols,
    TlsVersion,
    deal_by_dane,
    policy_of,
    rule_by_policy,
)
from deliverkit.model import Absent, not_applicable
from deliverkit.observations import Instant
from deliverkit.probes.smtp import turns_of
from deliverkit.script import parse_script

_TRYING = """for each mx
< 220
> EHLO {{helo}}
< 250
starttls {version}
> QUIT
<? 221
"""
_AT_ONCE = """for each mx
tls {version}
< 220
> QUIT
<? 221
"""


async def learn_dane_senders(
    domain: str,
    clients: Clients,  # noqa: ARG001 - every probe has them
    conversations: Conversations,
    dane: DaneHosts,
    now: Instant,
) -> DaneSenders:
    """What DANE senders do at each address that was spoken to."""
    hosts = {host.host: host for host in dane.hosts}
    dealings = [deal_by_dane(one, dane, hosts.get(one.host.name), now) for one in conversations.held]
    return DaneSenders(domain, tuple(dealings))


async def learn_sts_senders(
    domain: str,
    clients: Clients,  # noqa: ARG001
    conversations: Conversations,
    records: MtaStsRecords,
    found: MtaStsPolicy,
) -> StsSenders:
    """What MTA-STS senders do at each address that was spoken to."""
    policy = policy_of(records, found)
    dealings = [StsDealing(one, rule_by_policy(one, policy)) for one in conversations.held]
    return StsSenders(domain, None if isinstance(policy, Ruling) else policy.mode, tuple(dealings))


async def learn_tls_protocols(domain: str, clients: Clients, conversations: Conversations) -> TlsProtocols | Absent:
    """Which versions of TLS each host speaks, where that is wanted: at one address of it, one connection at a time."""
    if not conversations.conversing.has_protocols:
        return not_applicable("the versions of TLS were not asked for")
    first = [next((one for one in found if one.is_secured), None) for _, found in conversations.by_host()]
    variables = dict(conversations.conversing.variables)
    works = [partial(_try_versions, domain, clients, one, variables) for one in first if one is not None]
    return TlsProtocols(tuple(await together(works)))


async def _try_versions(
    domain: str, clients: Clients, one: Conversation, variables: Mapping[str, tuple[str, ...]]
) -> tuple[TlsVersion, ...]:
    """Each version alone, but for the one that was agreed on: at most four connections more."""
    shake = one.transcript.handshake
    agreed = shake.version.removeprefix("TLSv") if shake else ""
    found = {{"1": "1.0"}.get(agreed, agreed): one}
    trying = _AT_ONCE if one.is_implicit_tls else _TRYING
    for version in VERSIONS:
        if version not in found:
            script = parse_script(trying.format(version=version))
            [turn] = turns_of(domain, one.host, script, variables)
            found[version] = Conversation(one.host, await clients.converser.converse(turn.call))
    return tuple(TlsVersion(version, found[version]) for version in VERSIONS)

"""What senders do at each mail host that know DANE and MTA-STS, from DNS and handshakes together."""

from __future__ import annotations

from deliverkit.clients import Clients
from deliverkit.facts.dane import DaneHosts
from deliverkit.facts.dealings import DaneSenders, StsDealing, StsSenders
from deliverkit.facts.mta_sts import MtaStsPolicy, MtaStsRecords
from deliverkit.facts.ruling import Ruling
from deliverkit.facts.rulings import deal_by_dane, policy_of, rule_by_policy
from deliverkit.facts.smtp import Conversations
from deliverkit.observations import Instant


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

"""A domain's MTA-STS record and policy. Record and addresses of the policy's host are asked for at once."""

from __future__ import annotations

from functools import partial

from deliverkit.clients import Clients
from deliverkit.clients.trace import together
from deliverkit.facts import MxLookup, MxSet, addresses_of
from deliverkit.facts.mta_sts import (
    LABEL,
    PATH,
    MtaStsLookup,
    MtaStsMatch,
    MtaStsPolicy,
    MtaStsRecords,
    StsText,
    exchanges_of,
    policy_host,
)
from deliverkit.model import Absent, not_applicable, unknown
from deliverkit.observations.https import HttpRequest
from deliverkit.probes.looking_up import look_up, texts_of
from deliverkit.standards.addresses import Address, is_synthesized
from deliverkit.standards.mta_sts.record import looks_like_sts


async def learn_mta_sts_lookup(domain: str, clients: Clients) -> MtaStsLookup:
    """The record, and the addresses of the policy's host."""
    host = policy_host(domain)
    questions = ((f"{LABEL}.{domain}", "TXT"), (host, "A"), (host, "AAAA"))
    record, ipv4, ipv6 = await together(partial(look_up, clients.resolver, *question) for question in questions)
    return MtaStsLookup(domain, record, ipv4, ipv6)


async def learn_mta_sts_records(
    domain: str,
    clients: Clients,  # noqa: ARG001 - every probe has them
    found: MtaStsLookup,
    mx: MxSet,
    own: MxLookup,
) -> MtaStsRecords | Absent:
    """What was meant as a record; Absent where that is not known, or the domain takes no mail."""
    if mx.is_null:
        return not_applicable(f"{domain} takes no mail (null MX)")
    if found.record.failure:
        return unknown(found.record.failure)
    texts = (StsText(record, text) for record, text in texts_of(found.record))
    return MtaStsRecords(domain, own.zone, tuple(text for text in texts if looks_like_sts(text.text)))


async def learn_mta_sts_policy(
    domain: str,
    clients: Clients,
    found: MtaStsLookup,
    records: MtaStsRecords,  # noqa: ARG001 - without MX, no policy
) -> MtaStsPolicy:
    """The policy, fetched also where no record says that there is one."""
    pairs = [pair for lookup in found.addresses for pair in addresses_of(lookup)]
    addresses = sorted({address for address, _ in pairs if not is_synthesized(address)}, key=_order)
    if not addresses:
        return MtaStsPolicy(domain, found, None)
    request = HttpRequest(policy_host(domain), PATH, tuple(map(str, addresses)))
    return MtaStsPolicy(domain, found, await clients.fetcher.fetch(request))


async def learn_mta_sts_match(
    domain: str,
    clients: Clients,  # noqa: ARG001
    records: MtaStsRecords,
    found: MtaStsPolicy,
    mx: MxSet,
) -> MtaStsMatch | Absent:
    """The policy that senders act on; Absent where there is none."""
    if records.valid is None:
        return not_applicable(f"{domain} has no MTA-STS record that senders act on")
    policy = found.valid
    if policy is None or policy.mode is None:
        return unknown(found.failure) if found.failure else not_applicable(f"{domain} has no policy that can be used")
    return MtaStsMatch(domain, policy, policy.mode, exchanges_of(mx))


def _order(address: Address) -> tuple[int, int]:
    return address.version, int(address)

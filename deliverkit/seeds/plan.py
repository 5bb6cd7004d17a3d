"""Planning a seed test: which copies there are, and under which provider each stands."""

from __future__ import annotations

import asyncio
import hashlib
from collections.abc import Iterable
from datetime import datetime
from typing import NamedTuple

from deliverkit.clients import Clients
from deliverkit.knowledge.providers import provider_of
from deliverkit.model import Absent
from deliverkit.observations.seeds import Copy, SeedTest
from deliverkit.probes.mx import learn_mx_lookup, learn_mx_set
from deliverkit.seeds.copies import new_token
from deliverkit.seeds.seedfile import Seed


class Campaign(NamedTuple):
    """What is tested: the message as it was given (empty where another platform sends it), and who it is from."""

    name: str
    subject: str
    from_domain: str
    message: bytes = b""


def new_test(
    campaign: Campaign, seeds: Iterable[tuple[Seed, str]], moment: datetime, *, has_control: bool = False
) -> SeedTest:
    """A new test: a copy for each seed under its provider, and where that is wanted the control beside it."""
    kinds = (False, True) if has_control else (False,)
    copies = [Copy(new_token(), seed.address, provider, is_control) for seed, provider in seeds for is_control in kinds]
    return SeedTest(
        name=campaign.name,
        token=new_token(),
        started=moment,
        is_external=not campaign.message,
        subject=campaign.subject,
        from_domain=campaign.from_domain,
        digest=hashlib.sha256(campaign.message).hexdigest() if campaign.message else "",
        copies=tuple(copies),
    )


async def with_providers(seeds: Iterable[Seed], clients: Clients) -> list[tuple[Seed, str]]:
    """Each seed and the provider that it stands under: the given one, else that of its exchangers, else its domain."""
    listed = list(seeds)
    domains = dict.fromkeys(seed.address.rpartition("@")[2] for seed in listed if not seed.provider)
    names = dict(zip(domains, await asyncio.gather(*(_provider(domain, clients) for domain in domains)), strict=True))
    return [(seed, seed.provider or names[seed.address.rpartition("@")[2]]) for seed in listed]


async def _provider(domain: str, clients: Clients) -> str:
    mx = await learn_mx_set(domain, clients, await learn_mx_lookup(domain, clients))
    exchanges = [] if isinstance(mx, Absent) else [name for group in mx.order for name in group.exchanges]
    found = (provider_of(exchange) for exchange in exchanges)
    return next((provider.name for provider in found if provider), domain)

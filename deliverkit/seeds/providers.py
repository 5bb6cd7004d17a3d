"""Whose mailbox a seed is, where the file does not say: by its domain's exchangers."""

from __future__ import annotations

import asyncio

from deliverkit.classes import replace
from deliverkit.knowledge.providers import provider_of
from deliverkit.observations import Resolver
from deliverkit.seeds.seedfile import Seed, SeedFile
from deliverkit.standards.mx import parse_mx, sending_order


async def with_providers(file: SeedFile, resolver: Resolver) -> SeedFile:
    """The file, every seed under a provider: the one whose exchangers its domain names, else the domain itself."""
    domains = sorted({_domain(seed) for seed in file.seeds if not seed.provider})
    names = dict(zip(domains, await asyncio.gather(*(_provider(one, resolver) for one in domains)), strict=True))
    seeds = tuple(seed if seed.provider else replace(seed, provider=names[_domain(seed)]) for seed in file.seeds)
    return replace(file, seeds=seeds)


def _domain(seed: Seed) -> str:
    return seed.address.rpartition("@")[2]


async def _provider(domain: str, resolver: Resolver) -> str:
    answer = await resolver.query(domain, "MX")
    records = filter(None, (parse_mx(record.data) for record in answer.records))
    hosts = (host for group in sending_order(records) for host in group.exchanges)
    found = next((provider for host in hosts if (provider := provider_of(host)) is not None), None)
    return found.name if found else domain

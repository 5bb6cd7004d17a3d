"""Tries every mailbox of a seed file at once, without sending anything."""

from __future__ import annotations

import asyncio
from collections.abc import Iterator
from datetime import UTC, datetime

from deliverkit.observations import Resolver
from deliverkit.observations.mailbox import MailboxOpener
from deliverkit.seeds.health import ORDER, Health, judge
from deliverkit.seeds.providers import with_providers
from deliverkit.seeds.seedfile import Seed, SeedFile

RETURNS = "takes bounces"


async def examine(named: SeedFile, mailboxes: MailboxOpener, resolver: Resolver) -> tuple[Health, ...]:
    """How each seed does, and the mailbox for bounces: the worst first, else as they stand in the file."""
    file = await with_providers(named, resolver)

    async def one(seed: Seed, role: str) -> Health:
        trial = await mailboxes.try_out(seed.access)
        return judge(seed, trial, datetime.now(UTC), role)

    found = await asyncio.gather(*(one(seed, role) for seed, role in _roles(file)))
    return tuple(sorted(found, key=lambda health: ORDER.index(health.state)))


def _roles(file: SeedFile) -> Iterator[tuple[Seed, str]]:
    for seed in file.seeds:
        yield seed, RETURNS if file.returns and seed.address == file.returns.address else ""
    if file.returns is not None and file.returns.address not in {seed.address for seed in file.seeds}:
        yield file.returns, f"{RETURNS} alone"

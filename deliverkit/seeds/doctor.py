"""Tries every mailbox of a seed file at once, without sending anything."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from itertools import count

from deliverkit.observations import Resolver
from deliverkit.observations.mailbox import MailboxOpener
from deliverkit.seeds.health import ORDER, Health, judge
from deliverkit.seeds.providers import with_providers
from deliverkit.seeds.seedfile import Seed, SeedFile

RETURNS = "takes bounces"


async def examine(
    named: SeedFile,
    mailboxes: MailboxOpener,
    resolver: Resolver,
    *,
    tried: Callable[[int, int], None] = lambda _number, _all: None,
) -> tuple[Health, ...]:
    """How each seed does, and the mailbox for bounces: the worst first, else as they stand in the file.

    ``tried`` is told how many mailboxes of how many were tried.
    """
    file = await with_providers(named, resolver)
    roles, numbers = tuple(_roles(file)), count(1)

    async def one(seed: Seed, role: str) -> Health:
        trial = await mailboxes.try_out(seed.access)
        tried(next(numbers), len(roles))
        return judge(seed, trial, datetime.now(UTC), role)

    found = await asyncio.gather(*(one(seed, role) for seed, role in roles))
    return tuple(sorted(found, key=lambda health: ORDER.index(health.state)))


def _roles(file: SeedFile) -> Iterator[tuple[Seed, str]]:
    for seed in file.seeds:
        yield seed, RETURNS if file.returns and seed.address == file.returns.address else ""
    if file.returns is not None and file.returns.address not in {seed.address for seed in file.seeds}:
        yield file.returns, f"{RETURNS} alone"

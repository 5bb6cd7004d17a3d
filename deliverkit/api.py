"""The library's verbs, as coroutines: what the commands do, without their printing."""

from __future__ import annotations

from collections.abc import Iterable

from deliverkit.clients.dns.live import TIMEOUT
from deliverkit.clients.opening import nameservers, open_clients
from deliverkit.profiles import Profile, choose
from deliverkit.report import Report, Target
from deliverkit.run import examine
from deliverkit.standards.names import parse_domain


async def check(
    domain: str, *, profile: str = "domain", resolvers: Iterable[str] = (), timeout: float = TIMEOUT
) -> Report:
    """The report on a domain by a profile of checks.

    Args:
        domain: a domain, an e-mail address or a URL.
        profile: ``domain``, ``sending``, ``parked`` or ``internal``.
        resolvers: ``IP``, ``IP:port``, ``[v6]:port``, ``tls://IP#name`` or ``https://…`` each; else the system's.
        timeout: seconds until a question is given up.

    Raises:
        UsageError: the domain, the profile or a resolver cannot be used.
    """
    return await _examine(domain, choose(profile), resolvers, timeout)


async def mx(
    domain: str, *, profile: str = "domain", resolvers: Iterable[str] = (), timeout: float = TIMEOUT
) -> Report:
    """The report on how a domain receives mail; parameters and errors are those of `check`."""
    return await _examine(domain, choose(profile, only=["mx"]), resolvers, timeout)


async def resolver(*, resolvers: Iterable[str] = (), timeout: float = TIMEOUT) -> Report:
    """The report on this machine: its resolvers, blocklists through them, port 25; as in `check`, without a domain."""
    return await _run(Target("", "this machine"), choose("resolver"), resolvers, timeout)


async def _examine(domain: str, profile: Profile, resolvers: Iterable[str], timeout: float) -> Report:
    return await _run(Target(parse_domain(domain), domain), profile, resolvers, timeout)


async def _run(target: Target, profile: Profile, resolvers: Iterable[str], timeout: float) -> Report:
    async with open_clients(nameservers(resolvers), timeout=timeout) as clients:
        return await examine(target, profile, clients)

"""The library's verbs, as coroutines: what the commands do, without their printing."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import UTC, datetime, timedelta
from pathlib import Path

from deliverkit.classes import replace
from deliverkit.clients import TIMEOUT
from deliverkit.clients.opening import nameservers, open_clients
from deliverkit.clients.own_name import own_name
from deliverkit.facts.conversing import Conversing
from deliverkit.profiles import Profile, choose, opted_in
from deliverkit.report import THIS_MACHINE, Report, Target
from deliverkit.run import examine
from deliverkit.sending import parse_selectors, parse_senders
from deliverkit.standards.names import parse_domain


async def check(  # noqa: PLR0913 - each is an option of the command
    domain: str,
    *,
    profile: str = "domain",
    resolvers: Iterable[str] = (),
    timeout: float = TIMEOUT,
    authoritative: bool = False,
    compare: Iterable[str] = (),
    smtp: bool = False,
) -> Report:
    """The report on a domain by a profile of checks.

    Args:
        domain: a domain, an e-mail address or a URL.
        profile: ``domain``, ``sending``, ``parked`` or ``internal``.
        resolvers: ``IP``, ``IP:port``, ``[v6]:port``, ``tls://IP#name`` or ``https://…`` each; else the system's.
        timeout: seconds until a question is given up.
        authoritative: ask every name server of the zone itself, too.
        compare: resolvers whose answers are set beside those of ``resolvers``.
        smtp: greet the mail hosts, too, as the command does; no mail is sent.

    Raises:
        UsageError: the domain, the profile or a resolver cannot be used.
    """
    target = Target(parse_domain(domain), domain)
    others = tuple(compare)
    areas = opted_in(authoritative=authoritative, compared=others, talking=smtp)
    greeting = {"helo": (own_name(),)} if smtp else {}
    chosen = replace(choose(profile, areas=areas), conversing=Conversing().giving(greeting))
    async with open_clients(nameservers(resolvers), timeout=timeout, compared=others) as clients:
        return await examine(target, chosen, clients)


async def mx(
    domain: str, *, profile: str = "domain", resolvers: Iterable[str] = (), timeout: float = TIMEOUT
) -> Report:
    """The report on how a domain receives mail; parameters and errors are those of `check`."""
    return await _examine(domain, choose(profile, only=["mx"]), resolvers, timeout)


async def spf(  # noqa: PLR0913 - each is an option of the command
    domain: str,
    *,
    profile: str = "domain",
    resolvers: Iterable[str] = (),
    timeout: float = TIMEOUT,
    senders: Iterable[str] = (),
    mail_from: str = "",
    helo: str = "",
) -> Report:
    """The report on who may send for a domain, and on the senders that are given.

    ``senders`` are IP addresses that should pass SPF, ``mail_from`` (else postmaster at the domain) and ``helo`` what
    these say in SMTP; the other parameters are those of `check`.

    Raises:
        UsageError: as in `check`, or a sender, MAIL FROM or HELO cannot be read, or these stand without a sender.
    """
    given = parse_senders(senders, mail_from=mail_from, helo=helo)
    return await _examine(domain, choose(profile, only=["spf"]).expecting(given), resolvers, timeout)


async def dkim(
    domain: str,
    *,
    profile: str = "domain",
    resolvers: Iterable[str] = (),
    timeout: float = TIMEOUT,
    selectors: Iterable[str] = (),
) -> Report:
    """The report on a domain's DKIM keys, at the selectors that are given and at those that can be guessed.

    ``selectors`` are what ``s=`` of its signatures says, or whole names of key records: a key that is not there is an
    error then. The other parameters are those of `check`.

    Raises:
        UsageError: as in `check`, or a selector is none.
    """
    given = {"selectors": parse_selectors(selectors)}
    return await _examine(domain, choose(profile, only=["dkim"]).expecting(given), resolvers, timeout)


async def dmarc(
    domain: str, *, profile: str = "domain", resolvers: Iterable[str] = (), timeout: float = TIMEOUT
) -> Report:
    """The report on what receivers do with mail that fails DMARC; parameters and errors are those of `check`."""
    return await _examine(domain, choose(profile, only=["dmarc"]), resolvers, timeout)


async def seed_test(
    name: str = "",
    *,
    journal: str | Path | None = None,
    wait: float | None = None,
    audience: Mapping[str, float] | None = None,
    wanted: float | None = None,
) -> Report:
    """The report on where the copies of a seed test landed: the newest of that name or token, else the newest of all.

    Nothing is sent and no mailbox is read: the journal says what is known (``deliverkit seed send``, ``seed watch``).

    Args:
        name: the test's name or token.
        journal: the journal's file; else the one in the user's state folder.
        wait: minutes after its host took it, from which on a copy that is not there is missing; else as long as the
            test's last watch waited, or 120.
        audience: each provider's part of the audience, as parts or as numbers of readers.
        wanted: the rate that has to reach the inbox, 0 to 1.

    Raises:
        UsageError: there is no such test, or the journal cannot be read.
    """
    from deliverkit.facts.placement import shares_of
    from deliverkit.seeds.joining import Terms
    from deliverkit.seeds.journal import open_kept_journal, usual_place
    from deliverkit.seeds.reporting import report_on

    with open_kept_journal(Path(journal) if journal else usual_place()) as opened:
        test = opened.find(name)
    now, terms = datetime.now(UTC), Terms(None if wait is None else timedelta(minutes=wait))
    return await report_on(test, now, terms=terms, shares=shares_of(audience or {}), wanted=wanted)


async def resolver(*, resolvers: Iterable[str] = (), timeout: float = TIMEOUT) -> Report:
    """The report on this machine: its resolvers, blocklists through them, port 25; as in `check`, without a domain."""
    async with open_clients(nameservers(resolvers), timeout=timeout) as clients:
        return await examine(THIS_MACHINE, choose("resolver"), clients)


async def _examine(domain: str, profile: Profile, resolvers: Iterable[str], timeout: float) -> Report:
    target = Target(parse_domain(domain), domain)
    async with open_clients(nameservers(resolvers), timeout=timeout) as clients:
        return await examine(target, profile, clients)

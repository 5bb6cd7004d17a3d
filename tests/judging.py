"""Judging in the lab: a world, or the example of a check's page, run through the real servers and clients."""

from __future__ import annotations

import asyncio
import re
from collections.abc import Mapping
from dataclasses import dataclass, replace
from ipaddress import ip_address

from deliverkit.case import Case
from deliverkit.checks.registry import checks
from deliverkit.cli.opening import clients_of_case
from deliverkit.clients import Clients
from deliverkit.clients.dns.nameservers import parse_nameserver
from deliverkit.clients.opening import open_clients
from deliverkit.clients.recorded import Recorded
from deliverkit.clients.routes import Routes
from deliverkit.clients.smtp.provisions import NOTHING
from deliverkit.facts.conversing import Conversing
from deliverkit.facts.mta_sts import MtaStsPolicy
from deliverkit.facts.resolver import PortTests, ResolverTests
from deliverkit.facts.smtp import Conversations, WayOut
from deliverkit.facts.tls import TlsProtocols
from deliverkit.lab.nameserver import Question
from deliverkit.lab.running import running
from deliverkit.lab.world import World, Zone, parse
from deliverkit.model import Check, Outcome
from deliverkit.observations import Instant
from deliverkit.observations.https import HttpExchange
from deliverkit.profiles import TALKING, Profile, choose, opted_in
from deliverkit.report import Report, Target
from deliverkit.run import examine
from tests import campaign

PATIENCE = 1.5  # seconds until a question is given up in tests: loopback answers in microseconds
CONVERSING = 8.0  # seconds until a mail host is: longer than what is called a slow greeting
_BLOCK = re.compile(r"^```(\w+)\n(.*?)^```", re.MULTILINE | re.DOTALL)


@dataclass(frozen=True)
class Judged:
    """A report, and the questions that the world's server saw."""

    report: Report
    questions: list[Question]

    @property
    def codes(self) -> list[str]:
        """The codes of the checks that failed."""
        return [result.check.code for result in self.report.results if result.outcome is Outcome.FAIL]

    @property
    def unknown(self) -> list[str]:
        """The codes of the checks that could not be judged."""
        return [result.check.code for result in self.report.results if result.outcome is Outcome.UNKNOWN]

    def outcome(self, code: str) -> Outcome:
        """What became of one check."""
        [found] = [result.outcome for result in self.report.results if result.check.code == code]
        return found


def judge(world: World, profile: Profile | None = None) -> Judged:
    """The world's target, judged in the world."""
    return asyncio.run(_judge(world, profile or profile_of(world)))


def case_of(world: World, report: Report) -> Case:
    """What a run in the world saw, as a case."""
    answers = {asked.answer.query: asked.answer for asked in report.trace.asked}
    ports, talks = report.fact(PortTests), report.fact(Conversations)
    way_out = report.fact(WayOut)
    if isinstance(way_out, WayOut) and way_out.tests is not None:
        ports = way_out.tests
    tried = report.fact(TlsProtocols)
    held = [*talks.held] if isinstance(talks, Conversations) else []
    held += [*tried.held] if isinstance(tried, TlsProtocols) else []
    attempts = ports.attempts if isinstance(ports, PortTests) else ()
    return Case(
        report.started.moment,
        world.profile,
        (report.target.domain,),
        answers,
        {(one.address, one.port): one for one in attempts},
        (world.resolver.address,) if isinstance(report.fact(ResolverTests), ResolverTests) else (),
        world.selectors,
        world.signing_key,
        tuple(map(ip_address, world.senders)),
        mail_from=world.mail_from,
        helo=world.helo,
        signing_identities=world.signing_identities,
        transcripts={one.transcript.call: one.transcript for one in held},
        conversing=conversing_of(world),
        exchanges=_exchanges(report),
    )


def _exchanges(report: Report) -> dict[tuple[str, str], HttpExchange]:
    policy = report.fact(MtaStsPolicy)
    found = policy.exchange if isinstance(policy, MtaStsPolicy) else None
    return {(found.request.host, found.request.path): found} if found else {}


def judged_again(case: Case, areas: tuple[str, ...] = ("mx",)) -> Report:
    """The report on the case's one domain in these areas, from the case alone."""
    [domain] = case.domains
    opted = [area for area in case.areas if area not in TALKING or area in areas]
    chosen = choose(case.profile, only=areas, areas=opted).expecting(case.expected)
    profile = replace(chosen, conversing=case.conversing)
    return asyncio.run(examine(Target(domain, domain), profile, clients_of_case(case, case.moment)))


def profile_of(world: World) -> Profile:
    """What the world is judged by."""
    areas = opted_in(authoritative=world.authoritative, compared=world.compare)
    chosen = choose(world.profile, only=world.areas, areas=areas)
    senders = tuple(ip_address(text) for text in world.senders)
    told = {name: getattr(world, name) for name in ("selectors", "signing_key", "signing_identities")}
    expecting = chosen.expecting({**told, "senders": senders, "mail_from": world.mail_from, "helo": world.helo})
    return replace(expecting, conversing=conversing_of(world))


def conversing_of(world: World) -> Conversing:
    """What is said to the world's mail hosts."""
    helo = (("helo", ("probe.example",)),)
    return Conversing(port=world.port, variables=helo, has_protocols=world.protocols, has_ciphers=world.ciphers)


def mutated(world: World, *, remove: str, add: str = "") -> World:
    """The world without the record, with others in its place that are relative to its first zone."""
    zones = (Zone(f"{world.target}", add),) if add else ()
    return replace(world, name="mutated", base=world, remove=(remove,), zones=zones, addresses={}, add="")


async def _judge(world: World, profile: Profile) -> Judged:
    async with (
        running(world) as lab,
        open_clients(
            [parse_nameserver(lab.nameserver)],
            timeout=PATIENCE,
            routes=Routes(lab.routes),
            moment=lab.clock,
            roots=lab.roots,
            provisions=replace(NOTHING, patience=CONVERSING),
        ) as clients,
    ):
        compared = replace(clients, compared=world.compare)
        report = await examine(Target(world.target, world.target), profile, compared)
        return Judged(report, list(lab.questions))


def judged_example(check: Check, heading: str) -> Judged:
    """What the block under the heading of a check's page comes to."""
    kind, text = _block(check, heading)
    return (
        judged_campaign(campaign.FACTS_OF[kind](text)) if kind in campaign.FACTS_OF else judge(example(check, heading))
    )


def judged_campaign(facts: Mapping[type, object]) -> Judged:
    """The report on a campaign whose facts are these."""
    target = Target("", "spring.toml", facts=facts)
    clients = Clients(Recorded({}), Instant(campaign.NOW))
    return Judged(asyncio.run(examine(target, choose("campaign"), clients)), [])


def _block(check: Check, heading: str) -> tuple[str, str]:
    """The one block under the heading: its kind, and its text."""
    section = check.doc.partition(f"## {heading}\n")[2].partition("\n## ")[0]
    [(kind, text)] = _BLOCK.findall(section)
    return kind, text


def checks_of_domains() -> list[Check]:
    """The checks whose examples are zones and worlds."""
    return [check for check in checks() if _block(check, "Example")[0] in {"zone", "world"}]


def example(check: Check, heading: str) -> World:
    """The world under the heading of a check's page (``Example``, ``Use instead``), to be judged in its area."""
    kind, text = _block(check, heading)
    name = f"{check.code} {heading}"
    if kind == "world":
        found = parse(text, name=name)
        talking = () if check.area in TALKING or not found.smtp else ("tls",)  # or its mail hosts are not spoken to
        return replace(found, areas=(check.area, *talking))
    assert kind == "zone", f"{name}: blocks are of kind zone or world"
    assert text.startswith("$ORIGIN "), f"{name}: a zone begins with $ORIGIN"
    parts = [part.partition("\n") for part in text.split("$ORIGIN ")[1:]]
    zones = tuple(Zone(origin, records) for origin, _, records in parts)
    return World(name, "", target=zones[0].origin.removesuffix("."), zones=zones, areas=(check.area,))

"""Looking at a campaign: its domains, its way, its message and its seed test, each as a report of its own.

What is known is kept as it comes, so that a run that is stopped has an answer all the same.
"""

from __future__ import annotations

import asyncio
import hashlib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime
from pathlib import Path

from deliverkit.checks.placement.wording import share
from deliverkit.checks.wording import listed
from deliverkit.clients import Clients
from deliverkit.clients.recorded import Recorded
from deliverkit.facts.conversing import Conversing
from deliverkit.facts.message import CampaignMessage
from deliverkit.facts.placement import Placement, name_everybody
from deliverkit.gate import Gate, Terms, decide
from deliverkit.observations import Instant
from deliverkit.preflight.campaign import Campaign
from deliverkit.preflight.seeding import NO_SEEDS, Seeded
from deliverkit.profiles import TALKING, Profile, choose
from deliverkit.report import Report, Target
from deliverkit.run import examine
from deliverkit.seeds.copies import dated
from deliverkit.seeds.parts import Parts
from deliverkit.standards.date_time import format_date_time
from deliverkit.standards.dkim.signature import signatures_of
from deliverkit.standards.message import parse_message
from deliverkit.standards.smtp.target import SmtpTarget

_OF_THE_RETURN_PATH = ("mx", "spf")  # what matters of a domain that stands in MAIL FROM alone


@dataclass
class Looking:
    """One look at a campaign. ``helo`` is the name by which mail hosts are greeted.

    ``delivers``: one message may be sent to one's own mail hosts, where the campaign names a mailbox for it.
    """

    campaign: Campaign
    message: bytes
    helo: str
    delivers: bool
    _reports: dict[Target, Report | None] = field(default_factory=dict)

    async def look(self, clients: Clients) -> None:
        """Examine the domains, and try the delivery; each report is kept as it ends."""
        runs = [*self._domain_runs(), *self._delivery_runs(clients.now.moment)]
        self._reports = dict.fromkeys(target for target, _ in runs)

        async def one(target: Target, profile: Profile) -> None:
            self._reports[target] = await examine(target, profile, clients)

        await asyncio.gather(*(one(*run) for run in runs))

    async def decided(self, seeded: Seeded, moment: datetime) -> Gate:
        """The answer out of what is known at this moment."""
        nothing_asked = Clients(Recorded({}), Instant(moment))
        last = await examine(*self._campaign_run(seeded.facts, moment), nothing_asked)
        reports = [one for one in self._reports.values() if one is not None]
        cut_off = [f"{target.given}: interrupted" for target, one in self._reports.items() if one is None]
        if not self._reports:
            cut_off = ["the domains: interrupted before anything was known"]
        terms = Terms(
            self.campaign.name,
            self.campaign.shares,
            tuple(self._untested(seeded)),
            (*cut_off, *seeded.problems),
            given_of(self.campaign, self.message),
            seeded.age,
        )
        return decide(terms, [*reports, last], moment)

    def _domain_runs(self) -> Iterator[tuple[Target, Profile]]:
        """Each domain by the profile ``sending``: that of From whole, that of MAIL FROM where it matters."""
        campaign, signed = self.campaign, signatures_of(self.message)
        expected: Mapping[str, object] = {
            "senders": campaign.senders,
            "mail_from": campaign.mail_from if campaign.senders else "",
            "helo": campaign.helo if campaign.senders else "",
            "selectors": campaign.selectors,
            "message_selectors": tuple(f"{one.selector}._domainkey.{one.domain}" for one in signed),
            "signing_identities": tuple(one.identity for one in signed if one.identity),
        }
        author, *others = campaign.domains
        yield Target(author, author), self._said(choose("sending", areas=TALKING).expecting(expected))
        for domain in others:
            part = choose("sending", only=_OF_THE_RETURN_PATH).expecting(expected)
            yield Target(domain, domain), self._said(part)

    def _said(self, profile: Profile) -> Profile:
        conversing = Conversing().giving({"helo": (self.helo,)})
        return replace(profile, waivers=self.campaign.waivers, conversing=conversing)

    def _delivery_runs(self, moment: datetime) -> Iterator[tuple[Target, Profile]]:
        """A delivery to a mailbox of one's own, at its own mail hosts, where one is named."""
        campaign = self.campaign
        if campaign.delivery and self.delivers:
            domain = campaign.delivery.rpartition("@")[2]
            sender = campaign.mail_from or campaign.author
            said = {
                "helo": (self.helo,),
                "from": (sender,),
                "date": (format_date_time(moment),),
                "message_id": (f"preflight.{moment:%Y%m%d%H%M%S}@{sender.rpartition('@')[2]}",),
            }
            profile = replace(
                choose("domain", only=("smtp",)),
                waivers=campaign.waivers,
                conversing=Conversing("deliver").giving(said),
            )
            yield Target(domain, campaign.delivery, SmtpTarget(domain, campaign.delivery)), profile

    def _as_it_goes_out(self, given: Path | Parts, moment: datetime) -> tuple[str, bytes]:
        """The name of the message, and it: a composed one gets its date and Message-ID as it is sent."""
        if isinstance(given, Path):
            return given.name, self.message
        domain = self.campaign.author.rpartition("@")[2]
        own = f"Message-ID: <preflight.{moment:%Y%m%d%H%M%S}@{domain}>\r\n"
        return f"{self.campaign.path.name}'s message", own.encode() + dated(self.message, moment)

    def _campaign_run(self, given: Mapping[type, object], moment: datetime) -> tuple[Target, Profile]:
        """The message, and the facts that the seed test gives."""
        campaign, facts = self.campaign, dict(given)
        if self.message and campaign.message is not None:
            is_marketing = campaign.kind == "marketing"
            name, octets = self._as_it_goes_out(campaign.message, moment)
            facts[CampaignMessage] = CampaignMessage(name, parse_message(octets), campaign.author, is_marketing)
        return Target("", campaign.name, facts=facts), replace(choose("campaign"), waivers=campaign.waivers)

    def _untested(self, seeded: Seeded) -> Iterator[str]:
        """What the answer says nothing about."""
        if seeded == NO_SEEDS:
            yield "where the message lands (no seed test)"
        yield from _uncovered(self.campaign.shares, seeded.facts.get(Placement))
        if not self.message:
            yield "the message itself (the campaign file names none)"
        if not self.campaign.senders:
            yield "the sending addresses (the campaign file names none)"
        if not (self.campaign.delivery and self.delivers):
            yield "a delivery to your own mail hosts"
        yield "blocklists"
        yield "the links in the message"
        yield "how your list was gathered, and how it reacts"


def _uncovered(shares: Mapping[str, float], placement: object) -> Iterator[str]:
    """The part of the audience at providers of which no copy counts."""
    total = placement.total if isinstance(placement, Placement) else None
    if not isinstance(placement, Placement) or total is None or not total.is_partial:
        return
    counting = {one.provider for one in placement.providers if one.settled}
    names = [name for name, part in shares.items() if part and name not in counting]
    if not name_everybody(shares):
        names.append("providers that [audience] does not name")
    part = f"{share(total.uncovered)} of your audience"
    yield f"where it lands at {listed(names)} ({part}, and no seed copy there counts)"


def given_of(campaign: Campaign, message: bytes) -> dict[str, str]:
    """What the answer rests on beside the DNS, by its name in the campaign file; empty where it is not given."""
    waived = sorted(f"{one.code} {one.domain} until {one.until}".replace("  ", " ") for one in campaign.waivers)
    return {
        "message": hashlib.sha256(message).hexdigest() if message else "",
        "from": campaign.author,
        "kind": campaign.kind,
        "mail_from": campaign.mail_from,
        "sending_addresses": ", ".join(map(str, campaign.senders)),
        "helo": campaign.helo,
        "selectors": ", ".join(campaign.selectors),
        "relay": campaign.seeds.relay,
        "inbox_rate": f"{campaign.seeds.inbox_rate:g}",
        "audience": ", ".join(f"{name} {part:.4f}" for name, part in sorted(campaign.shares.items())),
        "waivers": ", ".join(waived),
    }

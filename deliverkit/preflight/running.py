"""Looking at a campaign: its domains, its way, its message and its seed test, each as a report of its own."""

from __future__ import annotations

import asyncio
import hashlib
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from datetime import datetime
from email.utils import format_datetime

from deliverkit.clients import Clients
from deliverkit.facts.conversing import Conversing
from deliverkit.facts.message import CampaignMessage
from deliverkit.facts.placement import Placement
from deliverkit.gate import Gate, Terms, decide
from deliverkit.preflight.campaign import Campaign
from deliverkit.profiles import TALKING, Profile, choose
from deliverkit.report import Report, Target
from deliverkit.run import examine
from deliverkit.standards.dkim.signature import SignedBy, signatures_of
from deliverkit.standards.message import parse_message
from deliverkit.standards.smtp.target import SmtpTarget

_OF_THE_RETURN_PATH = ("mx", "spf")  # what matters of a domain that stands in MAIL FROM alone


async def look_at(
    campaign: Campaign, clients: Clients, *, helo: str, placement: Placement | None = None, message: bytes = b""
) -> Gate:
    """The gate's answer. ``helo`` is the name by which mail hosts are greeted, ``placement`` what a seed test came to.

    Nothing is sent but, where the campaign names a mailbox for it, one message to one's own mail hosts.
    """
    signed = signatures_of(message)
    runs = [
        *_domain_runs(campaign, helo, signed),
        *_delivery_runs(campaign, helo, clients.now.moment),
        _campaign_run(campaign, placement, message),
    ]
    reports = await asyncio.gather(*(examine(target, profile, clients) for target, profile in runs))
    return _decided(campaign, reports, message, clients.now.moment, has_seeds=placement is not None)


def _domain_runs(campaign: Campaign, helo: str, signed: Sequence[SignedBy]) -> Iterator[tuple[Target, Profile]]:
    """Each domain by the profile ``sending``: that of From whole, that of MAIL FROM as far as it is looked at there.

    ``signed`` is what the message's signatures name.
    """
    expected: Mapping[str, object] = {
        "senders": campaign.senders,
        "mail_from": campaign.mail_from if campaign.senders else "",
        "helo": campaign.helo if campaign.senders else "",
        "selectors": campaign.selectors,
        "message_selectors": tuple(f"{one.selector}._domainkey.{one.domain}" for one in signed),
        "signing_identities": tuple(one.identity for one in signed if one.identity),
    }
    author, *others = campaign.domains
    whole = choose("sending", areas=TALKING).expecting(expected)
    yield Target(author, author), _with(whole, campaign, helo)
    for domain in others:
        part = choose("sending", only=_OF_THE_RETURN_PATH).expecting(expected)
        yield Target(domain, domain), _with(part, campaign, helo)


def _with(profile: Profile, campaign: Campaign, helo: str) -> Profile:
    return replace(profile, waivers=campaign.waivers, conversing=Conversing().giving({"helo": (helo,)}))


def _delivery_runs(campaign: Campaign, helo: str, moment: datetime) -> Iterator[tuple[Target, Profile]]:
    """A delivery to a mailbox of one's own, at its own mail hosts, where one is named."""
    if campaign.delivery:
        domain = campaign.delivery.rpartition("@")[2]
        target = SmtpTarget(domain, campaign.delivery)
        sender = campaign.mail_from or campaign.author
        said = {
            "helo": (helo,),
            "from": (sender,),
            "date": (format_datetime(moment),),
            "message_id": (f"preflight.{moment:%Y%m%d%H%M%S}@{sender.rpartition('@')[2]}",),
        }
        profile = replace(
            choose("domain", only=("smtp",)), waivers=campaign.waivers, conversing=Conversing("deliver").giving(said)
        )
        yield Target(domain, campaign.delivery, target), profile


def _campaign_run(campaign: Campaign, placement: Placement | None, message: bytes) -> tuple[Target, Profile]:
    """The message and where its seed copies landed."""
    facts: dict[type, object] = {} if placement is None else {Placement: placement}
    if message and campaign.message is not None:
        is_marketing = campaign.kind == "marketing"
        found = CampaignMessage(campaign.message.name, parse_message(message), campaign.author, is_marketing)
        facts[CampaignMessage] = found
    return Target("", campaign.name, facts=facts), replace(choose("campaign"), waivers=campaign.waivers)


def _decided(campaign: Campaign, reports: list[Report], message: bytes, moment: datetime, *, has_seeds: bool) -> Gate:
    path = (campaign.author, campaign.mail_from, campaign.helo, *map(str, campaign.senders), *campaign.selectors)
    inputs = (hashlib.sha256(message).hexdigest(), *path)
    untested = tuple(_untested(campaign, has_message=bool(message), has_seeds=has_seeds))
    return decide(Terms(campaign.name, campaign.shares, untested, inputs), reports, moment)


def _untested(campaign: Campaign, *, has_message: bool, has_seeds: bool) -> Iterator[str]:
    """What the answer says nothing about."""
    if not has_seeds:
        yield "where the message lands (no seed test)"
    if not has_message:
        yield "the message itself (the campaign file names none)"
    if not campaign.senders:
        yield "the sending addresses (the campaign file names none)"
    if not campaign.delivery:
        yield "a delivery to your own mail hosts"
    yield "blocklists"
    yield "the links in the message"
    yield "how your list was gathered, and how it reacts"

"""The facts of a run that no probe learns: what a target gives itself, and what is not there as nobody wants it."""

from __future__ import annotations

from collections.abc import Mapping

from deliverkit.classes import replace
from deliverkit.clients import Clients
from deliverkit.facts.conversing import Conversing
from deliverkit.model import Absent, Outcome, not_applicable
from deliverkit.profiles import GIVEN, LISTENING, TALKING, Profile
from deliverkit.report import Target
from deliverkit.standards.smtp.target import with_first


def with_recipient(conversing: Conversing, target: Target) -> Conversing:
    """A target that is an e-mail address is the first recipient, before those that are given."""
    recipient = target.smtp.recipient if target.smtp else ""
    if not recipient:
        return conversing
    variables = dict(conversing.variables)
    variables["rcpt"] = with_first(recipient, variables.get("rcpt", ()))
    return replace(conversing, variables=tuple(sorted(variables.items())))


async def of_a_host(target: Target, profile: Profile, clients: Clients) -> Mapping[type, object]:
    """The facts that a target itself gives which is a host."""
    if target.domain or target.smtp is None:
        return {}
    from deliverkit.probes.smtp import facts_of_host

    return await facts_of_host(target.smtp, profile.kept_areas, clients)


def unspoken(profile: Profile) -> dict[type, object]:
    """That there are no conversations, where areas would make use of some and none is wanted that holds them."""
    kept = set(profile.kept_areas)
    if set(TALKING) & kept or not set(LISTENING) & kept:
        return {}
    from deliverkit.facts.smtp import Conversations

    return {Conversations: not_applicable("mail hosts are not spoken to")}


def ungiven(profile: Profile) -> dict[type, object]:
    """That there is neither message nor seed test, where their areas are wanted; a target that has some gives them."""
    if not set(GIVEN) & set(profile.kept_areas):
        return {}
    from deliverkit.facts.message import CampaignMessage
    from deliverkit.facts.placement import Placement
    from deliverkit.facts.seed_evidence import SeedEvidence

    return {
        CampaignMessage: not_applicable("there is no message: the campaign file names none"),
        Placement: not_applicable("there is no seed test: deliverkit seed send makes one"),
        SeedEvidence: not_applicable("there is no seed test: deliverkit seed send makes one"),
    }


def unasked(profile: Profile) -> dict[type, object]:
    """That nobody knows what DANE senders do, where certificates are judged and DANE is not asked about."""
    kept = set(profile.kept_areas)
    if "dane" in kept or not {"tls", "mta-sts"} & kept:
        return {}
    from deliverkit.facts.dealings import DaneSenders

    return {DaneSenders: not_applicable("nobody asked about DANE")}


def with_nobody(target: Target, facts: dict[type, object | Absent]) -> dict[type, object | Absent]:
    """The facts; where a conversation was asked for and there was nobody to talk to, that is one of them.

    A domain that says so itself (a null MX) has done nothing wrong, unless something is to be delivered to it.
    """
    if target.smtp is None:
        return facts
    from deliverkit.facts import MxSet
    from deliverkit.facts.smtp import Conversations, WayOut

    found, conversing, mx = facts.get(Conversations), facts[Conversing], facts.get(MxSet)
    if (
        type(found) is not Absent
        or found.outcome is not Outcome.NOT_APPLICABLE
        or not isinstance(conversing, Conversing)
    ):
        return facts
    if conversing.is_greeting and isinstance(mx, MxSet) and mx.is_null:
        return facts
    spoken = Conversations(conversing, (), nobody=found.reason)
    return {**facts, Conversations: spoken, WayOut: WayOut(ipv4=None, ipv6=None)}

"""The gate in a world of the lab: senders and message are looked at beside the domain."""

from __future__ import annotations

import asyncio
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

from deliverkit.clients.dns.nameservers import parse_nameserver
from deliverkit.clients.opening import open_clients
from deliverkit.clients.routes import Routes
from deliverkit.clients.smtp.provisions import NOTHING
from deliverkit.facts.placement import Fate, PlacedCopy, Placement, placement_of
from deliverkit.gate import Answer, Gate
from deliverkit.lab.running import running
from deliverkit.lab.world import load
from deliverkit.preflight.campaign import parse_campaign
from deliverkit.preflight.running import Looking
from deliverkit.preflight.seeding import NO_SEEDS, Seeded
from tests.checks.message.test_mutations import good
from tests.judging import CONVERSING, PATIENCE

NOON = datetime(2026, 11, 25, 12, tzinfo=UTC)
CAMPAIGN = """
from = "news@good.example"
message = "spring.eml"
[path]
sending_addresses = ["11.0.1.25", "11.0.9.80"]
[audience]
Gmail = 44
Yahoo = 6
"""


def gate_of(text: str, message: bytes) -> Gate:
    """The gate's answer in the world of the good mail hosts."""
    return asyncio.run(_look(text, message))


async def _look(text: str, message: bytes) -> Gate:
    campaign = parse_campaign(text, path=Path("/c/campaign.toml"))
    async with (
        running(load("smtp-good")) as lab,
        open_clients(
            [parse_nameserver(lab.nameserver)],
            timeout=PATIENCE,
            routes=Routes(lab.routes),
            moment=lab.clock,
            roots=lab.roots,
            provisions=replace(NOTHING, patience=CONVERSING),
        ) as clients,
    ):
        looking = Looking(campaign, message, "probe.example", delivers=True)
        await looking.look(clients)
        return await looking.decided(NO_SEEDS, clients.now.moment)


def uncovered(shares: str, *providers: str) -> list[str]:
    campaign = parse_campaign(f'from = "a@b.example"\n[audience]\n{shares}', path=Path("/c/campaign.toml"))
    copies = [PlacedCopy(f"ada@{one}.example", one, Fate.INBOX) for one in providers]
    placement = placement_of("spring", copies, shares=campaign.shares)
    looking = Looking(campaign, b"", "probe.example", delivers=False)
    gate = asyncio.run(looking.decided(Seeded({Placement: placement}), NOON))
    return [clause for clause in gate.untested if clause.startswith("where it lands")]


def test_readers_of_whom_no_seed_tells_are_told() -> None:
    assert uncovered("Gmail = 60\nYahoo = 40", "Gmail", "Yahoo") == []
    assert uncovered("Gmail = 60\nYaho = 40", "Gmail", "Yahoo") == [
        "where it lands at Yaho (40 % of your audience, and no seed copy there counts)"
    ]
    rest = "providers that [audience] does not name"
    assert uncovered("Gmail = 0.5\nYahoo = 0.2", "Gmail") == [
        f"where it lands at Yahoo and {rest} (50 % of your audience, and no seed copy there counts)"
    ]


def codes(gate: Gate) -> list[str]:
    return [reason.result.check.code for reason in gate.blockers]


def test_faults_of_senders_and_message_stop_the_campaign_by_their_reach() -> None:
    message = good().replace(b"shop.example", b"good.example")
    bare = message.replace(b"List-Unsubscribe-Post: List-Unsubscribe=One-Click\r\n", b"")
    gate = gate_of(CAMPAIGN, bare)
    assert gate.answer is Answer.NO_GO
    assert [
        (reason.result.check.code, reason.reach) for reason in gate.blockers if reason.result.check.area != "dkim"
    ] == [
        ("SND001", 1.0),
        ("SPF025", 1.0),
        ("MSG012", 0.88),
    ]
    assert not {"SND001", "MSG012"} & set(codes(gate_of(CAMPAIGN.replace(', "11.0.9.80"', ""), message)))


def test_a_transactional_message_needs_no_unsubscribing() -> None:
    message = good().replace(b"shop.example", b"good.example").replace(b"List-Unsubscribe", b"X-List")
    assert "MSG010" in codes(gate_of(CAMPAIGN, message))
    assert "MSG010" not in codes(gate_of(f'kind = "transactional"\n{CAMPAIGN}', message))


def test_the_key_that_the_message_names_is_looked_up() -> None:
    message = good().replace(b"mail.shop.example", b"good.example").replace(b"shop.example", b"good.example")
    asked = {one.answer.name for report in gate_of(CAMPAIGN, message).reports for one in report.trace.asked}
    assert "s2026._domainkey.good.example" in asked

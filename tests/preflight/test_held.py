"""Which seed test in a journal is a campaign's."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from deliverkit.errors import UsageError
from deliverkit.observations.seeds import Copy, SeedTest
from deliverkit.preflight.campaign import parse_campaign
from deliverkit.preflight.held import Wanted, campaign_path
from deliverkit.seeds.journal import open_journal
from deliverkit.seeds.mailing import read_mailing
from deliverkit.seeds.plan import path_of
from deliverkit.seeds.relay import Relay
from deliverkit.seeds.seedfile import parse_seeds

NOW = datetime(2026, 11, 26, 9, tzinfo=UTC)
MESSAGE = b"From: shop@good.example\r\nSubject: Spring sale\r\n\r\nBuy flowers\r\n"
CAMPAIGN = """
name = "Spring sale"
from = "shop@good.example"
message = "message.eml"
[path]
mail_from = "bounces@good.example"
sending_addresses = ["11.0.5.25"]
selectors = ["s3"]
[seeds]
relay = "relay.good.example"
"""
NAMING = CAMPAIGN.replace("[seeds]", '[seeds]\ntest = "Spring sale"')
SEEDS = '[[seed]]\naddress = "%s"\nmaildir = "/m"\nprovider = "North"\n'
ADA, BOB = "ada@north.example", "bob@north.example"
PATH = campaign_path(parse_campaign(CAMPAIGN, path=Path("campaign.toml")), "")


def made(number: int = 0, *, hours: float = 1, addresses: Iterable[str] = (ADA,)) -> SeedTest:
    """A test of the campaign, made so many hours ago."""
    copies = tuple(Copy(f"dk{number}{place:023x}", one, "North") for place, one in enumerate(addresses))
    digest, started = hashlib.sha256(MESSAGE).hexdigest(), NOW - timedelta(hours=hours)
    token = f"dk{number + 100:024x}"
    return SeedTest("Spring sale", token, started, False, "Spring sale", "good.example", digest, copies, path=PATH)


def held(folder: Path, *tests: SeedTest, campaign: str = CAMPAIGN, address: str = ADA, lab: str = "") -> str:
    """The token of the one that is taken, empty if none is."""
    parsed = parse_campaign(campaign, path=Path("campaign.toml"))
    file = parse_seeds(SEEDS % address, path=Path("seeds.toml"))
    with open_journal(folder / "seeds.sqlite") as journal:
        for test in tests:
            journal.add_test(test)
        wanted = Wanted(parsed, file, read_mailing(MESSAGE), campaign_path(parsed, lab), NOW)
        found = wanted.held(journal)
    return found.token if found else ""


def test_the_newest_test_of_the_campaign_is_taken(tmp_path: Path) -> None:
    old, new = made(1, hours=3), made(2)
    assert held(tmp_path, old, new) == new.token


CHANGED = [
    ({"campaign": CAMPAIGN.replace("bounces@", "news@")}, "it went another way (mail_from was bounces@good.example)"),
    ({"campaign": CAMPAIGN.replace("11.0.5.25", "11.0.5.26")}, "another way (sending_addresses was 11.0.5.25)"),
    ({"campaign": CAMPAIGN.replace('"s3"', '"s4"')}, "another way (selectors was s3)"),
    ({"campaign": CAMPAIGN.replace("[path]", '[path]\nhelo = "a.example"')}, "another way (helo was not given)"),
    ({"campaign": CAMPAIGN.replace("relay.good", "mx.good")}, "another way (relay was relay.good.example:587)"),
    ({"campaign": CAMPAIGN.replace('relay = "relay.good.example"', "external = true")}, "relay was"),
    ({"address": BOB}, "seeds.toml names other mailboxes by now"),
    ({"lab": "seeds-bad"}, "another way (lab was not given)"),
]


@pytest.mark.parametrize(("change", "why"), CHANGED)
def test_one_on_another_way_is_another_campaigns(tmp_path: Path, change: dict[str, str], why: str) -> None:
    assert held(tmp_path, made(), **change) == ""
    text = change.get("campaign", CAMPAIGN).replace("[seeds]", '[seeds]\ntest = "Spring sale"')
    with pytest.raises(UsageError) as raised:
        held(tmp_path, **{**change, "campaign": text})
    assert str(raised.value).startswith("Spring sale says nothing of this campaign: ")
    assert why in str(raised.value)


def test_an_older_one_that_is_the_campaigns_is_taken_before_a_newer_one_that_is_not(tmp_path: Path) -> None:
    own = made(1, hours=2)
    elsewhere = replace(made(2), path={**PATH, "lab": "seeds-bad"})
    assert held(tmp_path, own, elsewhere, made(3, addresses=(ADA, BOB))) == own.token


def test_what_is_not_known_of_its_way_is_not_held_against_it(tmp_path: Path) -> None:
    """A test that seed send made, and one of a journal that says nothing of ways."""
    sent = path_of("bounces@good.example", Relay("relay.good.example:587"), "")
    assert held(tmp_path, replace(made(1, hours=2), path=sent)) == made(1).token
    assert held(tmp_path, replace(made(2), path={})) == made(2).token


@pytest.mark.parametrize(
    ("test", "why"),
    [
        (made(hours=48), "it is older than 48 h"),
        (replace(made(), digest="0" * 64), "it was made with another message"),
        (
            replace(made(), name="Another"),
            r"^campaign.toml, \[seeds\] test: there is no test 'Spring sale' in the journal",
        ),
    ],
)
def test_a_test_that_is_named_and_says_nothing_is_refused(tmp_path: Path, test: SeedTest, why: str) -> None:
    assert held(tmp_path, test) == ""
    with pytest.raises(UsageError, match=why):
        held(tmp_path, campaign=NAMING)


def test_what_the_journal_knows_nothing_of_is_refused_before_what_says_nothing(tmp_path: Path) -> None:
    file = parse_seeds(SEEDS % ADA, path=Path("seeds.toml"))
    with open_journal(tmp_path / "seeds.sqlite") as journal:
        named, free = (
            Wanted(parse_campaign(text, path=Path("campaign.toml")), file, read_mailing(MESSAGE), PATH, NOW)
            for text in (NAMING, CAMPAIGN)
        )
        free.refuse_unknown(journal)
        with pytest.raises(UsageError, match="name one that deliverkit seed history lists, or leave test out"):
            named.refuse_unknown(journal)
        journal.add_test(made(hours=48))
        named.refuse_unknown(journal)

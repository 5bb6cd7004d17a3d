"""Seed tests whose messages a platform sends that leaves nothing of ours in them: real servers take its mail."""

from __future__ import annotations

import json
import os
import smtplib
from datetime import UTC, datetime
from pathlib import Path

import pytest

from deliverkit.facts.placement import Fate
from deliverkit.seeds.joining import Terms, join
from deliverkit.seeds.pathways import CampaignPath
from tests.esp import Platform, platform
from tests.seed_campaign import MESSAGE, Campaign
from tests.seed_rig import BENIGN, OTHER_POOL, POOL, RETURNS, SENDER, Rig, missing_rig
from tests.servers import LOOPBACK

WHY = missing_rig()
pytestmark = pytest.mark.skipif(
    bool(WHY) and os.environ.get("CI") != "true", reason=f"{WHY} is not there: make servers"
)

SUBJECT = "Grüße aus dem Laden"
PATH = CampaignPath((f"{POOL}/32",), ("esp.example",), ("bounces.esp.example",))


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """That of all tests here: their journal tells which messages, alike all of them, are those of which test."""
    return tmp_path_factory.mktemp("platforms")


def external(campaign: Campaign, *options: str) -> list[str]:
    """The addresses that `seed send --external` prints."""
    around = ("--seeds", "seeds.toml", "--journal", "journal", *campaign.rig.asking, *options)
    ended = campaign.rig.run(
        campaign.folder, "seed", "send", "--external", "--subject", campaign.subject, "--from", SENDER, *around
    )
    assert ended.returncode == 0, ended.stderr
    return ended.stdout.split()


def hand_in(esp: Platform, recipients: list[str], token: str) -> None:
    """Give the platform the message, with a header by which copies would be found; it takes that away."""
    text = MESSAGE.format(sender=SENDER, subject=SUBJECT, words="Look: https://shop.example/spring?a=1&b=2")
    with smtplib.SMTP(LOOPBACK, esp.port) as client:
        client.sendmail(RETURNS, recipients, f"X-Deliverkit-Seed: {token}\n{text}".encode(), ["BODY=8BITMIME"])


def by_platform(rig: Rig, folder: Path, pool: str, domain: str) -> Campaign:
    """A campaign that such a platform has sent, watched."""
    campaign = Campaign(rig, folder, BENIGN, SUBJECT)
    addresses = external(campaign)
    assert addresses == [f"{name}@boxes.example" for name in BENIGN]
    key = rig.keys["esp.example" if domain == "esp.example" else "shop.example"].read_bytes()
    with platform(pool, (rig.address, 25), domain, key) as esp:
        hand_in(esp, addresses, campaign.test().token)
        assert [recipient for recipient, _ in esp.sent] == addresses
    watched = campaign.watch()
    assert watched.returncode == 0, watched.stdout + watched.stderr
    assert watched.stdout.count("by mailbox, subject, domain and time") == len(BENIGN), watched.stdout
    return campaign


def test_what_a_platform_sends_is_found_although_it_leaves_nothing_of_ours(rig: Rig, folder: Path) -> None:
    campaign = by_platform(rig, folder, POOL, "esp.example")
    for name, copy in campaign.copies().items():
        [arrival] = copy.arrivals
        header = arrival.header.decode()
        assert copy.token not in header
        assert f"bounces+{name}=boxes.example@bounces.esp.example" in header
        assert f"[{POOL}]" in header
        assert arrival.folder.name == ("Offers" if name == "offers" else "INBOX")
    for name, told in campaign.report().items():
        words = {one["words"] for one in told["evidence"]["results"]}
        assert {"dkim=pass esp.example", f"spf=pass bounces+{name}=boxes.example@bounces.esp.example"} <= words
    placed = join(campaign.test(), datetime.now(UTC), Terms(path=PATH))
    assert {one.unlike for one in placed} == {""}, "all took the campaign's path"


def test_copies_of_another_path_do_not_stand_for_the_campaign(rig: Rig, folder: Path) -> None:
    campaign = by_platform(rig, folder, OTHER_POOL, "tests.shop.example")
    for one in join(campaign.test(), datetime.now(UTC), Terms(path=PATH)):
        assert one.fate in {Fate.INBOX, Fate.OTHER}
        assert f"it came from {OTHER_POOL}, which is not among the campaign's addresses" in one.unlike
        assert "it is signed by tests.shop.example, and the campaign by esp.example" in one.unlike
        assert "its Return-Path is at bounces.tests.shop.example" in one.unlike


CAMPAIGN = f"""
name = "{SUBJECT}"
from = "{SENDER}"
message = "message.eml"
[path]
mail_from = "bounces@bounces.esp.example"
sending_addresses = ["{POOL}"]
selectors = ["s1._domainkey.esp.example"]
[seeds]
file = "seeds.toml"
test = "{SUBJECT}"
"""


def test_a_preflight_counts_no_copy_of_another_path(rig: Rig, folder: Path) -> None:
    (folder / "campaign.toml").write_text(CAMPAIGN, "utf-8")
    options = ("--journal", "journal", "--timeout", "1", "--format", "json", *rig.asking)
    ended = rig.run(folder, "preflight", "campaign.toml", *options)
    reports = json.loads(ended.stdout)["reports"]
    [placement] = [one["placement"] for one in reports if one["placement"]]
    assert placement["n"] == 0, "copies of another path count for nothing"
    [finding] = [
        finding["message"]
        for report in reports
        for result in report["results"]
        for finding in result["findings"]
        if result["name"] == "copies-unlike-the-campaign"
    ]
    assert f"it came from {OTHER_POOL}" in finding
    assert "it is signed by tests.shop.example, and the campaign by esp.example" in finding

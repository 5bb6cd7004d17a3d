"""Seed tests against real servers: what is told of each copy is what Postfix, rspamd and Dovecot logged of it."""

from __future__ import annotations

import json
import os
import re
import signal
import time
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from deliverkit.facts.placement import Fate
from deliverkit.seeds.joining import Terms, join
from tests.filtering import MARKED, REFUSED, SUSPECT
from tests.seed_campaign import HELO, Campaign, queued_as
from tests.seed_rig import BENIGN, BOXES, MX, RETURNS, Rig, missing_rig

WHY = missing_rig()
pytestmark = pytest.mark.skipif(
    bool(WHY) and os.environ.get("CI") != "true", reason=f"{WHY} is not there: make servers"
)

EVERYWHERE = (*BENIGN, "late", "discarding", "unknown", "full")
LATE = 2.0  # seconds for which Postfix holds that copy
PASSED = {"spf": RETURNS, "dkim": "shop.example", "dmarc": "shop.example"}
ENDS = {
    **dict.fromkeys(BENIGN, (Fate.INBOX, "INBOX")),
    "offers": (Fate.OTHER, "Offers"),
    "late": (Fate.INBOX, "INBOX"),
    "discarding": (Fate.MISSING, ""),
    "unknown": (Fate.BOUNCED, ""),
    "full": (Fate.BOUNCED, ""),
}


@pytest.fixture(scope="module")
def spring(rig: Rig, tmp_path_factory: pytest.TempPathFactory) -> Campaign:
    """A campaign that was sent to every mailbox and watched, one copy delivered late."""
    campaign = Campaign(rig, tmp_path_factory.mktemp("spring"), EVERYWHERE, "Spring sale")
    sent = campaign.send()
    assert sent.returncode == 0, sent.stdout + sent.stderr
    assert f"of {len(EVERYWHERE)} copies {len(EVERYWHERE)} accepted." in sent.stdout
    with campaign.start(*campaign.watching(0.25)) as watching:
        time.sleep(LATE)
        rig.release()
        said, _ = watching.communicate(timeout=60)
    (campaign.folder / "watched").write_text(said, "utf-8")
    return campaign


def said(campaign: Campaign) -> str:
    """What the watch printed."""
    return (campaign.folder / "watched").read_text("utf-8")


def test_the_doctor_reads_every_mailbox_and_finds_its_junk(rig: Rig, spring: Campaign, tmp_path: Path) -> None:
    before = spring.kept()
    rig.seeds(tmp_path, *EVERYWHERE, "locked")
    ended = rig.run(tmp_path, "seed", "doctor", "--format", "json", *rig.asking)
    assert ended.returncode == 1, ended.stderr
    found = {one["address"].partition("@")[0]: one for one in json.loads(ended.stdout)["seeds"]}
    for name in BENIGN:
        assert [folder["name"] for folder in found[name]["folders"] if folder["kind"] == "junk"] == [BOXES[name].junk]
    assert "Login disabled for this user" in str(found["locked"])
    assert spring.kept() == before


def test_each_copy_ends_as_the_servers_logged_it(rig: Rig, spring: Campaign) -> None:
    copies = spring.copies()
    placed = join(spring.test(), datetime.now(UTC), Terms(timedelta(seconds=15), returns=RETURNS))
    assert {one.address.partition("@")[0]: (one.fate, one.folder) for one in placed} == ENDS
    for name, copy in copies.items():
        number = queued_as(copy)
        assert rig.queue_ids(copy.token) == [number], "handed over once"
        ends = [line for line in rig.said_of(number) if line.startswith("to=<")]
        assert len(ends) == 1, ends
        assert ("status=bounced" if name in {"unknown", "full"} else "status=sent") in ends[0]
        stored = rig.stored(copy.token)
        if ENDS[name][1]:
            assert stored.endswith(f"stored mail into mailbox '{ENDS[name][1]}'")
    assert "discard action" in rig.stored(copies["discarding"].token)


def test_what_postfix_took_and_could_not_deliver_comes_back_as_it_says(rig: Rig, spring: Campaign) -> None:
    for name, status in {"unknown": "5.1.1", "full": "5.2.2"}.items():
        copy = spring.copies()[name]
        [bounce] = copy.bounces
        assert (bounce.action, bounce.status) == ("failed", status)
        [line] = [line for line in rig.said_of(queued_as(copy)) if "status=bounced" in line]
        assert f"dsn={status}," in line
        assert "bounced: " in said(spring)


def test_a_late_copy_is_seen_when_it_comes(spring: Campaign) -> None:
    told = spring.report()  # INTERNALDATE counts whole seconds
    assert LATE - 1 <= told["late"]["delay_s"] < LATE + 10
    assert all(0 <= told[name]["delay_s"] < 10 for name in BENIGN)
    for copy in (spring.copies()[name] for name in (*BENIGN, "late")):
        [arrival] = copy.arrivals
        assert timedelta(0) <= arrival.seen - arrival.arrived < timedelta(seconds=10)


def test_a_mailbox_that_refuses_the_login_spoils_only_itself(
    rig: Rig, tmp_path_factory: pytest.TempPathFactory
) -> None:
    campaign = Campaign(rig, tmp_path_factory.mktemp("locked"), ("attributed", "locked"), "Locked")
    assert campaign.send().returncode == 0
    tokens = {name: copy.token for name, copy in campaign.copies().items()}
    rig.wait_for(lambda: all(map(rig.stored, tokens.values())), "both copies are filed")
    watched = campaign.watch(minutes=0)
    assert watched.returncode == 3
    assert "locked@boxes.example  cannot be read, and is tried again" in watched.stdout
    told = campaign.report()
    assert (told["attributed"]["fate"], told["locked"]["fate"]) == ("inbox", "unreadable")
    assert "Login disabled for this user" in told["locked"]["detail"]


def test_what_the_receiver_wrote_above_a_copy_that_went_straight_to_it_is_proved(spring: Campaign) -> None:
    for name, told in spring.report().items():
        if name not in (*BENIGN, "late"):
            continue
        results = {(one["words"], one["is_proved"]) for one in told["evidence"]["results"]}
        # rspamd puts them beneath Postfix's Received and above what was sent; its other fields go to the end.
        assert results == {(f"{word}=pass {about}", True) for word, about in PASSED.items()}
        assert any("X-Spam-Status: not spam" in one["words"] for one in told["evidence"]["verdicts"])


def test_nothing_is_changed_in_any_mailbox(spring: Campaign) -> None:
    before = spring.kept()
    assert sum(map(len, before.values())) >= len(BENIGN) + 3
    spring.watch(minutes=0)
    assert spring.kept() == before
    assert not [line for lines in before.values() for line in lines if "\\Seen" in line or "\\Deleted" in line]


def test_what_a_sender_forges_of_the_receiver_is_taken_away_by_it_and_never_told(rig: Rig, tmp_path: Path) -> None:
    campaign = Campaign(rig, tmp_path, ("attributed", "bulk"), "Trust me")
    message = campaign.folder / "message.eml"
    forged = f"Authentication-Results: {MX}; dkim=pass header.d=bank.example\nX-Spam-Status: No, score=-99.0\n"
    message.write_text(forged + message.read_text("utf-8"), "utf-8")
    assert campaign.send().returncode == 0
    campaign.watch()
    for told in campaign.report().values():
        assert told["fate"] == "inbox"
        assert "bank.example" not in str(told["evidence"]["results"])
        assert not any("score -99" in one["words"] and one["is_proved"] for one in told["evidence"]["verdicts"])


def test_one_command_sends_through_a_relay_watches_reports_and_cleans_up(rig: Rig, tmp_path: Path) -> None:
    campaign = Campaign(rig, tmp_path, BENIGN, "By relay")
    before = campaign.kept()
    around = ("--journal", "journal", "--mail-from", RETURNS, "--helo", HELO, "--rate", "6000", "--wait", "0.3")
    ended = rig.run(
        tmp_path, "seed", "run", "--message", "message.eml", "--relay", f"{MX}:25", "--clean-up", *around, *rig.asking
    )
    assert "1 deleted" in ended.stdout, ended.stdout + ended.stderr
    for name, copy in campaign.copies().items():
        assert rig.queue_ids(copy.token) == [queued_as(copy)]
        assert [one.folder.name for one in copy.arrivals] == ["Offers" if name == "offers" else "INBOX"]
        [sending] = copy.sendings
        assert sending.transcript
        assert any(entry.data == b"STARTTLS\r\n" for entry in sending.transcript.entries)
    assert campaign.kept() == before


@pytest.fixture(scope="module")
def marked(rig: Rig, tmp_path_factory: pytest.TempPathFactory) -> Campaign:
    """A campaign whose words make the filter mark it, with a control beside each copy."""
    campaign = Campaign(rig, tmp_path_factory.mktemp("marked"), BENIGN, "Buy now", MARKED)
    sent = campaign.send("--control")
    assert sent.returncode == 0, sent.stdout + sent.stderr
    watched = campaign.watch()
    assert watched.returncode == 0, watched.stdout + watched.stderr
    return campaign


def test_spam_lands_in_junk_whatever_junk_is_called(rig: Rig, marked: Campaign) -> None:
    told = marked.report()
    assert {name: (one["fate"], one["folder"]) for name, one in told.items()} == {
        name: ("junk", BOXES[name].junk) for name in BENIGN
    }
    for name, copy in marked.copies().items():
        assert "fileinto action: stored mail into mailbox" in rig.stored(copy.token)
        assert any(one["words"].startswith("X-Spam: spam") for one in told[name]["evidence"]["verdicts"]), told[name]


def test_what_the_filter_saw_is_named_with_the_fix(rig: Rig, tmp_path_factory: pytest.TempPathFactory) -> None:
    campaign = Campaign(rig, tmp_path_factory.mktemp("riches"), BENIGN, "Buy now", SUSPECT)
    assert campaign.send().returncode == 0
    assert campaign.watch().returncode == 0
    assert all("PROMISES_RICHES(7.00)" in copy.arrivals[0].header.decode() for copy in campaign.copies().values())
    ended = rig.run(campaign.folder, "seed", "report", "--journal", "journal", "--wanted", "0.7")
    assert f"in {len(BENIGN)} of them rspamd names PROMISES_RICHES" in " ".join(ended.stdout.split())


def test_the_control_tells_content_from_sender(rig: Rig, marked: Campaign) -> None:
    controls = [copy for copy in marked.test().copies if copy.is_control]
    assert [copy.arrivals[0].folder.name for copy in controls] == ["INBOX"] * len(BENIGN)
    for copy in controls:
        assert rig.stored(copy.token).endswith("stored mail into mailbox 'INBOX'")
    ended = rig.run(marked.folder, "seed", "report", "--journal", "journal", "--wanted", "0.7")
    assert ended.returncode == 1
    assert "content" in ended.stdout


def test_a_clean_up_deletes_what_the_test_sent_and_no_more(marked: Campaign) -> None:
    before = marked.kept()
    ended = marked.watch("--clean-up", minutes=0)
    assert ended.stdout.count("2 deleted") == len(BENIGN), ended.stdout
    own = {
        (copy.address.partition("@")[0], one.folder.name, one.uid)
        for copy in marked.test().copies
        for one in copy.arrivals
    }
    left = {name: [line for line in lines if not is_one_of(own, name, line)] for name, lines in before.items()}
    assert sum(len(before[name]) - len(left[name]) for name in before) == 2 * len(BENIGN)
    assert marked.kept() == left


def is_one_of(own: set[tuple[str, str, int]], name: str, line: str) -> bool:
    """Whether Dovecot's line is about one of these messages."""
    folder, uid, *_ = line.split("\t")
    return (name, folder, int(uid)) in own


def test_what_the_filter_refuses_is_told_with_its_words(rig: Rig, tmp_path_factory: pytest.TempPathFactory) -> None:
    campaign = Campaign(rig, tmp_path_factory.mktemp("refused"), BENIGN[:3], "Buy now or never", REFUSED)
    assert campaign.send().returncode == 1
    for name, told in campaign.report().items():
        assert told["fate"] == "rejected"
        assert "554 5.7.1" in told["detail"]
        [number] = rig.queue_ids(campaign.copies()[name].token)
        assert "milter-reject: END-OF-MESSAGE" in " ".join(rig.said_of(number))
        assert not rig.stored(campaign.copies()[name].token)


def test_who_is_put_off_is_tried_again_and_who_is_full_stays_deferred(
    rig: Rig, tmp_path_factory: pytest.TempPathFactory
) -> None:
    campaign = Campaign(rig, tmp_path_factory.mktemp("deferred"), ("greylisted", "stuffed"), "Come again")
    first = campaign.stop_after(2, signal.SIGINT, *campaign.sending)
    assert any("450 4.7.1" in line for line in first), first
    assert "the same command goes on from there" in first[-1]
    second = campaign.stop_after(2, signal.SIGINT, *campaign.sending)
    assert any(re.match(r"✓ greylisted@boxes.example +250 ", line) for line in second), second
    assert any(re.match(r"\? stuffed@boxes.example +452 4\.2\.2 ", line) for line in second), second
    assert rig.greylist.tried == [(RETURNS, "greylisted@boxes.example")] * 2
    watched = campaign.watch()
    told = campaign.report()
    assert (told["greylisted"]["fate"], told["stuffed"]["fate"]) == ("inbox", "deferred"), watched.stdout
    assert "452 4.2.2" in told["stuffed"]["detail"]
    assert sum("reject: RCPT" in line and "<stuffed@boxes.example>: Recipient" in line for line in rig.lines()) == 2
    assert rig.queue_ids(campaign.copies()["stuffed"].token) == []

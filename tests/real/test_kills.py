"""Runs of a seed test killed at random moments of their lives, before real servers: their logs are the witness.

`DELIVERKIT_KILLS` says at how many moments (`make fuzz`: 50); `pytest -s` shows where they hit.
"""

from __future__ import annotations

import os
import time
from collections import Counter
from datetime import UTC, datetime
from itertools import chain, count
from pathlib import Path

import pytest

from deliverkit.facts.placement import Fate
from deliverkit.seeds.joining import join
from deliverkit.seeds.send import to_send
from tests.killing import (
    ASKED,
    BEFORE,
    BETWEEN,
    DOUBT,
    TALKING,
    Killed,
    copies_of,
    deliveries,
    journal_like,
    kill_after,
    kills,
    moments,
    seen_places,
    settled_lines,
    wait_for_deliveries,
)
from tests.seed_campaign import Campaign, queued_as
from tests.seed_rig import BENIGN, Rig, missing_rig

WHY = missing_rig()
pytestmark = pytest.mark.skipif(
    bool(WHY) and os.environ.get("CI") != "true", reason=f"{WHY} is not there: make servers"
)

PAUSE = ("--rate", "600", "--control")  # a copy takes Postfix half of that pause: kills hit within copies and between
FEW = 8  # copies that are left: too few for a run that lives long enough
MORE = 15  # moments at the most, until one was after the dot and enough runs were killed
SENDINGS, WATCHES = kills(5), kills(2)


def starting_of(campaign: Campaign) -> float:
    """Seconds until a sending begins with its first copy: those of one that only shows what it would do."""
    begun = time.monotonic()
    assert campaign.send(*PAUSE, "--dry-run").returncode == 0
    return time.monotonic() - begun


def left_of(campaign: Campaign) -> int:
    """How many copies the next run has to send."""
    copies = copies_of(campaign)
    return len(to_send(copies, in_doubt=False)) if copies else 2 * len(BENIGN)


def kill_one(campaign: Campaign, moment: float, starting: float, killed: Killed) -> None:
    """Kill a sending at that part of its life, and note where it hit."""
    before, lines = copies_of(campaign), len(campaign.rig.lines())
    is_hit = kill_after(moment * (starting + left_of(campaign) * 0.1), campaign, (*campaign.sending, *PAUSE))
    said = settled_lines(campaign.rig, lines)
    if is_hit:
        killed.note(before, copies_of(campaign), said)


def settle(campaign: Campaign) -> int:
    """Go on to the end, and hold what the journal says against the logs; how many in doubt Postfix had taken."""
    rig = campaign.rig
    campaign.send(*PAUSE)
    tokens = [copy.token for copy in campaign.test().copies]
    wait_for_deliveries(rig, tokens)
    doubted = [copy.token for copy in campaign.test().copies if not any(one.is_accepted for one in copy.sendings)]
    for copy in campaign.test().copies:
        numbers = rig.accepted(copy.token)
        assert len(numbers) <= 1, "handed over twice"
        assert copy.token in doubted or numbers == [queued_as(copy)], "what the journal has as sent is in the log"
        assert deliveries(rig, copy.token) == len(numbers)
    campaign.watch(minutes=0)
    for copy in campaign.test().copies:
        assert len(copy.arrivals) == deliveries(rig, copy.token), "those in doubt are found where Postfix had them"
    for copy, placed in zip(campaign.test().copies, join(campaign.test(), datetime.now(UTC)), strict=True):
        assert bool(copy.arrivals) != (placed.fate is Fate.IN_DOUBT), "those that nobody has are told as in doubt"
    taken = sum(deliveries(rig, token) for token in doubted)
    assert campaign.send(*PAUSE, "--resend-in-doubt").returncode in {0, 3}
    wait_for_deliveries(rig, tokens)
    assert {deliveries(rig, token) for token in tokens} == {1}, "each once in the end"
    return taken


def test_sendings_killed_at_random_moments_lose_nothing_and_hand_nothing_over_twice(
    rig: Rig, tmp_path_factory: pytest.TempPathFactory
) -> None:
    folder, killed = tmp_path_factory.mktemp("kills"), Killed(Counter(), Counter())
    names = (f"Killed {number}" for number in count())
    campaigns = [Campaign(rig, folder / "first", BENIGN, next(names))]
    starting = starting_of(campaigns[0])
    for moment in chain(moments(SENDINGS, 20261126), moments(MORE, 20261128)):
        if killed.places.total() >= SENDINGS and killed.places[DOUBT]:
            break
        if left_of(campaigns[-1]) < FEW:
            name = next(names)
            campaigns.append(Campaign(rig, folder / name, BENIGN, name))
        kill_one(campaigns[-1], moment, starting, killed)
    for campaign in campaigns:
        killed.taken += settle(campaign)
    print(f"\n{killed}")  # noqa: T201 - the figures
    assert killed.places.total() >= SENDINGS, "runs ended before they were killed"
    assert killed.places[DOUBT], "no run was killed between the dot and the reply: the test proves nothing"
    assert not ASKED or set(killed.places) == {BEFORE, TALKING, DOUBT, BETWEEN}


def watching(campaign: Campaign, journal: Path) -> tuple[str, ...]:
    """The command that watches by that journal; how many minutes stands behind."""
    return ("seed", "watch", *campaign.rig.asking, "--journal", journal.name, "--wait")


def look_again(campaign: Campaign, journal: Path) -> float:
    """Look into every mailbox once; the seconds that it took."""
    begun = time.monotonic()
    assert campaign.rig.run(campaign.folder, *watching(campaign, journal), "0").returncode == 0
    return time.monotonic() - begun


def test_watches_killed_at_random_moments_lose_nothing(rig: Rig, tmp_path_factory: pytest.TempPathFactory) -> None:
    campaign = Campaign(rig, tmp_path_factory.mktemp("watches"), (*BENIGN, "late"), "Watched")
    assert campaign.send().returncode == 0
    tokens = [copy.token for copy in campaign.test().copies]
    rig.wait_for(lambda: sum(map(bool, map(rig.stored, tokens))) == len(BENIGN), "all but the late one are filed")
    seen: list[int] = []
    life = look_again(campaign, journal_like(campaign.folder / "journal", "undisturbed"))
    for number, moment in enumerate(moments(WATCHES, 20261127)):
        journal = journal_like(campaign.folder / "journal", f"journal{number}")
        if kill_after(moment * life, campaign, (*watching(campaign, journal), "60")):
            seen.append(len(seen_places(campaign, journal)))
        before = seen_places(campaign, journal)
        life = look_again(campaign, journal)  # how long it takes changes with what else the machine does
        assert before <= seen_places(campaign, journal)
        assert {token for token, _, _ in seen_places(campaign, journal)} == {t for t in tokens if rig.stored(t)}
    print(f"\n{len(seen)} watches killed when they had seen so many of {len(BENIGN)} copies: {sorted(seen)}")  # noqa: T201
    assert len(seen) == WATCHES, "watches ended before they were killed"
    assert not ASKED or len({0, len(BENIGN)} | set(seen)) > 2, "some are killed while they look"
    rig.release()

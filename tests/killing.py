"""Runs that are killed at random moments, and what the servers' logs and the journal say of each such moment."""

from __future__ import annotations

import os
import random
import re
import shutil
import signal
import time
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from deliverkit.observations.seeds import Copy, Stage
from deliverkit.seeds.journal import open_journal
from tests.seed_campaign import Campaign
from tests.seed_rig import Rig

ASKED = os.environ.get("DELIVERKIT_KILLS")  # `make fuzz` asks for 50 random moments
BEFORE, TALKING, DOUBT, BETWEEN = "before the first copy", "before the dot", "after the dot", "between copies"
_OVER = re.compile(r"\]: disconnect from \S+ (.*) commands=")
_COMMANDS = ("quit", "data", "rcpt", "mail", "starttls", "ehlo")


def kills(usual: int) -> int:
    """How many are asked for, else so many."""
    return int(ASKED or usual)


def moments(number: int, seed: int) -> Iterator[float]:
    """So many random moments of a life that lasts from 0 to 1: one out of each of its parts, in random order."""
    chance = random.Random(seed)  # noqa: S311 - when a run is killed
    parts = list(range(number))
    chance.shuffle(parts)
    return ((part + chance.random()) / number for part in parts)


def kill_after(seconds: float, campaign: Campaign, arguments: Sequence[str]) -> bool:
    """Whether the command still ran when it was killed after so many seconds."""
    with campaign.start(*arguments) as process:
        time.sleep(seconds)
        if process.poll() is None:
            os.killpg(process.pid, signal.SIGKILL)
        process.communicate()
    return process.returncode == -signal.SIGKILL


@dataclass
class Killed:
    """Where the kills of sendings hit: by what the journal says, and by the last command that Postfix then knew of.

    ``taken``: of the copies that were after the dot, how many Postfix had all the same.
    """

    places: Counter[str]
    commands: Counter[str]
    taken: int = 0

    def __str__(self) -> str:
        places = ", ".join(f"{count} {place}" for place, count in self.places.most_common())
        commands = ", ".join(f"{name} {count}" for name, count in self.commands.most_common())
        return (
            f"{self.places.total()} sendings killed: {places}\n"
            f"  Postfix's last command of the {self.commands.total()} connections that broke off: {commands}\n"
            f"  of the copies after the dot it took {self.taken}"
        )

    def note(self, before: Sequence[Copy], after: Sequence[Copy], lines: Sequence[str]) -> None:
        """Note a kill, by the journal before and after that run, and what Postfix logged meanwhile."""
        self.places[_place(before, after)] += 1
        lasts = [_last_command(found[1]) for line in lines if (found := _OVER.search(line))]
        self.commands.update(last for last in lasts if last != "QUIT")


def _last_command(counts: str) -> str:
    """The last command of a connection, of which Postfix logs how often each was said in it."""
    said = {one.partition("=")[0] for one in counts.split()}
    return next((name.upper() for name in _COMMANDS if name in said), "connecting")


def _place(before: Sequence[Copy], after: Sequence[Copy]) -> str:
    """Where a run was when it ended, by the tries that it had begun."""
    known = {copy.token: len(copy.sendings) for copy in before}
    tries = [one for copy in after for one in copy.sendings[known.get(copy.token, 0) :]]
    stages = {one.stage for one in tries if one.ended is None}
    if not tries:
        return BEFORE
    return DOUBT if Stage.DOT in stages else TALKING if stages else BETWEEN


def copies_of(campaign: Campaign) -> tuple[Copy, ...]:
    """The copies of its test as the journal has it; none where the test is not noted yet."""
    with open_journal(campaign.folder / "journal") as journal:
        return journal.find().copies if journal.tests() else ()


def settled_lines(rig: Rig, start: int) -> list[str]:
    """What Postfix logged from that line on, once it knows that every connection is over."""

    def lines() -> list[str]:
        return rig.lines()[start:]

    def is_over() -> bool:
        ends = [sum(f"]: {word} from " in line for line in lines()) for word in ("connect", "disconnect")]
        return ends[0] == ends[1]

    rig.wait_for(is_over, "Postfix ends its connections")
    return lines()


def deliveries(rig: Rig, token: str) -> int:
    """How often Postfix handed the copy with that token on to its mailbox."""
    return sum("status=sent" in line for number in rig.queue_ids(token) for line in rig.said_of(number))


def wait_for_deliveries(rig: Rig, tokens: Sequence[str]) -> None:
    """Until Postfix has handed on all that it took of these."""

    def is_done() -> bool:
        return all("removed" in rig.said_of(number) for token in tokens for number in rig.accepted(token))

    rig.wait_for(is_done, "Postfix hands on what it took")


def seen_places(campaign: Campaign, journal: Path) -> set[tuple[str, str, int]]:
    """Which copies that journal has as seen, and where."""
    with open_journal(journal) as opened:
        found = opened.find(campaign.subject).copies
    places = [(copy.token, one.folder.name, one.uid) for copy in found for one in copy.arrivals]
    assert len(places) == len(set(places)), "each is noted once"
    return set(places)


def journal_like(model: Path, name: str) -> Path:
    """A journal of its own that says the same as that one, which nobody has open."""
    made = model.with_name(name)
    shutil.copy(model, made)
    return made

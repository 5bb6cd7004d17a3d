"""The mailboxes that a watch looks into, how often, and how each of them does."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import NamedTuple

from deliverkit.classes import Frozen
from deliverkit.observations.mailbox import Arrival, Bodies, FileAccess, ImapAccess, MailboxOpener, MailboxView
from deliverkit.observations.seeds import SeedTest
from deliverkit.seeds.matching import has_token
from deliverkit.seeds.seedfile import SeedFile


class Pace(Frozen):
    """How often mailboxes are asked, in seconds. Those that tell of something new themselves are looked into then.

    A look follows the one before after ``least`` at first, later after ever longer, ``most`` in the end; one that
    failed after ``retry``, then after twice that, and so on up to ``most_retry``. ``floor``: whatever a mailbox tells,
    no look comes sooner. ``grace``: how long the last look may take.
    """

    least: float = 15.0
    most: float = 60.0
    retry: float = 60.0
    most_retry: float = 900.0
    floor: float = 1.0
    grace: float = 90.0

    def pause(self, elapsed: float, failures: int) -> float:
        """Until the next look at a mailbox, so long after the test's start and after so many failures in a row."""
        if failures:
            return min(self.retry * 2.0 ** min(failures - 1, 16), self.most_retry)
        return min(max(elapsed / 20, self.least), self.most)


LAB_PACE = Pace(least=1.0, most=2.0, retry=2.0, floor=0.2, grace=15.0)  # a world's servers are on this machine


@dataclass
class Box:
    """A mailbox that is watched: the addresses whose mail it holds, and how the looks at it went.

    ``looked`` is when the last look began that was whole.
    """

    access: ImapAccess | FileAccess
    addresses: tuple[str, ...]
    looked: datetime | None = None
    problem: str = "it has not been read yet"
    failures: int = 0

    @property
    def name(self) -> str:
        """What it is called."""
        return self.addresses[0]

    @property
    def is_tried(self) -> bool:
        """Whether a look at it has ended, well or not."""
        return self.looked is not None or self.failures > 0

    def take(self, view: MailboxView, begun: datetime) -> None:
        """Keep how a look went."""
        self.problem = view.problem
        self.failures = self.failures + 1 if view.problem else 0
        if not view.problem:
            self.looked = begun


def boxes_of(test: SeedTest, file: SeedFile) -> tuple[Box, ...]:
    """The mailboxes of the test's copies and the one that takes bounces, each once, whatever its addresses."""
    wanted = {copy.address for copy in test.copies}
    seeds = [seed for seed in file.seeds if seed.address in wanted]
    addresses: dict[ImapAccess | FileAccess, list[str]] = {}
    for seed in (*seeds, *([file.returns] if file.returns else [])):
        listed = addresses.setdefault(seed.access, [])
        if seed.address not in listed:
            listed.append(seed.address)
    return tuple(Box(access, tuple(listed)) for access, listed in addresses.items())


class Cleaned(NamedTuple):
    """What was deleted in a mailbox: how many messages, and what went wrong, empty if nothing.

    ``left``: how many were left that are copies by their looks alone, without a token of the test.
    """

    mailbox: str
    deleted: int
    left: int = 0
    problem: str = ""


async def clean_up(test: SeedTest, file: SeedFile, opener: MailboxOpener) -> tuple[Cleaned, ...]:
    """Delete what the test sent, message by message, by its tokens: for each mailbox that holds any, how it went."""
    return tuple([await _clean_up(test, box, opener) for box in boxes_of(test, file) if _arrivals(test, box)])


async def _clean_up(test: SeedTest, box: Box, opener: MailboxOpener) -> Cleaned:
    arrivals = _arrivals(test, box)
    own = tuple(one for one in arrivals if has_token(test, one.header))
    if not own:
        return Cleaned(box.name, 0, len(arrivals))
    mailbox = opener.open(box.access, since=test.started, bodies=Bodies.REPORTS)
    try:
        return Cleaned(box.name, len(own), len(arrivals) - len(own), await mailbox.delete(own))
    finally:
        await mailbox.close()


def _arrivals(test: SeedTest, box: Box) -> tuple[Arrival, ...]:
    return tuple(arrival for copy in test.copies if copy.address in box.addresses for arrival in copy.arrivals)

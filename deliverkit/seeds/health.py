"""Whether a seed can be read, judged by what a trial of its mailbox came to. Pure."""

from __future__ import annotations

import enum
from datetime import datetime, timedelta

from deliverkit.classes import Frozen
from deliverkit.observations.mailbox import FolderClass, ImapAccess, Mechanism, Tabs, Trial
from deliverkit.seeds.seedfile import Seed

CLOCKS = timedelta(minutes=2)  # by which two that are right may differ
SOON = timedelta(minutes=30)  # a test lasts as long


class State(enum.StrEnum):
    """What is to be thought of a seed, as a word; the worst comes first."""

    BROKEN = "broken"
    UNKNOWN = "cannot tell"
    DOUBTFUL = "doubtful"  # it can be read, and something in it may mislead
    WELL = "well"


ORDER = tuple(State)


class Health(Frozen):
    """How a seed does: ``complaints`` are clauses, the worst first. ``role`` says what it is besides a seed."""

    seed: Seed
    trial: Trial
    state: State
    complaints: tuple[str, ...] = ()
    role: str = ""

    @property
    def junk(self) -> str:
        """The junk folders, and why they are taken for that; empty where none is known."""
        found = [one for one in self.trial.folders if one.kind is FolderClass.JUNK]
        return ", ".join(f"{one.name} ({one.reason})" for one in found)


def judge(seed: Seed, trial: Trial, now: datetime, role: str = "") -> Health:
    """How the seed does at that moment."""
    if trial.problem:
        return Health(seed, trial, State.BROKEN if trial.is_fault else State.UNKNOWN, (trial.problem,), role)
    complaints = tuple(
        clause for clause in (_junk(seed, trial), _token(seed, trial, now), _clock(trial, now)) if clause
    )
    return Health(seed, trial, State.DOUBTFUL if complaints else State.WELL, complaints, role)


def _junk(seed: Seed, trial: Trial) -> str:
    is_one_file = not isinstance(seed.access, ImapAccess) and seed.access.form == "mbox"
    if is_one_file or any(one.kind is FolderClass.JUNK for one in trial.folders):
        return ""
    return "no folder of it is known as junk: what lands there would count as another folder"


def _token(seed: Seed, trial: Trial, now: datetime) -> str:
    if not isinstance(seed.access, ImapAccess) or seed.access.mechanism is Mechanism.PASSWORD or trial.until is None:
        return ""
    if trial.until <= now:
        return "its token says that it has expired, and its server takes it all the same: for how long?"
    if trial.until - now < SOON and not seed.access.secret.startswith("command:"):
        minutes = int((trial.until - now).total_seconds() // 60)
        return f"its token expires in {minutes} min, which may be before a test ends: let a command give it"
    return ""


def _clock(trial: Trial, now: datetime) -> str:
    """A message of the future shows that two clocks differ, not which is wrong; otherwise IMAP tells of none."""
    if trial.newest is None or trial.newest - now <= CLOCKS:
        return ""
    minutes = int((trial.newest - now).total_seconds() // 60)
    return f"its newest message is dated {minutes} min in the future: its server's clock or this one's is wrong"


def tabs_of(health: Health) -> str:
    """The tabs of its inbox in words; empty where its server has none."""
    return {Tabs.NONE: "", Tabs.ON: "on", Tabs.OFF: "off", Tabs.UNKNOWN: "?"}[health.trial.tabs]

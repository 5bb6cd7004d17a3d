"""``seeds.toml``: the mailboxes of a seed test, and how to get at each."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from deliverkit.observations.mailbox import FileAccess, ImapAccess

NAME = "seeds.toml"


@dataclass(frozen=True, slots=True)
class Seed:
    """A seed mailbox. ``provider`` is what its figures stand under: given, or known by its domain's exchangers."""

    address: str
    provider: str
    access: ImapAccess | FileAccess


@dataclass(frozen=True, slots=True)
class SeedFile:
    """What the file says. ``returns`` is the mailbox to which bounces go; None: bounces are not looked for."""

    path: Path
    seeds: tuple[Seed, ...]
    returns: Seed | None = None

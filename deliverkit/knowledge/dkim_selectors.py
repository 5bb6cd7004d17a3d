"""Who signs with which DKIM selectors (``dkim_selectors.toml``)."""

from __future__ import annotations

import tomllib
from dataclasses import dataclass
from datetime import date
from functools import cache
from importlib.resources import files
from typing import Any

from deliverkit.standards.names import is_within


@dataclass(frozen=True, slots=True)
class Signer:
    """A provider that signs its customers' mail. ``is_unguessable``: it makes selectors up for each customer, too."""

    name: str
    selectors: tuple[str, ...]
    mail_providers: tuple[str, ...]
    includes: tuple[str, ...]
    is_unguessable: bool
    source: str
    as_of: date


def signers_at(mail_provider: str) -> list[Signer]:
    """The signers that belong to a mail provider of that name."""
    return [signer for signer in signers() if mail_provider in signer.mail_providers]


def signers_behind(include: str) -> list[Signer]:
    """The signers whose customers include that name in their SPF record."""
    return [signer for signer in signers() if any(is_within(include, name) for name in signer.includes)]


@cache
def signers() -> tuple[Signer, ...]:
    """Every signer."""
    return tuple(
        Signer(
            name=entry["name"],
            selectors=tuple(entry["selectors"]),
            mail_providers=tuple(entry.get("mail_providers", ())),
            includes=tuple(entry.get("includes", ())),
            is_unguessable=entry.get("unguessable", False),
            source=entry["source"],
            as_of=entry["as_of"],
        )
        for entry in _table()["signer"]
    )


@cache
def generic_selectors() -> tuple[str, ...]:
    """Selectors that many choose, whoever signs."""
    return tuple(_table()["generic"])


@cache
def known_selectors() -> frozenset[str]:
    """Every selector that is tried for domains of which nothing is known: it says nothing of whose it is."""
    return frozenset(generic_selectors()).union(*(signer.selectors for signer in signers()))


@cache
def include_names() -> frozenset[str]:
    """Every name that customers of signers include."""
    return frozenset(name for signer in signers() for name in signer.includes)


@cache
def _table() -> dict[str, Any]:
    return tomllib.loads(files(__package__).joinpath("dkim_selectors.toml").read_text("utf-8"))

"""Who signs with which DKIM selectors (``dkim_selectors.toml``)."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from functools import cache
from typing import Any

from deliverkit.knowledge.reading import read_toml
from deliverkit.standards.names import is_within


@dataclass(frozen=True, slots=True)
class Signer:
    """A provider that signs its customers' mail.

    ``is_unguessable``: it makes selectors up for each customer, too.

    ``dashed_below``: below that name a domain's own name stands in the selector, its dots as dashes.
    """

    name: str
    selectors: tuple[str, ...]
    mail_providers: tuple[str, ...]
    includes: tuple[str, ...]
    is_unguessable: bool
    dashed_below: str
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
            dashed_below=entry.get("dashed_below", ""),
            source=entry["source"],
            as_of=entry["as_of"],
        )
        for entry in _table()["signer"]
    )


def dashed_selectors(domain: str) -> dict[str, Signer]:
    """The selectors that have the domain's own name in them, with who signs with them."""
    own = f"-{domain.replace('.', '-')}"
    return {
        f"{selector}{own}": signer
        for signer in signers()
        if signer.dashed_below and is_within(domain, signer.dashed_below)
        for selector in signer.selectors
    }


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
    """Every name by which signers are known: those that customers include, and those below which they have theirs."""
    return frozenset(name for signer in signers() for name in (*signer.includes, signer.dashed_below) if name)


@cache
def _table() -> dict[str, Any]:
    return read_toml("dkim_selectors.toml")

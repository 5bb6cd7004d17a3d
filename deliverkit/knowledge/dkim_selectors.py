"""Who signs with which DKIM selectors (``dkim_selectors.toml``)."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from functools import cache
from typing import Any

from deliverkit.classes import Frozen, field
from deliverkit.knowledge.reading import read_toml
from deliverkit.knowledge.spf_services import service_at
from deliverkit.standards.names import is_within


class Signer(Frozen):
    """A provider that signs its customers' mail.

    ``is_unguessable``: it makes selectors up for each customer, too. ``is_for_its_own``: with these it signs the mail
    of its own domains alone.

    ``beside``: selectors that are set up together with another, by their names.

    ``dashed_below``: below that name a domain's own name stands in the selector, its dots as dashes.
    """

    name: str
    selectors: tuple[str, ...]
    beside: Mapping[str, str] = field(hash=False)
    mail_providers: tuple[str, ...]
    spf_services: tuple[str, ...]
    is_unguessable: bool
    is_for_its_own: bool
    dashed_below: str
    source: str
    as_of: date


def signers_at(mail_provider: str) -> list[Signer]:
    """The signers that belong to a mail provider of that name."""
    return [signer for signer in signers() if mail_provider in signer.mail_providers]


def signers_behind(include: str) -> list[Signer]:
    """The signers whose customers include that name in their SPF record."""
    service = service_at(include)
    return [signer for signer in signers() if service is not None and service.name in signer.spf_services]


@cache
def signers() -> tuple[Signer, ...]:
    """Every signer."""
    return tuple(
        Signer(
            name=entry["name"],
            selectors=tuple(entry["selectors"]),
            beside=entry.get("beside", {}),
            mail_providers=tuple(entry.get("mail_providers", ())),
            spf_services=tuple(entry.get("spf_services", ())),
            is_unguessable=entry.get("unguessable", False),
            is_for_its_own=entry.get("own_domains_alone", False),
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
def customer_suffixes() -> frozenset[str]:
    """The names below which signers give customers names of their own."""
    return frozenset(signer.dashed_below for signer in signers() if signer.dashed_below)


@cache
def _table() -> dict[str, Any]:
    return read_toml("dkim_selectors.toml")

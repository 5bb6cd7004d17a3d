"""Who sends behind a name in an SPF record (``spf_services.toml``)."""

from __future__ import annotations

from collections.abc import Set as AbstractSet
from functools import cache

from deliverkit.facts.spf import SpfService
from deliverkit.knowledge.reading import read_toml


def service_at(name: str) -> SpfService | None:
    """The service whose suffix ends the name on a label boundary, the longest suffix first."""
    labels = name.split(".")
    table = _services()
    return next((table[key] for key in (".".join(labels[i:]) for i in range(len(labels))) if key in table), None)


def service_suffixes() -> AbstractSet[str]:
    """The suffixes by which services are recognised."""
    return _services().keys()


@cache
def _services() -> dict[str, SpfService]:
    return {
        suffix: SpfService(
            name=entry["name"],
            has_own_return_path=entry.get("own_return_path", False),
            source=entry["source"],
            as_of=entry["as_of"],
        )
        for entry in read_toml("spf_services.toml")["service"]
        for suffix in entry["suffixes"]
    }

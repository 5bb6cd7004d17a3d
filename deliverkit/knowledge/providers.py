"""Mail providers, recognised by the names of their exchangers (``mail_providers.toml``)."""

from __future__ import annotations

from collections.abc import Set as AbstractSet
from functools import cache

from deliverkit.facts.provider import Provider, ProviderKind
from deliverkit.knowledge.reading import read_toml


def provider_of(host: str) -> Provider | None:
    """The provider whose suffix ends the host name on a label boundary, the longest suffix first."""
    labels = host.split(".")
    table = _providers()
    return next((table[key] for key in (".".join(labels[i:]) for i in range(len(labels))) if key in table), None)


def provider_suffixes() -> AbstractSet[str]:
    """The suffixes by which providers are recognised."""
    return _providers().keys()


@cache
def _providers() -> dict[str, Provider]:
    return {
        suffix: Provider(
            name=entry["name"],
            kind=ProviderKind(entry["kind"]),
            is_large=entry.get("large", False),
            source=entry["source"],
            as_of=entry["as_of"],
        )
        for entry in read_toml("mail_providers.toml")["provider"]
        for suffix in entry["suffixes"]
    }

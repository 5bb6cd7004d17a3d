"""Whose hosts write into the header of what a provider's mailboxes receive (``receivers.toml``)."""

from __future__ import annotations

from functools import cache

from deliverkit.knowledge.reading import read_toml


def domains_of_receiver(provider: str) -> tuple[str, ...]:
    """The domains of the provider's own hosts; empty where none are known."""
    return _by_name().get(provider, ())


@cache
def _by_name() -> dict[str, tuple[str, ...]]:
    return {
        name: tuple(entry["domains"]) for entry in read_toml("receivers.toml")["receiver"] for name in entry["names"]
    }

"""What the resolver and the way out are tried with (``controls.toml``)."""

from __future__ import annotations

from functools import cache
from typing import Any

from deliverkit.facts.resolver import Blocklist, BogusName, ControlHost
from deliverkit.knowledge.reading import read_toml


def bogus_names() -> tuple[BogusName, ...]:
    """Names whose signatures are broken on purpose, of unrelated operators."""
    return tuple(BogusName(**entry) for entry in _document()["bogus"])


def control_hosts() -> tuple[ControlHost, ...]:
    """Exchangers of unrelated providers."""
    return tuple(ControlHost(**entry) for entry in _document()["host"])


def blocklists() -> tuple[Blocklist, ...]:
    """Blocklists with their test points."""
    return tuple(
        Blocklist(
            zone=entry["zone"],
            kind=entry["kind"],
            listed=entry["listed"],
            unlisted=entry["unlisted"],
            refusals=entry.get("refusals", {}),
            is_registered=entry.get("registered", False),
            source=entry["source"],
            as_of=entry["as_of"],
        )
        for entry in _document()["blocklist"]
    )


def control_names() -> frozenset[str]:
    """Every name that a trial of this machine asks for, but those that it makes up."""
    points = (f"{point}.{found.zone}" for found in blocklists() for point in (found.listed, found.unlisted))
    return frozenset({*points, *(found.name for found in bogus_names()), *(found.host for found in control_hosts())})


@cache
def _document() -> dict[str, Any]:
    return read_toml("controls.toml")

"""The web servers that a world may have."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace
from typing import Any

MANNERS = frozenset(
    {
        "right",
        "expired",
        "wrong-name",
        "self-signed",
        "untrusted",
        "redirect",
        "missing",
        "wrong-type",
        "huge",
        "drip",
        "silent",
        "hangs-up",
        "no-http",
    }
)


@dataclass(frozen=True, slots=True)
class Website:
    """A web server of the world: one file for one host's name over HTTPS, and what it does wrong."""

    address: str
    host: str = ""
    path: str = "/.well-known/mta-sts.txt"
    body: str = ""
    do: str = "right"


def websites_over(below: Iterable[Website], tables: Iterable[dict[str, Any]]) -> tuple[Website, ...]:
    """The web servers of a base with those of the tables laid over them, one for each address.

    Raises:
        ValueError: one does what none can.
    """
    sites = {site.address: site for site in below}
    for table in tables:
        address = table["address"]
        site = replace(sites.get(address) or Website(address), **table)
        if site.do not in MANNERS:
            raise ValueError(f"web server {site.do!r} at {address}: choose one of {', '.join(sorted(MANNERS))}")
        sites[address] = site
    return tuple(sites.values())

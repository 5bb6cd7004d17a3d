"""What the checks of senders share: what they cannot judge, and how a reverse name is asked for."""

from __future__ import annotations

from collections.abc import Iterator

from deliverkit.facts import ReverseName
from deliverkit.facts.sender import SendingHosts
from deliverkit.model import Absent, not_applicable, unknown
from deliverkit.standards.addresses import Address


def unreversed(found: SendingHosts) -> Iterator[Absent]:
    """The addresses whose reverse name is not known, or that have no public one."""
    absent = [one.reverse for one in found.addresses if isinstance(one.reverse, Absent)]
    if len(absent) == len(found.addresses):
        yield from absent
    for one in found.addresses:
        if isinstance(one.reverse, ReverseName) and one.reverse.lookup.failure:
            yield unknown(f"reverse name of {one.address}: {one.reverse.lookup.failure}")
    if found.left_out:
        yield unknown(f"{found.left_out} sending addresses past the bound")


def publishing(address: Address, name: str) -> str:
    """Whom to ask for which record."""
    return (
        "have the owner of the address block (the hosting or Internet provider) publish:  "
        f"{address.reverse_pointer}.  IN  PTR  {name}."
    )


def without_helo(found: SendingHosts) -> Iterator[Absent]:
    """Why the HELO name is not judged, or not in full."""
    if found.helo is None:
        yield not_applicable("no HELO name is given: helo in deliverkit.toml names it")
    elif not found.helo.addresses:
        yield from map(unknown, found.helo.failures)

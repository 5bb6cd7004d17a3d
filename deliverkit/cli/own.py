"""``deliverkit own``."""

from __future__ import annotations

import asyncio
import sys
from collections.abc import Awaitable, Callable, Iterator
from typing import TypeVar

import click

from deliverkit.checks.wording import listed
from deliverkit.cli import Command
from deliverkit.cli.examining import EXIT
from deliverkit.cli.opening import clients_for
from deliverkit.clients.guard import own_key
from deliverkit.errors import UsageError
from deliverkit.model import Outcome, ZoneLine
from deliverkit.observations import Resolver
from deliverkit.probes.ownership import Ownership, ownership_of, prove, zone_of
from deliverkit.render.text import escape
from deliverkit.standards.names import is_within, parse_address, parse_domain, relative_label
from deliverkit.standards.ownership import owner_name, ownership_text
from deliverkit.standards.txt import data_of

_TTL = 3600
_Found = TypeVar("_Found")


@click.command("own", cls=Command)
@click.argument("host")
@click.option("--check", "is_check", is_flag=True, help="Look whether the record is published; change nothing.")
@click.option("--resolver", "resolvers", multiple=True, metavar="IP[:PORT]",
              help="Ask this resolver (repeat it for several); else the system's.")  # fmt: skip
@click.option("--timeout", type=click.FloatRange(0.1, 300), default=5.0, show_default=True,
              help="Seconds until a question is given up.")  # fmt: skip
@click.option("--lab", metavar="WORLD", help="Run in this world of the lab; nothing leaves the machine.")
def command(host: str, *, is_check: bool, resolvers: tuple[str, ...], timeout: float, lab: str | None) -> None:
    """Print the DNS record that proves a mail host your own, or look whether it is published.

    HOST is the host's name, which the reverse name of its address has to give; or its address, whose reverse names are
    then asked for. Scripts with raw octets, early talk and
    the like are held only with hosts on loopback, at private addresses, or proved so; hosts that are not proved so are
    asked about few recipients a day. The token is made with a key of yours, which is kept for your eyes only.

    \b
    deliverkit own mx1.example.com
    deliverkit own mx1.example.com --check
    """
    key = own_key()
    name = asyncio.run(_asking(lambda resolver: _name_of(host, resolver, key), resolvers, timeout, lab))
    if is_check:
        found = asyncio.run(_asking(lambda resolver: ownership_of(name, resolver, key), resolvers, timeout, lab))
        click.echo("\n".join(map(escape, _verdict(name, found))))
        sys.exit(EXIT[_outcome(found)])
    zone = asyncio.run(_asking(lambda resolver: zone_of(name, resolver), resolvers, timeout, lab))
    _print_record(name, zone, key, lab)


def _print_record(name: str, zone: str, key: bytes, lab: str | None) -> None:
    """What is to be published, and how to see whether it is."""
    owner = owner_name(name)
    label = relative_label(owner, zone) if zone and is_within(owner, zone) else f"{owner}."
    line = ZoneLine(owner, label, _TTL, "TXT", data_of(ownership_text(name, key)))
    where = f"in the form of the zone {zone}" if zone else "with the dot, because its zone could not be asked for"
    click.echo(f"{escape(str(line))}\n  name {escape(where)}: {escape(label)}\n")
    there = f" --lab {escape(lab)}" if lab else ""
    click.echo(f"Publish the record, then look whether it is visible:\n  deliverkit own {escape(name)} --check{there}")


async def _name_of(host: str, resolver: Resolver, key: bytes) -> str:
    """The host's name; of an address its reverse name, since only who has the address can set that.

    Raises:
        UsageError: it is neither, or the address has none.
    """
    address = parse_address(host)
    if address is None:
        return parse_domain(host)
    names = (await prove(str(address), resolver, key)).names
    if names:
        return parse_domain(names[0])
    record = f"{address.reverse_pointer}.  {_TTL}  IN  PTR  mx1.example.com."
    raise UsageError(
        f"{address} has no reverse name, and an address is proved by that alone: whoever runs its network gives it "
        f"one, such as {record} Then: deliverkit own mx1.example.com"
    )


async def _asking(
    ask: Callable[[Resolver], Awaitable[_Found]], resolvers: tuple[str, ...], timeout: float, lab: str | None
) -> _Found:
    async with clients_for(resolvers, lab, timeout=timeout) as clients:
        return await ask(clients.resolver)


def _outcome(found: Ownership) -> Outcome:
    if found.is_published is None:
        return Outcome.UNKNOWN
    is_proved = found.is_published and all(one.is_own for one in found.proofs)
    return Outcome.PASS if is_proved else Outcome.FAIL


def _verdict(host: str, found: Ownership) -> Iterator[str]:
    """What is published, in sentences."""
    if found.is_published is None:
        yield f"Cannot tell whether {host} is proved your own: its record could not be asked for."
        return
    if not found.is_published:
        yield f"{host} is not proved your own: {owner_name(host)} has no TXT record with your token."
        return
    proved = [one.address for one in found.proofs if one.is_own]
    yield f"{host} is proved your own{f', at {listed(proved)}' if proved else ''}."
    for one in found.proofs:
        if not one.is_own:
            names = f"leads to {listed(one.names)}, which is not proved" if one.names else "is missing"
            yield f"{one.address} is not: its reverse name {names}. It has to lead to {host}."

"""``--wait``: the looks at the servers as lines on standard error."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Sequence
from contextlib import AbstractAsyncContextManager

import click

from deliverkit.checks.wording import format_duration
from deliverkit.cli.options import Options
from deliverkit.clients import Clients
from deliverkit.clients.dns.proposal import parse_proposal
from deliverkit.errors import UsageError
from deliverkit.render.text import escape
from deliverkit.report import Target
from deliverkit.waiting import Look, Sight, looks


def wait(
    targets: Sequence[Target], options: Options, open_clients: Callable[[], AbstractAsyncContextManager[Clients]]
) -> bool:
    """Whether the records that the options name became visible everywhere; each look is a line on standard error.

    Raises:
        UsageError: there is more than one target, or a record cannot be read.
    """
    if len(targets) != 1:
        raise UsageError("--wait takes one domain")
    return asyncio.run(_wait(targets[0].domain, options, open_clients))


async def _wait(
    domain: str, options: Options, open_clients: Callable[[], AbstractAsyncContextManager[Clients]]
) -> bool:
    proposal = parse_proposal("\n".join(options.wait), domain)
    said = ""
    async with open_clients() as clients:
        async for look in looks(domain, proposal, clients, most=options.wait_at_most):
            line = _line(look)
            if line != said:
                click.echo(f"{look.elapsed:.0f} s: {line}", err=True)
            said = line
    return look.is_everywhere


def _line(look: Look) -> str:
    """``visible at 2 of 3 servers, not at 11.0.3.53``."""
    there = sum(sight.is_there for sight in look.sights)
    lacking = ", ".join(_lacking(sight) for sight in look.sights if not sight.is_there)
    rest = "; resolvers are asked once all name servers have it" if look.unasked else ""
    return f"visible at {there} of {len(look.sights)} servers{', not at ' if lacking else ''}{lacking}{rest}"


def _lacking(sight: Sight) -> str:
    held = f" (holds another answer for up to {format_duration(sight.left)})" if sight.left else ""
    return f"{escape(sight.server)}{held}"

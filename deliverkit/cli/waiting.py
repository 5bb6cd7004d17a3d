"""``--wait``: the looks at the servers as lines on standard error."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Iterator, Sequence
from contextlib import AbstractAsyncContextManager

import click

from deliverkit.checks.wording import count, format_duration
from deliverkit.cli.options import Options
from deliverkit.clients import Clients
from deliverkit.clients.dns.proposal import parse_proposal
from deliverkit.errors import UsageError
from deliverkit.facts import Expectations
from deliverkit.model import Outcome
from deliverkit.render.text import escape
from deliverkit.report import Target
from deliverkit.waiting import Look, Sight, looks


def wait(
    targets: Sequence[Target],
    options: Options,
    expected: Expectations,
    open_clients: Callable[[], AbstractAsyncContextManager[Clients]],
) -> Outcome:
    """Whether the records that the options name became visible everywhere; each look is a line on standard error.

    Raises:
        UsageError: there is more than one target, or a record cannot be read or is of another zone.
    """
    if len(targets) > 1:
        raise UsageError("--wait takes one domain")
    if not targets:  # what was given could not be read
        return Outcome.PASS
    return asyncio.run(_wait(targets[0].domain, options, expected, open_clients))


async def _wait(
    domain: str,
    options: Options,
    expected: Expectations,
    open_clients: Callable[[], AbstractAsyncContextManager[Clients]],
) -> Outcome:
    proposal = parse_proposal("\n".join(options.wait), domain)
    said = ""
    async with open_clients() as clients:
        async for look in looks(domain, proposal, clients, expected=expected, most=options.wait_at_most):
            line = _line(look)
            if line != said:
                click.echo(f"{look.elapsed:.0f} s: {line}", err=True)
            said = line
    if look.is_everywhere:
        return Outcome.PASS
    click.echo(f"{look.elapsed:.0f} s: given up; the domain was not examined", err=True)
    return Outcome.UNKNOWN if look.is_unknown else Outcome.FAIL


def _line(look: Look) -> str:
    """``visible at 1 of 3 servers, not at 11.0.3.53, no answer from 11.0.4.53``."""
    there = sum(sight.is_there for sight in look.sights)
    parts = [f"visible at {there} of {count(len(look.sights), 'server')}"]
    lacking = ", ".join(_lacking(sight) for sight in look.sights if sight.has_answered and not sight.is_there)
    silent = ", ".join(escape(sight.server) for sight in look.sights if not sight.has_answered)
    parts += [f"not at {lacking}"] if lacking else []
    parts += [f"no answer from {silent}"] if silent else []
    return "; ".join([", ".join(parts), *_asides(look)])


def _asides(look: Look) -> Iterator[str]:
    """Who was not asked, and why."""
    if look.failure:
        yield f"the name servers are not known: {escape(look.failure)}"
    elif look.left_out:
        yield f"left out: {', '.join(look.left_out)}, not answering for the zone"
    if look.unasked:
        yield "resolvers are asked once all name servers have it"


def _lacking(sight: Sight) -> str:
    held = f" (holds another answer for up to {format_duration(sight.left)})" if sight.left else ""
    return f"{escape(sight.server)}{held}"

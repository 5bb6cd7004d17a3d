"""What the examining commands have in common: reading targets, running, printing, the exit code."""

from __future__ import annotations

import asyncio
import sys
from collections.abc import AsyncIterator, Callable, Iterator, Sequence
from contextlib import asynccontextmanager

import click

from deliverkit.cli.options import Options
from deliverkit.clients import Clients
from deliverkit.clients.dns.nameservers import plain
from deliverkit.clients.opening import nameservers, open_clients
from deliverkit.clients.routes import Routes
from deliverkit.errors import UsageError
from deliverkit.model import Outcome
from deliverkit.profiles import Profile
from deliverkit.render.json import render_json, render_jsonl
from deliverkit.render.look import Look
from deliverkit.render.text import escape
from deliverkit.report import Report, Target, worst
from deliverkit.run import examine_all
from deliverkit.standards.names import parse_domain

EXIT = {Outcome.PASS: 0, Outcome.FAIL: 1, Outcome.UNKNOWN: 3}
USAGE = 2
INTERRUPTED = 130

Render = Callable[[Report, Look], str]


def examine_and_print(domains: Sequence[str], profile: Profile, options: Options, render: Render) -> int:
    """Examine the domains, print each report, and give the exit code.

    What cannot be read as a domain is named on standard error; the others are examined all the same.
    """
    targets: list[Target] = []
    printer = _Printer(options, render)
    try:
        targets, complaints = read_targets(domains)
        asyncio.run(_run(targets, profile, options, printer))
    except KeyboardInterrupt:
        printer.finish()
        click.echo(f"interrupted: {printer.ended} of {len(targets)} examined", err=True)
        return INTERRUPTED
    printer.finish()
    for complaint in complaints:
        click.echo(f"Error: {complaint}", err=True)
    return USAGE if complaints else EXIT[worst(printer.outcomes)]


def read_targets(domains: Sequence[str]) -> tuple[list[Target], list[str]]:
    """The targets that the arguments name, ``-`` being standard input, and what is wrong with the others.

    Raises:
        UsageError: nothing is named at all.
    """
    targets: dict[str, Target] = {}
    complaints = []
    for place, text in _texts(domains):
        try:
            domain = parse_domain(text)
        except UsageError as error:
            complaints.append(f"{place}{escape(str(error))}")
        else:
            targets.setdefault(domain, Target(domain, text.strip()))
    if not targets and not complaints:
        raise UsageError("no domain is given: name one or more, or - to read them from standard input")
    return list(targets.values()), complaints


def _texts(domains: Sequence[str]) -> Iterator[tuple[str, str]]:
    """Each text that should name a domain, and where it stands where that helps."""
    for text in domains or ([] if sys.stdin is None or sys.stdin.isatty() else ["-"]):
        if text != "-":
            yield "", text
            continue
        for number, line in enumerate(_stdin_lines(), 1):
            entry = line.partition("#")[0].strip()
            if entry:
                yield f"standard input, line {number}: ", entry


def _stdin_lines() -> Iterator[str]:
    for raw in sys.stdin.buffer:
        yield raw.decode("utf-8", "replace").removeprefix("\ufeff")


@asynccontextmanager
async def clients_of(options: Options) -> AsyncIterator[Clients]:
    """The clients that the options ask for: in a lab world, or on the network.

    Raises:
        UsageError: a resolver cannot be used.
        LabError: the world cannot.
    """
    if options.lab is None:
        async with open_clients(nameservers(options.resolvers), timeout=options.timeout) as clients:
            yield clients
        return
    from deliverkit.lab.running import running
    from deliverkit.lab.world import load

    if options.resolvers:
        raise UsageError("--lab brings its own resolver: leave --resolver out")
    async with (
        running(load(options.lab)) as world,
        open_clients(
            [plain(world.resolver)], timeout=options.timeout, routes=Routes(world.routes), moment=world.clock
        ) as clients,
    ):
        yield clients


async def _run(targets: list[Target], profile: Profile, options: Options, printer: _Printer) -> None:
    async with clients_of(options) as clients:
        async for number, report in examine_all(targets, profile, clients):
            printer.take(number, report)


class _Printer:
    """Prints reports: for people in the order given, as JSON lines as they end, as one JSON document at last."""

    def __init__(self, options: Options, render: Render) -> None:
        self.options = options
        self.render = render
        self.outcomes: list[Outcome] = []
        self._waiting: dict[int, Report] = {}
        self._printed = 0

    @property
    def ended(self) -> int:
        """How many reports there are."""
        return len(self.outcomes)

    def take(self, number: int, report: Report) -> None:
        """Print what can be printed now."""
        self.outcomes.append(report.ended_with(self.options.fail_on))
        if self.options.format == "jsonl":
            click.echo(render_jsonl(report))
            return
        self._waiting[number] = report
        if self.options.format == "table":
            while self._printed in self._waiting:
                self._print(self._waiting.pop(self._printed))

    def finish(self) -> None:
        """Print what has waited for its turn, also when others never came."""
        waiting = [report for _, report in sorted(self._waiting.items())]
        self._waiting.clear()
        if self.options.format == "json":
            click.echo(render_json(waiting))
        else:
            for report in waiting:
                self._print(report)

    def _print(self, report: Report) -> None:
        if self._printed and self.options.look.detail:
            click.echo()
        click.echo(self.render(report, self.options.look))
        self._printed += 1

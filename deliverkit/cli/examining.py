"""What the examining commands have in common: running, printing, the exit code."""

from __future__ import annotations

import sys
from collections.abc import Callable, Sequence
from contextlib import AbstractContextManager, nullcontext
from typing import TYPE_CHECKING

import click

from deliverkit.classes import replace
from deliverkit.cli.files import read_case, read_config, read_text, redaction_key
from deliverkit.cli.opening import clients_of
from deliverkit.cli.options import Options
from deliverkit.cli.printing import Printer, Render
from deliverkit.cli.targets import DOMAINS, MAIL_HOSTS, read_targets
from deliverkit.clients import Clients, alone
from deliverkit.clients.alone import later
from deliverkit.clients.guard import Turns
from deliverkit.clients.reactor import is_alone
from deliverkit.clients.recorded import Note, Recording, RecordingConversations, RecordingExchanges, unnoted
from deliverkit.clients.tcp import RecordingConnections
from deliverkit.errors import UsageError
from deliverkit.model import Outcome
from deliverkit.observations import Place, Query
from deliverkit.profiles import TALKING, Profile, choose
from deliverkit.report import Report, Target, worst
from deliverkit.run import examine, examine_all
from deliverkit.standards.names import parse_domain

if TYPE_CHECKING:  # what few runs need is imported where it is used: starting is half of a short run
    from deliverkit.case import Case
    from deliverkit.difference import Difference

EXIT = {Outcome.PASS: 0, Outcome.FAIL: 1, Outcome.UNKNOWN: 3}
USAGE = 2
MOST_KEPT = 32 * 1024 * 1024  # octets of conversations, where no case is saved
LATER = 0.1  # seconds: by then most of a short run waits for answers
SILENT = 5.0  # seconds after which somebody who looks on is told that it goes on


def examine_and_print(domains: Sequence[str], options: Options, render: Render, *, area: str = "") -> int:
    """Examine the domains, print each report, and give the exit code; see `examine_targets`."""
    return examine_targets(domains, options, render, areas=[area] if area else [], parse=_domain)


def _domain(text: str) -> Target:
    return Target(parse_domain(text), text.strip())


def examine_targets(
    texts: Sequence[str], options: Options, render: Render, *, areas: Sequence[str], parse: Callable[[str], Target]
) -> int:
    """Examine the targets that the texts name in these areas (none: all), print each report, and give the exit code.

    What cannot be read as a target is named on standard error; the others are examined all the same.

    Raises:
        UsageError: the options or a file cannot be used.
    """
    case = read_case(options.case) if options.case else None
    # a world of the lab is none of the user's own domains
    config = None if options.lab and not options.config else read_config(options.config)
    given = case.profile if case else config.profile if config else None
    only = options.only or tuple(areas)
    wanted = () if options.what_if else case.areas if case else options.areas
    beside = [area for area in wanted if not only or area not in TALKING]
    profile = choose(options.profile or given or "domain", only=only, skip=options.skip, areas=beside)
    expected = (config.applied_to(profile) if config else profile).expecting(
        {**(case.expected if case else {}), **options.expected}
    )
    said_then = case.conversing if case and case.transcripts else None  # what was not said then is not recorded
    conversing = said_then or options.conversing or expected.conversing
    named = texts or (_named(case, parse) if case else ())
    return carry_out(
        replace(expected, conversing=conversing),
        options,
        case,
        render,
        lambda: read_targets(named, parse, missing=DOMAINS if parse is _domain else MAIL_HOSTS),
    )


def _named(case: Case, parse: Callable[[str], Target]) -> tuple[str, ...]:
    """What a case's run was about: as it was given where mail hosts are what is examined, else the domains."""
    return case.domains if parse is _domain else case.targets or case.domains


def carry_out(
    profile: Profile,
    options: Options,
    case: Case | None,
    render: Render,
    read: Callable[[], tuple[list[Target], list[str]]],
) -> int:
    """Examine the targets that are read, print each report, complain of what could not be read; the exit code."""
    if any(place is not None for place in (options.record, options.save, options.log)):
        from deliverkit.cli.keeping import prepare_keeping

        prepare_keeping(options)
    with _noting(options.log, profile.conversing.name) as note:
        run = _Run(profile, options, case, Printer(options, render), note)
        return _carried_out(run, read)


def _noting(log: str | None, script: str) -> AbstractContextManager[Note]:
    """What is told of each conversation as it ends."""
    if log is None:
        return nullcontext(unnoted)
    from deliverkit.cli.logs import logging_to

    return logging_to(log, script)


def _carried_out(run: _Run, read: Callable[[], tuple[list[Target], list[str]]]) -> int:
    options = run.options
    targets: list[Target] = []
    try:
        targets, complaints = read()
        if options.wait:
            from deliverkit.cli.waiting import wait

            visible = wait(targets, options, run.profile.expectations, lambda: clients_of(options, None))
            if visible is not Outcome.PASS:
                return EXIT[visible]
        run.printer.has_several = len(targets) > 1
        alone.run(run.examine(targets))
    except KeyboardInterrupt:
        from deliverkit.cli.keeping import code_when_stopped

        run.finish(targets)
        run.record()
        run.tell_what_was_cut_short()
        click.echo(f"interrupted: {run.printer.ended} of {len(targets)} examined", err=True)
        return code_when_stopped()
    run.finish(targets)
    complaints += run.printer.refusals
    unrecorded = run.record()
    for complaint in complaints:
        click.echo(f"Error: {complaint}", err=True)
    return USAGE if complaints else EXIT[worst(run.printer.outcomes)] or unrecorded


class _Run:
    """The examination of the targets: today, or with proposed records beside today; and what is kept of it."""

    def __init__(self, profile: Profile, options: Options, case: Case | None, printer: Printer, note: Note) -> None:
        self.profile = profile
        self.note = note
        self.options = options
        self.case = case
        self.printer = printer
        self.proposal = read_text(options.what_if) if options.what_if else None
        self.key = redaction_key() if options.redact else None
        self.recording: Recording | None = None
        self.connections: RecordingConnections | None = None
        self.conversations: RecordingConversations | None = None
        self.exchanges: RecordingExchanges | None = None
        self.clients: Clients | None = None

    async def examine(self, targets: list[Target]) -> None:
        """Examine them and print each report as it ends."""
        async with clients_of(self.options, self.case, targets) as clients:
            self.clients = clients
            self.recording = Recording(clients.resolver)
            self.connections = RecordingConnections(clients.connector)
            most = None if self.options.save else MOST_KEPT
            self.conversations = conversations = RecordingConversations(Turns(clients.converser), self.note, most)
            self.exchanges = RecordingExchanges(clients.fetcher)
            source = replace(
                clients,
                resolver=self.recording,
                connector=self.connections,
                converser=self.conversations,
                fetcher=self.exchanges,
            )

            def of_target(target: Target) -> Clients:
                return replace(source, converser=conversations.about(target.given))

            with later(LATER, self._prepare), later(SILENT, self._tell):
                async for number, report in examine_all(targets, self.profile, source, of_target):
                    difference = (
                        await self._proposed(report, of_target(report.target)) if self.proposal is not None else None
                    )
                    self.printer.take(number, *(difference or (report, None)))

    def _prepare(self) -> None:
        """Import what prints, while others are waited for."""
        if not is_alone():
            import asyncio

            asyncio.get_running_loop().run_in_executor(None, self.printer.prepare)

    def _tell(self) -> None:
        if sys.stderr is not None and sys.stderr.isatty():
            click.echo("still waiting for answers (Ctrl-C stops)", err=True)

    async def _proposed(self, today: Report, source: Clients) -> tuple[Report, Difference]:
        """The report with the proposed records laid over the same source, and what differs from today's."""
        from deliverkit.clients.dns.cached import Cached
        from deliverkit.clients.dns.overlay import Overlay
        from deliverkit.clients.dns.proposal import parse_proposal
        from deliverkit.difference import difference

        proposal = parse_proposal(self.proposal or "", today.target.domain)
        laid_over = replace(source, resolver=Cached(Overlay(proposal, source.resolver)))
        report = await examine(today.target, self.profile, laid_over)
        return report, difference(today, report)

    def finish(self, targets: Sequence[Target]) -> None:
        """Print what waits, and keep the case, also where nobody reads what is printed any more."""
        try:
            self.printer.finish()
        finally:
            self._keep(targets)

    def _keep(self, targets: Sequence[Target]) -> None:
        if self.options.save and self.clients and self.recording and self.connections:
            from deliverkit.case import Case, format_case
            from deliverkit.cli.writing import write_text

            case = Case(
                self.clients.now.moment,
                self.profile.name,
                tuple(target.domain for target in targets if target.domain),
                self.recording.answers,
                self.connections.kept,
                self._tried(),
                transcripts=self.conversations.kept if self.conversations else {},
                conversing=self.profile.conversing,
                targets=tuple(target.given for target in targets if target.smtp),
                **self.profile.expectations.kept,
                exchanges=self.exchanges.kept if self.exchanges else {},
            )
            write_text(self.options.save, format_case(self._shown(case)))

    def record(self) -> int:
        """Write the last conversation as a script, and say so; the exit code where it cannot be written."""
        if not (self.options.record and self.conversations):
            return 0
        from deliverkit.cli.logs import record_last

        try:
            click.echo(record_last(self.conversations.kept.values(), self.options.record), err=True)
        except UsageError as error:
            click.echo(f"Error: {error}", err=True)
            return USAGE
        return 0

    def tell_what_was_cut_short(self) -> None:
        """Say of each conversation that is stopped how far it had come."""
        from deliverkit.cli.interrupted import cut_short, dialogue_so_far

        kept = [*self.conversations.kept.values()] if self.conversations else []
        if self.options.format == "table" and self.options.look.detail:
            shown = dialogue_so_far(kept, self.options.look)
            if shown:
                click.echo(shown)
        for line in cut_short(kept):
            click.echo(line, err=True)

    def _shown(self, case: Case) -> Case:
        """The case as it is, or with tokens in place of names where that was asked for."""
        if self.key is None:
            return case
        from deliverkit.redaction import redact

        return redact(case, self.key)

    def _tried(self) -> tuple[str, ...]:
        """The resolvers that were asked for their own sake: each for the root."""
        asked = self.recording.answers if self.recording else {}
        servers = self.clients.servers if self.clients else ()
        return tuple(server for server in servers if Query(".", "SOA", at=Place(server)) in asked)

"""Watching for a test's copies and showing it: a live table on a terminal, a line for each event in a pipe."""

from __future__ import annotations

import asyncio
import os
import sys
from collections.abc import AsyncIterator, Callable
from contextlib import aclosing, asynccontextmanager
from datetime import UTC, datetime, timedelta
from typing import Any

import click

from deliverkit.classes import Frozen
from deliverkit.cli.live import LiveText
from deliverkit.cli.seeding import MINUTES, MOST_MINUTES
from deliverkit.clients import Clients
from deliverkit.errors import UsageError
from deliverkit.model import Outcome
from deliverkit.observations.seeds import SeedTest
from deliverkit.render.look import Detail, Look
from deliverkit.render.text import escape
from deliverkit.seeds.joining import Terms, join
from deliverkit.seeds.journal import Journal
from deliverkit.seeds.rounds import LAB_PACE, Pace, boxes_of, clean_up
from deliverkit.seeds.seedfile import SeedFile
from deliverkit.seeds.watch import Event, Noted, Watch
from deliverkit.seeds.watch_text import event_line, render_watched, standing, waiting_line

_FRAME = 1.0  # seconds


def watching(command: Callable[..., Any]) -> Callable[..., Any]:
    """The options of every command that watches."""
    wait = click.option("--wait", type=click.FloatRange(0, MOST_MINUTES),
                        help="Minutes to wait for a copy after its host took it; else as many as the test's last watch "
                             f"waited, or {MINUTES:g}.")  # fmt: skip
    clean_up = click.option(
        "--clean-up", is_flag=True, help="In the end delete the messages that bear a token of the test, and no others."
    )
    return wait(clean_up(command))


class Watching(Frozen):
    """What a watch needs. ``wait`` is in minutes; None: as long as the test's last watch waited."""

    file: SeedFile
    clients: Clients
    journal: Journal
    look: Look
    wait: float | None
    in_lab: bool

    @property
    def terms(self) -> Terms:
        """By what copies are judged."""
        returns = self.file.returns.address if self.file.returns else ""
        return Terms(None if self.wait is None else timedelta(minutes=self.wait), returns=returns)

    async def watch(self, test: SeedTest) -> SeedTest:
        """Watch for the copies and show what happens; the test as it is known in the end.

        Raises:
            UsageError: the seed file names no mailbox of the test.
        """
        boxes = boxes_of(test, self.file)
        if not any(copy.address in box.addresses for box in boxes for copy in test.copies):
            raise UsageError(f"{self.file.path} names no mailbox of {test.name}: give its seed file with --seeds")
        assert self.clients.mailboxes is not None
        pace = LAB_PACE if self.in_lab else Pace()
        watch = Watch(test, boxes, self.clients.mailboxes, self.journal, self.terms.patience_with(test), pace)
        try:
            await (self._in_place(watch) if self._is_live() else self._line_by_line(watch))
        except asyncio.CancelledError:  # Ctrl-C: what is known stands there at last
            self.sum_up(watch.test)
            raise
        return watch.test

    def sum_up(self, test: SeedTest) -> None:
        """Say what the watch came to."""
        follows = "deliverkit seed report" + (" --wait 0" if self.wait == 0 else "")
        click.echo(render_watched(test, join(test, datetime.now(UTC), self.terms), self.look, follows=follows))

    def _is_live(self) -> bool:
        """Whether a table can be drawn in place."""
        return self.look.detail is Detail.USUAL and sys.stdout.isatty() and os.environ.get("TERM") != "dumb"

    async def _line_by_line(self, watch: Watch) -> None:
        now = datetime.now(UTC)
        line = waiting_line(join(watch.test, now, self.terms), len(watch.boxes), watch.left(now))
        if line and self.look.detail is not Detail.VERDICT:
            click.echo(line, err=True)
        async with aclosing(watch.events()) as events:
            async for event in events:
                self._print(event, watch)

    def _print(self, event: Event, watch: Watch) -> None:
        if self.look.detail is not Detail.VERDICT:
            click.echo(event_line(event, watch.test, self.look))

    async def _in_place(self, watch: Watch) -> None:
        live = LiveText()
        async with aclosing(watch.events()) as events, _drawing(self, watch, live):
            async for event in events:
                if isinstance(event, Noted):
                    live.clear()
                    self._print(event, watch)
                self.draw(watch, live)

    def draw(self, watch: Watch, live: LiveText) -> None:
        """Show how it stands."""
        now = datetime.now(UTC)
        live.draw(standing(watch.shown, join(watch.shown, now, self.terms), watch.left(now), self.look))

    async def clean_up(self, test: SeedTest) -> None:
        """Delete what the test sent, and say what could not be deleted."""
        assert self.clients.mailboxes is not None
        for one in await clean_up(test, self.file, self.clients.mailboxes):
            said = f"not all deleted: {one.problem}" if one.problem else f"{one.deleted} deleted"
            kept = f", {one.left} left that bear no token of the test" if one.left else ""
            click.echo(self.look.finish(f"{one.mailbox}: {escape(said)}{kept}"))

    def outcome(self, test: SeedTest) -> Outcome:
        """Whether every copy has come to an end that counts."""
        copies = join(test, datetime.now(UTC), self.terms)
        return Outcome.PASS if all(one.fate.is_settled for one in copies) else Outcome.UNKNOWN


@asynccontextmanager
async def _drawing(shown: Watching, watch: Watch, live: LiveText) -> AsyncIterator[None]:
    """While this lasts the text is drawn again each second; in the end it is taken away."""

    async def tick() -> None:
        while True:
            shown.draw(watch, live)
            await asyncio.sleep(_FRAME)

    ticking = asyncio.create_task(tick())
    try:
        yield
    finally:
        ticking.cancel()
        live.clear()

"""What a preflight tells on standard error while its seed test is under way."""

from __future__ import annotations

import asyncio
import sys
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass

import click

from deliverkit.checks.wording import count, format_duration
from deliverkit.observations.seeds import Copy, SeedTest, Sending
from deliverkit.preflight.seeding import Telling
from deliverkit.render.look import Detail, Look
from deliverkit.render.sending import render_request, sent_line
from deliverkit.seeds.watch import Event
from deliverkit.seeds.watch_text import event_line

QUIET = 60.0  # seconds that a pipe hears nothing


@dataclass
class Told:
    """Tells on standard error what a seed test does: on a terminal how far it is, with -v each thing by itself.

    Whom the user's own platform is to send to is told in any case. ``wait`` is in seconds.
    """

    look: Look
    wait: float
    sent: int = 0
    found: int = 0

    @property
    def telling(self) -> Telling:
        """The functions that tell."""
        return Telling(self._whom, self._waiting, self._sent, self._watched, self._seen)

    def _whom(self, test: SeedTest) -> None:
        for copy in test.copies:
            click.echo(copy.address, err=True)
        click.echo(render_request(test, follows="the copies are waited for."), err=True)

    def _waiting(self, test: SeedTest) -> None:
        click.echo(
            f"The seed test of {test.started:%Y-%m-%d %H:%M} UTC goes on: what was sent is waited for, and is not to "
            "be sent again.",
            err=True,
        )

    def _sent(self, copy: Copy, sending: Sending) -> None:
        self.sent += 1
        self._say(sent_line(copy, sending, self.look))

    def _watched(self, line: str) -> None:
        if line and self.look.detail is not Detail.VERDICT:
            self.clear()
            click.echo(line, err=True)

    def _seen(self, event: Event, test: SeedTest) -> None:
        self.found = sum(bool(copy.arrivals) for copy in test.copies)
        self._say(event_line(event, test, self.look))

    def _say(self, line: str) -> None:
        if self.look.detail is Detail.EVERYTHING:
            click.echo(line, err=True)
        elif self.look.detail is Detail.USUAL and sys.stderr.isatty():
            click.echo(f"\r{self._figures}\x1b[K", err=True, nl=False)

    @property
    def _figures(self) -> str:
        sent = f"{count(self.sent, 'copy')} handed over, " if self.sent else ""
        return f"seed test: {sent}{self.found} found; each is waited for up to {format_duration(round(self.wait))}"

    @asynccontextmanager
    async def now_and_then(self) -> AsyncIterator[None]:
        """While this lasts a pipe gets a line each minute: some pipelines end a step that says nothing for ten."""

        async def tick() -> None:
            while True:
                await asyncio.sleep(QUIET)
                if self.look.detail is Detail.USUAL and not sys.stderr.isatty():
                    click.echo(self._figures, err=True)

        ticking = asyncio.create_task(tick())
        try:
            yield
        finally:
            ticking.cancel()
            await asyncio.gather(ticking, return_exceptions=True)

    def clear(self) -> None:
        """Take away what stands there."""
        if self.look.detail is Detail.USUAL and sys.stderr.isatty():
            click.echo("\r\x1b[K", err=True, nl=False)

"""The options by which seed tests are scored, and what they come to."""

from __future__ import annotations

import math
from collections.abc import Callable, Iterable, Mapping
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import click

from deliverkit.classes import Frozen
from deliverkit.cli.options import detail_of, look_of_stdout
from deliverkit.cli.seeding import MINUTES, MOST_MINUTES, Decorator, journal_of
from deliverkit.errors import UsageError
from deliverkit.facts.placement import Placement, shares_of
from deliverkit.observations.seeds import SeedTest
from deliverkit.render.look import Look
from deliverkit.seeds.joining import Terms
from deliverkit.seeds.reporting import placement_in
from deliverkit.seeds.seedfile import NAME, read_seeds


class Scoring(Frozen):
    """Where the tests are kept, how long copies are waited for, and how much each provider counts."""

    journal: Path
    terms: Terms
    shares: Mapping[str, float]
    look: Look

    def placement(self, test: SeedTest, now: datetime, wanted: float | None) -> Placement:
        """Where the test's copies landed."""
        return placement_in(test, now, terms=self.terms, shares=self.shares, wanted=wanted)


_OPTIONS: tuple[Decorator, ...] = (
    click.option("--journal", metavar="FILE", help="Where it is kept what happened; else the user's state folder."),
    click.option("--seeds", metavar="FILE", help=f"The file of the seeds, which says who takes bounces; else {NAME}."),
    click.option("--audience", "shares", multiple=True, metavar="PROVIDER=SHARE",
                 help="A provider's part of your audience, as 0.44 or in numbers of readers (repeat it)."),
    click.option("--wait", type=click.FloatRange(0, MOST_MINUTES),
                 help="Minutes after its host took it, from which on a copy that is not there is missing; else as many "
                      f"as the test's last watch waited, or {MINUTES:g}."),
    click.option("-v", "--verbose", is_flag=True,
                 help="Say more: each copy, its way (Received), what its receiver wrote, its sending."),
    click.option("-q", "--quiet", is_flag=True, help="The verdict alone."),
)  # fmt: skip


def scoring(command: Callable[..., Any]) -> Callable[..., Any]:
    """The options; they reach the command as one `Scoring` value, beside its own."""

    def with_scoring(**values: Any) -> None:
        detail, wait = detail_of(verbose=values.pop("verbose"), quiet=values.pop("quiet")), values.pop("wait")
        patience = None if wait is None else timedelta(minutes=wait)
        scored = Scoring(
            journal=journal_of(values.pop("journal")),
            terms=Terms(patience, returns=_returns_of(values.pop("seeds"))),
            shares=_shares_of(values.pop("shares")),
            look=look_of_stdout(detail),
        )
        command(scored, **values)

    with_scoring.__doc__ = command.__doc__
    for decorator in reversed(_OPTIONS):
        with_scoring = decorator(with_scoring)
    return with_scoring


def _shares_of(texts: Iterable[str]) -> dict[str, float]:
    """Each provider's part of the audience out of ``PROVIDER=SHARE``.

    Raises:
        UsageError: a text is none, or they do not go together.
    """
    numbers = {}
    for text in texts:
        provider, _, value = text.rpartition("=")
        try:
            number = float(value)
        except ValueError:
            number = -1.0
        if not provider.strip() or not math.isfinite(number) or number < 0:
            raise UsageError(f"--audience {text!r}: write PROVIDER=SHARE, as Gmail=0.44 or Gmail=44000")
        numbers[provider.strip()] = number
    try:
        return shares_of(numbers)
    except UsageError as error:
        raise UsageError(f"--audience: {error}") from None


def _returns_of(text: str | None) -> str:
    """The mailbox that takes the bounces by the seed file; empty where it names none, or there is no such file."""
    if text is None and not Path(NAME).exists():
        return ""
    found = read_seeds(Path(text or NAME)).returns
    return found.address if found else ""

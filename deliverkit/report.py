"""The report of a run: the target, what was learnt of it, what became of each check, and the trace."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import TypeVar

from deliverkit.classes import Frozen, field
from deliverkit.model import Absent, Check, Outcome, Result, Severity, Verdict, not_applicable
from deliverkit.observations import Asked, Instant
from deliverkit.standards.smtp.target import SmtpTarget

F = TypeVar("F")
_NOT_LEARNT = not_applicable("no check of this run needed it")


class Target(Frozen):
    """What is examined: a mail domain in A-label form, and the text that named it.

    The domain is empty where this machine is what is examined, or a host, which ``smtp`` names, or a campaign.
    ``facts`` are those that are given with it, by type: no probe learns them.
    """

    domain: str
    given: str
    smtp: SmtpTarget | None = None
    facts: Mapping[type, object] = field(default_factory=dict, compare=False, repr=False)

    @property
    def identity(self) -> object:
        """What makes two targets one."""
        return self.smtp or self.domain

    @property
    def label(self) -> str:
        """What a reader knows it by."""
        return self.domain or self.given


THIS_MACHINE = Target("", "this machine")


class Trace(Frozen):
    """Every question that the target needed, and the seconds that the whole run took."""

    asked: tuple[Asked, ...]
    elapsed: float

    @property
    def round_trips(self) -> int:
        """The length of the longest chain of questions that waited for each other."""
        return max((asked.depth for asked in self.asked), default=0)


class Report(Frozen):
    """All that a run found out. Derived figures are computed, never stored.

    ``overall`` is the verdict over several areas, where a run is about what they come to together.

    Its repr is short: ``asyncio.run`` takes that of what it returns, and a report may hold megabytes.
    """

    target: Target
    profile: str
    started: Instant
    facts: Mapping[type, object | Absent] = field(repr=False)
    results: tuple[Result, ...] = field(repr=False)
    verdicts: Mapping[str, Verdict] = field(repr=False)
    trace: Trace = field(repr=False)
    overall: Verdict | None = field(default=None, repr=False)

    @property
    def sentences(self) -> tuple[Verdict, ...]:
        """All the verdicts: first the one on the whole, where there is one, then each area's."""
        return (*((self.overall,) if self.overall else ()), *self.verdicts.values())

    def __repr__(self) -> str:
        """In short: asyncio writes out what a run returns, and the whole would be a megabyte."""
        return f"<Report on {self.target.label}: {len(self.results)} results>"

    def fact(self, kind: type[F]) -> F | Absent:
        """The fact of that type; Absent where the run had no use for it."""
        found = self.facts.get(kind, _NOT_LEARNT)
        assert isinstance(found, (kind, Absent))
        return found

    def of(self, outcome: Outcome) -> tuple[Result, ...]:
        """The results with that outcome, the worst first."""
        matching = [result for result in self.results if result.outcome is outcome]
        return tuple(sorted(matching, key=lambda result: (-result.severity, result.check.code)))

    def unknown_by_reasons(self) -> dict[tuple[str, ...], list[Check]]:
        """The checks that could not be judged, those together that failed for the same reasons."""
        found: dict[tuple[str, ...], list[Check]] = {}
        for result in self.of(Outcome.UNKNOWN):
            found.setdefault(result.reasons, []).append(result.check)
        return found

    def ended_with(self, fail_on: Severity | None) -> Outcome:
        """What the run comes to, when faults below ``fail_on`` do not count (None: no fault counts).

        It fails with a fault that counts; it is unknown when a check that could have failed it was not judged.
        """
        counting = [result for result in self.results if fail_on is not None and result.severity >= fail_on]
        return worst(result.outcome for result in counting)


def worst(outcomes: Iterable[Outcome]) -> Outcome:
    """Fail before unknown, unknown before pass."""
    seen = set(outcomes)
    return next((outcome for outcome in (Outcome.FAIL, Outcome.UNKNOWN) if outcome in seen), Outcome.PASS)

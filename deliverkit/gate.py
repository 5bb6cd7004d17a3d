"""The gate before a campaign: one answer out of all reports, with the reasons that decide it.

GO is "no known blocker", and never more: what was not tested is part of the answer.
"""

from __future__ import annotations

import enum
from collections.abc import Iterable, Mapping, Sequence
from datetime import UTC, datetime, time, timedelta

from deliverkit.classes import Frozen, field
from deliverkit.facts.placement import name_everybody
from deliverkit.model import Finding, Outcome, Result, Severity
from deliverkit.report import Report
from deliverkit.standing import Basis, basis_of

VALID_FOR = timedelta(hours=48)


class Answer(enum.StrEnum):
    """The one answer."""

    GO = "GO"
    NO_GO = "NO-GO"
    CANNOT_TELL = "CANNOT TELL"


class Reason(Frozen):
    """A fault that stops the campaign, or what could not be found out and might.

    ``subject`` is what the report is about. ``touches`` are the providers whose readers it touches, empty: everybody's;
    ``reach`` is their share of the audience, 0 to 1, or None where the shares are not known.
    """

    result: Result
    subject: str
    message: str
    finding: Finding | None = None
    touches: tuple[str, ...] = ()
    reach: float | None = None


class Gate(Frozen):
    """The answer, and all that it rests on.

    ``blockers`` are faults, those that touch most of the audience first; ``open_ends`` could not be found out;
    ``unfinished`` are clauses on what was to be found out and was not: they leave the answer open; ``untested``
    are clauses that do not. ``reach`` is the share of the audience that the blockers touch together. When the ``basis``
    changes, or ``until`` is over, the answer no longer holds.
    """

    name: str
    answer: Answer
    reports: tuple[Report, ...]
    blockers: tuple[Reason, ...]
    open_ends: tuple[Reason, ...]
    unfinished: tuple[str, ...]
    untested: tuple[str, ...]
    reach: float | None
    decided: datetime
    until: datetime
    basis: Basis

    @property
    def waived(self) -> tuple[tuple[str, Result], ...]:
        """The faults that are waived, each with what it is about."""
        return tuple((report.target.given, one) for report in self.reports for one in report.of(Outcome.WAIVED))

    @property
    def let_through(self) -> tuple[Result, ...]:
        """The faults that would stop the campaign, and are waived."""
        return tuple(one for _, one in self.waived if one.severity is Severity.ERROR)

    def count(self, outcome: Outcome) -> int:
        """How many checks came to that."""
        return sum(len(report.of(outcome)) for report in self.reports)


class Terms(Frozen):
    """What the answer is given for.

    ``shares``: each provider's part of the audience, 0 to 1. ``given``: by name what was given and is not in the
    reports, such as the message's digest. ``age`` is that of the oldest of what was found out, as a seed test may be
    of yesterday. ``unfinished`` and ``untested`` are the gate's.
    """

    name: str
    shares: Mapping[str, float]
    untested: tuple[str, ...] = ()
    unfinished: tuple[str, ...] = ()
    given: Mapping[str, str] = field(default_factory=dict)
    age: timedelta = timedelta(0)


def decide(terms: Terms, reports: Sequence[Report], decided: datetime) -> Gate:
    """The answer: any fault that is an error stops; else anything that could have been one leaves it open."""
    blockers = _by_reach(_reasons(reports, Outcome.FAIL, terms.shares))
    open_ends = _by_reach(_reasons(reports, Outcome.UNKNOWN, terms.shares))
    is_open = bool(open_ends or terms.unfinished)
    answer = Answer.NO_GO if blockers else Answer.CANNOT_TELL if is_open else Answer.GO
    return Gate(
        name=terms.name,
        answer=answer,
        reports=tuple(reports),
        blockers=blockers,
        open_ends=open_ends,
        unfinished=terms.unfinished,
        untested=terms.untested,
        reach=_reach((name for one in blockers for name in one.touches or ("",)), terms.shares) if blockers else None,
        decided=decided,
        until=min([decided + VALID_FOR - terms.age, *_ends_of_waivers(reports)]),
        basis=basis_of(terms.given, reports),
    )


def _ends_of_waivers(reports: Iterable[Report]) -> Iterable[datetime]:
    """The last moments at which waivers keep faults from stopping the campaign."""
    for report in reports:
        for result in report.of(Outcome.WAIVED):
            if result.severity is Severity.ERROR and result.waiver is not None:
                yield datetime.combine(result.waiver.until, time.max, UTC)


def _reasons(reports: Iterable[Report], outcome: Outcome, shares: Mapping[str, float]) -> Iterable[Reason]:
    for report in reports:
        for result in report.of(outcome):
            if result.severity is Severity.ERROR:
                yield from _reasons_of(result, report.target.given, shares)


def _reasons_of(result: Result, subject: str, shares: Mapping[str, float]) -> Iterable[Reason]:
    """One reason for a check: its findings stand together, and reach as far as they reach together."""
    if not result.findings:
        yield Reason(result, subject, "; ".join(result.reasons), reach=_reach([""], shares))
        return
    names = [name for finding in result.findings for name in finding.touches or ("",)]
    first = result.findings[0]
    touches = () if "" in names else tuple(dict.fromkeys(names))
    yield Reason(result, subject, result.message, first, touches, _reach(names, shares))


def _reach(providers: Iterable[str], shares: Mapping[str, float]) -> float | None:
    """The share of the audience at these providers; the empty name is everybody.

    None where it is not known: providers that are not named may have readers among the rest of the audience.
    """
    named = set(providers)
    if "" in named:
        return 1.0
    known = sum(shares[name] for name in named if name in shares)
    return known or (0.0 if name_everybody(shares) or named <= set(shares) else None)


def _by_reach(reasons: Iterable[Reason]) -> tuple[Reason, ...]:
    """The widest first; equally wide ones as the reports have them, so causes stand before what comes of them."""
    return tuple(sorted(reasons, key=lambda one: -(one.reach or 0.0)))

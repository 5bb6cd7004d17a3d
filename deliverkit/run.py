"""A run: learn the facts that the checks need, each once and as early as can be, then judge them."""

from __future__ import annotations

import asyncio
import importlib
import logging
import time
from collections.abc import AsyncIterator, Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from functools import partial
from itertools import islice
from typing import Protocol, cast

from deliverkit.clients import Clients
from deliverkit.clients.trace import Traced, deepened
from deliverkit.facts import Expectations, MxLookup
from deliverkit.facts.smtp import Conversing, SmtpHosts
from deliverkit.model import Absent, Check, Finding, Outcome, Result, Verdict, not_applicable, unknown
from deliverkit.observations import Instant
from deliverkit.probes.registry import Probe, probe_of
from deliverkit.probes.smtp import hosts_of
from deliverkit.profiles import AREAS, Profile
from deliverkit.report import Report, Target, Trace, worst

AT_ONCE = 32  # targets under way at the same time


async def examine(target: Target, profile: Profile, clients: Clients) -> Report:
    """The report on one target."""
    started = time.monotonic()
    traced = Traced(clients.resolver)
    selected = profile.selected()
    graph = _Graph(
        domain=target.domain,
        clients=replace(clients, resolver=traced),
        given={
            Expectations: profile.expectations,
            Instant: clients.now,
            Conversing: _with_recipient(profile.conversing, target),
            **await _of_a_host(target, replace(clients, resolver=traced)),
        },
    )
    areas = sorted({check.area for check in selected}, key=AREAS.index)
    summaries = {area: summary_of(area) for area in areas}
    judged = (kind for check in selected for kind in check.needs)
    summed_up = (kind for summary in summaries.values() for kind in summary.NEEDS)
    facts = await graph.learn([*judged, *summed_up])
    judgements = (judge(check, profile, facts) for check in selected)
    results = tuple(_waived(result, profile, target, clients.now) for result in judgements)
    return Report(
        target=target,
        profile=profile.name,
        started=clients.now,
        facts=facts,
        results=results,
        verdicts={
            area: summary.summarize(facts, [result for result in results if result.check.area == area])
            for area, summary in summaries.items()
        },
        trace=Trace(traced.in_order(), time.monotonic() - started),
    )


def _with_recipient(conversing: Conversing, target: Target) -> Conversing:
    """A target that is an e-mail address is the recipient, where no other is given."""
    recipient = target.smtp.recipient if target.smtp else ""
    return conversing.giving({"rcpt": (recipient,)}) if recipient else conversing


async def _of_a_host(target: Target, clients: Clients) -> dict[type, object]:
    """The facts that a target itself gives which is a host: whom to talk to, and that it has no exchangers."""
    if target.domain or target.smtp is None:
        return {}
    return {SmtpHosts: await hosts_of(target.smtp, clients), MxLookup: not_applicable("a host was named, no domain")}


async def examine_all(
    targets: Sequence[Target], profile: Profile, clients: Clients
) -> AsyncIterator[tuple[int, Report]]:
    """The reports on many targets as they end, each with its target's place; a bounded number at once."""
    waiting = iter(enumerate(targets))
    under_way: dict[asyncio.Task[Report], int] = {}
    try:
        while True:
            for number, target in islice(waiting, AT_ONCE - len(under_way)):
                under_way[asyncio.create_task(examine(target, profile, clients))] = number
            if not under_way:
                return
            ended, _ = await asyncio.wait(under_way, return_when=asyncio.FIRST_COMPLETED)
            for task in ended:
                yield under_way.pop(task), task.result()
    finally:
        for task in under_way:
            task.cancel()


def judge(check: Check, profile: Profile, facts: Mapping[type, object | Absent]) -> Result:
    """What becomes of the check: a missing fact decides for it, else what it yields."""
    needed = [facts[kind] for kind in check.needs]
    missing = [fact for fact in needed if isinstance(fact, Absent)]
    yielded: list[Finding | Absent] = [*missing[:1]] if missing else _yielded(check, needed)
    findings = tuple(item for item in yielded if isinstance(item, Finding))
    absent = [item for item in yielded if isinstance(item, Absent)]
    outcomes = [item.outcome for item in absent]
    if findings:
        outcome = Outcome.FAIL
    elif outcomes and Outcome.UNKNOWN not in outcomes:
        outcome = Outcome.NOT_APPLICABLE
    else:
        outcome = worst(outcomes)
    reasons = tuple(dict.fromkeys(item.reason for item in absent))
    return Result(check, profile.severity_of(check), outcome, findings, reasons)


def _waived(result: Result, profile: Profile, target: Target, now: Instant) -> Result:
    """The result of a fault that is waived; one whose waiver is over counts, and says so."""
    waiver = profile.waiver_of(result.check, target.domain) if result.outcome is Outcome.FAIL else None
    if waiver is None:
        return result
    outcome = Outcome.WAIVED if waiver.is_valid(now.moment.date()) else Outcome.FAIL
    return replace(result, outcome=outcome, waiver=waiver)


def _yielded(check: Check, needed: list[object]) -> list[Finding | Absent]:
    try:
        return list(check.judge(*needed))
    except Exception as error:  # noqa: BLE001 - our fault in one check must not take the others' answers
        return [_our_fault(check.name, error)]


def _our_fault(where: str, error: Exception) -> Absent:
    logging.getLogger(__name__).debug("internal error in %s", where, exc_info=error)
    return unknown(f"internal error of deliverkit in {where}, please report it: {error!r}")


class Summary(Protocol):
    """An area's module ``summary``."""

    NEEDS: tuple[type, ...]

    def summarize(self, facts: Mapping[type, object | Absent], results: Sequence[Result]) -> Verdict:
        """The area's verdict."""
        ...


def summary_of(area: str) -> Summary:
    """The summary of an area."""
    return cast(Summary, importlib.import_module(f"deliverkit.checks.{area}.summary"))


@dataclass(slots=True)
class _Graph:
    """The facts of one target, each learnt by its probe as soon as the facts that the probe needs are there."""

    domain: str
    clients: Clients
    given: Mapping[type, object]
    _tasks: dict[type, asyncio.Task[tuple[object | Absent, int]]] = field(default_factory=dict)

    async def learn(self, kinds: Iterable[type]) -> dict[type, object | Absent]:
        """The facts of these types and of all that they need."""
        for kind in kinds:
            self._start(kind)
        try:
            await asyncio.gather(*self._tasks.values())
        finally:
            for task in self._tasks.values():
                task.cancel()
        return {**self.given, **{kind: task.result()[0] for kind, task in self._tasks.items()}}

    def _start(self, kind: type) -> None:
        if kind in self.given or kind in self._tasks:
            return
        probe = probe_of(kind)
        for need in probe.needs:
            self._start(need)
        self._tasks[kind] = asyncio.create_task(self._learn(probe))

    async def _learn(self, probe: Probe) -> tuple[object | Absent, int]:
        """The fact, and how many round trips deep it lies."""
        needed = [await self._tasks[need] if need in self._tasks else (self.given[need], 0) for need in probe.needs]
        start = max((depth for _, depth in needed), default=0)
        for fact, _ in needed:
            if isinstance(fact, Absent):
                return fact, start
        work = partial(probe.learn, self.domain, self.clients, *(fact for fact, _ in needed))
        try:
            return await deepened(work, start=start)
        except Exception as error:  # noqa: BLE001 - our fault in one fact must not take the others
            return _our_fault(probe.fact.__name__, error), start

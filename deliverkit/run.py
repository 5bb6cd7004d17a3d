"""A run: learn the facts that the checks need, each once and as early as can be, then judge them."""

from __future__ import annotations

import importlib
import time
from collections.abc import AsyncIterator, Callable, Iterable, Mapping, Sequence
from functools import partial
from itertools import islice
from typing import Any, Protocol, cast

from deliverkit.checks.registry import checks_of
from deliverkit.checks.wording import cut, shortened
from deliverkit.classes import Slotted, field, replace
from deliverkit.clients import Clients
from deliverkit.clients.alone import Begun, begin, the_loop
from deliverkit.clients.reactor import is_alone
from deliverkit.clients.trace import Traced, deepened
from deliverkit.facts import Expectations
from deliverkit.facts.conversing import Conversing
from deliverkit.given import of_a_host, unasked, ungiven, unspoken, with_nobody, with_recipient
from deliverkit.model import Absent, Check, Finding, Outcome, Result, Severity, Verdict, unknown
from deliverkit.observations import Answer, Instant
from deliverkit.probes.registry import Probe, probe_of
from deliverkit.profiles import Profile
from deliverkit.report import Report, Target, Trace, worst
from deliverkit.standards.names import to_readable

AT_ONCE = 32  # targets under way at the same time
TURNS = 30  # of the loop, in which what an answer leads to has been asked
_imported: set[str] = set()  # what of the areas this process has imported, or is about to


async def examine(target: Target, profile: Profile, clients: Clients) -> Report:
    """The report on one target."""
    if target.domain:
        await the_loop()  # much is asked about it at once
    started = time.monotonic()
    traced = Traced(clients.resolver)
    graph = _Graph(
        domain=target.domain,
        clients=replace(clients, resolver=traced),
        given=await _given(target, profile, replace(clients, resolver=traced)),
    )
    early = _asked_early(target, profile, clients)
    try:
        summaries = {area: await _begun(area, graph, early) for area in profile.kept_areas}
        selected = await _selected(profile, [*early, *graph.tasks])
        graph.given |= unasked(profile)
        graph.start(kind for check in selected for kind in check.needs)
        facts = with_nobody(target, await graph.facts())
    finally:
        graph.stop()
        for task in early:
            task.cancel()
    judgements = (judge(check, profile, facts) for check in selected)
    results = tuple(_waived(result, profile, target, clients.now) for result in judgements)
    return Report(
        target=target,
        profile=profile.name,
        started=clients.now,
        facts=facts,
        results=results,
        verdicts=_verdicts(summaries, facts, results),
        trace=Trace(traced.in_order(), time.monotonic() - started),
        overall=_overall(target, profile, facts),
    )


async def _given(target: Target, profile: Profile, clients: Clients) -> dict[type, object]:
    """The facts that no probe learns."""
    return {
        Expectations: profile.expectations,
        Instant: clients.now,
        Conversing: with_recipient(profile.conversing, target),
        **await of_a_host(target, profile, clients),
        **unspoken(profile),
        **ungiven(profile),
        **target.facts,
    }


def _overall(target: Target, profile: Profile, facts: Mapping[type, object | Absent]) -> Verdict | None:
    """What the areas come to together, where the run is about mail on its way and nothing else."""
    kept = set(profile.kept_areas)
    if not {"mta-sts", "dane", "tls"} <= kept:
        return None
    from deliverkit.checks import on_the_way

    return on_the_way.sum_up(facts, to_readable(target.label)) if kept <= on_the_way.AREAS else None


def _verdicts(
    summaries: Mapping[str, Summary], facts: Mapping[type, object | Absent], results: Sequence[Result]
) -> dict[str, Verdict]:
    """What each area comes to; one that has nothing to say is left out."""
    judged = {area: [result for result in results if result.check.area == area] for area in summaries}
    said = {area: summary.summarize(facts, judged[area]) for area, summary in summaries.items() if judged[area]}
    return {area: verdict for area, verdict in said.items() if verdict.sentence}


def _asked_early(target: Target, profile: Profile, clients: Clients) -> list[Begun[Answer]]:
    """The first questions of areas that are still to be imported, which takes as long as a round trip or two."""
    if not target.domain:
        return []
    from deliverkit.probes.first import first_questions

    areas = [area for area in profile.kept_areas if _summary(area) not in _imported]
    questions = dict.fromkeys(question for area in areas for question in first_questions(area, target.domain))
    return [begin(clients.resolver.query(*question)) for question in questions]


async def _begun(area: str, graph: _Graph, early: Sequence[Begun[Answer]]) -> Summary:
    """The summary of an area, the facts that it needs begun to be learnt."""
    await _give_way(_summary(area), [*early, *graph.tasks])
    summary = summary_of(area)
    graph.start(summary.NEEDS)
    return summary


async def _selected(profile: Profile, under_way: Sequence[Begun[Any]]) -> tuple[Check, ...]:
    """The checks to run."""
    for area in profile.kept_areas:
        await _give_way(f"checks of {area}", under_way)
        checks_of(area)
    return profile.selected()


def _summary(area: str) -> str:
    return f"summary of {area}"


async def _give_way(wanted: str, under_way: Sequence[Begun[Any]]) -> None:
    """Before something is imported, let out the questions that are ready: it is imported while they are answered."""
    is_new = wanted not in _imported
    _imported.add(wanted)
    if not is_new or is_alone():
        return
    import asyncio

    for _ in range(TURNS):
        if all(task.done() for task in under_way):
            return
        await asyncio.sleep(0)


async def examine_all(
    targets: Sequence[Target],
    profile: Profile,
    clients: Clients,
    of_target: Callable[[Target], Clients] | None = None,
) -> AsyncIterator[tuple[int, Report]]:
    """The reports on many targets as they end, each with its target's place; a bounded number at once.

    ``of_target`` gives the clients of each, where they are not the same.
    """
    clients_of = of_target or (lambda _: clients)
    if len(targets) == 1:
        yield 0, await examine(targets[0], profile, clients_of(targets[0]))
        return
    await the_loop()
    import asyncio

    waiting = iter(enumerate(targets))
    under_way: dict[asyncio.Task[Report], int] = {}
    try:
        while True:
            for number, target in islice(waiting, AT_ONCE - len(under_way)):
                under_way[asyncio.create_task(examine(target, profile, clients_of(target)))] = number
            if not under_way:
                return
            ended, _ = await asyncio.wait(under_way, return_when=asyncio.FIRST_COMPLETED)
            for task in ended:
                yield under_way.pop(task), task.result()
    finally:
        for task in under_way:
            task.cancel()


def judge(check: Check, profile: Profile, facts: Mapping[type, object | Absent]) -> Result:
    """What becomes of the check: a missing fact that it cannot do without decides for it, else what it yields."""
    needed = [facts[kind] for kind in check.needs]
    required = (facts[kind] for kind in check.needs if kind not in check.optional)
    missing = [fact for fact in required if isinstance(fact, Absent)]
    yielded: list[Finding | Absent] = [*missing[:1]] if missing else _yielded(check, needed)
    findings = tuple(shortened(item) for item in yielded if isinstance(item, Finding))
    absent = [item for item in yielded if isinstance(item, Absent)]
    outcomes = [item.outcome for item in absent]
    if findings:
        outcome = Outcome.FAIL
    elif outcomes and Outcome.UNKNOWN not in outcomes:
        outcome = Outcome.NOT_APPLICABLE
    else:
        outcome = worst(outcomes)
    reasons = tuple(dict.fromkeys(cut(item.reason) for item in absent))
    weight = max((finding.at_most for finding in findings), default=Severity.ERROR)
    return Result(check, min(profile.severity_of(check), weight), outcome, findings, reasons)


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
    import logging

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
    return cast(Summary, importlib.import_module(f"deliverkit.checks.{area.replace('-', '_')}.summary"))


class _Graph(Slotted):
    """The facts of one target, each learnt by its probe as soon as the facts that the probe needs are there."""

    domain: str
    clients: Clients
    given: dict[type, object]
    _tasks: dict[type, Begun[tuple[object | Absent, int]]] = field(default_factory=dict)

    def start(self, kinds: Iterable[type]) -> None:
        """Begin to learn the facts of these types and all that they need."""
        for kind in kinds:
            self._start(kind)

    async def facts(self) -> dict[type, object | Absent]:
        """The facts that were begun, and those that were given."""
        return {**self.given, **{kind: (await task)[0] for kind, task in self._tasks.items()}}

    @property
    def tasks(self) -> Sequence[Begun[Any]]:
        """The facts that are being learnt, or have been."""
        return [*self._tasks.values()]

    def stop(self) -> None:
        """Give up what is not learnt yet."""
        for task in self._tasks.values():
            task.cancel()

    def _start(self, kind: type) -> None:
        if kind in self.given or kind in self._tasks:
            return
        probe = probe_of(kind)
        for need in probe.needs:
            self._start(need)
        self._tasks[kind] = begin(self._learn(probe))

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

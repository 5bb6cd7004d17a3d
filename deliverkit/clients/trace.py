"""The trace of a run: every question that a target needed, and how deep in the chain of round trips."""

from __future__ import annotations

import time
from collections.abc import Callable, Coroutine, Iterable, Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from typing import Any, TypeVar

from deliverkit.classes import Slotted, field
from deliverkit.clients.alone import the_loop
from deliverkit.observations import CHOSEN, Answer, Asked, Place, Query, Resolver, Status

T = TypeVar("T")

# What one target may cost: a zone made to be expensive must not keep the others waiting.
MOST_QUESTIONS = 400
MOST_SECONDS = 30.0

_depth: ContextVar[int] = ContextVar("deliverkit_depth", default=0)


class Traced(Slotted):
    """A resolver that notes each question once, for one target, and asks no more than one target may cost."""

    source: Resolver
    seconds: float = 0.0  # in which questions were under way, without those of the ones that are now
    begun: set[Query] = field(default_factory=set)
    asked: dict[Query, Asked] = field(default_factory=dict)
    _under_way: int = 0
    _since: float = 0.0

    async def query(self, name: str, rdtype: str, *, checking_disabled: bool = False, at: Place = CHOSEN) -> Answer:
        """The source's answer, noted."""
        query = Query(name, rdtype, checking_disabled, at)
        depth = _depth.get() + 1
        if self._is_spent(query):
            return Answer(name, rdtype, Status.UNASKED, checking_disabled=checking_disabled, at=at)
        self.begun.add(query)
        with self._timed():
            answer = await self.source.query(name, rdtype, checking_disabled=checking_disabled, at=at)
        asked = self.asked.get(query)
        if asked is None or depth < asked.depth:  # not of who was faster
            asked = self.asked[query] = Asked(answer, depth)
        _depth.set(max(_depth.get(), asked.depth))
        return answer

    def _is_spent(self, query: Query) -> bool:
        running = time.monotonic() - self._since if self._under_way else 0.0
        is_over = len(self.begun) >= MOST_QUESTIONS or self.seconds + running > MOST_SECONDS
        return is_over and query not in self.begun

    @contextmanager
    def _timed(self) -> Iterator[None]:
        """Count the time of questions alone: hosts that say nothing for long leave some for the control after them."""
        if not self._under_way:
            self._since = time.monotonic()
        self._under_way += 1
        try:
            yield
        finally:
            self._under_way -= 1
            if not self._under_way:
                self.seconds += time.monotonic() - self._since

    def in_order(self) -> tuple[Asked, ...]:
        """The questions from the first round trip to the last, in an order that does not depend on who was faster."""
        return tuple(found for _, found in sorted(self.asked.items(), key=lambda item: (item[1].depth, item[0])))


async def deepened(work: Callable[[], Coroutine[Any, Any, T]], *, start: int) -> tuple[T, int]:
    """What the work gives, and how many round trips deep it ends when it starts at ``start``.

    Run it as a task of its own: the depth belongs to the task.
    """
    _depth.set(start)
    return await work(), _depth.get()


async def together(works: Iterable[Callable[[], Coroutine[Any, Any, T]]]) -> list[T]:
    """What the works give, in order, all started at once; the depth goes on from the deepest of them.

    A work is made when its task starts, so that a run that is stopped before leaves none behind.
    """
    start, chosen = _depth.get(), [*works]
    if len(chosen) > 1:
        await the_loop()
        import asyncio

        async with asyncio.TaskGroup() as group:
            tasks = [group.create_task(deepened(work, start=start)) for work in chosen]
        ended = [task.result() for task in tasks]
    else:
        ended = [await deepened(work, start=start) for work in chosen]
    _depth.set(max((depth for _, depth in ended), default=start))
    return [result for result, _ in ended]

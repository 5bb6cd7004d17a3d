"""Runs that begin without asyncio, and go on within it as soon as anything has to wait for something else.

To load asyncio takes longer than a whole conversation with one host, which waits for nothing but that host: the
reactor does for that. What asks name servers, fetches pages or speaks to several hosts at once calls `the_loop` first.
"""

from __future__ import annotations

from collections.abc import Callable, Coroutine, Generator, Iterator
from contextlib import contextmanager
from contextvars import copy_context
from math import inf
from typing import Any, Generic, Protocol, TypeVar

from deliverkit.clients.reactor import Reactor, alone, is_alone, now, reactor
from deliverkit.clients.smtp.bell import Bell

T = TypeVar("T")
T_co = TypeVar("T_co", covariant=True)


class _Loop:
    """What a run gives to whoever runs it, where it wants asyncio's loop."""

    def __await__(self) -> Generator[_Loop, None, None]:
        yield self


_LOOP = _Loop()


async def the_loop() -> None:
    """Go on within asyncio's loop; it is made where there is none."""
    if is_alone():
        await _LOOP


def run(work: Coroutine[Any, Any, T]) -> T:
    """What the work gives; as of ``asyncio.run``, but that it begins alone."""
    step: Callable[[Any], object] = work.send
    value: BaseException | None = None
    with alone() as here:
        while True:
            try:
                wanted = step(value)
                step, value = work.send, None
                if isinstance(wanted, Bell):
                    _wait(wanted, here)
                    continue
                import asyncio

                break
            except StopIteration as end:
                return end.value  # type: ignore[no-any-return]
            except BaseException as stop:
                if getattr(work, "cr_frame", None) is None:  # it is over
                    raise
                step, value = work.throw, stop  # Ctrl-C, say, while it waited: it may clear up
        return asyncio.run(_rest(work, here))


def _wait(bell: Bell, here: Reactor) -> None:
    """Turn until the bell has rung."""
    rung: list[Bell] = []
    bell.add_done_callback(rung.append, context=copy_context())
    while not rung:
        here.turn()


class _Rest(Generic[T]):
    """What is left of work that has begun."""

    def __init__(self, work: Coroutine[Any, Any, T]) -> None:
        self._work = work

    def __await__(self) -> Generator[Any, Any, T]:
        return self._work.__await__()


async def _rest(work: Coroutine[Any, Any, T], here: Reactor) -> T:
    import asyncio

    here.join(asyncio.get_running_loop())
    return await _Rest(work)


class Begun(Protocol[T_co]):
    """Work that is done meanwhile, or in its turn: what of a task of asyncio is used."""

    def __await__(self) -> Generator[Any, Any, T_co]:
        """What it gives."""
        ...

    def done(self) -> bool:
        """Whether it is done."""
        ...

    def cancel(self) -> object:
        """Stop it, or leave it undone."""
        ...


def begin(work: Coroutine[Any, Any, T]) -> Begun[T]:
    """The work, begun; alone it is done when it is first awaited."""
    if is_alone():
        return _InTurn(work)
    import asyncio

    return asyncio.create_task(work)


class _InTurn(Generic[T]):
    """Work that is done when it is first awaited."""

    def __init__(self, work: Coroutine[Any, Any, T]) -> None:
        self._work: Coroutine[Any, Any, T] | None = work
        self._given: list[T] = []

    def __await__(self) -> Generator[Any, Any, T]:
        """What the work gives."""
        work, self._work = self._work, None
        if work is not None:
            self._given.append((yield from work.__await__()))
        return self._given[0]

    def done(self) -> bool:
        """Whether it is done."""
        return bool(self._given)

    def cancel(self) -> None:
        """Leave it undone."""
        if self._work is not None:
            self._work.close()
            self._work = None


async def aside(work: Callable[[], T]) -> T:
    """What the work gives, which waits for files: in a thread, where others would have to wait for it."""
    if is_alone():
        return work()
    import asyncio

    return await asyncio.to_thread(work)


class _Later:
    """Something that is done at a moment, once."""

    def __init__(self, due: float, act: Callable[[], object]) -> None:
        self.due = due
        self._act = act

    def strike(self) -> None:
        """The moment has come."""
        self.due = inf
        self._act()


@contextmanager
def later(seconds: float, act: Callable[[], object]) -> Iterator[None]:
    """Do it in so many seconds, if that is within the block; it must not wait for anything."""
    here, one = reactor(), _Later(now() + seconds, act)
    here.waiting.add(one)
    if one.due < here.strikes_at:
        here.strike_at(one.due)
    try:
        yield
    finally:
        here.release(one)

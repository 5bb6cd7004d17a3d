"""A reactor: it tells when sockets are ready and when times are over, to many at once.

It turns as a part of asyncio's loop, or by itself where there is none (`alone`). To the loop all its sockets are one,
and all its times: what the loop does for each that it knows itself costs more than a step of a conversation does.
"""

from __future__ import annotations

import select
import selectors
import threading
import time
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from math import inf
from typing import TYPE_CHECKING, Protocol

if TYPE_CHECKING:
    import asyncio

READ, WRITE = 1, 4
now = time.monotonic


class Waiting(Protocol):
    """Something that waits until ``due`` at most, a moment of the monotonic clock; infinite: it does not."""

    due: float

    def strike(self) -> None:
        """The moment has come: it is due no more."""
        ...


class Reactor:
    """``loop``: of which it is a part; None: it is alone, and somebody turns it.

    ``at_end``: what is done at the end of a turn. What many sessions do there is done one after the other, which takes
    less time than each for itself.
    """

    def __init__(self, loop: asyncio.AbstractEventLoop | None) -> None:
        self.loop = loop
        self.waiting: set[Waiting] = set()
        self.strikes_at = inf
        self.at_end: list[Callable[[], object]] = []
        self._poll = _poll()
        self._watched: dict[int, Callable[[], object]] = {}
        self._forgotten: set[int] = set()  # in this turn
        self._timer: asyncio.TimerHandle | None = None

    def join(self, loop: asyncio.AbstractEventLoop) -> None:
        """Become a part of the loop, with those who wait; nothing is watched yet."""
        self.loop = loop
        self.strike_at(self.strikes_at)

    def watch(self, number: int, events: int, ready: Callable[[], object]) -> None:
        """Call ``ready`` whenever the socket of that number can be read (`READ`), written (`WRITE`), or either."""
        if self.loop and not self._watched:
            self.loop.add_reader(self._poll.fileno(), self._turn_within)
        self._watched[number] = ready
        self._poll.register(number, events)

    def change(self, number: int, events: int, ready: Callable[[], object]) -> None:
        """Watch the socket, which is watched, for something else."""
        self._watched[number] = ready
        self._poll.modify(number, events)

    def forget(self, number: int) -> None:
        """Watch the socket no more, if it is watched."""
        if self._watched.pop(number, None) is None:
            return
        self._forgotten.add(number)
        try:  # noqa: SIM105 - to set up what that proposes costs more than to forget
            self._poll.unregister(number)
        except (OSError, KeyError):  # Ctrl-C came before it was registered
            pass
        if not self._watched:
            self.at_end.clear()
            if self.loop:
                self.loop.remove_reader(self._poll.fileno())

    def turn(self) -> None:
        """Wait until something can be done, or somebody is due, and do it."""
        seconds = 0.0 if self.at_end else self.strikes_at - now()
        self._do(self._poll.poll(None if seconds == inf else max(0.0, seconds)))
        if self.strikes_at <= now():
            self._strike()

    def _turn_within(self) -> None:
        self._do(self._poll.poll(0))

    def _do(self, found: Iterable[tuple[int, int]]) -> None:
        watched, forgotten = self._watched, self._forgotten
        forgotten.clear()
        for number, _ in found:
            if number not in forgotten:  # else it was closed meanwhile, and the number may be another socket's by now
                watched[number]()
        acts = self.at_end
        if acts:
            self.at_end = []
            for act in acts:
                act()

    def soon(self, act: Callable[[], object]) -> None:
        """Call it when nobody is in the middle of anything."""
        if self.loop:
            self.loop.call_soon(act)
        else:
            self.at_end.append(act)

    def release(self, waiting: Waiting) -> None:
        """It waits no more."""
        self.waiting.discard(waiting)
        if not self.waiting:
            self.strike_at(inf)

    def strike_at(self, moment: float) -> None:
        """Look then who is due."""
        if self._timer:
            self._timer.cancel()
            self._timer = None
        self.strikes_at = moment
        if moment < inf and self.loop:
            self._timer = self.loop.call_at(moment, self._strike)

    def _strike(self) -> None:
        moment = now()
        try:
            for one in [*self.waiting]:
                if one.due <= moment:
                    one.strike()
        finally:  # whatever came of one, the others are struck in their time
            self.strike_at(min((one.due for one in self.waiting), default=inf))


class _OfThread(threading.local):
    reactor: Reactor | None = None


_here = _OfThread()


def reactor() -> Reactor:
    """The reactor of the run that is alone in this thread, or of the loop that runs in it."""
    found = _here.reactor
    if found is None or found.loop:
        import asyncio  # which a short run does without

        loop = asyncio.get_running_loop()
        if found is None or found.loop is not loop:
            found = _here.reactor = Reactor(loop)
    return found


@contextmanager
def alone() -> Iterator[Reactor]:
    """A reactor of this thread that is alone, or becomes part of a loop meanwhile."""
    made = _here.reactor = Reactor(None)
    try:
        yield made
    finally:
        _here.reactor = None


def is_alone() -> bool:
    """Whether there is no loop, in a run that has begun in this thread."""
    return _here.reactor is not None and _here.reactor.loop is None


class _Poll(Protocol):
    """What of the system's ways to watch sockets is used, after ``select.epoll``."""

    def register(self, number: int, events: int) -> None: ...
    def modify(self, number: int, events: int) -> None: ...
    def unregister(self, number: int) -> None: ...
    def poll(self, seconds: float | None) -> list[tuple[int, int]]: ...
    def fileno(self) -> int: ...


def _poll() -> _Poll:
    epoll: Callable[[], _Poll] = getattr(select, "epoll", Selected)
    return epoll()


class Selected:
    """The same by what systems without it have."""

    def __init__(self) -> None:
        self._selector = selectors.DefaultSelector()

    def register(self, number: int, events: int) -> None:
        """Watch the socket."""
        self._selector.register(number, _in_its_words(events))

    def modify(self, number: int, events: int) -> None:
        """Watch it for something else."""
        self._selector.modify(number, _in_its_words(events))

    def unregister(self, number: int) -> None:
        """Watch it no more."""
        self._selector.unregister(number)

    def poll(self, seconds: float | None) -> list[tuple[int, int]]:
        """The sockets that are ready within so many seconds; None: whenever they are."""
        return [(key.fd, events) for key, events in self._selector.select(seconds)]

    def fileno(self) -> int:
        """The number by which it can be watched itself."""
        number: int = self._selector.fileno()
        return number


def _in_its_words(events: int) -> int:
    wanted = {READ: selectors.EVENT_READ, WRITE: selectors.EVENT_WRITE}
    return sum(value for event, value in wanted.items() if events & event)

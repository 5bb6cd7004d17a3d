"""A reactor: it tells when sockets are ready and when times are over, to many at once, as a part of asyncio's loop.

To the loop all its sockets are one, and all its times: what the loop does for each that it knows itself costs more than
a step of a conversation does.
"""

from __future__ import annotations

import asyncio
import time
from collections.abc import Callable
from math import inf
from selectors import EVENT_READ, EVENT_WRITE, DefaultSelector
from typing import Protocol

READ, WRITE = EVENT_READ, EVENT_WRITE
now = time.monotonic


class Waiting(Protocol):
    """Something that waits until ``due`` at most, a moment of the monotonic clock; infinite: it does not."""

    due: float

    def strike(self) -> None:
        """The moment has come: it is due no more."""
        ...


class Reactor:
    """While it watches anything it is a part of the loop that runs then."""

    def __init__(self) -> None:
        self._selector = DefaultSelector()
        self._watched = 0
        self._waiting: set[Waiting] = set()
        self._loop: asyncio.AbstractEventLoop | None = None
        self._timer: asyncio.TimerHandle | None = None
        self._strikes_at = inf

    def watch(self, number: int, events: int, ready: Callable[[], object]) -> None:
        """Call ``ready`` whenever the socket of that number can be read (`READ`), written (`WRITE`), or either."""
        if not self._watched:
            self._loop = asyncio.get_running_loop()
            self._loop.add_reader(self._selector, self._turn)
        self._selector.register(number, events, ready)
        self._watched += 1

    def forget(self, number: int) -> None:
        """Watch the socket no more."""
        self._selector.unregister(number)
        self._watched -= 1
        if not self._watched and self._loop:
            self._loop.remove_reader(self._selector)

    def _turn(self) -> None:
        for key, _ in self._selector.select(0):
            key.data()

    def soon(self, act: Callable[[], object]) -> None:
        """Call it in the next turn, when nobody is in the middle of anything."""
        asyncio.get_running_loop().call_soon(act)

    def expect(self, waiting: Waiting) -> None:
        """It waits, and is struck when its moment has come."""
        self._waiting.add(waiting)
        if waiting.due < self._strikes_at:
            self._set_timer(waiting.due)

    def release(self, waiting: Waiting) -> None:
        """It waits no more."""
        self._waiting.discard(waiting)
        if not self._waiting:
            self._set_timer(inf)

    def _set_timer(self, moment: float) -> None:
        if self._timer:
            self._timer.cancel()
        self._strikes_at = moment
        self._timer = None if moment == inf else asyncio.get_running_loop().call_at(moment, self._strike)

    def _strike(self) -> None:
        moment = now()
        for one in [*self._waiting]:
            if one.due <= moment:
                one.strike()
        self._set_timer(min((one.due for one in self._waiting), default=inf))

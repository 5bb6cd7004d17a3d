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
        self.waiting: set[Waiting] = set()
        self._loop: asyncio.AbstractEventLoop | None = None
        self._timer: asyncio.TimerHandle | None = None
        self.strikes_at = inf
        self._at_end: list[Callable[[], object]] = []  # of the turn
        self._is_turning = False

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
        self._is_turning = True
        for key, _ in self._selector.select(0):
            key.data()
        self._is_turning = False
        if self._at_end:
            acts = self._at_end
            self._at_end = []
            for act in acts:
                act()

    def finally_do(self, act: Callable[[], object]) -> None:
        """Do it at the end of the turn, with its like: one after the other they take less time."""
        if self._is_turning:
            self._at_end.append(act)
        else:
            act()

    def soon(self, act: Callable[[], object]) -> None:
        """Call it in the next turn, when nobody is in the middle of anything."""
        asyncio.get_running_loop().call_soon(act)

    def release(self, waiting: Waiting) -> None:
        """It waits no more."""
        self.waiting.discard(waiting)
        if not self.waiting:
            self.strike_at(inf)

    def strike_at(self, moment: float) -> None:
        """Look then who is due."""
        if self._timer:
            self._timer.cancel()
        self.strikes_at = moment
        self._timer = None if moment == inf else asyncio.get_running_loop().call_at(moment, self._strike)

    def _strike(self) -> None:
        moment = now()
        for one in [*self.waiting]:
            if one.due <= moment:
                one.strike()
        self.strike_at(min((one.due for one in self.waiting), default=inf))

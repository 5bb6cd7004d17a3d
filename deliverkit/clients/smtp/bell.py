"""What a session's conversation waits on: it is rung when something came, and rings by itself when the time is over."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Generator
from contextvars import Context
from math import inf

from deliverkit.clients.limit import Limit

_Wake = Callable[["Bell"], object]


class Bell:
    """A bell that one conversation waits on, again and again: to asyncio a future (`asyncio.isfuture`), never done.

    Who waits goes on within the call that rings. After asyncio's own futures the loop does that in its next turn, which
    costs more than the rest of a step. So only what the connection and the clock call may ring: no task runs there.
    One timer serves all waits and the limit; it is put off when it strikes, not with every wait.
    """

    def __init__(self, loop: asyncio.AbstractEventLoop) -> None:
        self._asyncio_future_blocking = False  # by this a task knows a future
        self._loop = loop
        self._wake: _Wake | None = None
        self._context: Context | None = None
        self._is_cancelled = False
        self._deadline = inf  # of the wait
        self._limit: Limit | None = None
        self._timer: asyncio.TimerHandle | None = None
        self._strikes_at = inf  # when the timer is over

    def wait(self, seconds: float) -> Bell:
        """To be awaited at once: until it rings, at most so long."""
        deadline = self._deadline = self._loop.time() + seconds
        if deadline < self._strikes_at:
            self._set_timer(deadline)
        return self

    def limit(self, seconds: float) -> Limit:
        """``with bell.limit(seconds):`` around what is awaited; TimeoutError once that takes longer. One at a time."""
        limit = self._limit = Limit(self._loop, seconds)
        if limit.ends < self._strikes_at:
            self._set_timer(limit.ends)
        return limit

    def ring(self) -> None:
        """Wake who waits, if somebody does."""
        wake, context = self._wake, self._context
        if wake is not None and context is not None:  # an empty context is false
            self._wake = None
            context.run(wake, self)

    def still(self) -> None:
        """Let no timer be left."""
        if self._timer:
            self._timer.cancel()
            self._timer, self._strikes_at = None, inf

    def _set_timer(self, moment: float) -> None:
        self.still()
        self._strikes_at = moment
        self._timer = self._loop.call_at(moment, self._strike)

    def _strike(self) -> None:
        now, limit = self._loop.time(), self._limit
        self._timer, self._strikes_at = None, inf
        if limit and limit.is_pending and limit.ends > now:
            self._set_timer(limit.ends)
        elif limit:
            self._limit = None
            limit.strike()
        if self._wake and self._deadline <= now:
            self.ring()
        elif self._wake and self._deadline < self._strikes_at:
            self._set_timer(self._deadline)

    # What a task asks of a future

    def __await__(self) -> Generator[Bell, None, None]:
        """Hand itself to the task, which goes on when it rings."""
        self._asyncio_future_blocking = True
        yield self

    def get_loop(self) -> asyncio.AbstractEventLoop:
        """Whose it is."""
        return self._loop

    def add_done_callback(self, wake: _Wake, *, context: Context) -> None:
        """What to call, in the context of the task that waits."""
        self._wake, self._context = wake, context

    def cancel(self, msg: object = None) -> bool:  # noqa: ARG002 - its name is asyncio's
        """Stop who waits, in the loop's next turn: whoever stops it may be a task itself."""
        wake, self._wake = self._wake, None
        if wake is None:
            return False
        self._is_cancelled = True
        self._loop.call_soon(wake, self, context=self._context)
        return True

    def result(self) -> None:
        """Nothing, or that who waited was stopped."""
        if self._is_cancelled:
            self._is_cancelled = False
            raise asyncio.CancelledError

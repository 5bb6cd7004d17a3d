"""What a session's conversation waits on: it is rung when something came, and rings by itself when the time is over."""

from __future__ import annotations

import asyncio


class Bell:
    """A bell that one conversation waits on. It has one timer for all waits: that costs less than one for each."""

    def __init__(self, loop: asyncio.AbstractEventLoop) -> None:
        self._loop = loop
        self._waiter: asyncio.Future[None] | None = None
        self._deadline = 0.0
        self._timer: asyncio.TimerHandle | None = None
        self._strikes_at = 0.0  # when the timer is over

    async def wait(self, seconds: float) -> None:
        """Wait until it rings, at most so long."""
        waiter = self._waiter = self._loop.create_future()
        self._deadline = self._loop.time() + seconds
        if self._timer is None or self._strikes_at > self._deadline:
            self._set_timer()
        try:
            await waiter
        finally:
            self._waiter = None

    def ring(self) -> None:
        """Wake who waits, if somebody does."""
        if self._waiter and not self._waiter.done():
            self._waiter.set_result(None)

    def still(self) -> None:
        """Let no timer be left."""
        if self._timer:
            self._timer.cancel()
            self._timer = None

    def _set_timer(self) -> None:
        self.still()
        self._strikes_at = self._deadline
        self._timer = self._loop.call_at(self._deadline, self._strike)

    def _strike(self) -> None:
        self._timer = None
        if self._waiter and self._loop.time() < self._deadline:
            self._set_timer()
        else:
            self.ring()

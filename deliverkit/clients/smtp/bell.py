"""What a session's conversation waits on: it is rung when something came, and rings by itself when the time is over."""

from __future__ import annotations

from collections.abc import Callable, Generator
from contextvars import Context
from math import inf
from typing import TYPE_CHECKING

from deliverkit.clients.reactor import Reactor, now

if TYPE_CHECKING:
    import asyncio

_Wake = Callable[["Bell"], object]


class Bell:
    """A bell that one conversation waits on, again and again: to asyncio a future (`asyncio.isfuture`), never done.

    Who waits goes on within the call that rings. After asyncio's own futures the loop does that in its next turn, which
    costs more than the rest of a step. So only what the connection and the clock call may ring: no task runs there.
    """

    def __init__(self, reactor: Reactor) -> None:
        self.due = inf
        self._asyncio_future_blocking = False  # by this a task knows a future
        self._reactor = reactor
        self._limit = inf  # the moment at which all waiting is over
        self._wake: _Wake | None = None
        self._context: Context | None = None
        self._is_cancelled = False
        reactor.waiting.add(self)

    def wait(self, seconds: float) -> Bell:
        """To be awaited at once: until it rings, at most so long."""
        return self.wait_until(now() + seconds)

    def wait_until(self, due: float) -> Bell:
        """The same, until that moment at most."""
        if due > self._limit:  # noqa: PLR1730 - of what is done with every reply, a call of min would be a third
            due = self._limit
        self.due = due
        if due < self._reactor.strikes_at:
            self._reactor.strike_at(due)
        return self

    def limit(self, seconds: float) -> None:
        """From now on, TimeoutError to whoever waits for longer than so much in all."""
        self._limit = now() + seconds

    def ring(self) -> None:
        """Wake who waits, if somebody does."""
        wake, context = self._wake, self._context
        if wake is not None and context is not None:  # an empty context is false
            self._wake = None
            context.run(wake, self)

    def strike(self) -> None:
        """The time is over."""
        self.due = inf
        self.ring()

    def still(self) -> None:
        """Nobody will wait any more."""
        self._reactor.release(self)

    # What a task asks of a future

    def __await__(self) -> Generator[Bell, None, None]:
        """Hand itself to the task, which goes on when it rings."""
        self._asyncio_future_blocking = True
        yield self
        if self._limit <= now():
            raise TimeoutError

    def get_loop(self) -> asyncio.AbstractEventLoop | None:
        """Whose it is."""
        return self._reactor.loop

    def add_done_callback(self, wake: _Wake, *, context: Context) -> None:
        """What to call, in the context of the task that waits."""
        self._wake, self._context = wake, context

    def cancel(self, msg: object = None) -> bool:  # noqa: ARG002 - its name is asyncio's
        """Stop who waits, in the loop's next turn: whoever stops it may be a task itself."""
        wake, loop = self._wake, self._reactor.loop
        if wake is None or loop is None:
            return False
        self._wake, self._is_cancelled = None, True
        loop.call_soon(wake, self, context=self._context)
        return True

    def result(self) -> None:
        """Nothing, or that who waited was stopped."""
        if self._is_cancelled:
            self._is_cancelled = False
            import asyncio

            raise asyncio.CancelledError

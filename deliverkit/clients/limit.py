"""A bound on how long something takes, where it is set so often that what `asyncio.timeout` costs would show."""

from __future__ import annotations

import asyncio
from types import TracebackType


class Limit:
    """``with limit:`` around what awaits; TimeoutError where it was struck meanwhile.

    It counts from the moment at which it was made. ``ends``: when it is to be struck, in the loop's time, by whoever
    has the timer.
    """

    def __init__(self, loop: asyncio.AbstractEventLoop, seconds: float) -> None:
        task = asyncio.current_task(loop)
        assert task is not None  # only what runs in a task can be stopped
        self.ends = loop.time() + seconds
        self.is_pending = True
        self._is_struck = False
        self._task = task
        self._before = task.cancelling()

    def strike(self) -> None:
        """The time is over."""
        if self.is_pending:
            self._is_struck = True
            self._task.cancel()

    def __enter__(self) -> None:
        """It runs from the moment at which it was made."""

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, _: TracebackType | None) -> None:
        self.is_pending = False
        if self._is_struck and self._task.uncancel() <= self._before and kind is asyncio.CancelledError:
            raise TimeoutError from error

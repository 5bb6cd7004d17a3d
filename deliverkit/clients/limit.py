"""A bound on how long something takes, where it is set so often that what `asyncio.timeout` costs would show."""

from __future__ import annotations

import asyncio
from types import TracebackType


class Limit:
    """``with Limit(seconds):`` around what awaits; TimeoutError once that takes longer."""

    def __init__(self, seconds: float) -> None:
        self._is_over = False
        task = asyncio.current_task()
        assert task is not None  # only what runs in a task can be stopped
        self._task = task
        self._before = task.cancelling()
        self._timer = asyncio.get_running_loop().call_later(seconds, self._strike)

    def _strike(self) -> None:
        self._is_over = True
        self._task.cancel()

    def __enter__(self) -> None:
        """It runs from the moment at which it was made."""

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, _: TracebackType | None) -> None:
        self._timer.cancel()
        if self._is_over and self._task.uncancel() <= self._before and kind is asyncio.CancelledError:
            raise TimeoutError from error

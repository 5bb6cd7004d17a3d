"""A bound on how long something takes: told as a timeout, and never in the place of a run that was stopped."""

from __future__ import annotations

import asyncio

import pytest

from deliverkit.clients.limit import Limit
from deliverkit.clients.smtp.bell import Bell


def within(seconds: float) -> Limit:
    return Bell(asyncio.get_running_loop()).limit(seconds)


async def sleep_within(seconds: float, limit: float) -> str:
    with within(limit):
        await asyncio.sleep(seconds)
    return "slept"


def test_what_takes_longer_is_a_timeout_and_what_does_not_is_left_alone() -> None:
    async def work() -> tuple[str, int]:
        with pytest.raises(TimeoutError):
            await sleep_within(60, 0.01)
        task = asyncio.current_task()
        assert task is not None
        return await sleep_within(0.01, 60), task.cancelling()

    assert asyncio.run(work()) == ("slept", 0)


def test_a_run_that_is_stopped_is_no_timeout() -> None:
    async def work() -> None:
        task = asyncio.create_task(sleep_within(60, 60))
        await asyncio.sleep(0)
        task.cancel()
        with pytest.raises(asyncio.CancelledError):
            await task

    asyncio.run(work())


def test_a_limit_within_another_leaves_it_its_own() -> None:
    async def both() -> None:
        with within(0.03):
            with pytest.raises(TimeoutError):
                await sleep_within(60, 0.01)
            await asyncio.sleep(60)

    async def work() -> str:
        with pytest.raises(TimeoutError):
            await both()
        return await sleep_within(0, 60)

    assert asyncio.run(work()) == "slept"


def test_an_error_goes_through_as_it_is() -> None:
    async def work() -> None:
        with within(60):
            raise ValueError("its own")

    with pytest.raises(ValueError, match="its own"):
        asyncio.run(work())

"""Runs that begin without asyncio: they come to the same, however much of them needs its loop."""

from __future__ import annotations

import asyncio
import os
import signal
import threading
import time
from collections.abc import Callable

import pytest

from deliverkit.clients import alone
from deliverkit.clients.alone import begin, later, run, the_loop
from deliverkit.clients.reactor import is_alone, reactor
from deliverkit.clients.smtp.bell import Bell


async def waited(seconds: float) -> str:
    """Wait on a bell, as sessions do."""
    bell = Bell(reactor())
    await bell.wait(seconds)
    bell.still()
    return "rung"


def test_a_run_that_waits_for_one_thing_at_a_time_has_no_loop() -> None:
    async def work() -> tuple[str, bool]:
        return await waited(0.01), is_alone()

    assert run(work()) == ("rung", True)
    assert not is_alone()


def test_from_where_the_loop_is_wanted_it_is_there_and_what_was_begun_goes_on() -> None:
    async def inner() -> list[bool]:
        found = [is_alone()]
        await waited(0.01)
        await the_loop()
        await the_loop()  # it is there already
        found.append(is_alone())
        await asyncio.gather(waited(0.01), asyncio.sleep(0.01))
        return found

    async def work() -> list[bool]:
        try:
            return [*await inner(), is_alone()]
        finally:
            await asyncio.sleep(0)

    assert run(work()) == [True, False, False]


def test_what_is_begun_alone_is_done_in_its_turn_and_once() -> None:
    done: list[str] = []

    async def piece(name: str) -> str:
        done.append(name)
        return name

    async def work() -> None:
        one, other, left = begin(piece("one")), begin(piece("other")), begin(piece("left"))
        assert not one.done()
        assert [await other, await one, await one] == ["other", "one", "one"]
        assert one.done()
        left.cancel()

    run(work())
    assert done == ["other", "one"]


def test_within_a_loop_it_is_a_task() -> None:
    async def work() -> None:
        begun = begin(waited(0.01))
        assert isinstance(begun, asyncio.Task)
        assert await begun == "rung"

    asyncio.run(work())


@pytest.mark.parametrize("with_loop", [True, False])
def test_an_error_goes_through_and_nothing_is_left(*, with_loop: bool) -> None:
    async def work() -> None:
        if with_loop:
            await the_loop()
        raise LookupError("its own")

    with pytest.raises(LookupError, match="its own"):
        run(work())
    assert not is_alone()


@pytest.mark.parametrize("with_loop", [True, False])
def test_later_is_in_its_time_or_never(*, with_loop: bool) -> None:
    done: list[str] = []

    async def work() -> None:
        with later(0.01, lambda: done.append("soon")), later(60, lambda: done.append("never")):
            if with_loop:
                await the_loop()
            await waited(0.05)
        assert not reactor().waiting

    run(work())
    assert done == ["soon"]


@pytest.mark.parametrize("with_loop", [True, False])
def test_ctrl_c_ends_the_wait_and_whoever_waits_clears_up(*, with_loop: bool) -> None:
    cleared: list[str] = []

    async def work() -> None:
        try:
            if with_loop:
                await the_loop()
            await waited(60)
        finally:
            cleared.append(await waited(0.01))

    started = time.monotonic()
    threading.Timer(0.1, os.kill, [os.getpid(), signal.SIGINT]).start()
    with pytest.raises(KeyboardInterrupt):
        run(work())
    assert time.monotonic() - started < 30
    assert cleared == ["rung"]


def test_ctrl_c_between_two_steps_is_told_to_the_work_too(monkeypatch: pytest.MonkeyPatch) -> None:
    """It may come while nothing of the work runs: there, too, the work clears up, and can wait for that."""
    cleared: list[str] = []

    def stopped(*_: object, **__: object) -> None:
        monkeypatch.undo()
        raise KeyboardInterrupt

    async def work() -> None:
        try:
            await waited(60)
        finally:
            cleared.append(await waited(0.01))

    monkeypatch.setattr(Bell, "add_done_callback", stopped)
    with pytest.raises(KeyboardInterrupt):
        run(work())
    assert cleared == ["rung"]


def test_ctrl_c_twice_ends_what_clears_up() -> None:
    cleared: list[str] = []

    async def work() -> None:
        try:
            await waited(60)
        finally:
            cleared.append("begun")
            await waited(60)
            cleared.append("ended")

    started = time.monotonic()
    for seconds in (0.1, 0.3):
        threading.Timer(seconds, os.kill, [os.getpid(), signal.SIGINT]).start()
    with pytest.raises(KeyboardInterrupt):
        run(work())
    assert time.monotonic() - started < 30
    assert cleared == ["begun"]


@pytest.mark.parametrize("with_loop", [True, False])
def test_what_fails_later_keeps_nobody_from_being_struck(caplog: pytest.LogCaptureFixture, *, with_loop: bool) -> None:
    """Within a loop it is told to the loop, alone to the work."""
    rung: list[str] = []

    def fail() -> None:
        raise LookupError("of its own")

    async def work() -> None:
        if with_loop:
            await the_loop()
        bell = Bell(reactor())
        with later(0.01, fail):
            try:
                await asyncio.wait_for(waited(0.05), 10) if with_loop else await bell.wait(60)
            finally:
                rung.append(await waited(0.02))
                bell.still()

    if with_loop:
        run(work())
        assert "of its own" in caplog.text
    else:
        with pytest.raises(LookupError, match="of its own"):
            run(work())
    assert rung == ["rung"]


def test_files_are_waited_for_aside_where_others_would_wait() -> None:
    async def thread_of(before: Callable[[], object]) -> int:
        before()
        return await alone.aside(threading.get_ident)

    assert run(thread_of(bool)) == threading.get_ident()
    assert asyncio.run(thread_of(bool)) != threading.get_ident()

"""The reactor: within asyncio's loop and by itself, with the system's best way to watch and with any other."""

from __future__ import annotations

import asyncio
import os
import select
import socket
import threading
from collections.abc import Callable, Iterator
from math import inf

import pytest

from deliverkit.clients.reactor import READ, WRITE, Reactor, Selected, now, reactor


@pytest.fixture(params=["epoll", "selectors"])
def watching(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> Reactor:
    if request.param == "selectors":
        monkeypatch.delattr(select, "epoll", raising=False)
        made = Reactor(None)
        assert isinstance(made._poll, Selected)  # noqa: SLF001 - what the rest is about
        return made
    return Reactor(None)


@pytest.fixture
def pair() -> Iterator[tuple[socket.socket, socket.socket]]:
    ours, theirs = socket.socketpair()
    with ours, theirs:
        ours.setblocking(False)
        yield ours, theirs


class Alarm:
    """Something that waits, and notes when it was struck."""

    def __init__(self, due: float) -> None:
        self.due = due
        self.struck: list[float] = []

    def strike(self) -> None:
        self.struck.append(now())
        self.due = inf


def test_alone_it_waits_for_what_can_be_read_or_written(
    watching: Reactor, pair: tuple[socket.socket, socket.socket]
) -> None:
    ours, theirs = pair
    heard: list[bytes] = []
    watching.watch(ours.fileno(), READ, lambda: heard.append(ours.recv(100)))
    theirs.send(b"one")
    watching.turn()
    threading.Timer(0.05, theirs.send, [b"two"]).start()
    watching.turn()
    assert heard == [b"one", b"two"]
    watching.forget(ours.fileno())
    done: list[str] = []
    watching.watch(ours.fileno(), WRITE, lambda: done.append("written"))
    watching.turn()
    watching.forget(ours.fileno())
    assert done == ["written"]


def test_within_a_loop_it_does_the_same_and_leaves_it_nothing(
    watching: Reactor, pair: tuple[socket.socket, socket.socket]
) -> None:
    ours, theirs = pair
    heard: list[bytes] = []

    async def work() -> None:
        loop = asyncio.get_running_loop()
        watching.join(loop)
        watching.watch(ours.fileno(), READ, lambda: heard.append(ours.recv(100)))
        theirs.send(b"one")
        await asyncio.sleep(0.05)
        watching.forget(ours.fileno())
        assert not loop.remove_reader(watching._poll.fileno())  # noqa: SLF001 - it was taken back

    for _ in range(2):  # one loop after the other
        heard.clear()
        asyncio.run(work())
        assert heard == [b"one"]


@pytest.mark.parametrize("is_alone", [True, False])
def test_who_is_due_is_struck_and_the_others_later(watching: Reactor, *, is_alone: bool) -> None:
    begun = now()
    soon, later, never = Alarm(begun + 0.02), Alarm(begun + 0.05), Alarm(inf)

    def begin() -> None:
        for one in (later, soon, never):
            watching.waiting.add(one)
            if one.due < watching.strikes_at:
                watching.strike_at(one.due)

    async def work() -> None:
        watching.join(asyncio.get_running_loop())
        begin()
        await asyncio.sleep(0.2)

    if is_alone:
        begin()
        while not later.struck:
            watching.turn()
    else:
        asyncio.run(work())
    assert [len(one.struck) for one in (soon, later, never)] == [1, 1, 0]
    assert soon.struck[0] >= begun + 0.02
    assert later.struck[0] >= begun + 0.05
    assert watching.strikes_at == inf


def test_what_is_left_for_the_end_of_a_turn_is_done_after_all_that_came(watching: Reactor) -> None:
    order: list[str] = []
    pairs = [socket.socketpair() for _ in range(3)]

    def hear(ours: socket.socket) -> Callable[[], None]:
        def ready() -> None:
            order.append(ours.recv(10).decode())
            watching.at_end.append(lambda: order.append("end"))

        return ready

    for ours, theirs in pairs:
        watching.watch(ours.fileno(), READ, hear(ours))
        theirs.send(b"came")
    watching.turn()
    for ours, theirs in pairs:
        watching.forget(ours.fileno())
        ours.close()
        theirs.close()
    assert order == ["came"] * 3 + ["end"] * 3


def test_whoever_was_forgotten_in_a_turn_is_not_called_in_it(watching: Reactor) -> None:
    called: list[int] = []
    pairs = [socket.socketpair() for _ in range(2)]

    def forget_the_other(own: int, other: int) -> Callable[[], None]:
        def ready() -> None:
            called.append(own)
            watching.forget(other)
            watching.forget(own)

        return ready

    first, second = (ours.fileno() for ours, _ in pairs)
    watching.watch(first, READ, forget_the_other(first, second))
    watching.watch(second, READ, forget_the_other(second, first))
    for _, theirs in pairs:
        theirs.send(b"x")
    watching.turn()
    assert len(called) == 1
    for one in pairs:
        for end in one:
            end.close()


def test_who_is_watched_under_a_number_that_was_forgotten_in_the_turn_is_not_meant(watching: Reactor) -> None:
    """The system gives a new socket the number of one that was closed: what came was the old one's."""
    called: list[str] = []
    pairs = [socket.socketpair() for _ in range(3)]
    first, second, another = (ours for ours, _ in pairs)

    def give_to_another(number: int) -> Callable[[], None]:
        def ready() -> None:
            called.append("first")
            watching.forget(number)
            os.dup2(another.fileno(), number)
            watching.watch(number, READ, lambda: called.append("another"))

        return ready

    watching.watch(first.fileno(), READ, give_to_another(second.fileno()))
    watching.watch(second.fileno(), READ, give_to_another(first.fileno()))
    for _, peer in pairs[:2]:
        peer.send(b"x")
    watching.turn()
    assert called == ["first"]
    for one in (first, second):
        watching.forget(one.fileno())
    for pair in pairs:
        for end in pair:
            end.close()


def test_what_a_socket_is_watched_for_changes_and_nothing_is_lost_by_it(
    watching: Reactor, pair: tuple[socket.socket, socket.socket]
) -> None:
    ours, theirs = pair
    done: list[str] = []
    watching.watch(ours.fileno(), READ, lambda: done.append(ours.recv(10).decode()))
    watching.at_end.append(lambda: done.append("end"))
    watching.change(ours.fileno(), WRITE, lambda: done.append("written"))
    theirs.send(b"read")
    watching.turn()
    watching.change(ours.fileno(), READ, lambda: done.append(ours.recv(10).decode()))
    watching.turn()
    watching.forget(ours.fileno())
    assert done == ["written", "end", "read"]


def test_who_is_forgotten_twice_or_was_never_watched_is_forgotten(
    watching: Reactor, pair: tuple[socket.socket, socket.socket]
) -> None:
    ours, theirs = pair
    watching.watch(ours.fileno(), READ, list)
    watching.forget(ours.fileno())
    watching.forget(ours.fileno())
    watching.forget(theirs.fileno())
    watching.watch(ours.fileno(), READ, list)
    watching._poll.unregister(ours.fileno())  # noqa: SLF001 - as if Ctrl-C had come before it was registered
    watching.forget(ours.fileno())
    heard: list[bytes] = []
    watching.watch(ours.fileno(), READ, lambda: heard.append(ours.recv(10)))  # it is watched as any other
    theirs.send(b"again")
    watching.turn()
    watching.forget(ours.fileno())
    assert heard == [b"again"]


def test_a_loop_has_one_of_its_own() -> None:
    async def work() -> tuple[Reactor, Reactor]:
        return reactor(), reactor()

    one, same = asyncio.run(work())
    other, _ = asyncio.run(work())
    assert one is same
    assert other is not one  # whoever waited in a loop that is over is nobody's any more

"""How long a question waits before it is sent again: by the round trips, and by how much they vary."""

from __future__ import annotations

import asyncio
import socket

import pytest

from deliverkit.clients.dns import patience
from deliverkit.clients.dns.live import Live
from deliverkit.clients.dns.nameservers import plain
from deliverkit.clients.dns.patience import FIRST, IN_A_ROW, LEAST, QUICKEST, SLOWEST, Patience
from deliverkit.observations import Status


def measured(*round_trips: float) -> Patience:
    found = Patience()
    for round_trip in round_trips:
        found.measure(round_trip)
    return found


def test_the_first_round_trip_says_little_and_steady_ones_say_much() -> None:
    assert measured().seconds == FIRST
    assert measured(0.1).seconds == pytest.approx(0.1 * SLOWEST)
    assert measured(*[0.1] * 20).seconds == pytest.approx(0.1 * QUICKEST)


def test_round_trips_that_vary_are_given_more_time_within_bounds() -> None:
    varying = measured(*[0.08, 0.12] * 20)
    assert varying.round_trip is not None
    assert 0.1 * QUICKEST < varying.seconds <= varying.round_trip * SLOWEST


def test_a_near_resolver_is_given_a_moment_to_look() -> None:
    assert measured(0.0002, 0.0002).seconds == LEAST


def test_answers_to_retried_questions_lengthen_it_only_while_nothing_is_measured() -> None:
    unknown = measured()
    unknown.back_off(0.4)
    unknown.back_off(0.4)
    assert unknown.seconds == 0.4
    known = measured(*[0.1] * 20)
    for _ in range(IN_A_ROW - 1):
        known.back_off(3.0)
    assert known.seconds == pytest.approx(0.1 * QUICKEST)
    known.back_off(3.0)
    assert known.seconds == 3.0
    known.measure(0.1)
    assert known.seconds == pytest.approx(0.1 * QUICKEST)


def test_the_first_round_trip_counts_for_what_was_sent_before_it_too(monkeypatch: pytest.MonkeyPatch) -> None:
    """The first packet is lost, the second answered: the first is sent again, though its own wait never ends."""
    monkeypatch.setattr(patience, "FIRST", 3600.0)

    async def work() -> list[Status]:
        loop = asyncio.get_running_loop()
        with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as server:
            server.bind(("127.0.0.1", 0))
            server.setblocking(False)
            live = Live([plain(("127.0.0.1", server.getsockname()[1]))], 5.0)
            asking = asyncio.gather(live.query("lost.example", "A"), live.query("kept.example", "A"))
            await loop.sock_recvfrom(server, 512)
            for _ in range(2):
                packet, client = await loop.sock_recvfrom(server, 512)
                await loop.sock_sendto(server, packet[:2] + b"\x81\x83" + packet[4:], client)
            answers = await asking
            await live.close()
            return [answer.status for answer in answers]

    assert asyncio.run(work()) == [Status.NXDOMAIN, Status.NXDOMAIN]

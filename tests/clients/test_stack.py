"""What stands over the live resolver: one flight for equal questions, the trace, and which servers to ask."""

from __future__ import annotations

import asyncio
import importlib.util
from dataclasses import dataclass, field
from functools import partial
from types import SimpleNamespace

import pytest

from deliverkit.clients.dns.cached import FAILURE, LEAST, Cached
from deliverkit.clients.dns.nameservers import format_endpoint, parse_nameserver
from deliverkit.clients.opening import open_clients
from deliverkit.clients.routes import REAL, NoRouteError, Routes
from deliverkit.clients.trace import MOST_SECONDS, Traced, deepened, together
from deliverkit.errors import UsageError
from deliverkit.observations import CHOSEN, Answer, Place, Query, ResourceRecord, Status

ELSEWHERE = Place("11.0.0.53", recursive=False)


@dataclass
class Source:
    answer: Answer | None = None
    asked: list[Query] = field(default_factory=list)

    async def query(self, name: str, rdtype: str, *, checking_disabled: bool = False, at: Place = CHOSEN) -> Answer:
        self.asked.append(Query(name, rdtype, checking_disabled, at))
        await asyncio.sleep(0.001)
        return self.answer or Answer(name, rdtype, Status.NODATA, checking_disabled=checking_disabled, at=at)


def test_equal_questions_share_one_flight_and_its_answer() -> None:
    source = Source()

    async def work() -> None:
        resolver = Cached(source)
        await asyncio.gather(*(resolver.query("a.example", "A") for _ in range(5)))
        await resolver.query("a.example", "A")
        await resolver.query("a.example", "A", checking_disabled=True)
        await resolver.query("a.example", "A", at=ELSEWHERE)

    asyncio.run(work())
    assert source.asked == [
        Query("a.example", "A"),
        Query("a.example", "A", checking_disabled=True),
        Query("a.example", "A", at=ELSEWHERE),
    ]


def test_one_asker_that_gives_up_does_not_take_the_answer_from_the_others() -> None:
    async def work() -> Answer:
        resolver = Cached(Source())
        first = asyncio.create_task(resolver.query("a.example", "A"))
        second = asyncio.create_task(resolver.query("a.example", "A"))
        await asyncio.sleep(0)
        first.cancel()
        return await second

    assert asyncio.run(work()).status is Status.NODATA


def test_what_is_kept_is_bounded_and_the_unused_goes_first() -> None:
    source = Source()

    async def work() -> None:
        resolver = Cached(source, most=3)
        for number in [0, 1, 2, 0, 3, 0, 1]:
            await resolver.query(f"{number}.example", "A")

    asyncio.run(work())
    assert [query.name for query in source.asked] == [f"{n}.example" for n in (0, 1, 2, 3, 1)]


@pytest.mark.parametrize(
    ("answer", "kept"),
    [
        (Answer("a.example", "A", Status.NOERROR, (ResourceRecord("a.example", "A", 60, "11.0.0.1"),)), 60),
        (Answer("a.example", "A", Status.NOERROR, (ResourceRecord("a.example", "A", 0, "11.0.0.1"),)), LEAST),
        (Answer("a.example", "A", Status.NXDOMAIN, soa=ResourceRecord("example", "SOA", 900, "n h 1 2 3 4 300")), 300),
        (Answer("a.example", "A", Status.NODATA, soa=ResourceRecord("example", "SOA", 20, "n h 1 2 3 4 300")), 20),
        (Answer("a.example", "A", Status.NODATA), LEAST),
        (Answer("a.example", "A", Status.SERVFAIL), FAILURE),
    ],
)
def test_an_answer_is_kept_as_long_as_its_ttl_says(answer: Answer, kept: float) -> None:
    now = 1000.0
    source = Source(answer)

    async def work() -> None:
        nonlocal now
        resolver = Cached(source, clock=lambda: now)
        for moment in (0.0, kept - 0.1, kept + 0.1):
            now = 1000.0 + moment
            await resolver.query("a.example", "A")
            assert len(source.asked) == (1 if moment < kept else 2)

    asyncio.run(work())


def test_the_trace_counts_the_longest_chain_however_many_run_side_by_side() -> None:
    traced = Traced(Source())

    async def chain(name: str, length: int) -> None:
        for step in range(length):
            await traced.query(f"{step}.{name}", "A")

    async def work() -> None:
        await traced.query("first", "MX")
        await together([partial(chain, "a", 2), partial(chain, "b", 3)])
        await traced.query("last", "A")
        await traced.query("first", "MX")

    asyncio.run(deepened(work, start=0))
    depths = {asked.answer.name: asked.depth for asked in traced.asked.values()}
    assert depths == {"first": 1, "0.a": 2, "1.a": 3, "0.b": 2, "1.b": 3, "2.b": 4, "last": 5}


def test_only_the_time_of_questions_counts_towards_the_bound(monkeypatch: pytest.MonkeyPatch) -> None:
    """A host that takes half a minute to say nothing leaves time for the control that tells whose fault that is."""
    now = 1000.0
    monkeypatch.setattr("deliverkit.clients.trace.time", SimpleNamespace(monotonic=lambda: now))

    class Slow(Source):
        async def query(self, name: str, rdtype: str, *, checking_disabled: bool = False, at: Place = CHOSEN) -> Answer:
            nonlocal now
            now += seconds
            return Answer(name, rdtype, Status.NODATA, checking_disabled=checking_disabled, at=at)

    traced, seconds = Traced(Slow()), 1.0

    async def work() -> None:
        nonlocal now, seconds
        assert (await traced.query("first", "MX")).status is not Status.UNASKED
        now += 10 * MOST_SECONDS  # conversations
        seconds = MOST_SECONDS
        assert (await traced.query("control", "A")).status is not Status.UNASKED
        assert (await traced.query("one too many", "A")).status is Status.UNASKED

    asyncio.run(work())


@pytest.mark.parametrize(
    ("text", "endpoint", "shown"),
    [
        ("9.9.9.9", ("9.9.9.9", 53), "9.9.9.9"),
        ("127.0.0.1:5353", ("127.0.0.1", 5353), "127.0.0.1:5353"),
        ("2620:fe::fe", ("2620:fe::fe", 53), "2620:fe::fe"),
        ("[::1]:5353", ("::1", 5353), "[::1]:5353"),
        ("[::1]", ("::1", 53), "::1"),
    ],
)
def test_resolvers_as_people_write_them(text: str, endpoint: tuple[str, int], shown: str) -> None:
    assert parse_nameserver(text).endpoint == endpoint
    assert parse_nameserver(text).text == shown
    assert format_endpoint(endpoint) == shown


@pytest.mark.parametrize(
    "text", ["", "dns.example", "9.9.9.9:", "9.9.9.9:0", "9.9.9.9:65536", "[::1", "9.9.9.9:x", "::1]:5"]
)
def test_what_is_no_resolver_is_refused_with_an_example(text: str) -> None:
    with pytest.raises(UsageError, match=r"such as 9\.9\.9\.9"):
        parse_nameserver(text)


def test_https_without_its_extra_is_refused_with_the_way_to_get_it(monkeypatch: pytest.MonkeyPatch) -> None:
    assert parse_nameserver("https://dns.example/dns-query").name == "dns.example"
    monkeypatch.setattr(importlib.util, "find_spec", lambda _: None)
    with pytest.raises(UsageError, match=r"pip install 'deliverkit\[doh\]'"):
        parse_nameserver("https://dns.example/dns-query")


def test_a_world_refuses_what_it_has_no_route_to() -> None:
    routes = Routes({("11.0.0.53", 53): ("127.0.0.1", 4000)})
    assert routes.resolve(("11.0.0.53", 53)) == ("127.0.0.1", 4000)
    assert REAL.resolve(("9.9.9.9", 53)) == ("9.9.9.9", 53)
    with pytest.raises(NoRouteError):
        routes.resolve(("9.9.9.9", 53))


def test_a_resolver_that_is_named_twice_is_compared_once() -> None:
    async def work() -> tuple[str, ...]:
        async with open_clients([], compared=("192.0.2.1", "192.0.2.1:53", "192.0.2.2")) as clients:
            return clients.compared

    assert asyncio.run(work()) == ("192.0.2.1", "192.0.2.2")

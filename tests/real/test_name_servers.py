"""The DNS clients against real servers: Unbound, validating, in front of Knot with a signed root of its own."""

from __future__ import annotations

import asyncio
import os
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest

from deliverkit.clients.dns.live import Live
from deliverkit.clients.dns.nameservers import plain
from deliverkit.clients.opening import open_clients
from deliverkit.model import Outcome
from deliverkit.observations import CHOSEN, Answer, Place, Status
from deliverkit.profiles import choose
from deliverkit.report import Report, Target
from deliverkit.run import examine
from tests.servers import LOOPBACK, Server, knot, missing, sign, unbound

ABSENT = missing("knotd", "unbound")
pytestmark = pytest.mark.skipif(
    bool(ABSENT) and os.environ.get("CI") != "true", reason=f"{ABSENT} is not installed: make servers"
)

SOA = "@ 300 IN SOA ns.test. h.test. 7 3600 900 1209600 60\n@ 300 IN NS ns.test.\n"
HOSTS = "@ 300 IN MX 10 mx1\n@ 300 IN MX 20 mx2\nmx1 300 IN A 11.0.1.25\nmx2 300 IN A 11.0.2.25\n"
MANY = 5000


@dataclass(frozen=True)
class Network:
    """Two resolvers over one authority."""

    authority: Server
    resolvers: tuple[Server, Server]

    def live(self, *numbers: int, timeout: float = 5.0) -> Live:
        return Live([plain((LOOPBACK, self.resolvers[number].port)) for number in numbers], timeout)


@pytest.fixture
def network(tmp_path: Path) -> Iterator[Network]:
    zones = {
        "good.test.": sign("good.test.", SOA + HOSTS),
        "bad.test.": sign("bad.test.", SOA + HOSTS, broken=True),
        "big.test.": sign("big.test.", SOA + "".join(f"@ 300 IN MX {n} mx{n}.with-a-long-name\n" for n in range(60))),
    }
    plain_zones = {
        "unsigned.test.": SOA + HOSTS + "".join(f"h{n} 300 IN A 11.9.{n // 250}.{n % 250}\n" for n in range(MANY))
    }
    cuts = [f"{name} 300 IN NS ns.test.\n" for name in (*zones, *plain_zones, "lame.test.")]
    parent = SOA + "ns 300 IN A 127.0.0.1\n" + "".join(cuts)
    test = sign("test.", parent + "".join(f"{name} 300 IN DS {zone.ds}\n" for name, zone in zones.items()))
    top = f"test. 300 IN NS ns.test.\ntest. 300 IN DS {test.ds}\nns.test. 300 IN A 127.0.0.1\n"
    root = sign(".", SOA + top)
    texts = {".": root.text, "test.": test.text, **{name: zone.text for name, zone in zones.items()}, **plain_zones}
    with knot(tmp_path / "knot", texts) as authority, knot(tmp_path / "lame", {"other.test.": SOA}) as lame:
        stubs = {**dict.fromkeys(texts, authority.port), "lame.test.": lame.port}
        anchors = {".": root.dnskey}
        with (
            unbound(tmp_path / "one", stubs, anchors=anchors) as one,
            unbound(tmp_path / "two", stubs, anchors=anchors) as two,
        ):
            yield Network(authority, (one, two))


def ask(live: Live, *questions: tuple[str, str], at: Place = CHOSEN) -> list[Answer]:
    async def work() -> list[Answer]:
        try:
            return [await live.query(name, rdtype, at=at) for name, rdtype in questions]
        finally:
            await live.close()

    return asyncio.run(work())


def examined(network: Network, domain: str) -> Report:
    async def work() -> Report:
        async with open_clients([plain((LOOPBACK, network.resolvers[0].port))]) as clients:
            return await examine(Target(domain, domain), choose("domain"), clients)

    return asyncio.run(work())


def failed(report: Report) -> set[str]:
    return {result.check.name for result in report.of(Outcome.FAIL)}


def test_authenticated_and_bogus_are_seen_right(network: Network) -> None:
    good, bad, unsigned = ask(network.live(0), ("good.test", "MX"), ("bad.test", "MX"), ("unsigned.test", "MX"))
    assert (good.status, good.authenticated) == (Status.NOERROR, True)
    assert (unsigned.status, unsigned.authenticated) == (Status.NOERROR, False)
    assert bad.status is Status.SERVFAIL


def test_a_domain_with_broken_signatures_is_told_from_one_whose_servers_do_not_know_it(network: Network) -> None:
    assert "dnssec-bogus" in failed(examined(network, "bad.test"))
    lame = failed(examined(network, "lame.test"))
    assert "name-servers-fail" in lame
    assert "dnssec-bogus" not in lame
    assert not {"dnssec-bogus", "name-servers-fail"} & failed(examined(network, "good.test"))


def test_a_name_that_does_not_exist_is_told_with_its_zone(network: Network) -> None:
    report = examined(network, "never.test")
    assert report.verdicts["mx"].sentence == "never.test does not exist: the zone test has no such name."


def test_a_large_answer_comes_over_tcp(network: Network) -> None:
    [answer] = ask(network.live(0), ("big.test", "MX"))
    assert (answer.status, len(answer.records)) == (Status.NOERROR, 60)


def test_a_denial_may_be_kept_as_long_as_the_zone_says(network: Network) -> None:
    [answer] = ask(network.live(0), ("nobody.good.test", "A"))
    assert (answer.status, answer.zone) == (Status.NXDOMAIN, "good.test")
    assert 0 < answer.lifetime <= 60


def test_types_that_the_codec_does_not_know_take_the_full_road(network: Network) -> None:
    [answer] = ask(network.live(0), ("good.test", "DNSKEY"))
    assert (answer.status, answer.authenticated) == (Status.NOERROR, True)
    assert answer.records[0].data.startswith("257 3 13 ")


def test_a_server_killed_in_the_middle_of_a_run_loses_nothing(network: Network) -> None:
    async def work() -> list[Answer]:
        live = network.live(0, 1)
        asking = asyncio.gather(*(live.query(f"h{number}.unsigned.test", "A") for number in range(1500)))
        await asyncio.sleep(0.05)
        network.resolvers[0].kill()
        try:
            return await asking
        finally:
            await live.close()

    answers = asyncio.run(work())
    assert [answer.status for answer in answers if answer.status is not Status.NOERROR] == []


def test_a_silent_server_costs_a_moment_and_is_then_asked_last(network: Network) -> None:
    network.resolvers[0].pause()

    async def work() -> list[Answer]:
        live = network.live(0, 1)
        try:
            return [await live.query(f"h{number}.unsigned.test", "A") for number in range(5)]
        finally:
            await live.close()

    answers = asyncio.run(work())
    assert {answer.status for answer in answers} == {Status.NOERROR}
    assert answers[0].elapsed > 1
    assert all(answer.elapsed < 1 for answer in answers[1:])


def test_silence_alone_is_a_timeout_and_the_answer_is_taken_once_it_wakes(network: Network) -> None:
    network.resolvers[0].pause()
    [answer] = ask(network.live(0, timeout=0.5), ("good.test", "MX"))
    assert answer.status is Status.TIMEOUT
    network.resolvers[0].go_on()
    [answer] = ask(network.live(0), ("good.test", "MX"))
    assert answer.status is Status.NOERROR


def test_a_dead_server_is_known_at_once(network: Network) -> None:
    network.resolvers[0].kill()
    [answer] = ask(network.live(0), ("good.test", "MX"))
    assert answer.status is Status.UNREACHABLE
    assert answer.elapsed < 1


def test_five_thousand_questions_at_once_are_answered_and_none_is_mixed_up(network: Network) -> None:
    async def work() -> list[Answer]:
        live = network.live(0)
        try:
            return await asyncio.gather(*(live.query(f"h{number}.unsigned.test", "A") for number in range(MANY)))
        finally:
            await live.close()

    answers = asyncio.run(work())
    assert [a.status for a in answers if a.status is not Status.NOERROR] == []
    assert [a.records[0].data for a in answers] == [f"11.9.{n // 250}.{n % 250}" for n in range(MANY)]


def test_a_server_is_asked_itself(network: Network) -> None:
    """Its own word, with the AA bit; over TCP where UDP is left out."""
    authority = Place(f"{LOOPBACK}:{network.authority.port}", recursive=False)
    for place in (authority, authority._replace(over_tcp=True)):
        own, foreign = ask(network.live(0), ("good.test", "MX"), ("elsewhere.invalid", "A"), at=place)
        assert (own.status, own.authoritative, own.at, own.server) == (Status.NOERROR, True, place, place.server)
        assert foreign.status is Status.NXDOMAIN  # the root is served there too
        assert own.query == ("good.test", "MX", False, place)


def test_a_referral_says_who_is_to_be_asked(tmp_path: Path) -> None:
    below = "sub 300 IN NS ns.sub.up.test.\nns.sub 300 IN A 11.0.9.53\n"
    with knot(tmp_path / "up", {"up.test.": SOA + below}) as parent:
        live = Live([plain((LOOPBACK, parent.port))])
        place = Place(f"{LOOPBACK}:{parent.port}", recursive=False)
        referred, refused = ask(live, ("sub.up.test", "NS"), ("other.test", "NS"), at=place)
    assert (referred.status, referred.records) == (Status.REFERRAL, ())
    assert {(r.name, r.rdtype, r.data) for r in referred.referral} == {
        ("sub.up.test", "NS", "ns.sub.up.test."),
        ("ns.sub.up.test", "A", "11.0.9.53"),
    }
    assert refused.status is Status.REFUSED

"""DNS over TLS and over HTTPS against a real server: Unbound, with a certificate of our own authority."""

from __future__ import annotations

import asyncio
import os
import ssl
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest

from deliverkit.clients.dns.live import Live
from deliverkit.clients.dns.nameservers import Nameserver, parse_nameserver, plain
from deliverkit.observations import Answer, Status
from tests.certificates import Authority
from tests.servers import LOOPBACK, free_port, knot, missing, speaks_https, unbound

ABSENT = missing("knotd", "unbound")
pytestmark = pytest.mark.skipif(
    bool(ABSENT) and os.environ.get("CI") != "true", reason=f"{ABSENT} is not installed: make servers"
)

NAME = "resolver.test"
MANY = 500
IDLE = 0.3  # seconds after which the server closes a connection on which nothing is asked
LONG = " ".join(f'"{number:03} {"x" * 200}"' for number in range(40))
ZONE = (
    "@ 300 IN SOA ns h 7 3600 900 1209600 60\n@ 300 IN NS ns\nns 300 IN A 127.0.0.1\n"
    "@ 300 IN MX 10 mx1\n@ 300 IN MX 20 mx2\nmx1 300 IN A 11.0.1.25\nwww 300 IN CNAME mx1\n"
    f"long 300 IN TXT {LONG}\n" + "".join(f"h{n} 300 IN A 11.9.{n // 250}.{n % 250}\n" for n in range(MANY))
)
QUESTIONS = [
    ("good.test", "MX"),
    ("www.good.test", "A"),
    ("good.test", "AAAA"),
    ("nobody.good.test", "TXT"),
    ("long.good.test", "TXT"),
    ("good.test", "SOA"),
]


@dataclass(frozen=True)
class Resolver:
    """A resolver with three doors."""

    udp: Nameserver
    tls: Nameserver
    https: Nameserver
    trusted: ssl.SSLContext

    def tls_as(self, name: str) -> Nameserver:
        """The door for DNS over TLS, where a certificate for that name is asked for."""
        return parse_nameserver(self.tls.text.partition("#")[0] + name)

    def live(self, server: Nameserver, context: ssl.SSLContext | None = None) -> Live:
        return Live([server], context=context or self.trusted)


@pytest.fixture
def resolver(tmp_path: Path) -> Iterator[Resolver]:
    authority = Authority()
    certificate = authority.certify(tmp_path / "tls", NAME, LOOPBACK)
    tls, https = free_port(), free_port()
    options = (
        f"    tls-service-key: {certificate}\n    tls-service-pem: {certificate}\n"
        f"    interface: {LOOPBACK}@{tls}\n    tls-port: {tls}\n"
        f"    tcp-idle-timeout: {IDLE * 1000:.0f}\n"
        "    incoming-num-tcp: 1\n"  # all questions have to share a connection
    )
    if speaks_https():
        options += f"    interface: {LOOPBACK}@{https}\n    https-port: {https}\n"
    with (
        knot(tmp_path / "knot", {"good.test.": ZONE}) as server,
        unbound(tmp_path / "unbound", {"good.test.": server.port}, options=options) as front,
    ):
        yield Resolver(
            plain((LOOPBACK, front.port)),
            parse_nameserver(f"tls://{LOOPBACK}:{tls}#{NAME}"),
            parse_nameserver(f"https://{LOOPBACK}:{https}/dns-query"),
            authority.trusted(),
        )


ROADS = [
    "tls",
    pytest.param("https", marks=pytest.mark.skipif(not speaks_https(), reason="this Unbound has no DNS over HTTPS")),
]


def ask(live: Live, *questions: tuple[str, str], pause: float = 0.0) -> list[Answer]:
    async def work() -> list[Answer]:
        found = []
        try:
            for question in questions:
                found.append(await live.query(*question))
                await asyncio.sleep(pause)
        finally:
            await live.close()
        return found

    return asyncio.run(work())


def told(answer: Answer) -> object:
    """What the answer says; TTLs count down between one question and the next."""
    records = [(record.name, record.rdtype, record.data) for record in (*answer.aliases, *answer.records)]
    return answer.status, sorted(records), answer.zone, answer.authenticated


@pytest.mark.parametrize("road", ROADS)
def test_an_answer_is_the_same_as_over_udp(resolver: Resolver, road: str) -> None:
    over_udp = ask(resolver.live(resolver.udp), *QUESTIONS)
    over_stream = ask(resolver.live(getattr(resolver, road)), *QUESTIONS)
    assert [told(answer) for answer in over_stream] == [told(answer) for answer in over_udp]
    statuses = [answer.status for answer in over_stream]
    assert statuses == [Status.NOERROR] * 2 + [Status.NODATA, Status.NXDOMAIN] + [Status.NOERROR] * 2
    assert over_stream[4].records[0].data == LONG


@pytest.mark.parametrize("road", ROADS)
def test_many_questions_at_once_share_a_connection_and_none_is_lost_or_mixed_up(resolver: Resolver, road: str) -> None:
    async def work() -> list[Answer]:
        live = resolver.live(getattr(resolver, road))
        try:
            return await asyncio.gather(*(live.query(f"h{number}.good.test", "A") for number in range(MANY)))
        finally:
            await live.close()

    answers = asyncio.run(work())
    assert [answer.status for answer in answers if answer.status is not Status.NOERROR] == []
    assert [answer.records[0].data for answer in answers] == [f"11.9.{n // 250}.{n % 250}" for n in range(MANY)]


@pytest.mark.parametrize("road", ROADS)
def test_a_connection_that_the_server_closes_is_opened_again(resolver: Resolver, road: str) -> None:
    answers = ask(resolver.live(getattr(resolver, road)), *QUESTIONS[:3], pause=4 * IDLE)
    assert [answer.status for answer in answers] == [Status.NOERROR, Status.NOERROR, Status.NODATA]


@pytest.mark.parametrize("road", ROADS)
def test_a_certificate_of_an_unknown_authority_is_refused(resolver: Resolver, road: str) -> None:
    [answer] = ask(resolver.live(getattr(resolver, road), Authority().trusted()), QUESTIONS[0])
    assert (answer.status, answer.records) == (Status.UNREACHABLE, ())
    [answer] = ask(resolver.live(getattr(resolver, road), ssl.create_default_context()), QUESTIONS[0])
    assert (answer.status, answer.records) == (Status.UNREACHABLE, ())


def test_a_certificate_has_to_be_good_for_the_name_or_the_address(resolver: Resolver) -> None:
    [other] = ask(resolver.live(resolver.tls_as("#other.test")), QUESTIONS[0])
    assert (other.status, other.records) == (Status.UNREACHABLE, ())
    [address] = ask(resolver.live(resolver.tls_as("")), QUESTIONS[0])
    assert address.status is Status.NOERROR

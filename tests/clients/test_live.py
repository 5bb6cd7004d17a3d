"""The live resolver against the lab's servers: what it believes, how long it waits, whom it asks next."""

from __future__ import annotations

import asyncio
import socket
from collections.abc import AsyncIterator, Coroutine
from contextlib import asynccontextmanager
from dataclasses import dataclass
from typing import Any, TypeVar, cast

import pytest

from deliverkit.clients.dns.fast import FIRST_WINDOW, FastUdp, _Port
from deliverkit.clients.dns.live import MOST_PLACED, Live
from deliverkit.clients.dns.nameservers import Nameserver, plain
from deliverkit.clients.routes import Routes
from deliverkit.lab.running import running
from deliverkit.lab.world import World, parse
from deliverkit.observations import Answer, Place, Query, Status

T = TypeVar("T")
ZONE = """
target = "good.example"

[[zones]]
origin = "good.example"
signed = true
text = '''
@     60   MX    10 MX1
mx1   300  A     11.0.1.25
alias 300  CNAME www.far.example.
loop  300  CNAME pool
pool  300  CNAME loop
lost  300  CNAME nowhere
*.w   300  TXT   wild
esc\\.aped 300 TXT "a \\"quote\\""
'''

[[zones]]
origin = "far.example"
text = "www 30 A 11.0.3.80"
"""


def fault(do: str, more: str = "") -> World:
    return parse(f'{ZONE}\n[[faults]]\nname = "good.example"\ndo = "{do}"\n{more}', name=do)


def ask(world: World, *questions: tuple[str, str], timeout: float = 1.0, cd: bool = False) -> list[Answer]:
    async def work() -> list[Answer]:
        async with running(world) as lab:
            async with asking(Live([plain(lab.resolver)], timeout, Routes(lab.routes))) as live:
                return [await live.query(name, rdtype, checking_disabled=cd) for name, rdtype in questions]

    return run(work())


@asynccontextmanager
async def asking(live: Live) -> AsyncIterator[Live]:
    try:
        yield live
    finally:
        await live.close()


def run(work: Coroutine[Any, Any, T]) -> T:
    return asyncio.run(work)


def test_an_answer_is_lower_case_text_with_its_ttl() -> None:
    [answer] = ask(parse(ZONE, name="z"), ("good.example", "MX"))
    assert (answer.status, answer.ttl, answer.authenticated, answer.authoritative) == (Status.NOERROR, 60, True, False)
    assert [str(record) for record in answer.records] == ["good.example.  60  IN  MX  10 MX1.good.example."]
    assert answer.server == "11.0.0.53"
    assert 0 < answer.elapsed < 1


def test_nothing_there_is_told_from_no_such_name() -> None:
    nodata, nxdomain, empty = ask(
        parse(ZONE, name="z"), ("good.example", "AAAA"), ("gone.good.example", "A"), ("w.good.example", "TXT")
    )
    assert [nodata.status, nxdomain.status, empty.status] == [Status.NODATA, Status.NXDOMAIN, Status.NODATA]
    assert nxdomain.zone == "good.example"
    assert nodata.ttl is None


def test_aliases_are_followed_and_kept() -> None:
    [answer] = ask(parse(ZONE, name="z"), ("alias.good.example", "A"))
    assert [record.data for record in answer.aliases] == ["www.far.example."]
    assert [(record.name, record.data) for record in answer.records] == [("www.far.example", "11.0.3.80")]
    assert not answer.authenticated or answer.aliases


def test_an_alias_to_nowhere_and_a_loop_are_data() -> None:
    lost, loop = ask(parse(ZONE, name="z"), ("lost.good.example", "A"), ("loop.good.example", "A"))
    assert (lost.status, len(lost.aliases)) == (Status.NXDOMAIN, 1)
    assert not loop.records
    assert len(loop.aliases) <= 16


def test_wildcards_answer_under_the_name_asked_for() -> None:
    [answer] = ask(parse(ZONE, name="z"), ("deep.down.w.good.example", "TXT"))
    assert [record.name for record in answer.records] == ["deep.down.w.good.example"]


@pytest.mark.parametrize("name", ["a..b", "x" * 64 + ".example", "a" * 300, "\ud800.example"])
def test_a_name_that_dns_cannot_carry_is_never_asked(name: str) -> None:
    [answer] = ask(parse(ZONE, name="z"), (name, "MX"))
    assert answer.status is Status.ILLEGAL


@pytest.mark.parametrize("do", ["wrong-id", "wrong-question", "malformed", "several"])
def test_packets_that_do_not_answer_the_question_are_not_believed(do: str) -> None:
    [answer] = ask(fault(do, "seconds = 0.05"), ("good.example", "MX"))
    assert [record.data for record in answer.records] == ["10 MX1.good.example."]


def test_a_truncated_answer_is_asked_for_over_tcp() -> None:
    [answer] = ask(fault("truncated"), ("good.example", "MX"))
    assert answer.status is Status.NOERROR
    [cut] = ask(fault("no-tcp"), ("good.example", "MX"), timeout=0.3)
    assert cut.status is Status.TRUNCATED


@pytest.mark.parametrize(("do", "status"), [("servfail", Status.SERVFAIL), ("refused", Status.REFUSED)])
def test_a_refusal_is_an_answer_with_its_word(do: str, status: Status) -> None:
    [answer] = ask(fault(do, 'text = "no \\u001b[31m way"'), ("good.example", "MX"))
    assert answer.status is status
    assert [error.text for error in answer.extended_errors] == ["no \x1b[31m way"]


def test_silence_is_given_up_in_time() -> None:
    async def work() -> float:
        async with running(fault("silent")) as lab:
            started = asyncio.get_running_loop().time()
            async with asking(Live([plain(lab.resolver)], 0.4, Routes(lab.routes))) as live:
                assert (await live.query("good.example", "MX")).status is Status.TIMEOUT
            return asyncio.get_running_loop().time() - started

    assert 0.3 < run(work()) < 2


def test_a_bogus_zone_answers_once_checking_is_disabled() -> None:
    world = parse(ZONE.replace("signed = true", "bogus = true"), name="bogus")
    [checked] = ask(world, ("good.example", "MX"))
    [unchecked] = ask(world, ("good.example", "MX"), cd=True)
    assert (checked.status, unchecked.status) == (Status.SERVFAIL, Status.NOERROR)
    assert (checked.checking_disabled, unchecked.checking_disabled) == (False, True)
    assert [error.code for error in checked.extended_errors] == [6]


def test_an_authoritative_server_says_so_and_sets_no_ad_bit() -> None:
    world = parse(f"{ZONE}\n[resolver]\nauthoritative = true\n", name="auth")
    [answer] = ask(world, ("good.example", "MX"))
    assert (answer.authoritative, answer.authenticated) == (True, False)


@pytest.mark.parametrize("do", ["silent", "servfail", "refused"])
def test_the_next_server_is_asked_when_one_fails(do: str) -> None:
    async def work() -> Answer:
        async with running(fault(do)) as bad, running(parse(ZONE, name="z")) as good:
            routes = Routes({("11.0.0.1", 53): bad.routes[bad.resolver], ("11.0.0.2", 53): good.routes[good.resolver]})
            servers = [plain(("11.0.0.1", 53)), plain(("11.0.0.2", 53))]
            async with asking(Live(servers, 3.0, routes)) as live:
                return await live.query("good.example", "MX")

    answer = run(work())
    assert (answer.status, answer.server) == (Status.NOERROR, "11.0.0.2")


def test_an_endpoint_without_a_route_is_unreachable() -> None:
    answer = run(Live([plain(("9.9.9.9", 53))], 1.0, Routes({})).query("good.example", "MX"))
    assert answer.status is Status.UNREACHABLE


def test_many_questions_at_once_are_all_answered_and_none_mixed_up() -> None:
    records = "\n".join(f"h{number} 60 A 11.1.{number // 250}.{number % 250 + 1}" for number in range(600))
    world = parse(f'target = "x.example"\n[[zones]]\norigin = "x.example"\ntext = """\n{records}\n"""', name="many")

    async def work() -> list[Answer]:
        async with running(world) as lab:
            async with asking(Live([plain(lab.resolver)], 5.0, Routes(lab.routes))) as live:
                return await asyncio.gather(*(live.query(f"h{number}.x.example", "A") for number in range(600)))

    answers = run(work())
    assert [a.records[0].data for a in answers] == [f"11.1.{n // 250}.{n % 250 + 1}" for n in range(600)]


def test_a_server_that_goes_away_while_many_wait_leaves_nobody_waiting() -> None:
    """The retries find its port closed: every question on the socket is settled, and the next ones are asked."""

    async def work() -> list[Answer]:
        with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as server:
            server.bind(("127.0.0.1", 0))
            live = Live([plain(("127.0.0.1", server.getsockname()[1]))], 5.0)
            asking = asyncio.gather(*(live.query(f"h{number}.example", "A") for number in range(700)))
            await asyncio.sleep(0.1)
        try:
            return await asyncio.wait_for(asking, 4)
        finally:
            await live.close()

    assert {answer.status for answer in run(work())} == {Status.UNREACHABLE}


def test_questions_that_nobody_answers_or_waits_for_leave_room_for_others() -> None:
    world = parse(f'{ZONE}\n[[faults]]\nname = "*"\ntype = "TXT"\ndo = "silent"\n', name="silent")

    async def work() -> list[Answer]:
        async with running(world) as lab:
            async with asking(Live([plain(lab.resolver)], 1.0, Routes(lab.routes))) as live:
                silent = [asyncio.ensure_future(live.query(f"t{n}.good.example", "TXT")) for n in range(FIRST_WINDOW)]
                await asyncio.sleep(0.05)
                for question in silent[::2]:
                    question.cancel()
                ended = await asyncio.gather(*silent, return_exceptions=True)
                assert {answer.status for answer in ended[1::2] if isinstance(answer, Answer)} == {Status.TIMEOUT}
                async with asyncio.timeout(10):
                    return await asyncio.gather(*(live.query(f"a{n}.good.example", "A") for n in range(FIRST_WINDOW)))

    assert {answer.status for answer in run(work())} == {Status.NXDOMAIN}


def test_servers_that_are_asked_themselves_share_a_bounded_number_of_sockets(monkeypatch: pytest.MonkeyPatch) -> None:
    """A list of domains has hundreds of name servers: without sockets all of them would look silent."""
    opened: list[Slow] = []

    @dataclass
    class Slow:
        server: Nameserver
        is_open: bool = True

        async def ask(self, query: Query, *, wait: float) -> Answer:
            assert sum(one.is_open for one in opened) <= MOST_PLACED
            assert self.is_open
            await asyncio.sleep(wait / 1000)
            return Answer(query.name, query.rdtype, Status.NOERROR, server=self.server.text)

        async def close(self) -> None:
            self.is_open = False
            await asyncio.sleep(0)

    def open_slow(server: Nameserver, *_: object) -> Slow:
        opened.append(Slow(server))
        return opened[-1]

    monkeypatch.setattr("deliverkit.clients.dns.live.open_upstream", open_slow)

    async def work() -> list[Answer]:
        live = Live([], 5.0)
        servers = [f"192.0.2.{number}" for number in range(3 * MOST_PLACED)]
        return await asyncio.gather(
            *(live.query("a.example", "A", at=Place(each)) for each in servers for _ in range(3))
        )

    assert [answer.server for answer in run(work())] == [one.server.text for one in opened for _ in range(3)]
    assert len(opened) == 3 * MOST_PLACED


def test_a_flood_does_not_stop_the_clock() -> None:
    """Packets that are no answers arrive for as long as the socket is read: the question is given up in time."""

    class Flooded:
        def recv(self, _: int) -> bytes:
            return bytes(12)

    fast = FastUdp(("127.0.0.1", 53), server="192.0.2.1")
    port = _Port(cast("socket.socket", Flooded()))
    fast._read(port)  # noqa: SLF001 - it has to come back
    assert not port.waiting


@pytest.mark.parametrize(("server", "status"), [("refusing", Status.UNREACHABLE), ("silent", Status.TIMEOUT)])
def test_tcp_that_was_asked_for_fails_with_its_own_word(server: str, status: Status) -> None:
    async def work() -> Answer:
        with socket.socket(socket.AF_INET, socket.SOCK_STREAM) as listening:
            listening.bind(("127.0.0.1", 0))
            if server == "silent":
                listening.listen()
            at = Place(f"127.0.0.1:{listening.getsockname()[1]}", over_tcp=True)
            async with asking(Live([], 0.3)) as live:
                return await live.query("a.example", "A", at=at)

    assert run(work()).status is status

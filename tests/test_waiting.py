"""Waiting for a record: name servers first, then resolvers, until it is everywhere or the time is over."""

from __future__ import annotations

import asyncio
from dataclasses import dataclass, field, replace

import pytest

from deliverkit import waiting
from deliverkit.clients.dns.nameservers import plain
from deliverkit.clients.dns.proposal import parse_proposal
from deliverkit.clients.opening import open_clients
from deliverkit.clients.routes import Routes
from deliverkit.errors import UsageError
from deliverkit.facts import Expectations
from deliverkit.lab.running import running
from deliverkit.lab.world import load
from deliverkit.observations import CHOSEN, Answer, Place, Resolver, ResourceRecord
from deliverkit.waiting import Look, looks
from tests.judging import PATIENCE

ADDED = "+ good.example. 3600 IN MX 30 mx3.good.example."
RECORD = ResourceRecord("good.example", "MX", 3600, "30 mx3.good.example.")


@dataclass
class Publishing:
    """A resolver at whose servers the record appears, at each after it was asked that often."""

    source: Resolver
    after: dict[str, int]
    asked: list[str] = field(default_factory=list)

    async def query(self, name: str, rdtype: str, *, checking_disabled: bool = False, at: Place = CHOSEN) -> Answer:
        self.asked.append(at.server)
        answer = await self.source.query(name, rdtype, checking_disabled=checking_disabled, at=at)
        is_there = self.asked.count(at.server) > self.after.get(at.server, 0)
        return answer._replace(records=(*answer.records, RECORD)) if is_there else answer


def look_on(
    after: dict[str, int], *, most: float = 60.0, text: str = ADDED, name: str = "servers-agree"
) -> tuple[list[Look], list[str]]:
    async def work() -> tuple[list[Look], list[str]]:
        world = load(name)
        async with (
            running(world) as lab,
            open_clients([plain(lab.resolver)], timeout=PATIENCE, routes=Routes(lab.routes)) as clients,
        ):
            assert clients.live is not None
            live = Publishing(clients.live, after)
            proposal = parse_proposal(text, "good.example")
            seen = looks("good.example", proposal, replace(clients, live=live), expected=Expectations(), most=most)
            return [look async for look in seen], live.asked

    return asyncio.run(work())


@pytest.fixture(autouse=True)
def short_pauses(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(waiting, "LEAST_PAUSE", 0.01)
    monkeypatch.setattr(waiting, "MOST_PAUSE", 0.01)


def test_it_ends_when_every_server_has_the_record() -> None:
    seen, _ = look_on({"11.0.2.53": 1, "11.0.3.53": 3, "": 1})
    assert [look.is_everywhere for look in seen] == [False, False, False, False, True]
    assert [sum(sight.is_there for sight in look.sights) for look in seen] == [0, 1, 1, 2, 3]


def test_no_resolver_is_asked_before_all_name_servers_have_it() -> None:
    seen, asked = look_on({"11.0.2.53": 2})
    assert asked.index("") == len(asked) - 1
    assert [look.unasked for look in seen] == [1, 1, 0]


def test_what_a_cache_holds_is_said_with_its_time() -> None:
    seen, _ = look_on({"": 1})
    [sight] = [sight for sight in seen[0].sights if sight.is_cache]
    assert (sight.server, sight.is_there, sight.left) == ("11.0.0.53", False, 3600)


def test_the_time_is_over_some_day() -> None:
    seen, _ = look_on({"11.0.2.53": 10**9}, most=0.05)
    assert not seen[-1].is_everywhere


def test_a_record_that_is_to_go_is_waited_for_too() -> None:
    seen, _ = look_on({"11.0.2.53": 10**9, "11.0.3.53": 10**9, "": 10**9}, text=ADDED.replace("+", "-", 1))
    assert [look.is_everywhere for look in seen] == [True]


def test_case_and_the_strings_of_a_text_do_not_keep_it_waiting() -> None:
    text = "good.example. MX 10 MX1.Good.Example.\ngood.example. MX 20 mx2.good.example."
    seen, _ = look_on({"11.0.2.53": 10**9, "11.0.3.53": 10**9, "": 10**9}, text=text)
    assert [look.is_everywhere for look in seen] == [True]
    one, two = (parse_proposal(f"x TXT {strings}", "good.example") for strings in ('"v=spf1 -all"', '"v=spf1 " "-all"'))
    assert one.is_published(("x.good.example", "TXT"), two.replaced["x.good.example", "TXT"])


def test_a_name_server_that_does_not_answer_is_named_as_left_out() -> None:
    seen, _ = look_on({}, name="server-silent")
    assert [(look.is_everywhere, look.left_out) for look in seen] == [(True, ("11.0.3.53",))]


def test_where_nobody_answers_it_is_not_known_who_lacks_the_record() -> None:
    seen, _ = look_on({}, name="resolver-fails", most=0.0)
    assert seen[-1].is_unknown
    assert [(sight.is_there, sight.has_answered) for sight in seen[-1].sights] == [(False, False)]
    assert seen[-1].failure


def test_a_record_of_another_zone_is_refused() -> None:
    with pytest.raises(UsageError, match=r"^far.example is not in the zone good.example"):
        look_on({}, text="far.example. MX 10 mx1.good.example.")
    seen, _ = look_on({"11.0.2.53": 10**9}, text="other.good.example. MX 30 mx3.good.example.", most=0.0)
    assert not seen[-1].is_everywhere

"""Who is asked, whom the probe believes, and what it compares."""

from __future__ import annotations

import asyncio

import pytest

from deliverkit.clients import Clients
from deliverkit.clients.trace import MOST_QUESTIONS
from deliverkit.facts import Expectations
from deliverkit.facts.authority import ZoneServers
from deliverkit.lab.world import World, load, parse
from deliverkit.model import Absent, Outcome
from deliverkit.observations import CHOSEN, Answer, Instant, Place, ResourceRecord, Status
from deliverkit.probes.authority import MAX_ADDRESSES, MAX_SERVERS, learn_zone_servers
from deliverkit.probes.mx import learn_mx_lookup
from deliverkit.profiles import choose
from deliverkit.render.checklist import render_checklist
from deliverkit.render.look import Look
from tests.building import TTL
from tests.judging import Judged, judge

HEAD = """
target = "good.example"
authoritative = true
"""
SERVERS = """
[[servers]]
address = "11.0.2.53"
[[servers]]
address = "11.0.3.53"
"""


def world(records: str, *, head: str = "", tail: str = SERVERS, profile: str = "domain") -> World:
    zone = f"[[zones]]\norigin = \"good.example\"\ntext = '''\n@ MX 10 mx1\nmx1 A 11.0.1.25\n{records}\n'''\n"
    return parse(f'{HEAD}profile = "{profile}"\n{head}\n{zone}{tail}', name="servers")


def servers_of(found: Judged) -> ZoneServers:
    fact = found.report.fact(ZoneServers)
    assert isinstance(fact, ZoneServers)
    return fact


TWO = "@ NS ns1\n@ NS ns2\nns1 A 11.0.2.53\nns2 A 11.0.3.53"


def test_every_address_is_asked_itself_and_without_recursion() -> None:
    zone = servers_of(judge(world(TWO)))
    assert [(word.host, word.address) for word in zone.words] == [
        ("ns1.good.example", "11.0.2.53"),
        ("ns2.good.example", "11.0.3.53"),
    ]
    assert all(answer.at == Place(word.address, recursive=False) for word in zone.words for answer in word.answers)
    assert all(answer.authoritative for word in zone.words for answer in word.answers)


@pytest.mark.parametrize(("profile", "asked"), [("domain", ()), ("internal", ("10.0.0.53",))])
def test_a_zone_cannot_make_this_machine_ask_inside_its_own_network(profile: str, asked: tuple[str, ...]) -> None:
    found = judge(world("@ NS ns1\n@ NS in\nns1 A 11.0.2.53\nin A 10.0.0.53", profile=profile))
    [inner] = [server for server in servers_of(found).servers if server.host == "in.good.example"]
    assert inner.addresses == asked
    assert ("NS007" in found.codes) is not bool(asked)
    assert {question.server for question in found.questions} == {"11.0.0.53", "11.0.0.1", "11.0.2.53"}


def test_the_addresses_of_a_referral_are_used_where_the_zone_is_dead() -> None:
    names = ("good.example", "ns1.good.example", "ns2.good.example")
    dead = "".join(f'[[faults]]\nname = "{name}"\ndo = "servfail"\n' for name in names)
    found = judge(world(TWO, tail=SERVERS.replace('.53"', '.53"\ndo = "refused"') + dead))
    assert [(word.host, word.address, word.is_lame) for word in servers_of(found).words] == [
        ("ns1.good.example", "11.0.2.53", True),
        ("ns2.good.example", "11.0.3.53", True),
    ]
    assert {"MX023", "NS001"} <= set(found.codes)


def test_a_subdomain_is_looked_for_in_its_zone() -> None:
    found = judge(parse('like = "servers-agree"\ntarget = "mx1.good.example"\n', name="sub"))
    zone = servers_of(found)
    assert (zone.zone, zone.domain) == ("good.example", "mx1.good.example")
    assert [(a.answer.name, a.answer.rdtype) for a in zone.seen][:3] == [
        ("good.example", "SOA"),
        ("good.example", "NS"),
        ("mx1.good.example", "MX"),
    ]


def test_answers_that_differ_in_order_case_or_ttl_are_the_same() -> None:
    tail = '[[servers]]\naddress = "11.0.2.53"\n[[servers]]\naddress = "11.0.3.53"\n'
    other = 'remove = ["good.example. MX 10 mx1.good.example."]\nadd = "@ 60 MX 10 MX1"\n'
    assert judge(world(TWO, tail=tail + other)).outcome("NS004") is Outcome.PASS


def test_an_alias_that_leads_out_of_the_zone_is_compared_by_itself() -> None:
    out = "\n[[zones]]\norigin = \"far.example\"\ntext = '''\nx TXT \"v=DMARC1; p=none\"\n'''\n"
    found = judge(world(f"{TWO}\n_dmarc CNAME x.far.example.", tail=SERVERS + out))
    assert found.outcome("NS004") is Outcome.PASS
    assert found.outcome("NS008") is Outcome.PASS


def test_a_name_that_is_handed_to_other_servers_is_compared_by_whom_it_is_handed_to() -> None:
    """Some leave the whole of ``_dmarc`` to a service: the zone's own servers then only refer to it."""
    child = "[[zones]]\norigin = \"_dmarc.good.example\"\ntext = '''\n@ NS ns.far.example.\n@ TXT x\n'''\n"
    far = "[[zones]]\norigin = \"far.example\"\ntext = '''\nns A 11.0.4.53\n'''\n"
    own = SERVERS.replace('.53"', '.53"\nzones = ["good.example"]')
    found = judge(world(f"{TWO}\n_dmarc NS ns.far.example.", tail=f"{child}{far}{own}"))
    assert {found.outcome(code) for code in ("NS004", "NS008")} == {Outcome.PASS}
    text = render_checklist(found.report, Look())
    assert not [line for line in text.splitlines() if "✗" in line and "something else" not in line]
    other = own.replace(
        '"]', '"]\nremove = ["_dmarc.good.example. NS ns.far.example."]\nadd = "_dmarc NS ns.near.example."', 1
    )
    found = judge(world(f"{TWO}\n_dmarc NS ns.far.example.", tail=f"{child}{far}{other}"))
    assert found.outcome("NS004") is Outcome.FAIL


class Referring:
    """Answers for a world of one zone whose parent's server refers to whatever it likes."""

    def __init__(self, referral: tuple[ResourceRecord, ...]) -> None:
        self.referral = referral
        self.asked: set[str] = set()

    async def query(self, name: str, rdtype: str, *, checking_disabled: bool = False, at: Place = CHOSEN) -> Answer:
        self.asked.add(at.server)
        data = {("example", "NS"): "ns.example.", ("ns.example", "A"): "11.0.0.9"}.get((name, rdtype))
        soa = ResourceRecord("example", "SOA", TTL, "ns.example. h.example. 1 2 3 4 5") if name == "example" else None
        if at.server:
            return Answer(name, rdtype, Status.REFERRAL, at=at, referral=self.referral)
        if name.endswith("evil.example"):
            return Answer(name, rdtype, Status.SERVFAIL, checking_disabled=checking_disabled)
        records = (ResourceRecord(name, rdtype, TTL, data),) if data else ()
        status = Status.NOERROR if data else Status.NXDOMAIN if name.endswith(".com") else Status.NODATA
        made_up = ResourceRecord("com", "SOA", TTL, "a. b. 1 2 3 4 5") if name.endswith(".com") else soa
        return Answer(name, rdtype, status, records, soa=made_up, checking_disabled=checking_disabled)


@pytest.mark.parametrize("owner", ["example.org", "com", "vil.example", "mx.evil.example"])
def test_a_referral_to_a_zone_that_does_not_hold_the_domain_is_not_believed(owner: str) -> None:
    resolver = Referring((ResourceRecord(owner, "NS", TTL, "ns.victim.example."),))
    clients = Clients(resolver, Instant(load("good").clock))

    async def work() -> ZoneServers | Absent:
        found = await learn_mx_lookup("evil.example", clients)
        return await learn_zone_servers("evil.example", clients, found, Expectations())

    zone = asyncio.run(work())
    assert isinstance(zone, Absent)
    assert zone.outcome is Outcome.UNKNOWN
    assert resolver.asked == {"", "11.0.0.9"}


def test_an_area_that_is_not_asked_for_costs_nothing() -> None:
    found = judge(load("servers-agree"), choose("domain"))
    assert {question.server for question in found.questions} == {"11.0.0.53"}
    assert not any(result.check.area in {"ns", "propagation"} for result in found.report.results)


def test_a_zone_with_many_servers_costs_no_more_than_a_bound() -> None:
    records = "\n".join(f"@ NS ns{n}\nns{n} A 11.0.2.{n}\nns{n} AAAA 2a11:db8:2::{n:x}" for n in range(40))
    found = judge(world(f"{records}\n", tail='[[servers]]\naddress = "11.0.2.1"\n'))
    zone = servers_of(found)
    assert (len(zone.servers), len(zone.words), zone.left_out) == (MAX_SERVERS, MAX_ADDRESSES, 6)
    assert len(found.report.trace.asked) < MOST_QUESTIONS


def test_the_zone_above_cannot_make_this_machine_ask_inside_its_own_network_either() -> None:
    above = "[[zones]]\norigin = \"above.example\"\ntext = '''\n@ NS ns\nns A 192.168.0.1\n'''\n"
    below = "[[zones]]\norigin = \"good.above.example\"\ntext = '''\n@ MX 10 mx1\n@ NS ns1\nns1 A 11.0.2.53\n'''\n"
    servers = '[[servers]]\naddress = "11.0.2.53"\nzones = ["good.above.example"]\n'
    text = f'target = "good.above.example"\nauthoritative = true\n{above}{below}{servers}'
    found = judge(parse(text, name="above"))
    assert found.outcome("NS006") is Outcome.UNKNOWN
    assert not any(asked.answer.at.server == "192.168.0.1" for asked in found.report.trace.asked)

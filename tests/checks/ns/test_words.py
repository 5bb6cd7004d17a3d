"""NS001 to NS008 on words built by hand: what is not known is held against nobody."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest

from deliverkit.checks.ns.cache_holds_other_answer import cache_holds_other_answer
from deliverkit.checks.ns.delegation_differs import delegation_differs
from deliverkit.checks.ns.lame_server import lame_server
from deliverkit.checks.ns.no_server_answers import no_server_answers
from deliverkit.checks.ns.serials_differ import serials_differ
from deliverkit.checks.ns.servers_differ import servers_differ
from deliverkit.checks.ns.silent_server import silent_server
from deliverkit.facts import Lookup
from deliverkit.facts.authority import NameServer, ServerWord, ZoneServers
from deliverkit.model import Outcome
from deliverkit.observations import Answer, Instant, Place, ResourceRecord, Status
from deliverkit.render.authority import tables_of
from deliverkit.report import Report, Target, Trace
from tests.building import TTL, finding, judged

ZONE = "good.example"
SOA = ResourceRecord(ZONE, "SOA", TTL, "ns1.good.example. h.good.example. 7 2 3 4 5")
NOT_KNOWN = [Status.UNASKED, Status.UNRECORDED, Status.TRUNCATED]


def answer(rdtype: str, *data: str, status: Status = Status.NOERROR, at: str = "") -> Answer:
    records = tuple(ResourceRecord(ZONE, rdtype, TTL, each) for each in data)
    place = Place(at, recursive=False) if at else Place()
    return Answer(ZONE, rdtype, status, records, authoritative=bool(at), server=at or "192.0.2.53", at=place)


def word(address: str, *txt: str, soa: Status = Status.NOERROR, others: Status = Status.NOERROR) -> ServerWord:
    data = (SOA.data,) if soa is Status.NOERROR else ()
    texts = txt or ('"same"',)
    rows = (
        answer("SOA", *data, status=soa, at=address),
        answer("TXT", *(texts if others is Status.NOERROR else ()), status=others, at=address),
    )
    return ServerWord("ns1.good.example", address, rows)


def zone(
    *words: ServerWord, seen: str = '"same"', parent: tuple[str, ...] = (), own: tuple[str, ...] = ()
) -> ZoneServers:
    referral = tuple(ResourceRecord(ZONE, "NS", TTL, f"{host}.") for host in parent)
    return ZoneServers(
        domain=ZONE,
        zone=ZONE,
        delegation=Answer(ZONE, "NS", Status.REFERRAL, referral=referral),
        apex=Lookup(answer("NS", *(f"{host}." for host in own))),
        servers=tuple(NameServer(host, host in parent, host in own, (), ()) for host in sorted({*parent, *own})),
        words=words,
        seen=(Lookup(answer("SOA", SOA.data)), Lookup(answer("TXT", seen))),
    )


@pytest.mark.parametrize("status", NOT_KNOWN)
def test_a_server_that_was_not_asked_is_neither_lame_nor_silent(status: Status) -> None:
    found = zone(word("192.0.2.1"), word("192.0.2.2", soa=status, others=status))
    for check in (lame_server, silent_server, servers_differ, serials_differ):
        assert judged(check, found).outcome is Outcome.UNKNOWN
    assert judged(no_server_answers, found).outcome is Outcome.PASS


@pytest.mark.parametrize("status", NOT_KNOWN)
def test_a_zone_whose_servers_were_not_asked_is_not_dead(status: Status) -> None:
    found = zone(word("192.0.2.1", soa=status, others=status), word("192.0.2.2", soa=Status.REFUSED))
    for check in (no_server_answers, silent_server, servers_differ):
        assert judged(check, found).outcome is Outcome.UNKNOWN


def test_a_lost_soa_record_is_no_serial_number() -> None:
    found = zone(word("192.0.2.1"), word("192.0.2.2", soa=Status.TIMEOUT))
    assert judged(serials_differ, found).outcome is Outcome.UNKNOWN
    now = Instant(datetime(2026, 11, 22, tzinfo=UTC))
    report = Report(Target(ZONE, ZONE), "domain", now, {ZoneServers: found}, (), {}, Trace((), 0.0))
    [table] = tables_of(report)
    assert [row[2] for row in table.rows] == ["7", "?", "7", ""]


def test_where_a_text_is_cut_into_strings_means_nothing() -> None:
    found = zone(word("192.0.2.1", '"v=spf1 " "-all"'), word("192.0.2.2", '"v=spf1 -all"'), seen='"v=sp" "f1 -all"')
    assert judged(servers_differ, found).outcome is Outcome.PASS
    assert judged(cache_holds_other_answer, found).outcome is Outcome.PASS
    quoted = zone(word("192.0.2.1", r'"a\" \"b"'), word("192.0.2.2", r'"a\"\"b"'))
    assert judged(servers_differ, quoted).outcome is Outcome.FAIL


def test_the_two_lists_of_servers_are_shown_in_the_same_order_every_time() -> None:
    found = finding(delegation_differs, zone(parent=("ns9.example", "ns1.example"), own=("ns2.example", "ns1.example")))
    assert found.message.endswith(": ns9.example only above, ns2.example only in the zone")
    assert [line.text.split()[-1] for line in found.evidence] == [
        "ns1.example.",
        "ns9.example.",
        "ns1.example.",
        "ns2.example.",
    ]

"""The questions about a DMARC policy: which are asked, how deep they lie, and what stays in bounds."""

from __future__ import annotations

import asyncio
from datetime import UTC, datetime

from deliverkit.clients import Clients
from deliverkit.facts.dmarc import DmarcDiscovery, MisplacedDmarc, ReportDestinations
from deliverkit.model import Absent, Outcome
from deliverkit.observations import CHOSEN, Answer, Instant, Place, ResourceRecord, Status
from deliverkit.profiles import choose
from deliverkit.report import Report, Target
from deliverkit.run import examine
from deliverkit.standards.txt import data_of

LONG = "a.b.c.d.e.f.g.h.good.example"


class Answering:
    """A resolver that knows these TXT texts; every other question has the status."""

    def __init__(self, texts: dict[str, list[str]], *, failing: tuple[str, ...] = ()) -> None:
        self.texts = texts
        self.failing = failing

    async def query(self, name: str, rdtype: str, *, checking_disabled: bool = False, at: Place = CHOSEN) -> Answer:
        found = self.texts.get(name, []) if rdtype == "TXT" else []
        status = Status.TIMEOUT if name in self.failing else Status.NOERROR if found else Status.NODATA
        soa = ResourceRecord("good.example", "SOA", 60, "a. b. 1 2 3 4 5")
        records = tuple(ResourceRecord(name, "TXT", 60, data_of(text)) for text in found)
        return Answer(name, rdtype, status, records, soa=soa, checking_disabled=checking_disabled, at=at)


def report(resolver: Answering, domain: str = "good.example") -> Report:
    clients = Clients(resolver, Instant(datetime(2026, 11, 22, tzinfo=UTC)))
    return asyncio.run(examine(Target(domain, domain), choose("domain", only=["dmarc"]), clients))


def asked(found: Report, rdtype: str = "TXT") -> list[str]:
    return [one.answer.name for one in found.trace.asked if one.answer.rdtype == rdtype]


def test_all_names_of_a_walk_are_asked_for_at_once_eight_at_the_most() -> None:
    found = report(Answering({"_dmarc.good.example": ["v=DMARC1; p=reject"]}), LONG)
    appended = {f"_dmarc.{LONG}.{LONG}", f"_dmarc.{LONG}.good.example"}
    walked = [name for name in asked(found) if name.startswith("_dmarc.") and name not in appended]
    assert len(walked) == 8
    assert {one.depth for one in found.trace.asked if one.answer.name in walked} == {1}


def test_what_is_above_the_end_of_a_walk_may_fail() -> None:
    texts = {"_dmarc.good.example": ["v=DMARC1; p=reject; psd=n"]}
    assert isinstance(report(Answering(texts, failing=("_dmarc.example",))).fact(DmarcDiscovery), DmarcDiscovery)
    found = report(Answering(texts, failing=("_dmarc.good.example",))).fact(DmarcDiscovery)
    assert isinstance(found, Absent)
    assert (found.outcome, found.reason) == (Outcome.UNKNOWN, "_dmarc.good.example TXT: TIMEOUT")


def test_addresses_for_reports_are_bounded() -> None:
    rua = ",".join(f"mailto:a@r{number}.test" for number in range(40))
    found = report(Answering({"_dmarc.good.example": [f"v=DMARC1; p=reject; rua={rua}"]})).fact(ReportDestinations)
    assert isinstance(found, ReportDestinations)
    assert (len(found.destinations), found.left_out) == (16, 24)


def test_wrong_places_are_looked_at_where_there_is_no_record_alone() -> None:
    none = report(Answering({"good.example": ["v=DMARC1; p=none", "v=spf1 -all"]}))
    places = none.fact(MisplacedDmarc)
    assert isinstance(places, MisplacedDmarc)
    assert [text.text for text in places.found] == ["v=DMARC1; p=none"]
    assert {"dmarc.good.example", "_dmarc.good.example.good.example"} <= set(asked(none))
    some = report(Answering({"_dmarc.good.example": ["v=DMARC1; p=none"]}))
    assert "dmarc.good.example" not in asked(some)


def test_the_zone_above_may_be_what_a_form_appended() -> None:
    doubled = "_dmarc.news.good.example.good.example"
    found = report(Answering({doubled: ["v=DMARC1; p=reject"]}), "news.good.example")
    places = found.fact(MisplacedDmarc)
    assert isinstance(places, MisplacedDmarc)
    assert [text.resource_record.name for text in places.found] == [doubled]
    assert "_dmarc.news.good.example.news.good.example" in asked(found)
    assert len(places.lookups) == 4


def test_a_record_within_the_organizational_domain_needs_no_leave() -> None:
    texts = {"_dmarc.good.example": ["v=DMARC1; p=none; rua=mailto:a@x.good.example,mailto:a@good.test"]}
    assert [name for name in asked(report(Answering(texts))) if "_report" in name] == [
        "good.example._report._dmarc.good.test"
    ]

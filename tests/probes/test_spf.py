"""How deep the questions about an SPF record lie."""

from __future__ import annotations

import asyncio
from datetime import UTC, datetime

from deliverkit.clients import Clients
from deliverkit.facts.spf import SpfHosts
from deliverkit.observations import CHOSEN, Answer, Instant, Place, ResourceRecord, Status
from deliverkit.probes.spf import MAX_TERMS
from deliverkit.profiles import choose
from deliverkit.report import Report, Target
from deliverkit.run import examine
from deliverkit.standards.txt import data_of

DOMAIN = "good.example"


class Zone:
    """A resolver that has these TXT records, and denies all else."""

    def __init__(self, texts: dict[str, str]) -> None:
        self.texts = texts

    async def query(self, name: str, rdtype: str, *, checking_disabled: bool = False, at: Place = CHOSEN) -> Answer:
        text = self.texts.get(name) if rdtype == "TXT" else None
        records = (ResourceRecord(name, rdtype, 60, data_of(text)),) if text else ()
        status = Status.NOERROR if records else Status.NODATA
        soa = ResourceRecord(DOMAIN, "SOA", 60, "a. b. 1 2 3 4 5")
        return Answer(name, rdtype, status, records, soa=soa, checking_disabled=checking_disabled, at=at)


def examined(texts: dict[str, str]) -> Report:
    clients = Clients(Zone(texts), Instant(datetime(2026, 11, 22, tzinfo=UTC)))
    return asyncio.run(examine(Target(DOMAIN, DOMAIN), choose("domain", only=["spf"]), clients))


def test_hosts_are_looked_up_beside_the_includes_that_follow() -> None:
    texts = {
        DOMAIN: "v=spf1 a:first.example include:one.example -all",
        "one.example": "v=spf1 a:second.example include:two.example -all",
        "two.example": "v=spf1 a:third.example -all",
    }
    depths = {one.answer.name: one.depth for one in examined(texts).trace.asked}
    assert [depths[name] for name in ("first.example", "one.example")] == [2, 2]
    assert [depths[name] for name in ("second.example", "two.example", "third.example")] == [3, 3, 4]


def test_the_hosts_of_the_first_terms_are_looked_up_and_the_others_counted() -> None:
    terms = [f"a:h{number}.example" for number in range(MAX_TERMS)]
    texts = {
        DOMAIN: f"v=spf1 include:one.example {' '.join(terms[:20])} -all",
        "one.example": f"v=spf1 {' '.join(terms[20:])} a:last.example -all",
    }
    found = examined(texts).fact(SpfHosts)
    assert isinstance(found, SpfHosts)
    assert [host.term.text for host in found.hosts] == terms
    assert found.left_out == 1

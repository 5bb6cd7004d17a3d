"""Worlds drawn at random, full of what zones hold by mistake: redacted, they are judged the same."""

from __future__ import annotations

import asyncio
import os
import random
from collections.abc import Iterator
from datetime import UTC, datetime
from ipaddress import IPv4Address, IPv6Address

import pytest

from deliverkit.case import Case, format_case, parse_case
from deliverkit.clients import Clients
from deliverkit.clients.recorded import Recorded, Recording
from deliverkit.observations import CHOSEN, Answer, ExtendedError, Instant, Place, ResourceRecord, Status
from deliverkit.profiles import choose
from deliverkit.redaction import redact
from deliverkit.report import Report, Target
from deliverkit.run import examine
from deliverkit.standards.addresses import spellings

NUMBER = 20 * int(os.environ.get("DELIVERKIT_EXAMPLES", "100")) // 100
NOW = Instant(datetime(2026, 11, 22, tzinfo=UTC))
LABELS = [
    "acme",
    "mail",
    "www",
    "mx1",
    "pool",
    "dsl-7",
    "a_b",
    "x",
    "com",
    "co",
    "uk",
    "shop",
    "xn--bcher-kva",
    '\\"q\\"',
]
ZONES = ["acme.com", "acme.co.uk", "shop.acme.example", "mail.com", "acme.lan", "other.net", "pool.acme.de"]
WHOLE = [
    "aspmx.l.google.com",
    "acme-com.mail.protection.outlook.com",
    "mx00.ionos.de",
    "localhost",
    "mail",
    "11.0.1.25",
]
IPV4 = ["11.0.1.25", "11.0.1.26", "11.0.2.25", "10.0.0.1", "192.168.1.1", "127.0.0.1", "203.0.113.5", "8.8.8.8"]
IPV6 = ["2a11:db8::1", "2a11:db8::2", "2a11:db8:1::1", "fe80::1", "2001:db8::1", "64:ff9b::b00:119", "2002:a00:1::1"]


class MadeUp:
    """A resolver whose answers are drawn as they are asked for."""

    def __init__(self, seed: int, domain: str) -> None:
        self.drawn = random.Random(seed)  # noqa: S311 - examples, no secrets
        self.domain = domain
        self.shared = self.name()

    def name(self) -> str:
        kind = self.drawn.randrange(6)
        if kind == 0:
            return self.drawn.choice(WHOLE)
        labels = [self.drawn.choice(LABELS) for _ in range(self.drawn.randrange(3))]
        zone = self.drawn.choice([self.domain, self.domain, *ZONES])
        doubled = [self.domain] if kind == 1 else []
        address = [self.drawn.choice(IPV4)] if kind == 2 else []
        return ".".join([*labels, *address, zone, *doubled])

    def reverse_name(self, address: IPv4Address | IPv6Address) -> str:
        spelt = self.drawn.choice(list(spellings(address)))
        return self.drawn.choice([self.name(), self.shared, f"ip-{spelt}.{self.name()}", f"{spelt}.acme.com"])

    def data(self, rdtype: str, name: str) -> Iterator[str]:
        for _ in range(self.drawn.randrange(4)):
            if rdtype == "MX":
                yield self.drawn.choice([f"{self.drawn.choice([0, 10, 10, 20])} {self.name()}.", "0 .", "10 a b"])
            elif rdtype in {"A", "AAAA"}:
                yield self.drawn.choice(IPV4 if rdtype == "A" else IPV6)
            elif rdtype == "PTR" and name.endswith("in-addr.arpa"):
                yield f"{self.reverse_name(IPv4Address('.'.join(name.split('.')[3::-1])))}."
            elif rdtype == "PTR":
                yield f"{self.reverse_name(IPv6Address(int(name.replace('.', '')[31::-1], 16)))}."

    async def query(self, name: str, rdtype: str, *, checking_disabled: bool = False, at: Place = CHOSEN) -> Answer:
        """Records, a denial or a failure."""
        dice = self.drawn.randrange(12)
        status = {0: Status.NXDOMAIN, 1: Status.SERVFAIL, 2: Status.NODATA, 3: Status.TIMEOUT}.get(dice, Status.NOERROR)
        place, aliases = name, []
        if status in {Status.NOERROR, Status.NXDOMAIN} and dice in {0, 4}:
            place = self.name()
            aliases = [ResourceRecord(name, "CNAME", 60, f"{place}.")]
        data = dict.fromkeys(self.data(rdtype, name) if status is Status.NOERROR else ())
        if status is Status.NOERROR and not data:
            status = Status.NODATA
        zone = self.drawn.choice([self.domain, name, "com"])
        soa = ResourceRecord(zone, "SOA", 60, "ns1.acme.com. ada.acme.com. 7 1 2 3 4")
        errors = [ExtendedError(self.drawn.choice([6, 15, 22]), f"see {name}")] if self.drawn.random() < 0.1 else []
        return Answer(
            name,
            rdtype,
            status,
            records=tuple(ResourceRecord(place, rdtype, self.drawn.choice([60, 3600]), one) for one in data),
            aliases=tuple(aliases),
            soa=soa if self.drawn.random() < 0.8 else None,
            authoritative=self.drawn.random() < 0.5,
            authenticated=self.drawn.random() < 0.5,
            checking_disabled=checking_disabled,
            extended_errors=tuple(errors),
            server="11.0.0.53",
            at=at,
        )


def outcomes(report: Report) -> list[tuple[str, str, int]]:
    return [(result.check.code, result.outcome, len(result.findings)) for result in report.results]


@pytest.mark.parametrize("domain", ZONES)
def test_a_world_that_nobody_has_thought_of_is_judged_the_same(domain: str) -> None:
    for seed in range(NUMBER):
        recording = Recording(MadeUp(seed, domain))
        plain = asyncio.run(examine(Target(domain, domain), choose("domain"), Clients(recording, NOW)))
        case = redact(Case(NOW.moment, "domain", (domain,), recording.answers), bytes(32))
        read = parse_case(format_case(case), name="case")
        target = Target(read.domains[0], read.domains[0])
        shown = asyncio.run(examine(target, choose("domain"), Clients(Recorded(read.answers), NOW)))
        assert outcomes(shown) == outcomes(plain), seed
        assert "acme" not in format_case(case)

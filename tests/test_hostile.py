"""Whatever the DNS answers, a run ends with a report, and both renderings hold."""

from __future__ import annotations

import asyncio
import json
from collections.abc import Iterable
from datetime import UTC, datetime

from hypothesis import given, settings
from hypothesis import strategies as st

from deliverkit.checks.registry import checks
from deliverkit.clients import Clients
from deliverkit.model import Outcome
from deliverkit.observations import (
    CHOSEN,
    Answer,
    Connection,
    ExtendedError,
    Instant,
    Place,
    ResourceRecord,
    Status,
)
from deliverkit.observations.https import CertificateFault, HttpEnd, HttpExchange, HttpRequest
from deliverkit.observations.reach import Reach
from deliverkit.profiles import OPT_IN, PROFILES, choose
from deliverkit.render.checklist import render_checklist
from deliverkit.render.dmarc import render_dmarc
from deliverkit.render.json import render_jsonl
from deliverkit.render.look import Detail, Look
from deliverkit.render.mail_hosts import render_mx
from deliverkit.render.resolver import render_resolver
from deliverkit.render.spf import render_spf
from deliverkit.report import Report, Target
from deliverkit.run import examine

SERVERS = ("192.0.2.1", "tls://192.0.2.2#\x1b[2J")
NOW = Instant(datetime(2026, 11, 22, tzinfo=UTC))
NAMES = st.sampled_from(
    [
        "mx1.evil.example.",
        "evil.example.",
        ".",
        "10.0.0.1.",
        "mail.",
        "\\027[2J.evil.example.",
        "x" * 63 + ".evil.example.",
        "mx.evil.example.evil.example.",
        "aspmx.l.google.com.",
        '\\"mail\\".evil.example.',
        "xn--a.example.",
    ]
)
ERRORS = st.lists(st.builds(ExtendedError, st.integers(0, 30), st.text(max_size=9)), max_size=1)
DATA = {
    "MX": st.builds("{} {}".format, st.integers(0, 65535), NAMES),
    "A": st.ip_addresses(v=4).map(str),
    "AAAA": st.ip_addresses(v=6).map(str),
    "PTR": NAMES,
    "CNAME": NAMES,
    "NS": NAMES,
    "SOA": st.just("ns.example. h.example. 1 2 3 4 5"),
    "TLSA": st.sampled_from(
        ["3 1 1 00", "3 1 1 " + "a1" * 32, "0 0 0 ff", "255 9 9 00", "3 1 0 00 11", "2 0 2 " + "b2" * 64]
    ),
    "TXT": st.sampled_from(
        [
            *('"v=STSv1; id=1"', '"v=STSv1;; id=\\027[2J"', '"v=STSv1"', '"v=sts; \\226"', '"v=STSv1; id=1; x="'),
            *('"v=TLSRPTv1; rua=mailto:\\027[2J,,https://\\226/"', '"v=TLSRPTv1"', '"v=TLSRPTv1; rua=mailto:a@b"'),
            *('"v=spf1 -all"', '"\\027[2J"', '""', '"v=DMARC1"', '"v=dmarc1; p"', '"\\"v=DMARC1; p=none\\""'),
            *('"v=DMARC1; p=reject; psd=n; rua=mailto:a@evil.example,b!9k"', '"v=DMARC1; p=x p=y; t=y; p=none; =;"'),
            '"v=DMARC1; p=none; np=\\027; rua=mailto:a@mx.test, mailto:%00@\\027; ruf=x; pct=9; \\226\\128\\156"',
            '"v=spf1 -all"',
            '"v=spf1 include:_spf.google.com redirect=mailgun.org"',
            '"\\027[2J"',
            '""',
            '"v=DKIM1; p="',
            '"v=DKIM1; \\027[2J; k=\\027[2J; p=AAAA"',
            '"k=ed25519; v=DKIM1; t=y; s=x; h=sha1; p=AAECAwQFBgcICQoLDA0ODxAREhMUFRYXGBkaGxwdHh8="',
            '"\\226\\128\\156v=DKIM1; p=MIIBIjANBgkq"',
            *(
                '"v=spf1 -all"',
                '"\\027[2J"',
                '""',
                '"v=spf1 include:evil.example a:\\027[2J.example ~all"',
                '"v=spf1; mx"',
            ),
            *('"v=spf1 include:mx1.evil.example redirect=%{d2} a:%{p}.example/8 ip4:10.0.0.0/4"', '"v=spf1 mx a ?all"'),
        ]
    ),
}
DATA["SPF"] = DATA["TXT"]
GLUE = st.builds(
    ResourceRecord, st.sampled_from(["evil.example", "com", ".", "mx1.evil.example"]), st.just("NS"), st.just(9), NAMES
)


def soa(name: str) -> ResourceRecord:
    return ResourceRecord(name, "SOA", 60, "ns.example. h.example. 1 2 3 4 5")


BODIES = (
    "",
    "version: STSv1\nmode: enforce\nmx: *.evil.example\nmax_age: 9999999999\n",
    "version: STSv1\r\nmode: testing\r\nmx: \x1b[2J\r\nmax_age: 1\r\nmode: x",
    "version: STSv1\nmode: none\nmax_age: 1\nmx: m\N{LATIN SMALL LETTER O WITH STROKE}x.evil.example" + "\nmx: " * 5000,
    ":" * 9000 + "\n" * 9000,
    "\x00\ufffd\x1b[2J: \x1b[2J",
)


class HostileConnector:
    """A connector whose every outcome is drawn."""

    def __init__(self, data: st.DataObject) -> None:
        self.data = data

    async def connect(self, address: str, port: int) -> Connection:
        return Connection(address, port, self.data.draw(st.sampled_from(Reach)))


class HostileFetcher:
    """A fetcher whose every exchange is drawn."""

    def __init__(self, data: st.DataObject) -> None:
        self.data = data

    async def fetch(self, request: HttpRequest) -> HttpExchange:
        draw = self.data.draw
        end = draw(st.sampled_from([*HttpEnd, *[HttpEnd.DONE] * 9]))
        return HttpExchange(
            request,
            end,
            code=draw(st.sampled_from([200, 200, 200, 301, 404, 999])),
            media_type="text/\x1b[2J",
            location="\x1b[2J\n",
            body=draw(st.sampled_from(BODIES)),
            fault=draw(st.sampled_from(CertificateFault)) if end is HttpEnd.CERTIFICATE else None,
            names=("\x1b[2J",),
            detail="\x1b[2J",
        )


class Hostile:
    """A resolver whose every answer is drawn."""

    def __init__(self, data: st.DataObject) -> None:
        self.data = data
        self.selectors: list[Answer] = []

    async def query(self, name: str, rdtype: str, *, checking_disabled: bool = False, at: Place = CHOSEN) -> Answer:
        """A drawn answer; of the many selectors each third has one of its own."""
        if "._domainkey." not in name:
            return self._drawn(name, rdtype, checking_disabled, at)
        if len(self.selectors) < 3:
            self.selectors.append(self._drawn(name, rdtype, checking_disabled, at))
        return self.selectors[len(name) % len(self.selectors)]._replace(name=name, checking_disabled=checking_disabled)

    def _drawn(self, name: str, rdtype: str, checking_disabled: bool, at: Place) -> Answer:  # noqa: FBT001
        draw = self.data.draw
        status = draw(st.sampled_from([*Status, *[Status.NOERROR] * 20]))
        found = draw(st.lists(DATA[rdtype], max_size=4)) if status is Status.NOERROR else []
        aliases = draw(st.lists(NAMES, max_size=2)) if rdtype != "SOA" else []
        return Answer(
            name,
            rdtype,
            Status.NODATA if status is Status.NOERROR and not found else status,
            records=tuple(ResourceRecord(name, rdtype, draw(st.integers(0, 2**31 - 1)), text) for text in found),
            aliases=tuple(ResourceRecord(name, "CNAME", 60, text) for text in aliases),
            soa=draw(st.sampled_from([None, soa("evil.example"), soa("example"), soa(".")])),
            authoritative=draw(st.booleans()),
            checking_disabled=checking_disabled,
            at=at,
            referral=tuple(draw(st.lists(GLUE, max_size=3))) if status is Status.REFERRAL else (),
            extended_errors=tuple(
                draw(st.lists(st.builds(ExtendedError, st.integers(0, 30), st.text(max_size=9)), max_size=1))
            ),
        )


def examined(data: st.DataObject, areas: Iterable[str] = ()) -> tuple[Report, list[str]]:
    """A report by a profile that is drawn, and the codes of the checks that the profile keeps."""
    named = sorted(PROFILES.keys() - OPT_IN - {"campaign"})
    profile = choose(data.draw(st.sampled_from(named)), only=areas, areas=areas)
    clients = Clients(
        Hostile(data),
        NOW,
        compared=("11.0.0.54",),
        connector=HostileConnector(data),
        servers=SERVERS,
        fetcher=HostileFetcher(data),
    )
    codes = [check.code for check in checks() if check.area in profile.kept_areas]
    return asyncio.run(examine(Target("evil.example", "evil.example"), profile, clients)), codes


@settings(max_examples=150)
@given(st.data())
def test_a_run_ends_with_a_report_that_can_be_shown(data: st.DataObject) -> None:
    assert_it_can_be_shown(*examined(data))


@settings(max_examples=50)
@given(st.data())
def test_hostile_name_servers_and_resolvers_are_compared(data: st.DataObject) -> None:
    assert_it_can_be_shown(*examined(data, sorted(OPT_IN)))


def assert_it_can_be_shown(report: Report, codes: list[str]) -> None:
    assert not any("internal error" in reason for result in report.results for reason in result.reasons)
    assert [result.check.code for result in report.results] == codes
    for look in (Look(width=60, detail=Detail.EVERYTHING), Look(has_unicode=False)):
        renders = (render_mx, render_checklist, render_resolver, render_spf, render_dmarc)
        for text in (render(report, look) for render in renders):
            assert text.replace("\n", "").isprintable()
            assert text.count("\n") < 2000
    assert json.loads(render_jsonl(report))["schema"] == 1
    assert render_jsonl(report).isprintable()


@settings(max_examples=150)
@given(st.data())
def test_nothing_passes_where_the_mx_is_not_known(data: st.DataObject) -> None:
    report, _ = examined(data)
    assert not any("internal error" in reason for result in report.results for reason in result.reasons)
    answers = [asked.answer for asked in report.trace.asked]
    [mx] = [a for a in answers if (a.name, a.rdtype, a.checking_disabled) == ("evil.example", "MX", False)]
    passed = {result.check.name for result in report.of(Outcome.PASS) if result.check.area == "mx"}
    if not mx.status.is_definite:
        assert passed <= {"dnssec-bogus", "name-servers-fail"}

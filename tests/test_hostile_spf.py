"""Records made to be expensive: bounded in time and questions, told in words, safe on a terminal."""

from __future__ import annotations

import asyncio
import json
import re
import time
from collections.abc import Mapping
from dataclasses import replace
from datetime import UTC, datetime
from ipaddress import ip_address

import pytest

from deliverkit.clients import Clients
from deliverkit.clients.trace import MOST_QUESTIONS
from deliverkit.model import Outcome
from deliverkit.observations import CHOSEN, Answer, Instant, Place, ResourceRecord, Status
from deliverkit.profiles import choose
from deliverkit.render.html import render_html
from deliverkit.render.json import render_jsonl
from deliverkit.render.look import Detail, Look
from deliverkit.render.markdown import render_markdown
from deliverkit.render.spf import render_spf
from deliverkit.report import Report, Target
from deliverkit.run import examine
from deliverkit.standards.txt import data_of

SECONDS = 5.0  # on a machine that others use, too; most take some hundredths
SOA = ResourceRecord("evil.example", "SOA", 60, "ns.example. h.example. 1 2 3 4 5")
BOMB = "exists:" + "%{s}%{h}%{i}" * 400 + ".evil.example"
CHAIN = {f"n{n}.evil.example": [f"v=spf1 include:n{n + 1}.evil.example ~all"] for n in range(300)}
WIDE = {"evil.example": [f"v=spf1 {' '.join(f'include:n{n}.evil.example' for n in range(300))} -all"]}
DOUBLING = {
    f"n{n}.evil.example": [f"v=spf1 include:n{n + 1}.evil.example include:n{n + 1}.evil.example a ~all"]
    for n in range(300)
}
FIRST = "v=spf1 include:n0.evil.example -all"
ZONES: dict[str, Mapping[str, list[str]]] = {
    "64 kB of terms": {"evil.example": [f"v=spf1 {'ip4:11.0.0.1 a:b.example ' * 2600}-all"]},
    "64 kB of faults": {"evil.example": [f"v=spf1 {'ip4:1 %% =x %( ' * 4300}-all"]},
    "64 kB of one word": {"evil.example": [f"v=spf1 {'a' * 65000}"]},
    "64 kB of marks": {"evil.example": ['"' * 65000, "(" * 65000 + "v=spf1"]},
    "500 records": {"evil.example": [f"v=spf1 ip4:11.0.{n // 256}.{n % 256} -all" for n in range(500)]},
    "500 other records": {"evil.example": [f"v=spf1; {n}" for n in range(500)]},
    "a chain of 300": {"evil.example": [FIRST], **CHAIN},
    "300 side by side": {**WIDE, **CHAIN},
    "doubling": {"evil.example": [FIRST], **DOUBLING},
    "a loop": {"evil.example": ["v=spf1 redirect=evil.example"]},
    "loops": {n: [f"v=spf1 {' '.join(f'include:{m}.evil.example' for m in 'abcdefgh')}"] for n in
              ("evil.example", *(f"{m}.evil.example" for m in "abcdefgh"))},
    "a macro bomb": {"evil.example": [f"v=spf1 {BOMB} include:{BOMB[7:]} -all"]},
    "terminal escapes": {"evil.example": ["v=spf1 \x1b[2J\x00\u202e a:\x1b]0;x\x07.example exp=\x9b2J -all"]},
    "broken UTF-8": {"evil.example": ["v=spf1 include:\xc3\x28.example ?\xe2\x28\xa1all"]},
}  # fmt: skip


class Hostile:
    """A resolver that has these TXT records, a thousand MX hosts, and an address for every name."""

    def __init__(self, zone: Mapping[str, list[str]]) -> None:
        self.zone = zone
        self.asked = 0

    async def query(self, name: str, rdtype: str, *, checking_disabled: bool = False, at: Place = CHOSEN) -> Answer:
        self.asked += 1
        data = {
            "TXT": [data_of(text) for text in self.zone.get(name, [])],
            "MX": [f"10 mx{number}.evil.example." for number in range(1000)],
            "A": ["11.0.9.9"],
        }.get(rdtype, [])
        status = Status.NOERROR if data else Status.NODATA
        records = tuple(ResourceRecord(name, rdtype, 60, text) for text in data)
        return Answer(name, rdtype, status, records, soa=SOA, checking_disabled=checking_disabled, at=at)


def examined(resolver: Hostile) -> Report:
    chosen = choose("domain", only=["spf"])
    expected = replace(
        chosen.expectations,
        senders=(ip_address("11.0.9.1"),),
        mail_from=f"{'x' * 64}@evil.example",
        helo="evil.example",
    )
    clients = Clients(resolver, Instant(datetime(2026, 11, 22, tzinfo=UTC)))
    profile = replace(chosen, expectations=expected)
    return asyncio.run(examine(Target("evil.example", "evil.example"), profile, clients))


@pytest.mark.parametrize("name", ZONES)
def test_a_record_made_to_be_expensive_costs_little_and_is_told(name: str) -> None:
    started = time.monotonic()
    resolver = Hostile(ZONES[name])
    report = examined(resolver)
    assert resolver.asked <= MOST_QUESTIONS
    assert not any("internal error" in reason for result in report.results for reason in result.reasons)
    assert report.of(Outcome.FAIL)
    for detail in Detail:
        text = render_spf(report, Look(width=80, detail=detail))
        assert text.replace("\n", "").isprintable()
        assert text.count("\n") < 2000
    assert json.loads(render_jsonl(report))["schema"] == 1
    assert time.monotonic() - started < SECONDS


def test_markup_in_a_record_is_text_in_a_document() -> None:
    text = "v=spf1 exists:<img/src=x>|_a_`b`%{i}.evil.example include:<b>.evil.example -all"
    report = examined(Hostile({"evil.example": [text], "<b>.evil.example": ["v=spf1 ip4:11.0.0.1 -all"]}))
    html = render_html([(report, None)])
    assert "exists:&lt;img/src=x&gt;" in html
    assert "<img" not in html
    assert "<b>" not in html
    markdown = re.sub(r"^```.*?^```", "", render_markdown([(report, None)]), flags=re.MULTILINE | re.DOTALL)
    assert r"exists:\<img/src=x\>\|\_a\_\`b\`" in markdown
    assert not re.search(r"(?<!\\)<(?:img|b>)|(?<!\\)`", markdown)

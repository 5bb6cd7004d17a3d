"""Hostile data at every name that a run may ask for, and what every rendering has to hold to."""

from __future__ import annotations

import asyncio
import json
import sys
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from ipaddress import ip_address
from types import FrameType

from deliverkit.clients import Clients
from deliverkit.model import Severity
from deliverkit.observations import CHOSEN, Answer, ExtendedError, Instant, Place, ResourceRecord, Status
from deliverkit.profiles import choose
from deliverkit.render.checklist import render_checklist
from deliverkit.render.dkim import render_dkim
from deliverkit.render.dmarc import render_dmarc
from deliverkit.render.html import render_html
from deliverkit.render.json import render_json, render_jsonl
from deliverkit.render.junit import render_junit
from deliverkit.render.look import Detail, Look
from deliverkit.render.mail_hosts import render_mx
from deliverkit.render.markdown import render_markdown
from deliverkit.render.sarif import render_sarif
from deliverkit.render.snippet import render_snippet
from deliverkit.render.spf import render_spf
from deliverkit.report import Report, Target
from deliverkit.run import examine

DOMAIN = "evil.example"
SELECTOR = "s1"
MOST_TEXT = 150_000  # characters of a document
MOST_OF = {"sarif": 400_000, "json": 3_000_000, "jsonl": 3_000_000}  # the pages of all checks; every answer
MOST_LINES = 2000
SOA = ResourceRecord(DOMAIN, "SOA", 60, "ns.example. h.example. 1 2 3 4 5")
TABLES = (render_mx, render_spf, render_dkim, render_dmarc, render_checklist)
Records = Mapping[tuple[str, str], list[str]]


@dataclass
class Hostile:
    """A resolver with these records, and with others for every name of a type; it counts what it is asked."""

    records: Records
    everywhere: Mapping[str, list[str]] = field(default_factory=dict)
    aliases: Mapping[str, str] = field(default_factory=dict)
    errors: tuple[ExtendedError, ...] = ()
    status: Status = Status.NODATA
    asked: int = 0

    async def query(self, name: str, rdtype: str, *, checking_disabled: bool = False, at: Place = CHOSEN) -> Answer:
        self.asked += 1
        data = self.records.get((name, rdtype), self.everywhere.get(rdtype, []))
        aliases = [ResourceRecord(name, "CNAME", 60, self.aliases[name])] if name in self.aliases else []
        return Answer(
            name,
            rdtype,
            Status.NOERROR if data else self.status,
            tuple(ResourceRecord(name, rdtype, 60, text) for text in data),
            tuple(aliases),
            soa=SOA,
            checking_disabled=checking_disabled,
            at=at,
            extended_errors=self.errors,
        )


def examined(resolver: Hostile, *areas: str) -> Report:
    """The report on the domain, with a sender and a selector expected."""
    chosen = choose("domain", only=areas)
    expected = replace(
        chosen.expectations,
        senders=(ip_address("11.0.9.1"),),
        mail_from=f"{'x' * 64}@{DOMAIN}",
        helo=DOMAIN,
        selectors=(SELECTOR,),
    )
    clients = Clients(resolver, Instant(datetime(2026, 11, 22, tzinfo=UTC)))
    return asyncio.run(examine(Target(DOMAIN, DOMAIN), replace(chosen, expectations=expected), clients))


@dataclass
class Work:
    """How many calls were made, of ours and of the library: the time that something takes, told without a clock."""

    calls: int = 0

    def note(self, _frame: FrameType, _event: str, _argument: object) -> None:
        self.calls += 1


@contextmanager
def counted() -> Iterator[Work]:
    """Count the work that is done inside."""
    work, before = Work(), sys.getprofile()
    sys.setprofile(work.note)
    try:
        yield work
    finally:
        sys.setprofile(before)


def documents(report: Report) -> Iterator[tuple[str, str]]:
    """Each way to show a report, and what it gives."""
    for render in TABLES:
        yield render.__name__, render(report, Look(width=80, detail=Detail.EVERYTHING))
    for detail in (Detail.VERDICT, Detail.USUAL):
        yield f"render_{detail.name}", render_checklist(report, Look(width=80, detail=detail))
    yield "ascii", render_checklist(report, Look(has_unicode=False))
    yield "snippet", render_snippet(report)
    others: Mapping[str, Callable[[], str]] = {
        "markdown": lambda: render_markdown([(report, None)]),
        "html": lambda: render_html([(report, None)]),
        "json": lambda: render_json([(report, None)]),
        "jsonl": lambda: render_jsonl(report),
        "junit": lambda: render_junit([report], Severity.NOTE),
        "sarif": lambda: render_sarif([report]),
    }
    for name, render_other in others.items():
        yield name, render_other()
    assert json.loads(render_jsonl(report))["schema"] == 1


def assert_shown_safely(report: Report) -> None:
    """No crash, no character that a terminal obeys, no document without end."""
    assert not [reason for result in report.results for reason in result.reasons if "internal error" in reason]
    for name, text in documents(report):
        bare = text.replace("\n", "")
        assert bare.isprintable(), (name, [c for c in bare if not c.isprintable()][:5])
        assert len(text) < MOST_OF.get(name, MOST_TEXT), (name, len(text))
        if name.startswith("render_"):
            assert text.count("\n") < MOST_LINES, name

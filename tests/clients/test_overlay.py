"""Proposed records over a source: what-if must equal really publishing them."""

from __future__ import annotations

import asyncio
from dataclasses import replace

import pytest

from deliverkit.clients.dns.live import Live
from deliverkit.clients.dns.nameservers import plain
from deliverkit.clients.dns.overlay import Overlay
from deliverkit.clients.dns.proposal import parse_proposal
from deliverkit.clients.recorded import Recorded, Recording
from deliverkit.clients.routes import Routes
from deliverkit.errors import UsageError
from deliverkit.lab.running import running
from deliverkit.lab.world import World, load, parse
from deliverkit.observations import CHOSEN, Answer, Place, Resolver, Status

BASE = parse(
    """
target = "good.example"
[[zones]]
origin = "good.example"
text = '''
@      300  MX     10 mx1
@      300  TXT    "v=spf1 -all"
mx1    300  A      11.0.1.25
www    300  CNAME  web
web    300  A      11.0.9.80
out    300  CNAME  host.far.example.
*.w    300  A      11.0.9.90
a.b    300  A      11.0.9.91
'''
[[zones]]
origin = "far.example"
text = "host 300 A 11.0.7.1"
""",
    name="base",
)

# What is proposed; what is removed from and added to the zone when it is really published.
PUBLISHED = {
    "a set replaced": (
        "@ 300 MX 5 mx2\nmx2 300 A 11.0.2.25",
        ["good.example. MX 10 mx1.good.example."],
        "@ 300 MX 5 mx2\nmx2 300 A 11.0.2.25",
    ),
    "one added": ("+ good.example. 300 IN MX 20 mx1.good.example.", [], "@ 300 MX 20 mx1"),
    "one taken away": ("- good.example. 300 IN MX 10 mx1.good.example.", ["good.example. MX 10 mx1.good.example."], ""),
    "a fix as it is printed": (
        "        - good.example.  300  IN  MX  10 mx1.good.example.\n        + good.example.  300  IN  MX  0 .",
        ["good.example. MX 10 mx1.good.example."],
        "@ 300 MX 0 .",
    ),
    "an alias made": ("new 300 CNAME web", [], "new 300 CNAME web"),
    "an alias turned": ("www 300 CNAME mx1", ["www.good.example. CNAME web.good.example."], "www 300 CNAME mx1"),
    "an alias's target changed": ("web 300 A 11.0.9.81", ["web.good.example. A 11.0.9.80"], "web 300 A 11.0.9.81"),
    "an alias displaced by data": (
        "www 300 A 11.0.9.82",
        ["www.good.example. CNAME web.good.example."],
        "www 300 A 11.0.9.82",
    ),
    "an alias into another zone": (
        "web 300 CNAME host.far.example.",
        ["web.good.example. A 11.0.9.80"],
        "web 300 CNAME host.far.example.",
    ),
    "a wildcard made": ("* 300 A 11.0.9.99", [], "* 300 A 11.0.9.99"),
    "a wildcard's data changed": ("*.w 300 A 11.0.9.98", ["*.w.good.example. A 11.0.9.90"], "*.w 300 A 11.0.9.98"),
    "a wildcard taken away": ("- *.w.good.example. 300 IN A 11.0.9.90", ["*.w.good.example. A 11.0.9.90"], ""),
    "a name below nothing": ("x.y.z 300 A 11.0.9.97", [], "x.y.z 300 A 11.0.9.97"),
    "the last record of a name taken away": (
        "- web.good.example. 300 IN A 11.0.9.80",
        ["web.good.example. A 11.0.9.80"],
        "",
    ),
}
NAMES = [
    "good.example",
    "mx1.good.example",
    "mx2.good.example",
    "www.good.example",
    "web.good.example",
    "new.good.example",
]
NAMES += [
    "out.good.example",
    "any.w.good.example",
    "deep.any.w.good.example",
    "nobody.good.example",
    "a.b.good.example",
]
NAMES += ["b.good.example", "c.b.good.example", "z.good.example", "y.z.good.example", "x.y.z.good.example"]


def published(remove: list[str], add: str) -> World:
    return replace(BASE, base=BASE, remove=tuple(remove), add=add, zones=())


async def told(resolver: Resolver, name: str, rdtype: str) -> tuple[object, ...]:
    answer = await resolver.query(name, rdtype)
    records = sorted((record.name, record.data) for record in answer.records)
    return answer.status, records, [(alias.name, alias.data) for alias in answer.aliases]


@pytest.mark.parametrize("case", PUBLISHED)
def test_what_if_equals_publishing(case: str) -> None:
    proposed, remove, add = PUBLISHED[case]

    async def work() -> None:
        async with running(BASE) as today, running(published(remove, add)) as then:
            routes = Routes(
                {("11.0.0.1", 53): today.routes[today.resolver], ("11.0.0.2", 53): then.routes[then.resolver]}
            )
            now, real = Live([plain(("11.0.0.1", 53))], 2.0, routes), Live([plain(("11.0.0.2", 53))], 2.0, routes)
            overlay = Overlay(parse_proposal(proposed, "good.example"), now)
            for name in NAMES:
                for rdtype in ("A", "MX", "TXT", "CNAME"):
                    assert await told(overlay, name, rdtype) == await told(real, name, rdtype), (name, rdtype)
            await now.close()
            await real.close()

    asyncio.run(work())


class Silent:
    async def query(self, name: str, rdtype: str, *, checking_disabled: bool = False, at: Place = CHOSEN) -> Answer:
        return Answer(name, rdtype, Status.TIMEOUT, checking_disabled=checking_disabled, at=at)


def test_what_is_not_known_stays_so_unless_the_whole_set_is_proposed() -> None:
    replaced = Overlay(parse_proposal("@ MX 10 mx1", "good.example"), Silent())
    added = Overlay(parse_proposal("+ good.example. 300 IN MX 10 mx1.good.example.", "good.example"), Silent())
    assert asyncio.run(replaced.query("good.example", "MX")).status is Status.NOERROR
    assert asyncio.run(added.query("good.example", "MX")).status is Status.TIMEOUT
    assert asyncio.run(added.query("good.example", "TXT")).status is Status.TIMEOUT


def test_aliases_that_loop_end() -> None:
    overlay = Overlay(parse_proposal("a CNAME b\nb CNAME a", "good.example"), Silent())
    answer = asyncio.run(overlay.query("a.good.example", "A"))
    assert not answer.records
    assert len(answer.aliases) <= 17


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("", "no record is proposed"),
        ("; a comment alone", "no record is proposed"),
        ("@ MX ten mx1", "integer"),
        ("@ A 11.0.0.1\n\nx y z", "3"),
        ("+ good.example. 300 IN BAD x", "line 1"),
        ("$INCLUDE /etc/passwd", "cannot be read"),
    ],
)
def test_a_proposal_that_cannot_be_read_is_refused_with_the_line(text: str, said: str) -> None:
    with pytest.raises(UsageError, match=said):
        parse_proposal(text, "good.example")


def test_directives_and_relative_names_are_those_of_a_zone_file() -> None:
    proposal = parse_proposal("$TTL 60\n@ MX 10 mx1\n$ORIGIN sub.good.example.\n@ 30 A 11.0.0.1", "good.example")
    [mx], [a] = proposal.replaced["good.example", "MX"], proposal.replaced["sub.good.example", "A"]
    assert (mx.ttl, mx.data, a.ttl) == (60, "10 mx1.good.example.", 30)


def test_what_was_recorded_answers_again_and_nothing_else_does() -> None:
    async def work() -> tuple[Answer, Answer, Answer]:
        async with running(load("good")) as lab:
            live = Live([plain(lab.resolver)], 2.0, Routes(lab.routes))
            recording = Recording(live)
            first = await recording.query("good.example", "MX")
            await live.close()
            recorded = Recorded(recording.answers)
            return first, await recorded.query("good.example", "MX"), await recorded.query("other.example", "MX")

    first, again, other = asyncio.run(work())
    assert again == first
    assert other.status is Status.UNRECORDED
    assert not other.status.is_definite

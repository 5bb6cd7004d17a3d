"""This machine's state as tables: its resolvers, blocklists, the way out to port 25."""

from __future__ import annotations

from deliverkit.facts.resolver import (
    BlocklistTest,
    BlocklistTests,
    PortTests,
    ResolverTest,
    ResolverTests,
    to_microseconds,
)
from deliverkit.observations import Answer, Connection, Status
from deliverkit.observations.reach import Reach
from deliverkit.render.findings import framed
from deliverkit.render.look import Look
from deliverkit.render.tables import Table, lay_out
from deliverkit.render.text import escape
from deliverkit.report import Report
from deliverkit.standards.dnsbl import ListState

_STATES = {
    ListState.ANSWERS: "✓ answers",
    ListState.REFUSES: "✗ refuses",
    ListState.UNUSABLE: "✗ unusable",
}
_VALIDATES = {True: "✓ yes", False: "✗ no", None: "? not told"}


def render_resolver(report: Report, look: Look) -> str:
    """The report as the ``resolver`` command shows it: verdict, tables, findings, figures."""
    return framed(report, look, (lay_out(table, look) for table in tables_of(report)))


def tables_of(report: Report) -> list[Table]:
    """The tables for which there are facts: a row for each resolver, each blocklist, each control host."""
    resolvers, lists, ports = report.fact(ResolverTests), report.fact(BlocklistTests), report.fact(PortTests)
    tables = []
    if isinstance(resolvers, ResolverTests):
        tables.append(_resolvers(resolvers))
    if isinstance(lists, BlocklistTests) and any(test.state is not ListState.UNKNOWN for test in lists.tests):
        tables.append(_blocklists(lists))
    if isinstance(ports, PortTests) and ports.attempts:
        tables.append(_ports(ports))
    return tables


def _resolvers(resolvers: ResolverTests) -> Table:
    headers = ("#", "resolver", "answers", "recursion", "validates", "AD bit", "path", "denies", "TCP")
    return Table(headers, tuple(_resolver(place, test) for place, test in enumerate(resolvers.tests, 1)))


def _resolver(place: int, test: ResolverTest) -> tuple[str, ...]:
    first = (str(place), escape(test.server))
    if test.failure:
        return (*first, f"✗ {test.root.status}", *("",) * 6)
    return (
        *first,
        _milliseconds(test.round_trip),
        _recursion(test),
        _VALIDATES[test.validates],
        ("✓ believed" if test.is_believed else "– set") if test.root.authenticated else "– none",
        str(test.transport),
        _denial(test.made_up),
        "–" if test.over_tcp is None else _mark(test.over_tcp),
    )


def _recursion(test: ResolverTest) -> str:
    """How long a name took that had to be found out; a denial out of the cache took no time at all."""
    if test.recursion is not None:
        return _milliseconds(test.recursion)
    return "cached" if test.made_up.status is Status.NXDOMAIN and test.made_up.soa else "–"


def _denial(answer: Answer) -> str:
    if answer.records:
        return "✗ rewritten"
    if not answer.status.is_definite:
        return f"? {answer.status}"
    return "✗ no SOA" if answer.is_bare_denial else "✓"


def _mark(answer: Answer) -> str:
    return "✓" if answer.status.is_definite else "✗"


def _blocklists(lists: BlocklistTests) -> Table:
    """A column for each resolver."""
    servers = list(dict.fromkeys(test.server for test in lists.tests))
    zones = dict.fromkeys((test.blocklist.zone, test.blocklist.kind) for test in lists.tests)
    by_place = {(test.blocklist.zone, test.server): test for test in lists.tests}
    many = len(servers) > 1
    return Table(
        ("blocklist", "lists", *((f"#{place}" for place in range(1, len(servers) + 1)) if many else ("state",))),
        tuple((zone, kind, *(_state(by_place[zone, server]) for server in servers)) for zone, kind in zones),
    )


def _state(test: BlocklistTest) -> str:
    if test.state is not ListState.UNKNOWN:
        return _STATES[test.state]
    return f"? {test.unlisted.status if test.listed.status.is_definite else test.listed.status}"


def _ports(ports: PortTests) -> Table:
    rows = (
        (
            escape(test.control.provider),
            *_attempt(test.over_ipv4, test.ipv4),
            *_attempt(test.over_ipv6, test.ipv6),
        )
        for test in ports.tests
    )
    return Table(("port 25 of", "IPv4", "outcome", "IPv6", "outcome"), tuple(rows))


def _attempt(attempt: Connection | None, answer: Answer) -> tuple[str, str]:
    if attempt is None:
        return ("– none", "") if answer.status.is_definite else (f"? {answer.status}", "")
    if attempt.status is Reach.CONNECTED:
        return f"✓ {attempt.address}", _milliseconds(attempt.elapsed)
    return f"✗ {attempt.address}", str(attempt.status)


def _milliseconds(seconds: float) -> str:
    return f"{to_microseconds(seconds) * 1000:.0f} ms"

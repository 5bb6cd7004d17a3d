"""The SPF record of a domain as a tree with what each term costs, the networks that it permits, and the senders."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from ipaddress import IPv4Network, IPv6Network, collapse_addresses

from deliverkit.facts.spf import FOLLOWED, SenderTest, SenderTests, SpfHosts, SpfTree, permitted
from deliverkit.render.findings import framed
from deliverkit.render.look import Detail, Look
from deliverkit.render.text import cut_middle, escape
from deliverkit.report import Report
from deliverkit.standards.spf.asking import MAX_LOOKUPS, MAX_VOIDS
from deliverkit.standards.spf.parse import LOOKING_UP

MOST_ROWS = 60  # of the tree
MOST_NETWORKS = 8  # that are named
TERM = 58  # columns
MOST_EXPLAINED = 400  # characters of an explanation


@dataclass(frozen=True, slots=True)
class Row:
    """A term of the tree, ``level`` deep; ``cost`` and ``running`` count lookups in the worst case."""

    level: int
    owner: str
    term: str
    cost: int
    running: int
    note: str


def render_spf(report: Report, look: Look) -> str:
    """The report as the ``spf`` command shows it: verdict, tree, networks, senders, findings, figures."""
    parts = (_tree_lines(report, look), _network_lines(report, look), _sender_lines(report))
    return framed(report, look, map("\n".join, parts))


def rows_of(tree: SpfTree) -> list[Row]:
    """The terms that a sender may come to, those of each record once."""
    rows: list[Row] = []
    seen: set[str] = set()

    def visit(owner: str, level: int, running: int) -> int:
        seen.add(owner)
        record = tree.record_of(owner)
        if record is None:
            return running
        followed = (*record.reached, *((record.redirect,) if record.redirect else ()))
        for term in followed:
            target = tree.target(owner, term) if term.name in FOLLOWED else ""
            is_again = target in seen
            running += term.name in LOOKING_UP
            cost = tree.term_cost(owner, term)
            rows.append(Row(level, owner, term.text, cost, running, _note(tree, term.name, target, is_again=is_again)))
            if target and not is_again:
                running = visit(target, level + 1, running)
            elif target:
                running += max(0, cost - 1)
        return running

    visit(tree.root.domain, 0, 0)
    return rows


def _note(tree: SpfTree, name: str, target: str, *, is_again: bool) -> str:
    """What is to be said of an include or a redirect that is not followed."""
    if name not in FOLLOWED:
        return ""
    if not target:
        return "depends on the sender"
    if is_again:
        return "as above"
    node = tree.nodes.get(target)
    if node is None:
        return "not looked up"
    if node.lookup.failure:
        return str(node.lookup.answer.status)
    return "" if node.record else f"{node.records or 'no'} SPF record{'s' if node.records else ''}"


def _tree_lines(report: Report, look: Look) -> Iterator[str]:
    tree = report.fact(SpfTree)
    if not isinstance(tree, SpfTree):
        return
    rows = rows_of(tree)
    shown = rows if look.detail is Detail.EVERYTHING else rows[:MOST_ROWS]
    shown = shown[: MOST_ROWS * 10]
    texts = [f"{'  ' * min(row.level, 12)}{cut_middle(escape(row.term), TERM)}" for row in shown]
    width = max(map(len, texts), default=0)
    yield look.paint(f"{'record':<{width}}  cost  count", "bold")
    for row, text in zip(shown, texts, strict=True):
        cost = str(row.cost) if row.cost < 1000 else "…"
        count = f"{row.running}/{MAX_LOOKUPS}" if row.cost and row.running < 1000 else ""
        line = f"{text:<{width}}  {cost if row.cost else '':>4}  {count:>5}  {row.note}"
        yield line.rstrip()
    if len(rows) > len(shown):
        yield f"… and {len(rows) - len(shown)} more terms"


def _network_lines(report: Report, look: Look) -> Iterator[str]:
    hosts = report.fact(SpfHosts)
    if not isinstance(hosts, SpfHosts):
        return
    networks = [found.network for found in permitted(hosts)]
    ipv4 = [network for network in networks if isinstance(network, IPv4Network)]
    ipv6 = [network for network in networks if isinstance(network, IPv6Network)]
    if not networks:
        return
    addresses = sum(network.num_addresses for network in collapse_addresses(ipv4))
    joined = [*map(str, collapse_addresses(ipv4)), *map(str, collapse_addresses(ipv6))]
    overlaps = len(networks) - len(joined)
    covered = f", {overlaps} of them within or beside others" if overlaps else ""
    yield f"permits {addresses:,} IPv4 addresses and {len(ipv6)} IPv6 networks ({len(networks)} networks{covered})"
    shown = joined if look.detail is Detail.EVERYTHING else joined[:MOST_NETWORKS]
    rest = f" and {len(joined) - len(shown)} more" if len(joined) > len(shown) else ""
    yield f"  {' '.join(shown)}{rest}"


def _sender_lines(report: Report) -> Iterator[str]:
    senders = report.fact(SenderTests)
    for test in senders.tests if isinstance(senders, SenderTests) else ():
        yield from _trace_lines(test)


def _trace_lines(test: SenderTest) -> Iterator[str]:
    """The verdict on a sender, and each term that was come to."""
    found, client = test.evaluation, test.client
    yield f"{client.address}  MAIL FROM {escape(client.sender)}  {found.result}: {escape(found.why)}"
    for step in found.steps:
        mark = "✓" if step.matched else "–" if step.matched is None else "✗"
        target = "" if not step.target or step.target in step.term.text else f" → {escape(step.target)}"
        why = f"  {escape(step.why)}" if step.why else ""
        yield f"  {'  ' * step.level}{mark} {cut_middle(escape(step.term.text), TERM)}{target}{why}"
    yield f"  {found.lookups}/{MAX_LOOKUPS} lookups, {found.voids}/{MAX_VOIDS} of them empty"
    if test.second_opinion != found.result:
        yield f"  pyspf, which many receivers use, says {escape(test.second_opinion)}"
    if found.explanation is not None:
        yield f"  explanation: {cut_middle(escape(found.explanation), MOST_EXPLAINED)}"
    if test.helo is not None:
        yield f"  HELO {escape(client.helo)}  {test.helo.result}: {escape(test.helo.why)}"

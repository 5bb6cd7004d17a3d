"""The SPF record of a domain as a tree with what each term costs, the networks that it permits, and the senders."""

from __future__ import annotations

from collections.abc import Iterator

from deliverkit.checks.spf.departures import disagreement
from deliverkit.checks.wording import count
from deliverkit.facts.spf import SenderTest, SenderTests, SpfHosts
from deliverkit.facts.spf_networks import overlaps
from deliverkit.render.findings import framed
from deliverkit.render.look import Detail, Look
from deliverkit.render.spf_tables import (
    DEEPEST,
    MOST_OVERLAPS,
    MOST_ROWS,
    addresses,
    mark_of,
    overlap_table,
    permits,
    rows_of,
    spent,
    tree_table,
)
from deliverkit.render.tables import lay_out
from deliverkit.render.text import cut_middle, escape, wrap
from deliverkit.report import Report

MOST_NETWORKS = 8  # that are named
TERM = 58  # columns
MOST_EXPLAINED = 400  # characters of an explanation


def render_spf(report: Report, look: Look) -> str:
    """The report as the ``spf`` command shows it: verdict, tree, networks, senders, findings, figures."""
    hosts = report.fact(SpfHosts)
    parts = [_tree_lines(hosts, look), _network_lines(hosts, look)] if isinstance(hosts, SpfHosts) else []
    return framed(report, look, map("\n".join, (*parts, _sender_lines(report, look))))


def _tree_lines(hosts: SpfHosts, look: Look) -> Iterator[str]:
    rows = rows_of(hosts)
    shown = rows[: MOST_ROWS * 10] if look.detail is Detail.EVERYTHING else rows[:MOST_ROWS]
    table = tree_table(shown, step="  ")
    yield lay_out(table, look)
    if len(rows) > len(shown):
        yield f"  … and {count(len(rows) - len(shown), 'more term')}"
    if table.legend:
        yield look.paint(wrap(f"({table.legend})", look.columns, first="  ", rest="  "), "dim")


def _network_lines(hosts: SpfHosts, look: Look) -> Iterator[str]:
    yield wrap(permits(hosts), look.columns, rest="  ")
    ipv4, ipv6 = addresses(hosts)
    joined = [*map(str, ipv4), *map(str, ipv6)]
    is_whole = look.detail is Detail.EVERYTHING
    shown = joined[: MOST_ROWS * 10] if is_whole else joined[:MOST_NETWORKS]
    rest = f" and {len(joined) - len(shown)} more" if len(joined) > len(shown) else ""
    if shown:
        yield wrap(f"{' '.join(shown)}{rest}", look.columns, first="  ", rest="  ")
    found = overlaps(hosts)
    if found:
        named = found[: MOST_ROWS if is_whole else MOST_OVERLAPS]
        several = f"{count(len(found), 'network')} lie within others that are permitted, too:"
        yield several if len(found) > 1 else "1 network lies within another that is permitted, too:"
        yield lay_out(overlap_table(named), look)
        if len(found) > len(named):
            yield f"  … and {len(found) - len(named)} more"


def _sender_lines(report: Report, look: Look) -> Iterator[str]:
    senders = report.fact(SenderTests)
    for test in senders.tests if isinstance(senders, SenderTests) else ():
        yield from _trace_lines(test, look)


def _trace_lines(test: SenderTest, look: Look) -> Iterator[str]:
    """The verdict on a sender, and each term that was come to."""
    found, client = test.evaluation, test.client
    head = f"{client.address}  MAIL FROM {escape(client.sender)}  {found.result}: {escape(found.why)}"
    yield wrap(head, look.columns, rest="  ")
    for step in found.steps:
        target = "" if not step.target or step.target in step.term.text else f" → {escape(step.target)}"
        why = f"  {escape(step.why)}" if step.why else ""
        term = cut_middle(escape(step.term.text), TERM)
        before = f"  {'  ' * min(step.level, DEEPEST)}"
        yield wrap(f"{mark_of(step.matched)} {term}{target}{why}", look.columns, first=before, rest=f"{before}    ")
    yield f"  {spent(test)}"
    differs = disagreement(test)
    if differs:
        yield wrap(escape(differs), look.columns, first="  ", rest="  ")
    if found.explanation is not None:
        shown = cut_middle(escape(found.explanation), MOST_EXPLAINED)
        yield wrap(f"explanation: {shown}", look.columns, first="  ", rest="  ")
    if test.helo is not None:
        helo = f"HELO {escape(client.helo)}  {test.helo.result}: {escape(test.helo.why)}"
        yield wrap(helo, look.columns, first="  ", rest="  ")

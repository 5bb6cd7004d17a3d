"""The exchangers of a domain in sending order, as a table that fits the terminal."""

from __future__ import annotations

from collections.abc import Iterator

from deliverkit.checks.wording import format_duration
from deliverkit.classes import Frozen
from deliverkit.facts import HostAddress, MailHost, MailHosts, MxSet
from deliverkit.model import Absent
from deliverkit.render.authority import render_tables
from deliverkit.render.findings import framed
from deliverkit.render.look import Look
from deliverkit.render.text import cut_middle, escape
from deliverkit.report import Report

HEADERS = ("#", "pref", "exchange", "address", "reverse name", "ttl")
_ALIGN = ("right", "right", "left", "left", "left", "right", "left")


class Row(Frozen):
    """One exchanger, with its place in the order; ``addresses`` pairs each address with its reverse name."""

    place: str
    preference: str
    exchange: str
    addresses: tuple[tuple[str, str], ...]
    ttl: str
    provider: str


def render_mx(report: Report, look: Look) -> str:
    """The report as the ``mx`` command shows it: verdict, exchangers, findings, figures."""
    rows = rows_of(report)
    return framed(report, look, [*([_table(rows, look)] if rows else []), *render_tables(report, look)])


def rows_of(report: Report) -> list[Row]:
    """The exchangers in sending order; none where there is nothing to try, or nothing is known."""
    mx, hosts = report.fact(MxSet), report.fact(MailHosts)
    if not isinstance(mx, MxSet) or not isinstance(hosts, MailHosts):
        return []
    if hosts.is_implicit:
        host = hosts.hosts[0]
        ttl = min((found.record.ttl for found in host.addresses), default=0)
        return [_row("1", "–", host.host, host, ttl)] if host.addresses else []
    ttl = mx.answer.ttl or 0
    return [
        _row(str(place), str(group.preference), exchange, hosts.host(exchange), ttl)
        for place, group in enumerate(mx.order, 1)
        for exchange in group.exchanges
    ]


def _row(place: str, preference: str, exchange: str, host: MailHost | None, ttl: int) -> Row:
    provider = host.provider if host else None
    return Row(
        place=place,
        preference=preference,
        exchange=escape(exchange),
        addresses=tuple(_addresses(host)),
        ttl=format_duration(ttl) if ttl else "0 s",
        provider=f"{provider.name}, {provider.kind}" if provider else "",
    )


def _addresses(host: MailHost | None) -> Iterator[tuple[str, str]]:
    if host is None:
        yield "– not looked up", ""
        return
    for found in host.addresses:
        yield str(found.address), _reverse(found)
    for lookup in host.lookups:
        if lookup.failure:
            yield f"? {lookup.answer.rdtype}: {lookup.answer.status}", ""
    if host.left_out:
        yield f"– and {host.left_out} more", ""
    if not host.addresses and host.is_resolved:
        yield "✗ does not exist" if host.does_not_exist else "✗ no address", ""


def _reverse(found: HostAddress) -> str:
    reverse = found.reverse
    if isinstance(reverse, Absent):
        return f"– {escape(reverse.reason)}"
    if reverse.confirmed:
        return f"✓ {escape(reverse.confirmed[0])}"
    if reverse.names:
        return f"{'?' if reverse.unresolved else '✗'} {escape(reverse.names[0])}"
    return f"? {reverse.lookup.answer.status}" if reverse.lookup.failure else "✗ none"


def _table(rows: list[Row], look: Look) -> str:
    wide = _wide(rows)
    if look.width is None or max(map(len, wide.splitlines())) <= look.width:
        return _painted(wide, look)
    return _painted("\n".join(_stacked(rows, look.width)), look)


def _wide(rows: list[Row]) -> str:
    """A line for each address, everything in columns; the provider's only where there are several."""
    providers = {row.provider for row in rows}
    shown = len(providers) > 1
    cells = []
    for row in rows:
        first = (row.place, row.preference, row.exchange)
        last = (row.ttl, row.provider) if shown else (row.ttl,)
        blank = ("",) * len(last)
        for number, (address, reverse) in enumerate(row.addresses):
            cells.append((*(first if number == 0 else ("",) * 3), address, reverse, *(blank if number else last)))
    headers = (*HEADERS, "provider") if shown else HEADERS
    from tabulate import tabulate

    text = tabulate(
        [headers, *cells],
        tablefmt="plain",
        disable_numparse=True,
        colalign=_ALIGN[: len(headers)],
        preserve_whitespace=True,
    )
    return "\n".join(f"  {line.rstrip()}" for line in text.splitlines())


def _stacked(rows: list[Row], width: int) -> Iterator[str]:
    """For a narrow terminal: the exchanger on a line of its own, its addresses below; long names lose their middle."""
    places, preferences = (
        max(len(row.place) for row in rows),
        max(4, *(len(row.preference) for row in rows)),
    )
    addresses = max(len(address) for row in rows for address, _ in row.addresses)
    indent = " " * (2 + places + 2 + preferences + 2)
    yield f"  {'#':>{places}}  {'pref':>{preferences}}  exchange and ttl; address and reverse name"
    providers = {row.provider for row in rows}
    for row in rows:
        provider = f"  {row.provider}" if len(providers) > 1 and row.provider else ""
        exchange = cut_middle(row.exchange, width - len(indent) - len(row.ttl) - len(provider) - 2)
        yield f"  {row.place:>{places}}  {row.preference:>{preferences}}  {exchange}  {row.ttl}{provider}"
        for address, reverse in row.addresses:
            name = cut_middle(reverse, width - len(indent) - addresses - 2)
            yield f"{indent}{address:<{addresses}}  {name}".rstrip()


def _painted(table: str, look: Look) -> str:
    header, *lines = table.splitlines()
    marks = (("✓", "pass"), ("✗", "error"), ("?", "warning"))
    for mark, kind in marks:
        lines = [line.replace(f" {mark} ", f" {look.paint(mark, kind)} ") for line in lines]
    return "\n".join([look.paint(header, "dim"), *lines])

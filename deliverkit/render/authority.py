"""What name servers and resolvers say, side by side: a row for each server, a column for each question."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass

from tabulate import tabulate

from deliverkit.checks.wording import format_duration
from deliverkit.facts.authority import Compared, ServerWord, ZoneServers, is_known, published
from deliverkit.observations import Answer
from deliverkit.render.look import Look
from deliverkit.render.text import cut_middle, escape
from deliverkit.report import Report

LEGEND = "✓ as most servers say · ✗ something else · – no such record · ? no answer"
_LEAST = 12  # columns that are left of a server's name on the narrowest terminal


@dataclass(frozen=True, slots=True)
class Table:
    """A table to be laid out; the first column may be cut. ``legend`` says what its marks mean."""

    headers: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]
    legend: str = ""


def tables_of(report: Report) -> list[Table]:
    """The tables of the report: name servers, resolvers; none where they were not asked."""
    zone, compared = report.fact(ZoneServers), report.fact(Compared)
    tables = []
    if isinstance(zone, ZoneServers) and zone.words:
        tables.append(_zone_table(zone))
    if isinstance(compared, Compared):
        tables.append(_compared_table(compared))
    return tables


def render_tables(report: Report, look: Look) -> Iterator[str]:
    """Each table as a block of text, and what its marks mean."""
    tables = tables_of(report)
    yield from (laid_out(table, look) for table in tables)
    if tables:
        yield look.paint(LEGEND, "dim")


def _zone_table(zone: ZoneServers) -> Table:
    seen = [lookup.answer for lookup in zone.seen]
    numbers = range(1, len(seen))
    usual = {number: _usual(zone.about(number).values()) for number in numbers}
    rows = [
        (escape(word.host), word.address, _serial(word), *(_mark(word.answers[n], usual[n]) for n in numbers))
        for word in zone.words
    ]
    if zone.left_out:
        rows.append((f"and {zone.left_out} more addresses", "", "", *("?" for _ in numbers)))
    serial = seen[0].records[0].data.split()[2] if seen[0].records else "?"
    rows.append((f"resolver {seen[0].server}", "", serial, *(_mark(seen[n], usual[n]) for n in numbers)))
    if zone.good:
        rows.append(("in caches for up to", "", "", *(_longest(zone.about(n)) for n in numbers)))
    headers = ("name server", "address", "serial", *(_column(answer, zone.domain) for answer in seen[1:]))
    return Table(headers, tuple(rows), LEGEND)


def _compared_table(compared: Compared) -> Table:
    answers = compared.words[0].answers
    usual = [_usual(compared.about(number).values()) for number in range(len(answers))]
    rows = tuple(
        (escape(word.server), *(_mark_for(answer, most) for answer, most in zip(word.answers, usual, strict=True)))
        for word in compared.words
    )
    return Table(("resolver", *(_column(answer, compared.domain) for answer in answers)), rows, LEGEND)


def _column(answer: Answer, domain: str) -> str:
    """The question in a word: its type, or the label that stands before the domain."""
    label = answer.name.removesuffix(domain).rstrip(".")
    return label if label.startswith("_") else answer.rdtype


def _usual(answers: Iterable[Answer]) -> frozenset[str]:
    """What most servers publish."""
    known = Counter(published(answer) for answer in answers if is_known(answer))
    return known.most_common(1)[0][0] if known else frozenset()


def _mark(answer: Answer, usual: frozenset[str]) -> str:
    if not is_known(answer):
        return "?"
    if published(answer) != usual:
        return "✗"
    return "✓" if usual else "–"


def _mark_for(answer: Answer, usual: frozenset[str]) -> str:
    """The mark, and for how much longer the resolver holds the answer."""
    mark = _mark(answer, usual)
    return mark if mark == "?" else f"{mark} {format_duration(answer.lifetime)}"


def _serial(word: ServerWord) -> str:
    if word.is_good:
        return str(word.serial)
    return "silent" if word.is_silent else "lame"


def _longest(answers: Mapping[str, Answer]) -> str:
    return format_duration(max(answer.lifetime for answer in answers.values()))


def laid_out(table: Table, look: Look) -> str:
    """The table as text in columns, its first column cut where the terminal is narrow."""
    text = _tabulated(table)
    over = max(map(len, text.splitlines())) - look.width if look.width is not None else 0
    if over > 0:
        longest = max(len(row[0]) for row in table.rows)
        kept = max(_LEAST, longest - over)
        text = _tabulated(Table(table.headers, tuple((cut_middle(row[0], kept), *row[1:]) for row in table.rows)))
    header, *lines = text.splitlines()
    for mark, kind in (("✓", "pass"), ("✗", "error"), ("?", "warning")):
        lines = [line.replace(mark, look.paint(mark, kind)) for line in lines]
    return "\n".join([look.paint(header, "dim"), *lines])


def _tabulated(table: Table) -> str:
    text = tabulate([table.headers, *table.rows], tablefmt="plain", disable_numparse=True, preserve_whitespace=True)
    return "\n".join(f"  {line.rstrip()}" for line in text.splitlines())

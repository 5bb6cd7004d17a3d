"""Tables for a terminal: columns where they fit, a paragraph for each row where it is too narrow."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace

from deliverkit.render.look import Look
from deliverkit.render.text import cut_middle, wrap

_LEAST = 12  # columns that are left of a name in the first column


@dataclass(frozen=True, slots=True)
class Table:
    """A table to be laid out.

    ``legend`` says what its marks mean, the first ``head`` cells say what a row is about, ``right`` are the columns of
    numbers.
    """

    headers: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]
    legend: str = ""
    head: int = 2
    right: tuple[int, ...] = ()


def lay_out(table: Table, look: Look) -> str:
    """The table in columns, names in the first cut where that is enough; else a paragraph for each row."""
    header, *lines = _columns(table)
    over = max(map(len, (header, *lines))) - look.width if look.width is not None else 0
    if look.width is not None and over > 0:
        kept = max(map(len, (row[0] for row in table.rows))) - over
        if kept >= _LEAST:
            rows = tuple((cut_middle(row[0], kept), *row[1:]) for row in table.rows)
            header, *lines = _columns(replace(table, rows=rows))
        else:
            header, *lines = _stacked(table, look.width)
    for mark, kind in (("✓", "pass"), ("✗", "error"), ("?", "warning")):
        lines = [line.replace(f" {mark}", f" {look.paint(mark, kind)}") for line in lines]
    return "\n".join([look.paint(header, "dim"), *lines])


def _stacked(table: Table, width: int) -> Iterator[str]:
    """The head of a row on a line, the other cells below with their headers; long names lose their middle."""
    yield f"  {'  '.join(table.headers[: table.head])}"
    for row in table.rows:
        yield f"  {cut_middle('  '.join(row[: table.head]).rstrip(), width - 2)}"
        pairs = zip(table.headers[table.head :], row[table.head :], strict=True)
        rest = " · ".join(f"{header} {cell}" for header, cell in pairs if cell)
        yield from wrap(rest, width, first="     ", rest="     ").splitlines() if rest else ()


def _columns(table: Table) -> list[str]:
    from tabulate import tabulate

    rows = tabulate(
        [table.headers, *table.rows],
        tablefmt="plain",
        disable_numparse=True,
        preserve_whitespace=True,
        colalign=tuple(_alignments(table)),
    )
    return [f"  {line.rstrip()}" for line in rows.splitlines()]


def _alignments(table: Table) -> Iterator[str]:
    """Times and numbers to the right, all else to the left."""
    for number, column in enumerate(zip(*table.rows, strict=True)):
        yield "right" if number in table.right or any(cell.endswith(" ms") for cell in column) else "left"

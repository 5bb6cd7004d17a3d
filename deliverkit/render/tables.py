"""Tables for a terminal: columns where they fit or can be made to, else a paragraph for each row."""

from __future__ import annotations

from collections.abc import Iterator

from deliverkit.classes import Frozen, replace
from deliverkit.render.look import Look
from deliverkit.render.text import cut_middle, fill, wrap

_LEAST_PROSE = 20  # columns that are left of a cell of prose
_LEAST = 12  # columns that are left of a name in the first column


class Table(Frozen):
    """A table to be laid out.

    ``legend`` says what its marks mean, the first ``head`` cells say what a row is about, ``right`` are the columns of
    numbers. ``is_matrix``: its cells are codes of replies, and the last of a row says what these come to.
    """

    headers: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]
    legend: str = ""
    head: int = 2
    right: tuple[int, ...] = ()
    is_matrix: bool = False


def lay_out(table: Table, look: Look) -> str:
    """The table in columns: where it is too wide its widest column in several lines, or names in the first cut.

    Where neither is enough each row is a paragraph.
    """
    header, *lines = _columns(table)
    if look.width is not None and over(table, look.width) > 0:
        header, *lines = _wrapped(table, look.width) or _cut(table, look.width) or _stacked(table, look.width)
    for mark, kind in (("✓", "pass"), ("✗", "error"), ("?", "warning")):
        lines = [line.replace(f" {mark}", f" {look.paint(mark, kind)}") for line in lines]
    return "\n".join([look.paint(header, "dim"), *lines])


def over(table: Table, width: int) -> int:
    """How many columns too many the table has; none or fewer: it fits."""
    return max(map(len, _columns(table))) - width


def _wrapped(table: Table, width: int) -> list[str]:
    """The table with the widest column of prose in several lines; empty where that is not enough."""
    columns = list(zip(table.headers, *table.rows, strict=True))
    widths = [max(map(len, column)) for column in columns]
    place = max(range(1, len(columns)), key=lambda number: widths[number], default=0)
    kept = widths[place] - over(table, width)
    if kept < _LEAST_PROSE or len(table.headers[place]) > kept:
        return []
    rows = tuple((*row[:place], fill(row[place], kept), *row[place + 1 :]) for row in table.rows)
    wrapped = replace(table, rows=rows)
    return [] if over(wrapped, width) > 0 else _columns(wrapped)


def _cut(table: Table, width: int) -> list[str]:
    """The table with long names in the first column cut; empty where that is not enough."""
    kept = max(len(row[0]) for row in table.rows) - over(table, width)
    rows = tuple((cut_middle(row[0], kept) if " " not in row[0] else row[0], *row[1:]) for row in table.rows)
    narrow = replace(table, rows=rows)
    return [] if kept < _LEAST or over(narrow, width) > 0 else _columns(narrow)


def _stacked(table: Table, width: int) -> Iterator[str]:
    """The head of a row on a line, the other cells below with their headers; long names lose their middle."""
    yield f"  {'  '.join(table.headers[: table.head])}"
    for row in table.rows:
        about = "  ".join(row[: table.head]).rstrip()
        yield from [f"  {cut_middle(about, width - 2)}"] if about else []
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

"""Conversations with several hosts: a matrix of hosts and steps."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Sequence

from deliverkit.checks.smtp.wording import comes_to
from deliverkit.checks.varied import varied
from deliverkit.classes import replace
from deliverkit.facts.smtp import Conversation
from deliverkit.regexes import regex
from deliverkit.render.look import Look
from deliverkit.render.steps import Step, in_order, steps_of
from deliverkit.render.tables import Table, lay_out, over
from deliverkit.render.text import cut_end, cut_middle, escape, wrap
from deliverkit.standards.smtp.dialogue import GREETING, MESSAGE

MOST_STEPS = 12  # columns of a matrix
_COLUMNS = {GREETING: "connect", "STARTTLS": "TLS", MESSAGE: "message"}
_MORE = "…"  # in place of further steps
_BELOW = " " * 8  # before what a row comes to, where that stands below it
_LEAST = 12  # columns for what a conversation comes to
_CODE = regex(r"(?<=  )([2-5])(\d\d)(?=  |$)", re.MULTILINE)
_TRIED = frozenset({"RCPT", "VRFY", "EXPN"})  # what they are said with is what is tried
_CLASSES = {"2": "pass", "3": "pass", "4": "warning", "5": "error"}


def lay_out_matrix(held: Sequence[Conversation], look: Look) -> str:
    """The matrix, each code in the colour of its class, and what was tried where a step has several forms."""
    table = matrix(held)
    shown = _CODE.sub(lambda found: look.paint(found[0], _CLASSES[found[1]]), _laid_out(table, look))
    legend = wrap(table.legend, look.columns, first="  ", rest="  ")
    return f"{shown}\n{look.paint(legend, 'dim')}" if table.legend else shown


def class_of(text: str) -> str:
    """The colour of a reply code; empty: the cell holds none."""
    return _CLASSES.get(text[0], "") if len(text) == 3 and text.isdecimal() else ""


def matrix(held: Sequence[Conversation]) -> Table:
    """A row for each address, a column for each step, the code of its reply in each cell."""
    every = in_order([steps_of(one.exchanges)[: 2 * MOST_STEPS] for one in held])
    steps = every[:MOST_STEPS]
    more = (_MORE,) if len(every) > len(steps) else ()
    several = len({one.host.name for one in held}) < len({one.host.endpoint for one in held})
    has_preferences = any(one.host.preference is not None for one in held)
    name, values = varied(held)
    about = ("exchange", *(("address",) if several else ()), *((name,) if name else ()))
    rows = tuple(
        _row(one, previous, steps, several=several, value=(escape(value),) if name else (), more=more)
        for previous, one, value in zip([None, *held], held, values, strict=False)
    )
    headers = ("pref", *about, *(_COLUMNS.get(verb, verb) for verb, _ in steps), *more, "comes to")
    legend = _forms(held)
    if has_preferences:
        return Table(headers, rows, legend, head=1 + len(about), is_matrix=True)
    return Table(("host", *headers[2:]), tuple(row[1:] for row in rows), legend, head=len(about), is_matrix=True)


def _forms(held: Sequence[Conversation]) -> str:
    """``RCPT in order: TO:<a@b.example> · …`` where a conversation tries several; empty: it has one of each."""
    longest = max(held, key=lambda one: len(one.exchanges))
    tried: dict[str, list[str]] = {}
    for one in longest.exchanges[: 2 * MOST_STEPS]:
        if one.verb in _TRIED:
            tried.setdefault(one.verb, []).append(one.command[len(one.verb) :].decode("utf-8", "backslashreplace"))
    several = [
        f"{verb} in order: {' · '.join(map(str.strip, forms))}" for verb, forms in tried.items() if len(forms) > 1
    ]
    return escape("; ".join(several))


def _row(  # noqa: PLR0913 - each is a part of the row
    one: Conversation,
    previous: Conversation | None,
    steps: Sequence[Step],
    *,
    several: bool,
    value: tuple[str, ...],
    more: tuple[str, ...],
) -> tuple[str, ...]:
    is_same = previous is not None and previous.host.name == one.host.name
    is_there = previous is not None and previous.host == one.host
    preference = "" if is_same or one.host.preference is None else str(one.host.preference)
    name = "" if is_same else escape(one.host.name)
    codes = dict(zip(steps_of(one.exchanges), (exchange.reply.code for exchange in one.exchanges), strict=True))
    cells = [str(codes[step] or "?") if step in codes else "–" for step in steps]
    address = ("" if is_there else one.host.address,) if several else ()
    return (preference, name, *address, *value, *cells, *more, escape(comes_to(one)))


def _laid_out(table: Table, look: Look) -> str:
    """The table; where its last column is too much, what each row comes to stands below it."""
    fitted = _fitted(table, look.width)
    if look.width is None or over(fitted, look.width) <= 0:
        return lay_out(fitted, look)
    steps = replace(table, headers=table.headers[:-1], rows=tuple(row[:-1] for row in table.rows))
    steps = _with_short_names(steps, over(steps, look.width))
    above = [""] * len(steps.rows)
    if over(steps, look.width) > 0:
        steps, above = _below_names(steps, look.width)
    alike = ""
    if over(steps, look.width) > 0:
        steps, alike = _without_alike(steps)
    if over(steps, look.width) > 0:
        return lay_out(fitted, look)
    header, *lines = lay_out(steps, look).splitlines()
    usual, last = usual_of([row[-1] for row in table.rows])
    told = ("" if row[-1] == usual else row[-1] for row in table.rows)
    below = (wrap(words, look.width, first=_BELOW, rest=_BELOW) if words else "" for words in told)
    rows = (text for each in zip(above, lines, below, strict=True) for text in each if text)
    ends = (wrap(words, look.width, first="  ", rest=_BELOW) for words in (alike, last) if words)
    return "\n".join([header, *rows, *ends])


def _without_alike(table: Table) -> tuple[Table, str]:
    """The table without the steps that were answered alike in every row, and what they were answered."""
    columns = list(zip(table.headers, *table.rows, strict=True))
    steps = columns[table.head :]
    alike = [cells for header, *cells in steps if len({*cells}) == 1 and header != _MORE]
    told = " · ".join(f"{header} {cells[0]}" for header, *cells in steps if cells in alike)
    headers, *rows = zip(*columns[: table.head], *(one for one in steps if [*one[1:]] not in alike), strict=True)
    return replace(table, headers=headers, rows=tuple(rows)), f"each: {told}" if told else ""


def usual_of(every: Sequence[str]) -> tuple[str, str]:
    """What more than half of the rows come to, and how it is told once below them all; empty: no two are alike."""
    words, number = Counter(every).most_common(1)[0]
    if number < 2 or 2 * number <= len(every):
        return "", ""
    return words, f"{'each' if number == len(every) else 'each of the others'}: {words}"


def _below_names(table: Table, width: int) -> tuple[Table, list[str]]:
    """The table without hosts' names where addresses or values stand beside them; and the names, each above its rows.

    Nothing is above a row of the same host as the one before.
    """
    place = 0 if table.headers[table.head - 1] in {"exchange", "host"} else table.head - 1
    names = [cut_middle("  ".join(row[:place]).strip(), width - 2) for row in table.rows]
    without = replace(table, headers=table.headers[place:], rows=tuple(row[place:] for row in table.rows), head=1)
    return without, [f"  {name}" if name else "" for name in names]


def _with_short_names(table: Table, too_many: int) -> Table:
    """The table with its hosts' names cut by so many columns, where enough is left of them."""
    place = 1 if table.headers[0] == "pref" else 0
    kept = max(len(row[place]) for row in table.rows) - too_many
    if too_many <= 0 or kept < _LEAST:
        return table
    rows = tuple((*row[:place], cut_middle(row[place], kept), *row[place + 1 :]) for row in table.rows)
    return replace(table, rows=rows)


def _fitted(table: Table, width: int | None) -> Table:
    """The table with its last column cut where that is enough to fit."""
    if width is None:
        return table
    columns = list(zip(*(table.headers, *table.rows), strict=True))
    room = width - 2 - sum(max(map(len, column)) + 2 for column in columns[:-1])
    if room < _LEAST:  # a paragraph for each row, in which nothing is said of steps that were not reached
        return replace(table, rows=tuple(tuple("" if cell == "–" else cell for cell in row) for row in table.rows))
    return replace(table, rows=tuple((*row[:-1], cut_end(row[-1], room)) for row in table.rows))

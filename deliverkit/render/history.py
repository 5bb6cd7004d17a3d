"""Seed tests one after another on a terminal: the newest against the one before, a line for each, what changed."""

from __future__ import annotations

from collections.abc import Iterator

from deliverkit.checks.placement.wording import copies, points, share, within
from deliverkit.checks.wording import count
from deliverkit.classes import replace
from deliverkit.difference import Comparison
from deliverkit.facts.placement_history import Change, PastTest, PlacementHistory
from deliverkit.render.bars import sparkline, whisker
from deliverkit.render.difference import render_comparison
from deliverkit.render.look import Detail, Look
from deliverkit.render.tables import Table, lay_out, over
from deliverkit.render.text import escape, wrap

_LEAST_PLOT, _MOST_PLOT = 14, 41  # columns of an interval's line
_DAY = "%Y-%m-%d"


def render_history(history: PlacementHistory, look: Look, *, name: str, dns: Comparison | None) -> str:
    """The sentence, the tests, what changed since the last good one; with -q the sentence alone."""
    blocks = [look.paint(wrap(sentence(history, name), look.columns), "bold")]
    if look.detail > Detail.VERDICT:
        blocks.append("\n".join(_plotted(history, look)))
        blocks.append("\n".join(_since(history, look)))
        blocks += [render_comparison(dns, look)] if dns is not None else []
        blocks.append(look.paint(wrap(CAUTION, look.columns), "dim"))
    return look.finish("\n\n".join(block for block in blocks if block))


CAUTION = (
    "A change counts as more than chance where Newcombe's 95 % interval of it leaves 0 out. Seeds have no history with "
    "you: real recipients differ."
)


def sentence(history: PlacementHistory, name: str) -> str:
    """What the newest test came to, and whether that is another rate than at the one before."""
    newest, change = history.tests[-1], history.changes[-1]
    tests = count(len(history.tests), "seed test")
    head = f"{escape(name)}: {tests}" if name else tests
    placed = newest.placement
    if placed.total is None:
        return f"{head}; of the newest no seed copy counts yet."
    reached = f"at the newest {placed.inbox} of {copies(placed.settled)} reached the inbox"
    weighted = "weighted by your audience " if placed.total.is_weighted else ""
    return f"{head}; {reached}: {weighted}{_rate(newest)}{_moved(change)}."


def _moved(change: Change | None) -> str:
    if change is None:
        return ""
    number = abs(round(change.rise * 100))
    if not number:
        return ", as at the one before"
    word = "higher" if change.rise > 0 else "lower"
    answer = "chance alone may do that" if change.is_chance else "that is more than chance"
    return f", {count(number, 'point')} {word} than at the one before: {answer}"


def table_of(history: PlacementHistory) -> Table:
    """A row for each test."""
    has_names = len({one.placement.test for one in history.tests}) > 1
    headers = ("date", *(("test",) if has_names else ()), "n", "inbox rate", "change")
    rows = tuple(
        (
            one.started.strftime(f"{_DAY} %H:%M"),
            *((escape(one.placement.test),) if has_names else ()),
            str(one.placement.settled),
            _rate(one),
            change_of(change),
        )
        for one, change in zip(history.tests, history.changes, strict=True)
    )
    return Table(headers, rows, head=2 if has_names else 1, right=(2 if has_names else 1,))


def _rate(one: PastTest) -> str:
    total = one.placement.total
    return f"{share(total.rate)} {within(total.interval)}" if total else "–"


def change_of(change: Change | None) -> str:
    """``▼ −21 points (−43 to −3)``; the sign before it says whether it is more than chance."""
    if change is None:
        return ""
    mark = "≈" if change.is_chance else "▲" if change.rise > 0 else "▼"
    low, high = change.interval
    return f"{mark} {points(change.rise)} points ({points(low)} to {points(high)})"


def _plotted(history: PlacementHistory, look: Look) -> Iterator[str]:
    """The table, with each interval as a line where the columns allow it, and the rates as one small plot."""
    table = table_of(history)
    room = -over(table, look.width) - 2 if look.width else 0
    totals = [one.placement.total for one in history.tests]
    if room >= _LEAST_PLOT:
        columns = min(room, _MOST_PLOT)
        lines = [whisker(total, columns, history.wanted) if total else "" for total in totals]
        rows = tuple((*row, line) for row, line in zip(table.rows, lines, strict=True))
        scale = f"0{'100 %'.rjust(columns - 1)}"
        table = replace(table, headers=(*table.headers, scale), rows=rows)
    yield lay_out(table, look)
    rates = [total.rate for total in totals if total]
    said = f"{sparkline(rates)}   ▲ ▼ more than chance, ≈ chance alone may do that"
    yield look.paint(wrap(said, look.columns, first="  ", rest="  "), "dim")


def _since(history: PlacementHistory, look: Look) -> Iterator[str]:
    yield from (wrap(line, look.columns, rest="  ") for line in since_lines(history))


def since_lines(history: PlacementHistory) -> Iterator[str]:
    """What is another since the last good test, a line each, escaped."""
    good = history.good
    if len(history.tests) < 2:
        return
    if good is None:
        yield f"No test before the newest reached {share(history.wanted)}."
        return
    head = f"Since the last good test ({good.started.strftime(_DAY)}, {_rate(good)}, {share(history.wanted)} asked for)"
    if not history.differing:
        yield f"{head} nothing changed that the journal knows of: message, domains, way and providers are the same."
        return
    yield f"{head} changed:"
    yield from (f"  {one.name}: {escape(one.then)} → {escape(one.now)}" for one in history.differing)

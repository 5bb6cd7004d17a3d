"""Where the copies of a seed test landed, on a terminal: by provider, with what rests on few copies told as such."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from deliverkit.checks.placement.wording import is_lopsided, share, within
from deliverkit.checks.wording import format_duration, joined
from deliverkit.classes import replace
from deliverkit.facts.placement import Control, Fate, PlacedCopy, Placement, ProviderPlacement
from deliverkit.render.bars import bar, legend
from deliverkit.render.findings import figures, finding_lines
from deliverkit.render.look import Detail, Look
from deliverkit.render.placement_copies import copy_blocks
from deliverkit.render.tables import Table, lay_out, over
from deliverkit.render.text import escape, wrap
from deliverkit.report import Report

_ALWAYS = (Fate.INBOX, Fate.TAB, Fate.JUNK, Fate.MISSING)
_TOLD = (
    Fate.REJECTED,
    Fate.BOUNCED,
    Fate.MISSING,
    Fate.DEFERRED,
    Fate.IN_DOUBT,
    Fate.UNREADABLE,
    Fate.UNSENT,
    Fate.OTHER,
)
_DELAY = "delay (95 %)"
_LEAST_BAR, _MOST_BAR = 8, 24  # columns
MOST_TOLD = 8  # copies of one end that are told each by itself


def render_placement(report: Report, look: Look) -> str:
    """Verdict, the table, what became of copies that reached no inbox, findings; with -q the verdict alone."""
    blocks = [look.paint(wrap(escape(one.sentence), look.columns), "bold") for one in report.sentences]
    if look.detail > Detail.VERDICT:
        blocks.append("\n".join(bars(report, look)))
        blocks.append("\n".join(_below(report, look)))
        if look.detail is Detail.EVERYTHING:
            blocks += copy_blocks(report, look)
        blocks.append("\n".join([*finding_lines(report, look), figures(report, look)]))
    return look.finish("\n\n".join(block for block in blocks if block))


def _below(report: Report, look: Look) -> Iterator[str]:
    """What the table does not say, and at last how far all this goes."""
    yield from (wrap(line, look.columns, rest="  ") for line in notes_of(report, look.detail))
    yield from (look.paint(wrap(one.way, look.columns), "dim") for one in report.sentences if one.way)


def bars(report: Report, look: Look) -> Iterator[str]:
    """The table, with a bar for each provider where the columns allow it."""
    placement = report.fact(Placement)
    for whole in tables_of(report):
        table = _fitted(whole, look.width)
        room = -over(table, look.width) - 2 if look.width else 0
        if room < _LEAST_BAR or not isinstance(placement, Placement):
            yield lay_out(table, look)
            continue
        most = max(len(one.copies) for one in placement.providers)
        columns = min(room, _MOST_BAR)
        rows = zip(table.rows, placement.providers, strict=True)
        with_bars = tuple((*row, bar(one.copies, columns, most)) for row, one in rows)
        yield lay_out(replace(table, headers=(*table.headers, ""), rows=with_bars), look)
        yield look.paint(wrap(legend(placement.copies), look.columns, first="  ", rest="  "), "dim")


def _fitted(table: Table, width: int | None) -> Table:
    """The table; where it is too wide the median alone of delays, and where each row is a paragraph no zeros."""
    if width is None or over(table, width) <= 0:
        return table
    at = table.headers.index(_DELAY)
    short = tuple((*row[:at], row[at].partition(" (")[0], *row[at + 1 :]) for row in table.rows)
    narrow = replace(table, headers=(*table.headers[:at], "delay", *table.headers[at + 1 :]), rows=short)
    if over(narrow, width) <= 0:
        return narrow
    return replace(table, rows=tuple(tuple("" if cell == "0" else cell for cell in row) for row in table.rows))


def tables_of(report: Report) -> Iterator[Table]:
    """The table by provider."""
    placement = report.fact(Placement)
    if not isinstance(placement, Placement) or not placement.providers:
        return
    fates = [fate for fate in Fate if fate in _ALWAYS or any(one.counts[fate] for one in placement.providers)]
    has_shares = any(one.share is not None for one in placement.providers)
    headers = ("provider", "n", *(fate.value for fate in fates), "inbox rate", _DELAY)
    rows = [_row(one, fates) for one in placement.providers]
    if has_shares:
        headers = (*headers, "audience")
        rows = [(*row, share(one.share or 0.0)) for row, one in zip(rows, placement.providers, strict=True)]
    yield Table(headers, tuple(rows), head=2, right=tuple(range(1, 2 + len(fates))))


def _row(one: ProviderPlacement, fates: Iterable[Fate]) -> tuple[str, ...]:
    counts = one.counts
    rate = f"{share(one.inbox / one.settled)} {within(one.interval)}" if one.settled else "–"
    return (escape(one.provider), str(len(one.copies)), *(str(counts[fate]) for fate in fates), rate, _delay(one))


def _delay(one: ProviderPlacement) -> str:
    found = one.delays
    if found is None:
        return ""
    return f"{format_duration(round(found.median))} ({format_duration(round(found.p95))})"


def notes_of(report: Report, detail: Detail = Detail.USUAL) -> Iterator[str]:
    """What the table does not say, a line each, escaped."""
    placement = report.fact(Placement)
    if not isinstance(placement, Placement):
        return
    if placement.control is not None:
        yield in_words(placement.control)
    total = placement.total
    if total is not None and is_lopsided(placement.settled, total):
        spread = f"as much as {round(total.worth)} would that are spread as it is"
        yield f"By the shares of your audience these {placement.settled} copies tell {spread}."
    for fate in _TOLD:
        yield from _copies(fate, [one for one in placement.copies if one.fate is fate], detail)
    for why, copies in _unlike(placement.unlike):
        places = escape(joined(list(dict.fromkeys(copies))))
        yield f"not representative, so not counted: {len(copies)} at {places}: {escape(why)}"
    told = {one.address for one in placement.every if one.fate is Fate.UNREADABLE}
    for address, problem in ((one, why) for one, why in placement.problems if one not in told):
        yield f"{escape(address)} cannot be read: {escape(problem)}"


def _unlike(found: Iterable[PlacedCopy]) -> Iterator[tuple[str, list[str]]]:
    """The reasons why copies do not stand for the campaign, with the providers of these."""
    reasons: dict[str, list[str]] = {}
    for one in found:
        reasons.setdefault(one.unlike, []).append(one.provider)
    yield from reasons.items()


def _copies(fate: Fate, copies: list[PlacedCopy], detail: Detail) -> Iterator[str]:
    shown = copies if detail is Detail.EVERYTHING else copies[:MOST_TOLD]
    for copy in shown:
        said = f": {escape(copy.detail)}" if copy.detail else ""
        yield f"{fate.value}: {escape(copy.address)} at {escape(copy.provider)}{said}"
    if len(shown) < len(copies):
        yield f"{fate.value}: {len(copies) - len(shown)} more (-v shows them)"


def in_words(control: Control) -> str:
    """What the plain message beside the campaign's says."""
    if not control.pairs:
        return "control: in no mailbox have both messages come to an end yet"
    parts = [
        f"{control.content} where only the plain message reached the inbox (this content)",
        f"{control.sender} where neither did (this sender)",
    ]
    if control.reverse:
        parts.append(f"{control.reverse} where only the campaign's did (chance)")
    return f"control: of {control.pairs} mailboxes {', '.join(parts)}"

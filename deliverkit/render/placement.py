"""Where the copies of a seed test landed, on a terminal: by provider, with what rests on few copies told as such."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from deliverkit.checks.placement.wording import share, within
from deliverkit.checks.wording import format_duration
from deliverkit.facts.placement import Control, Fate, PlacedCopy, Placement, ProviderPlacement
from deliverkit.render.findings import figures, finding_lines, verdict_lines
from deliverkit.render.look import Detail, Look
from deliverkit.render.tables import Table, lay_out
from deliverkit.render.text import escape, wrap
from deliverkit.report import Report

_ALWAYS = (Fate.INBOX, Fate.TAB, Fate.JUNK, Fate.MISSING)
_TOLD = (Fate.REJECTED, Fate.BOUNCED, Fate.MISSING, Fate.DEFERRED, Fate.IN_DOUBT, Fate.UNREADABLE, Fate.OTHER)
MOST_TOLD = 8  # copies of one end that are told each by itself


def render_placement(report: Report, look: Look) -> str:
    """Verdict, the table, what became of copies that reached no inbox, findings; with -q the verdict alone."""
    placement = report.fact(Placement)
    blocks = ["\n".join(verdict_lines(report, look))]
    if look.detail > Detail.VERDICT and isinstance(placement, Placement):
        blocks += [lay_out(table, look) for table in tables_of(report)]
        blocks.append("\n".join(wrap(line, look.columns, rest="  ") for line in _notes(placement, look)))
        blocks.append("\n".join([*finding_lines(report, look), figures(report, look)]))
    return look.finish("\n\n".join(block for block in blocks if block))


def tables_of(report: Report) -> Iterator[Table]:
    """The table by provider."""
    placement = report.fact(Placement)
    if not isinstance(placement, Placement) or not placement.providers:
        return
    fates = [fate for fate in Fate if fate in _ALWAYS or any(one.counts[fate] for one in placement.providers)]
    has_shares = any(one.share is not None for one in placement.providers)
    headers = ("provider", "n", *(fate.value for fate in fates), "inbox rate", "delay (95 %)")
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


def _notes(placement: Placement, look: Look) -> Iterator[str]:
    if placement.control is not None:
        yield in_words(placement.control)
    total = placement.total
    if total is not None and total.uncovered >= 0.005:
        yield f"{share(total.uncovered)} of your audience is at providers of which no copy counts."
    for fate in _TOLD:
        yield from _copies(fate, [one for one in placement.copies if one.fate is fate], look)
    if placement.unlike:
        why = escape(placement.unlike[0].unlike)
        yield f"not representative: {len(placement.unlike)} copies did not take the campaign's way ({why})"
    for address, problem in placement.problems:
        yield f"{escape(address)} cannot be read: {escape(problem)}"


def _copies(fate: Fate, copies: list[PlacedCopy], look: Look) -> Iterator[str]:
    shown = copies if look.detail is Detail.EVERYTHING else copies[:MOST_TOLD]
    for copy in shown:
        detail = f": {escape(copy.detail)}" if copy.detail else ""
        yield f"{fate.value}: {escape(copy.address)}{detail}"
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

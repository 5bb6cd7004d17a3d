"""A watch on a terminal: a line for each thing that happens, a table of how it stands, and what it came to."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence

from deliverkit.checks.wording import count, format_duration
from deliverkit.classes import replace
from deliverkit.facts.placement import Fate, PlacedCopy
from deliverkit.observations.seeds import SeedTest
from deliverkit.render.look import Detail, Look
from deliverkit.render.tables import Table, lay_out
from deliverkit.render.text import cut_end, escape, wrap
from deliverkit.seeds.joining import join, said_in
from deliverkit.seeds.watch import Arrived, Bounced, Event, Noted

LONG = 60.0  # seconds: a wait that may last so long is told of before
MOST_PROBLEMS = 5  # that are told while the watch goes on
_MARKS = {Fate.INBOX: ("✓", "pass"), Fate.TAB: ("✓", "pass"), Fate.JUNK: ("✗", "error")}
_WAITING = (Fate.PENDING, Fate.DEFERRED, Fate.IN_DOUBT, Fate.UNSENT)
_COLUMNS = {
    "inbox": (Fate.INBOX, Fate.TAB),
    "junk": (Fate.JUNK,),
    "other": (Fate.OTHER,),
    "refused": (Fate.REJECTED, Fate.BOUNCED),
    "missing": (Fate.MISSING,),
    "waiting": _WAITING,
    "unreadable": (Fate.UNREADABLE,),
}
_ALWAYS = ("inbox", "junk", "waiting")


def event_line(event: Event, test: SeedTest, look: Look) -> str:
    """What happened, in one line."""
    mark, kind, text = _told(event, test)
    return look.finish(wrap(f"{look.paint(mark, kind)} {escape(text)}", look.columns, rest="    "))


def _told(event: Event, test: SeedTest) -> tuple[str, str, str]:
    if isinstance(event, Arrived):
        return _arrived(event, test)
    if isinstance(event, Bounced):
        is_back = event.bounce.action == "failed"
        words = "bounced" if is_back else event.bounce.action
        mark, kind = ("✗", "error") if is_back else ("?", "warning")
        return (
            mark,
            kind,
            f"{_name(event.copy.address, is_control=event.copy.is_control)}  {words}: {said_in(event.bounce)}",
        )
    if isinstance(event, Noted):
        return "–", "dim", f"{event.address}  {event.note}"
    if event.problem:
        return "?", "warning", f"{event.address}  cannot be read, and is tried again: {event.problem}"
    return "✓", "pass", f"{event.address}  can be read again"


def _arrived(event: Arrived, test: SeedTest) -> tuple[str, str, str]:
    (placed,) = join(replace(test, copies=(event.copy,)), event.arrival.seen)
    mark, kind = _MARKS.get(placed.fate, ("?", "warning"))
    began = "the start" if test.is_external else "its host took it"
    took = f", {format_duration(round(placed.delay))} after {began}" if placed.delay is not None else ""
    name = _name(placed.address, is_control=placed.is_control)
    return mark, kind, f"{name}  {placed.detail}{took} ({event.how})"


def _name(address: str, *, is_control: bool) -> str:
    return f"{address} (control)" if is_control else address


def waiting_line(copies: Sequence[PlacedCopy], boxes: int, left: float) -> str:
    """What a watch waits for that nobody may see anything of for long; empty where it does not last."""
    waited = sum(one.fate in _WAITING for one in copies)
    if left < LONG or not waited:
        return ""
    return (
        f"{count(waited, 'copy')} {'is' if waited == 1 else 'are'} waited for in {count(boxes, 'mailbox')}, "
        f"{format_duration(round(left))} at most (Ctrl-C keeps what is known)"
    )


def standing(test: SeedTest, copies: Sequence[PlacedCopy], left: float, look: Look) -> str:
    """How it stands while the watch goes on, for so many seconds more at most: a row for each provider."""
    columns = [name for name in _COLUMNS if name in _ALWAYS or any(one.fate in _COLUMNS[name] for one in copies)]
    rows = [_row(name, some, columns) for name, some in _by_provider(copies)]
    right = tuple(range(1, len(columns) + 2))
    table = lay_out(Table(("provider", "copies", *columns), tuple(rows), head=2, right=right), look)
    problems = [f"? {address}  {problem}" for address, problem in test.problems[:MOST_PROBLEMS]]
    if len(test.problems) > MOST_PROBLEMS:
        problems.append(f"? {len(test.problems) - MOST_PROBLEMS} more mailboxes cannot be read")
    foot = f"{format_duration(max(0, round(left)))} left at most; Ctrl-C keeps what is known"
    lines = [cut_end(escape(line), look.width or len(line)) for line in (test.name, *problems, foot)]
    return look.finish("\n".join([lines[0], table, *lines[1:]]))


def _row(name: str, copies: Sequence[PlacedCopy], columns: Iterable[str]) -> tuple[str, ...]:
    numbers = [sum(one.fate in _COLUMNS[column] for one in copies) for column in columns]
    return (escape(name), str(len(copies)), *(str(number) if number else "" for number in numbers))


def _by_provider(copies: Sequence[PlacedCopy]) -> list[tuple[str, list[PlacedCopy]]]:
    """The copies by provider, the controls apart."""
    found: dict[str, list[PlacedCopy]] = {}
    for one in sorted(copies, key=lambda copy: copy.is_control):
        found.setdefault(_name(one.provider, is_control=one.is_control), []).append(one)
    return list(found.items())


def render_watched(test: SeedTest, copies: Sequence[PlacedCopy], look: Look, *, follows: str) -> str:
    """What the watch came to: one line in all, one for each provider, and why copies are not found.

    ``follows``: the command that says what it means.
    """
    own = [one for one in copies if not one.is_control]
    lines = [f"{test.name}: of {count(len(own), 'seed copy')} {_counted(own)}."]
    if look.detail is not Detail.VERDICT:
        lines += [f"{name}: of {count(len(some), 'copy')} {_counted(some)}" for name, some in _by_provider(copies)]
        lines += _not_found(test, copies, look)
        lines += [hint for fate, hint in _HINTS.items() if any(one.fate is fate for one in copies)]
        lines.append(f"What it means: {follows}")
    return look.finish("\n".join(wrap(escape(line), look.columns, rest="    ") for line in lines))


def _not_found(test: SeedTest, copies: Sequence[PlacedCopy], look: Look) -> list[str]:
    """What there is to say of the copies that are nowhere; of all where more is asked for."""
    wanted = [one for one in copies if look.detail is Detail.EVERYTHING or not _is_found(one)]
    said = [f"  {_name(one.address, is_control=one.is_control)}  {one.fate}: {one.detail}" for one in wanted]
    addresses = {one.address for one in copies}
    return said + [f"  {address}  {problem}" for address, problem in test.problems if address not in addresses]


def _is_found(copy: PlacedCopy) -> bool:
    return copy.fate in {Fate.INBOX, Fate.TAB, Fate.JUNK, Fate.OTHER}


def _counted(copies: Iterable[PlacedCopy]) -> str:
    counts = Counter(one.fate for one in copies)
    return ", ".join(f"{counts[fate]} {_WORDS.get(fate, fate.value)}" for fate in Fate if counts[fate]) or "none"


_HINTS = {
    Fate.DEFERRED: "Deferred: the command that sends, called again, tries these again.",
    Fate.IN_DOUBT: "In doubt: where they stay away, the command that sends takes --resend-in-doubt; some readers may "
    "then get two.",
}
_WORDS = {Fate.TAB: "inbox tab", Fate.OTHER: "another folder"}

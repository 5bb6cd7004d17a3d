"""What a watch says: lines, the table that is drawn in place, the sum."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest

from deliverkit.cli.live import LiveText
from deliverkit.facts.placement import Fate, PlacedCopy
from deliverkit.observations.mailbox import Folder
from deliverkit.observations.seeds import Bounce
from deliverkit.render.look import Detail, Look
from deliverkit.seeds.matching import How
from deliverkit.seeds.watch import Arrived, Bounced, Event, Noted, Troubled
from deliverkit.seeds.watch_text import MOST_PROBLEMS, event_line, render_watched, standing, waiting_line
from tests.seeds.arriving import ADA, INBOX, JUNK, NEWS, arrival, at, copy, seed_test

LOOK = Look()
REPORT = "deliverkit seed report"
FAILED = Bounce(at(90), "failed", "5.1.1", "550 5.1.1 unknown", "mx.north.example")


def arrived(folder: Folder = INBOX) -> Arrived:
    landed = arrival("A: b", 40, folder=folder)
    return Arrived(copy(arrivals=(landed,)), landed, How.FIELD)


def changed(event: Arrived, **values: Any) -> Arrived:
    return event._replace(copy=replace(event.copy, **values))


@pytest.mark.parametrize(
    ("event", "line"),
    [
        (arrived(), f"✓ {ADA}  in INBOX, 30 s after its host took it (by its token in X-Deliverkit-Seed)"),
        (arrived(JUNK), f"✗ {ADA}  in Spam, 30 s after its host took it (by its token in X-Deliverkit-Seed)"),
        (
            changed(arrived(NEWS), is_control=True),
            f"? {ADA} (control)  in Newsletters, 30 s after its host took it (by its token in X-Deliverkit-Seed)",
        ),
        (Bounced(copy(), FAILED), f"✗ {ADA}  bounced: 550 5.1.1 unknown (reported by mx.north.example)"),
        (
            Bounced(copy(), FAILED._replace(action="delayed", diagnostic="", reporter="")),
            f"? {ADA}  delayed: 5.1.1",
        ),
        (Troubled(ADA, "its \x1b[2J"), f"? {ADA}  cannot be read, and is tried again: its \\x1b[2J"),
        (Troubled(ADA, ""), f"✓ {ADA}  can be read again"),
        (Noted(ADA, "tabs are off"), f"– {ADA}  tabs are off"),
    ],
)
def test_lines(event: Event, line: str) -> None:
    assert event_line(event, seed_test(), LOOK) == line


@pytest.mark.parametrize(
    ("fates", "left", "line"),
    [
        ((Fate.PENDING, Fate.IN_DOUBT, Fate.INBOX), 7200, "2 copies are waited for in 9 mailboxes, 2 h at most"),
        ((Fate.PENDING,), 60, "1 copy is waited for in 9 mailboxes, 1 min at most"),
        ((Fate.PENDING,), 59, ""),
        ((Fate.INBOX,), 7200, ""),
    ],
)
def test_before_a_long_silence_it_is_said_what_is_waited_for(fates: tuple[Fate, ...], left: float, line: str) -> None:
    told = waiting_line([PlacedCopy(ADA, "North", fate) for fate in fates], 9, left)
    assert told == (f"{line} (Ctrl-C keeps what is known)" if line else "")


def test_an_external_copy_counts_from_the_start() -> None:
    assert "40 s after the start" in event_line(changed(arrived(), sendings=()), seed_test(is_external=True), LOOK)


def placed(fate: Fate, provider: str = "North", *, is_control: bool = False) -> PlacedCopy:
    return PlacedCopy(ADA, provider, fate, is_control, detail=f"why {fate}")


EVERY = tuple(placed(fate) for fate in Fate)


def test_the_table_as_it_stands() -> None:
    copies = (placed(Fate.INBOX), placed(Fate.TAB), placed(Fate.PENDING), placed(Fate.JUNK, "South"))
    test = replace(seed_test(), problems=(("carol@south.example", "its login is refused"),))
    assert standing(test, copies, 90, Look(width=100)).splitlines() == [
        "spring",
        "  provider  copies  inbox  junk  waiting",
        "  North          3      2              1",
        "  South          1            1",
        "? carol@south.example  its login is refused",
        "1 min 30 s left at most; Ctrl-C keeps what is known",
    ]


@pytest.mark.parametrize("width", [40, 60, 80, 200])
def test_it_keeps_within_the_terminal(width: int) -> None:
    problems = tuple((f"{'x' * 50}{number}@south.example", "y" * 300) for number in range(MOST_PROBLEMS + 2))
    test = replace(seed_test(), name="n" * 300, problems=problems)
    lines = standing(test, EVERY, 5, Look(width=width)).splitlines()
    assert max(map(len, lines)) <= width
    assert "? 2 more mailboxes cannot be read" in lines


def test_the_sum_says_every_end_and_why_copies_are_not_found() -> None:
    control = placed(Fate.JUNK, is_control=True)
    lines = render_watched(seed_test(), (*EVERY, control), LOOK, follows=REPORT).splitlines()
    assert lines[0] == (
        "spring: of 12 seed copies 1 inbox, 1 inbox tab, 1 junk, 1 another folder, 1 rejected, 1 deferred, 1 bounced, "
        "1 missing, 1 pending, 1 in doubt, 1 unsent, 1 unreadable."
    )
    assert lines[2] == "North (control): of 1 copy 1 junk"
    assert [line for line in lines if "missing:" in line] == [f"  {ADA}  missing: why missing"]
    assert not [line for line in lines if "junk:" in line]
    assert lines[-1] == "What it means: deliverkit seed report"
    assert [line.partition(":")[0] for line in lines[-3:-1]] == ["Deferred", "In doubt"]
    assert "called again" not in render_watched(seed_test(), EVERY[:3], LOOK, follows=REPORT)
    more = render_watched(seed_test(), EVERY, Look(detail=Detail.EVERYTHING), follows=REPORT)
    assert f"{ADA}  junk: why junk" in more
    assert len(render_watched(seed_test(), EVERY, Look(detail=Detail.VERDICT), follows=REPORT).splitlines()) == 1


def test_a_text_is_drawn_over_the_one_before_in_one_write(capsys: pytest.CaptureFixture[str]) -> None:
    live = LiveText()
    live.draw("one\ntwo\nthree")
    assert capsys.readouterr().out == "\x1b[?7lone\x1b[K\ntwo\x1b[K\nthree\x1b[K\n\x1b[?7h\x1b[J"
    live.draw("one\ntwo\nthree")
    assert capsys.readouterr().out == ""
    live.draw("four")
    assert capsys.readouterr().out == "\x1b[3F\x1b[?7lfour\x1b[K\n\x1b[?7h\x1b[J"
    live.clear()
    assert capsys.readouterr().out == "\x1b[1F\x1b[J"
    live.clear()
    assert capsys.readouterr().out == ""


def test_a_low_terminal_shows_the_beginning_and_the_last_line(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("LINES", "5")
    monkeypatch.setenv("COLUMNS", "80")
    LiveText().draw("\n".join("abcdefgh"))
    drawn = capsys.readouterr().out
    assert [letter for letter in "abcdefgh" if f"{letter}\x1b[K" in drawn] == ["a", "b", "c", "h"]

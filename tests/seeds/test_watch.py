"""Watching mailboxes: slow ones, failing ones, and what is kept when it is cut off."""

from __future__ import annotations

import asyncio
import time
from contextlib import aclosing
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest

from deliverkit.facts.placement import Fate
from deliverkit.observations.mailbox import FileAccess, MailboxView
from deliverkit.observations.seeds import Copy, SeedTest
from deliverkit.seeds.joining import Terms, join
from deliverkit.seeds.journal import open_journal
from deliverkit.seeds.rounds import Box, Pace, boxes_of, clean_up
from deliverkit.seeds.seedfile import Seed, SeedFile
from deliverkit.seeds.watch import AT_ONCE, Arrived, Bounced, Event, Noted, Troubled, Watch
from tests.seeds.arriving import INBOX, JUNK, OTHER_TOKEN, TOKEN, report
from tests.seeds.watched import (
    QUICK,
    FakeOpener,
    Look,
    access,
    box,
    broken,
    fresh_test,
    journal_in,
    opening,
    sent,
    view,
)

A, B = "a", "b"
SEED, OTHER_SEED = f"X-Deliverkit-Seed: {TOKEN}", f"X-Deliverkit-Seed: {OTHER_TOKEN}"


def both() -> tuple[Copy, Copy]:
    return sent(TOKEN, A), sent(OTHER_TOKEN, B)


def watched(  # noqa: PLR0913 - each is what a test is about
    folder: Path,
    opener: FakeOpener,
    *boxes: Box,
    test: SeedTest | None = None,
    wait: float = 5.0,
    stop_after: int = 10**6,
    pace: Pace = QUICK,
) -> tuple[list[Event], SeedTest]:
    """The events of a watch, and the test as the journal knows it then."""

    async def work() -> tuple[list[Event], SeedTest]:
        given = test or fresh_test(*both())
        with open_journal(journal_in(folder)) as journal:
            if not journal.tests():
                journal.add_test(given)
                for copy in given.copies:
                    for sending in copy.sendings:
                        journal.end(copy.token, sending)
            watch = Watch(journal.find(), boxes, opener, journal, timedelta(seconds=wait), pace)
            found: list[Event] = []
            async with aclosing(watch.events()) as events:
                async for event in events:
                    found.append(event)
                    if len(found) == stop_after:
                        break
            return found, journal.find()

    return asyncio.run(asyncio.wait_for(work(), 20))


def fates(test: SeedTest, wait: float = 5.0) -> list[Fate]:
    assert test.looked is not None
    later = test.looked + timedelta(seconds=1)
    return [one.fate for one in join(test, later, Terms(timedelta(seconds=wait), returns="r"))]


def kinds(events: list[Event]) -> list[str]:
    return [type(event).__name__ for event in events]


def test_it_ends_as_soon_as_everything_is_settled(tmp_path: Path) -> None:
    opener = opening(a=[view(SEED)], b=[MailboxView(), view(OTHER_SEED, folder=JUNK)])
    begun = time.monotonic()
    events, test = watched(tmp_path, opener, box(A), box(B), wait=60)
    assert time.monotonic() - begun < 5
    assert kinds(events) == ["Arrived", "Arrived"]
    assert fates(test) == [Fate.INBOX, Fate.JUNK]
    assert [one.closed for one in opener.mailboxes.values()] == [1, 1]


def test_when_everything_is_settled_nobody_is_asked_again(tmp_path: Path) -> None:
    opener = opening(a=[view(SEED)], b=[broken(), view(OTHER_SEED)], r=[])
    patient = replace(QUICK, least=0.5, most=0.5)
    watched(tmp_path, opener, box(A), box(B), box("r"), wait=60, pace=patient)
    looks = {name: len(mailbox.looked) for name, mailbox in opener.mailboxes.items()}
    assert looks == {"a": 1, "b": 2, "r": 1}


def test_a_bounce_settles_a_copy_wherever_it_comes(tmp_path: Path) -> None:
    back = report(B, OTHER_SEED)
    opener = opening(a=[view(SEED)], b=[], r=[MailboxView(arrivals=(back,)), MailboxView(arrivals=(back,))])
    events, test = watched(tmp_path, opener, box(A), box(B), box("r"), wait=60)
    assert kinds(events) == ["Arrived", "Bounced"]
    assert fates(test) == [Fate.INBOX, Fate.BOUNCED]


def test_a_copy_that_never_comes_is_missing_when_its_time_is_over(tmp_path: Path) -> None:
    opener = opening(a=[view(SEED)], b=[])
    _, test = watched(tmp_path, opener, box(A), box(B), wait=0.3)
    assert fates(test, 0.3) == [Fate.INBOX, Fate.MISSING]
    assert len(opener.mailboxes[B].looked) > 3


def test_after_its_time_one_look_is_taken(tmp_path: Path) -> None:
    opener = opening(a=[], b=[view(OTHER_SEED)])
    test = fresh_test(sent(TOKEN, A, ago=30), sent(OTHER_TOKEN, B, ago=30))
    _, found = watched(tmp_path, opener, box(A), box(B), wait=1, test=test)
    assert fates(found, 1) == [Fate.MISSING, Fate.INBOX]
    assert [len(one.looked) for one in opener.mailboxes.values()] == [1, 1]


def test_a_mailbox_that_fails_is_told_once_tried_again_and_spoils_nothing(tmp_path: Path) -> None:
    opener = opening(a=[view(SEED)], b=[broken(), broken(), view(OTHER_SEED)])
    events, test = watched(tmp_path, opener, box(A), box(B))
    assert [event for event in events if isinstance(event, Troubled)] == [
        Troubled(B, "its login is refused"),
        Troubled(B, ""),
    ]
    assert kinds(events).count("Arrived") == 2
    assert fates(test) == [Fate.INBOX, Fate.INBOX]
    assert test.problems == ()


def test_a_mailbox_that_never_works_is_waited_for_no_longer_than_three_tries(tmp_path: Path) -> None:
    opener = opening(a=[view(SEED)], b=[broken()] * 50)
    events, test = watched(tmp_path, opener, box(A), box(B), wait=60)
    assert kinds(events).count("Troubled") == 1
    assert fates(test) == [Fate.INBOX, Fate.UNREADABLE]
    assert len(opener.mailboxes[B].looked) == 3


def test_a_mailbox_that_hangs_is_left_in_the_end(tmp_path: Path) -> None:
    opener = opening(a=[view(SEED)], b=[60.0])
    begun = time.monotonic()
    _, test = watched(tmp_path, opener, box(A), box(B), wait=0.2)
    assert time.monotonic() - begun < 5
    assert fates(test, 0.2) == [Fate.INBOX, Fate.UNREADABLE]
    assert opener.mailboxes[B].closed == 1


def test_a_mailbox_that_failed_just_now_does_not_hold_up_the_end(tmp_path: Path) -> None:
    """It would have to wait until it may log in again, and its time is over before."""
    opener = opening(a=[view(SEED)], b=[broken(), 60.0])
    begun = time.monotonic()
    _, test = watched(tmp_path, opener, box(A), box(B), wait=0.5, pace=replace(QUICK, retry=60.0, grace=60.0))
    assert time.monotonic() - begun < 3
    assert fates(test, 0.5) == [Fate.INBOX, Fate.UNREADABLE]
    assert dict(test.problems) == {B: "its login is refused"}
    assert len(opener.mailboxes[B].looked) == 1


def test_a_mailbox_that_failed_long_ago_is_tried_once_more_in_the_end(tmp_path: Path) -> None:
    opener = opening(a=[view(SEED)], b=[broken(), view(OTHER_SEED)])
    _, test = watched(tmp_path, opener, box(A), box(B), wait=0.5, pace=replace(QUICK, retry=0.3, most_retry=60.0))
    assert fates(test, 0.5) == [Fate.INBOX, Fate.INBOX]


def test_a_look_that_waits_for_its_login_does_not_hold_up_the_end(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("deliverkit.seeds.watch.FAREWELL", 0.2)
    opener = opening(a=[MailboxView(), MailboxView(), MailboxView(), view(SEED)], b=[view(OTHER_SEED), 60.0])
    begun = time.monotonic()
    _, test = watched(tmp_path, opener, box(A), box(B), wait=60)
    assert time.monotonic() - begun < 3
    assert fates(test, 60) == [Fate.INBOX, Fate.INBOX]
    assert opener.mailboxes[B].closed == 1


def test_what_is_known_when_it_is_cut_off_is_kept_and_the_next_watch_goes_on(tmp_path: Path) -> None:
    boxes = box(A), box(B)
    events, test = watched(tmp_path, opening(a=[view(SEED)], b=[60.0]), *boxes, wait=60, stop_after=1)
    assert kinds(events) == ["Arrived"]
    assert fates(test, 60) == [Fate.INBOX, Fate.UNREADABLE]
    again = opening(a=[view(SEED)], b=[view(OTHER_SEED)])
    events, test = watched(tmp_path, again, box(A), box(B), wait=60)
    assert [event.copy.address for event in events if isinstance(event, Arrived)] == [B]
    assert fates(test, 60) == [Fate.INBOX, Fate.INBOX]


def test_an_interrupt_from_outside_notes_what_was_seen(tmp_path: Path) -> None:
    async def work() -> SeedTest:
        with open_journal(journal_in(tmp_path)) as journal:
            copies = both()
            journal.add_test(fresh_test(*copies))
            for copy in copies:
                journal.end(copy.token, copy.sendings[0])
            opener = opening(a=[view(SEED)], b=[60.0])
            watch = Watch(journal.find(), (box(A), box(B)), opener, journal, timedelta(minutes=1), QUICK)

            async def consume() -> None:
                async for _ in watch.events():
                    pass

            task = asyncio.create_task(consume())
            await asyncio.sleep(0.2)
            task.cancel()
            with pytest.raises(asyncio.CancelledError):
                await task
            return journal.find()

    assert fates(asyncio.run(work()), 60) == [Fate.INBOX, Fate.UNREADABLE]


def test_a_copy_that_is_moved_while_others_are_waited_for_is_seen_there(tmp_path: Path) -> None:
    opener = opening(a=[view(SEED), view(SEED, folder=JUNK, uid=9)], b=[0.2, view(OTHER_SEED)])
    events, test = watched(tmp_path, opener, box(A), box(B))
    assert [event.arrival.folder for event in events if isinstance(event, Arrived)][:2] == [INBOX, JUNK]
    assert fates(test) == [Fate.JUNK, Fate.INBOX]


def test_a_fault_in_a_look_ends_the_watch_with_its_error(tmp_path: Path) -> None:
    def fail() -> MailboxView:
        raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        watched(tmp_path, opening(a=[fail], b=[60.0]), box(A), box(B))


def test_copies_whose_mailbox_the_seed_file_does_not_name_are_unreadable(tmp_path: Path) -> None:
    _, test = watched(tmp_path, opening(a=[view(SEED)]), box(A), wait=60)
    assert fates(test, 60) == [Fate.INBOX, Fate.UNREADABLE]
    assert test.problems == ((B, "the seed file names it no more"),)


def test_a_message_that_is_another_tests_copy_is_none_of_this_one(tmp_path: Path) -> None:
    alike = "From: Shop <news@shop.example>\r\nSubject: Spring sale"
    for number, uids in (("1", [1]), ("2", [2])):
        copy = Copy((TOKEN, OTHER_TOKEN)[int(number) - 1], A, "North")
        with open_journal(journal_in(tmp_path)) as journal:
            journal.add_test(replace(fresh_test(copy), token=f"dk{number * 24}", is_external=True))
        looks = [view(alike, *[alike] * (number == "2"))]
        _, test = watched(tmp_path, opening(a=looks), box(A), wait=90)
        assert [one.uid for one in test.copies[0].arrivals] == uids


def test_a_note_is_told_once(tmp_path: Path) -> None:
    said = MailboxView(notes=("tabs are off",))
    opener = opening(a=[said, said, view(SEED)], b=[view(OTHER_SEED)])
    events, _ = watched(tmp_path, opener, box(A), box(B))
    assert [event for event in events if isinstance(event, Noted)] == [Noted(A, "tabs are off")]


def test_no_mailbox_is_asked_more_often_than_the_floor_allows(tmp_path: Path) -> None:
    opener = opening(a=[], b=[])
    pace = replace(QUICK, least=0.0, most=0.0, floor=0.1)
    watched(tmp_path, opener, box(A), box(B), wait=0.6, pace=pace)
    for mailbox in opener.mailboxes.values():
        gaps = [later - one for one, later in zip(mailbox.looked, mailbox.looked[1:-1], strict=False)]
        assert gaps
        assert min(gaps) >= 0.09


def test_many_mailboxes_are_open_a_bounded_number_at_once(tmp_path: Path) -> None:
    number = AT_ONCE + 20
    copies = [sent(f"dk{place:024x}", f"s{place}") for place in range(number)]
    looks: dict[str, list[Look]] = {
        f"s{place}": [0.05, view(f"X-Deliverkit-Seed: dk{place:024x}")] for place in range(number)
    }
    opener = opening(**looks)
    boxes = [box(f"s{place}") for place in range(number)]
    events, test = watched(tmp_path, opener, *boxes, test=fresh_test(*copies), wait=60)
    assert kinds(events).count("Arrived") == number
    assert set(fates(test, 60)) == {Fate.INBOX}
    assert min(one.closed for one in opener.mailboxes.values()) >= 2


def test_the_pace() -> None:
    pace = Pace()
    assert [pace.pause(seconds, 0) for seconds in (0, 300, 600, 7200)] == [15, 15, 30, 60]
    assert [pace.pause(0, failures) for failures in (1, 2, 3, 4, 5, 99)] == [60, 120, 240, 480, 900, 900]


def seed_file(*names: str, returns: str = "") -> SeedFile:
    seeds = tuple(Seed(name, "North", access(name.partition("+")[0])) for name in names)
    return SeedFile(Path("seeds.toml"), seeds, Seed(returns, "", access(returns)) if returns else None)


def test_each_mailbox_is_watched_once_whatever_its_addresses() -> None:
    test = fresh_test(sent(TOKEN, "a+1"), sent(OTHER_TOKEN, "a+2"))
    boxes = boxes_of(test, seed_file("a+1", "a+2", "c", returns="a"))
    assert [(one.access, one.addresses) for one in boxes] == [(FileAccess("maildir", "a"), ("a+1", "a+2", "a"))]
    assert [one.addresses for one in boxes_of(test, seed_file("a+1", returns="r"))] == [("a+1",), ("r",)]


def test_cleaning_up_deletes_the_arrivals_of_the_test_and_nothing_else(tmp_path: Path) -> None:
    opener = opening(a=[view("Subject: private", SEED)], b=[view("Subject: private")])
    _, test = watched(tmp_path, opener, box(A), box(B), wait=0.2)
    ended = asyncio.run(clean_up(test, seed_file(A, B), opener))
    assert ended == ((A, 1, 0, ""),)
    assert [(one.folder, one.uid) for one in opener.mailboxes[A].deleted] == [(INBOX, 2)]
    assert opener.mailboxes[B].deleted == []


def test_bounces_are_told_with_their_copy(tmp_path: Path) -> None:
    opener = opening(a=[view(SEED)], b=[MailboxView(arrivals=(report(B, OTHER_SEED, action="delayed"),))])
    events, test = watched(tmp_path, opener, box(A), box(B), wait=0.3)
    (bounced,) = [event for event in events if isinstance(event, Bounced)]
    assert (bounced.copy.address, bounced.bounce.action) == (B, "delayed")
    assert fates(test, 0.3) == [Fate.INBOX, Fate.MISSING]

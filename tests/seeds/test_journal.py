"""The journal of seed tests: what is noted is read again, and nothing is noted twice."""

import sqlite3
from contextlib import closing
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from deliverkit.errors import UsageError
from deliverkit.observations.mailbox import Arrival, Folder, FolderClass
from deliverkit.observations.seeds import Bounce, Copy, SeedTest, Sending, Stage
from deliverkit.observations.smtp import Call, Entry, Kind, Transcript
from deliverkit.seeds.journal import open_journal

NOON = datetime(2026, 11, 25, 12, tzinfo=UTC)
COPIES = (
    Copy("c1", "a@one.example", "One"),
    Copy("c2", "b@two.example", "Two"),
    Copy("c3", "b@two.example", "Two", True),
)
TEST = SeedTest("spring", "t1", NOON, is_external=False, subject="Hi", from_domain="good.example", copies=COPIES)
TRANSCRIPT = Transcript(Call("mx.one.example", "11.0.0.1", 25, ""), (Entry(0.5, Kind.RECEIVED, b"250 ok\xff\r\n"),))
ENDED = Sending(NOON, Stage.ENDED, NOON + timedelta(seconds=1), 250, "250 ok", TRANSCRIPT)
BOUNCE = Bounce(NOON, "failed", "5.1.1", "smtp; 550 5.1.1 unknown", "mx.two.example")


def arrival(*, uid: int = 7, kind: FolderClass = FolderClass.JUNK) -> Arrival:
    return Arrival(Folder("Spam", kind, "special use"), uid, 1, NOON, NOON, 99, b"Subject: \xe9\r\n\r\n", tab="")


def test_a_test_is_read_as_it_was_noted(tmp_path: Path) -> None:
    with open_journal(tmp_path / "deep" / "seeds.sqlite") as journal:
        journal.add_test(TEST)
        journal.begin("c1", NOON)
        journal.at_the_dot("c1", NOON)
        journal.end("c1", ENDED)
        journal.begin("c2", NOON)
        journal.at_the_dot("c2", NOON)
        for _ in range(2):  # the same mail seen again is one arrival
            journal.note_look(
                "t1", NOON, arrivals=[("c1", arrival())], bounces=[("c2", BOUNCE)], problems=[("x", "no")]
            )
    with open_journal(tmp_path / "deep" / "seeds.sqlite") as journal:
        found = journal.find("spring")
    one, two, three = found.copies
    assert (one.sendings, one.arrivals) == ((ENDED,), (arrival(),))
    assert two.sendings == (Sending(NOON, Stage.DOT),)
    assert two.bounces == (BOUNCE,)
    assert three == COPIES[2]
    assert (found.looked, found.problems) == (NOON, (("x", "no"),))


def test_how_long_the_last_watch_waited_is_kept_also_in_a_journal_of_before(tmp_path: Path) -> None:
    with open_journal(tmp_path / "j") as journal:
        journal.add_test(TEST)
        assert journal.find().patience is None
    with closing(sqlite3.connect(tmp_path / "j")) as file:
        file.executescript("DROP TABLE watches; PRAGMA user_version = 1;")
    with open_journal(tmp_path / "j") as journal:
        assert journal.find() == TEST
        for minutes in (10, 30):
            journal.note_watch("t1", NOON, timedelta(minutes=minutes))
        assert journal.find().patience == timedelta(minutes=30)


def test_what_goes_wrong_outside_is_not_blamed_on_the_journal(tmp_path: Path) -> None:
    with pytest.raises(BrokenPipeError), open_journal(tmp_path / "j"):
        raise BrokenPipeError
    with pytest.raises(UsageError, match=r"cannot be kept: Is a directory$"), open_journal(tmp_path):
        pass


def test_the_newest_of_a_name_is_found(tmp_path: Path) -> None:
    with open_journal(tmp_path / "seeds.sqlite") as journal:
        with pytest.raises(UsageError, match=r"no seed test yet in the journal .*seeds\.sqlite"):
            journal.find()
        later = SeedTest("spring", "t2", NOON + timedelta(days=1), True, "Ho", "good.example")
        journal.add_test(later)
        journal.add_test(TEST)
        assert journal.find() == journal.find("spring") == later
        assert journal.find("t1").subject == "Hi"
        assert [test.token for test in journal.last(5)] == [TEST.token, "t2"]
        assert journal.last(1) == (later,)
        assert journal.last(5, TEST.token) == (journal.find(TEST.token),)
        with pytest.raises(UsageError, match="no seed test 'summer'"):
            journal.find("summer")


def test_what_is_no_journal_is_told_and_kept(tmp_path: Path) -> None:
    path = tmp_path / "seeds.sqlite"
    path.write_bytes(b"this is a diary, and long enough to be taken for one" * 40)
    before = path.read_bytes()
    with pytest.raises(UsageError, match="cannot be kept"), open_journal(path):
        pass
    assert path.read_bytes() == before


def test_what_goes_wrong_beside_the_journal_is_not_told_of_it(tmp_path: Path) -> None:
    with pytest.raises(BrokenPipeError), open_journal(tmp_path / "seeds.sqlite"):
        raise BrokenPipeError
    with pytest.raises(UsageError, match="cannot be kept: File exists"), open_journal(Path("/dev/null/seeds")):
        pass


@pytest.mark.parametrize("data", ["[]", "{}", "diary", '{"name": 1}'])
def test_a_line_that_is_none_of_ours_is_told(data: str, tmp_path: Path) -> None:
    path = tmp_path / "seeds.sqlite"
    with open_journal(path) as journal:
        journal.add_test(TEST)
    with closing(sqlite3.connect(path)) as file, file:
        file.execute("UPDATE tests SET data = ?", (data,))
    with open_journal(path) as journal, pytest.raises(UsageError, match="what deliverkit did not write"):
        journal.find()

"""The journal of seed tests: an SQLite file that only ever gains lines, so that nothing is lost and nothing sent twice.

Each line is on the disk before what it announces is done: a copy's `Stage.DOT` before its message goes out. A run that
is killed at any moment leaves the journal whole, and the next run goes on from what it says.
"""

from __future__ import annotations

import json
import os
import sqlite3
from collections.abc import Iterator, Sequence
from contextlib import closing, contextmanager
from datetime import datetime, timedelta
from pathlib import Path

from deliverkit.classes import replace
from deliverkit.clients.keeping import state_folder
from deliverkit.errors import UsageError
from deliverkit.observations.mailbox import Arrival
from deliverkit.observations.seeds import Bounce, Copy, SeedTest, Sending, Stage
from deliverkit.seeds.journal_rows import arrival_data, read_arrival, read_bounce, read_moment, read_sending, read_test
from deliverkit.transcripts import format_transcript

VERSION = 2  # 1 had no watches
_PATIENCE = 10.0  # seconds that a run waits for another
_TABLES = """
CREATE TABLE IF NOT EXISTS tests (token TEXT PRIMARY KEY, started TEXT NOT NULL, data TEXT NOT NULL);
CREATE TABLE IF NOT EXISTS copies (token TEXT PRIMARY KEY, test TEXT NOT NULL REFERENCES tests, address TEXT NOT NULL,
    provider TEXT NOT NULL, is_control INTEGER NOT NULL, UNIQUE (test, address, is_control));
CREATE TABLE IF NOT EXISTS sendings (copy TEXT NOT NULL REFERENCES copies, begun TEXT NOT NULL, stage TEXT NOT NULL,
    data TEXT NOT NULL);
CREATE INDEX IF NOT EXISTS sendings_of_a_copy ON sendings (copy);
CREATE TABLE IF NOT EXISTS arrivals (copy TEXT NOT NULL REFERENCES copies, folder TEXT NOT NULL, uid INTEGER NOT NULL,
    uid_validity INTEGER NOT NULL, data TEXT NOT NULL, UNIQUE (copy, folder, uid_validity, uid));
CREATE TABLE IF NOT EXISTS bounces (copy TEXT NOT NULL REFERENCES copies, data TEXT NOT NULL, UNIQUE (copy, data));
CREATE TABLE IF NOT EXISTS watches (test TEXT NOT NULL REFERENCES tests, begun TEXT NOT NULL, patience REAL NOT NULL);
CREATE TABLE IF NOT EXISTS looks (test TEXT NOT NULL REFERENCES tests, moment TEXT NOT NULL, problems TEXT NOT NULL);
"""


class Journal:
    """The journal in a file that is open; made where there is none."""

    def __init__(self, file: sqlite3.Connection, path: Path) -> None:
        self._file = file
        self._path = path

    def add_test(self, test: SeedTest) -> None:
        """Note a new test and its copies, before anything is sent."""
        plain = {"name": test.name, "is_external": test.is_external, "subject": test.subject}
        data = {**plain, "from_domain": test.from_domain, "digest": test.digest, "path": dict(test.path)}
        rows = [(copy.token, test.token, copy.address, copy.provider, copy.is_control) for copy in test.copies]
        with self._whole():
            moment = test.started.isoformat()
            self._file.execute("INSERT INTO tests VALUES (?, ?, ?)", (test.token, moment, json.dumps(data)))
            self._file.executemany("INSERT INTO copies VALUES (?, ?, ?, ?, ?)", rows)

    def begin(self, copy: str, moment: datetime) -> None:
        """Note that a try to hand the copy over begins."""
        self._note_sending(copy, Sending(moment, Stage.BEGUN))

    def at_the_dot(self, copy: str, begun: datetime) -> None:
        """Note that the copy's message is about to go out; on the disk when this returns."""
        self._note_sending(copy, Sending(begun, Stage.DOT))

    def end(self, copy: str, sending: Sending) -> None:
        """Note how the try ended that began at ``sending.begun``."""
        self._note_sending(copy, sending)

    def _note_sending(self, copy: str, sending: Sending) -> None:
        said = {"code": sending.code, "reply": sending.reply, "step": sending.step, "is_relayed": sending.is_relayed}
        data = {
            **said,
            "ended": sending.ended.isoformat() if sending.ended else None,
            "transcript": format_transcript(sending.transcript) if sending.transcript else None,
        }
        row = (copy, sending.begun.isoformat(), sending.stage.value, json.dumps(data))
        with self._whole():
            self._file.execute("INSERT INTO sendings VALUES (?, ?, ?, ?)", row)

    def note_watch(self, test: str, begun: datetime, patience: timedelta) -> None:
        """Note that a watch begins which waits so long for an accepted copy."""
        row = (test, begun.isoformat(), patience.total_seconds())
        with self._whole():
            self._file.execute("INSERT INTO watches VALUES (?, ?, ?)", row)

    def note_look(
        self,
        test: str,
        moment: datetime,
        *,
        arrivals: Sequence[tuple[str, Arrival]] = (),
        bounces: Sequence[tuple[str, Bounce]] = (),
        problems: Sequence[tuple[str, str]] = (),
    ) -> None:
        """Note a look at mailboxes: which copies were seen where, which bounced, and by address what went wrong."""
        rows = [(copy, a.folder.name, a.uid, a.uid_validity, json.dumps(arrival_data(a))) for copy, a in arrivals]
        returned = [(copy, json.dumps({**b._asdict(), "seen": b.seen.isoformat()})) for copy, b in bounces]
        with self._whole():
            self._file.executemany("INSERT OR IGNORE INTO arrivals VALUES (?, ?, ?, ?, ?)", rows)
            self._file.executemany("INSERT OR IGNORE INTO bounces VALUES (?, ?)", returned)
            self._file.execute("INSERT INTO looks VALUES (?, ?, ?)", (test, moment.isoformat(), json.dumps(problems)))

    def tests(self) -> tuple[SeedTest, ...]:
        """All tests, the oldest first, without their copies."""
        with _reading():
            rows = self._file.execute("SELECT token, started, data FROM tests ORDER BY started, rowid")
            return tuple(read_test(*row) for row in rows)

    def find(self, name: str = "") -> SeedTest:
        """The newest test of that name or token, whole; without a name the newest of all.

        Raises:
            UsageError: there is none.
        """
        return self._whole_test(self._named(name)[-1])

    def last(self, most: int, name: str = "") -> tuple[SeedTest, ...]:
        """So many of the newest tests of that name or token (none: of all), whole, the oldest first.

        Raises:
            UsageError: there is none.
        """
        return tuple(map(self._whole_test, self._named(name)[-most:]))

    def places_of_others(self, test: str) -> frozenset[tuple[str, str, int, int]]:
        """Where copies of other tests were seen: address, folder, UIDVALIDITY and UID."""
        seen = (
            "SELECT address, folder, uid_validity, uid FROM arrivals JOIN copies ON copies.token = arrivals.copy "
            "WHERE copies.test != ?"
        )
        return frozenset(self._file.execute(seen, (test,)))

    def _named(self, name: str) -> list[SeedTest]:
        found = [test for test in self.tests() if name in {"", test.name, test.token}]
        if not found:
            raise UsageError(f"there is no seed test {repr(name) if name else 'yet'} in the journal {self._path}")
        return found

    def _whole_test(self, test: SeedTest) -> SeedTest:
        with _reading():
            return self._with_copies(test)

    def _with_copies(self, test: SeedTest) -> SeedTest:
        rows = self._file.execute("SELECT * FROM copies WHERE test = ? ORDER BY rowid", (test.token,)).fetchall()
        copies = tuple(self._copy(token, *rest) for token, _, *rest in rows)
        last = "SELECT moment, problems FROM looks WHERE test = ? ORDER BY rowid DESC LIMIT 1"
        look = self._file.execute(last, (test.token,)).fetchone()
        patience = self._patience(test.token)
        if look is None:
            return replace(test, copies=copies, patience=patience)
        problems = tuple((str(address), str(problem)) for address, problem in json.loads(look[1]))
        return replace(test, copies=copies, patience=patience, looked=read_moment(look[0]), problems=problems)

    def _patience(self, test: str) -> timedelta | None:
        last = "SELECT patience FROM watches WHERE test = ? ORDER BY rowid DESC LIMIT 1"
        found = self._file.execute(last, (test,)).fetchone()
        return timedelta(seconds=float(found[0])) if found else None

    def _copy(self, token: str, address: str, provider: str, is_control: int) -> Copy:
        """The copy with all that happened to it; of each try the last that was noted."""
        noted = "SELECT begun, stage, data FROM sendings WHERE copy = ? ORDER BY rowid"
        tries = {row[0]: read_sending(*row) for row in self._file.execute(noted, (token,))}
        arrivals = self._file.execute("SELECT data FROM arrivals WHERE copy = ? ORDER BY rowid", (token,))
        bounces = self._file.execute("SELECT data FROM bounces WHERE copy = ? ORDER BY rowid", (token,))
        return Copy(
            token,
            address,
            provider,
            bool(is_control),
            sendings=tuple(tries.values()),
            arrivals=tuple(read_arrival(json.loads(data)) for (data,) in arrivals),
            bounces=tuple(read_bounce(json.loads(data)) for (data,) in bounces),
        )

    @contextmanager
    def _whole(self) -> Iterator[None]:
        """Noted whole or not at all, and on the disk at the end."""
        self._file.execute("BEGIN IMMEDIATE")
        try:
            yield
        except BaseException:
            self._file.execute("ROLLBACK")
            raise
        self._file.execute("COMMIT")


def usual_place() -> Path:
    """Where the journal is that nobody names: in the user's state folder."""
    return state_folder("the journal of seed tests") / "seeds.sqlite"


@contextmanager
def open_journal(path: Path) -> Iterator[Journal]:
    """The journal in that file, for the user's eyes only.

    Raises:
        UsageError: it cannot be kept there, or it is none, or another version's.
    """
    try:
        path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        os.close(os.open(path, os.O_RDWR | os.O_CREAT, 0o600))
    except OSError as error:
        raise UsageError(f"{path}, the journal of seed tests, cannot be kept: {error.strerror}") from None
    try:
        with closing(sqlite3.connect(path, timeout=_PATIENCE, isolation_level=None)) as file:
            _prepare(file, path)
            yield Journal(file, path)
    except sqlite3.Error as error:
        raise UsageError(f"{path}, the journal of seed tests, cannot be kept: {error}") from None


@contextmanager
def open_kept_journal(path: Path) -> Iterator[Journal]:
    """The journal that is in that file already.

    Raises:
        UsageError: there is none, or as with `open_journal`.
    """
    if not path.exists():
        raise UsageError(f"there is no seed test yet: {path} is not there; deliverkit seed send makes one")
    with open_journal(path) as journal:
        yield journal


@contextmanager
def _reading() -> Iterator[None]:
    """What stands in the journal and is not of its form is the user's to know."""
    try:
        yield
    except (KeyError, TypeError, ValueError, AttributeError) as error:
        raise UsageError(f"the journal of seed tests holds what deliverkit did not write: {error}") from None


@contextmanager
def sending_alone(path: Path) -> Iterator[None]:
    """While this lasts no other run sends from the journal in that file; the system ends it with the process.

    Raises:
        UsageError: another run does.
    """
    beside = path.with_name(f"{path.name}.sending")
    with closing(sqlite3.connect(beside, timeout=0, isolation_level=None)) as file:
        try:
            file.execute("BEGIN EXCLUSIVE")
        except sqlite3.Error as error:
            if error.sqlite_errorcode != sqlite3.SQLITE_BUSY:
                raise
            raise UsageError(f"another run is sending from {path}: wait for its end, or end it") from None
        yield


def _prepare(file: sqlite3.Connection, path: Path) -> None:
    file.execute("PRAGMA journal_mode = WAL")
    file.execute("PRAGMA synchronous = FULL")  # what is noted is on the disk, also if the machine dies
    file.execute("PRAGMA foreign_keys = ON")
    (version,) = file.execute("PRAGMA user_version").fetchone()
    if version > VERSION:
        raise UsageError(f"{path} is a journal of version {version}, and this deliverkit reads version {VERSION}")
    if version < VERSION:
        file.executescript(f"BEGIN IMMEDIATE; {_TABLES} PRAGMA user_version = {VERSION}; COMMIT;")

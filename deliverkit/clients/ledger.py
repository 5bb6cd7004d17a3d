"""How many recipients were tried at whom within a day, counted over all of the user's runs.

SQLite keeps it: runs side by side wait for each other, and what a run took stays taken if it is killed.
"""

from __future__ import annotations

import os
import time
from collections.abc import Callable, Sequence
from contextlib import closing
from pathlib import Path
from typing import TYPE_CHECKING

from deliverkit.errors import UsageError

if TYPE_CHECKING:
    import sqlite3

DAY = 86_400.0
MOST_TRIED = 3  # recipients for a domain and day, on hosts that are not proved one's own
_PATIENCE = 10.0  # seconds that a run waits for the others
_TABLE = "CREATE TABLE IF NOT EXISTS tried (what TEXT NOT NULL, moment REAL NOT NULL)"


class Ledger:
    """The count in that file."""

    def __init__(self, path: Path, clock: Callable[[], float] = time.time) -> None:
        self._path = path
        self._clock = clock

    def take(self, names: Sequence[str], count: int) -> float | None:
        """Count so many at each of the names, or at none: when there is room for them, in seconds since 1970.

        None: they are counted. A day is the 24 hours before now, so that midnight gives nobody twice as many.

        Raises:
            UsageError: the count cannot be kept, or there is never room for so many.
        """
        if count > MOST_TRIED:
            raise UsageError(f"{count} recipients are tried at once, and {MOST_TRIED} in a day are the most")
        return self._within(lambda file: self._take(file, names, count))

    def _take(self, file: sqlite3.Connection, names: Sequence[str], count: int) -> float | None:
        now = self._clock()
        file.execute("DELETE FROM tried WHERE moment <= ?", (now - DAY,))
        free = 0.0
        for name in names:
            rows = file.execute("SELECT moment FROM tried WHERE what = ? ORDER BY moment", (name,)).fetchall()
            over = len(rows) + count - MOST_TRIED
            if over > 0:
                free = max(free, rows[over - 1][0] + DAY)
        if free:
            return free
        file.executemany("INSERT INTO tried VALUES (?, ?)", [(name, now) for name in names] * count)
        return None

    def give_back(self, names: Sequence[str], count: int) -> None:
        """So many of the last that were counted at each of the names were not tried after all.

        Raises:
            UsageError: the count cannot be kept.
        """
        newest = "SELECT rowid FROM tried WHERE what = ? ORDER BY moment DESC LIMIT ?"
        rows = [(name, count) for name in names]
        self._within(lambda file: file.executemany(f"DELETE FROM tried WHERE rowid IN ({newest})", rows))  # noqa: S608 - both are ours

    def _within(self, work: Callable[[sqlite3.Connection], object]) -> float | None:
        """What the work gives, done while nobody else counts, whole or not at all."""
        import sqlite3

        try:
            self._path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
            os.close(os.open(self._path, os.O_RDWR | os.O_CREAT, 0o600))
            with closing(sqlite3.connect(self._path, timeout=_PATIENCE, isolation_level=None)) as file:
                file.execute("BEGIN IMMEDIATE")
                file.execute(_TABLE)
                found = work(file)
                file.execute("COMMIT")
        except (OSError, sqlite3.Error) as error:
            raise UsageError(
                f"{self._path}, the count of the recipients that were tried, cannot be kept: {error}"
            ) from None
        return found if isinstance(found, float) else None

"""Mailboxes that are none, for watching: what each look at them gives is said beforehand."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from pathlib import Path

from deliverkit.observations.mailbox import (
    Arrival,
    Bodies,
    FileAccess,
    Folder,
    ImapAccess,
    Mailbox,
    MailboxView,
    Trial,
)
from deliverkit.observations.seeds import Copy, SeedTest, Sending, Stage
from deliverkit.seeds.rounds import Box, Pace
from tests.seeds.arriving import INBOX, TOKEN_OF_TEST

QUICK = Pace(least=0.02, most=0.02, retry=0.02, most_retry=0.05, floor=0.01, grace=0.3)
Look = MailboxView | Callable[[], MailboxView] | float


def access(name: str) -> FileAccess:
    return FileAccess("maildir", name)


def box(*addresses: str) -> Box:
    return Box(access(addresses[0]), addresses)


def sent(token: str, address: str, ago: float = 0.0) -> Copy:
    ended = datetime.now(UTC) - timedelta(seconds=ago)
    return Copy(token, address, "North", sendings=(Sending(ended, Stage.ENDED, ended, 250, "ok", None, "message"),))


def fresh_test(*copies: Copy) -> SeedTest:
    started = datetime.now(UTC) - timedelta(minutes=1)
    return SeedTest("spring", TOKEN_OF_TEST, started, False, "Spring sale", "shop.example", copies=copies)


def view(*headers: str, folder: Folder = INBOX, uid: int = 1) -> MailboxView:
    now = datetime.now(UTC)
    arrivals = [
        Arrival(folder, uid + place, 1, now, now, 9, f"{header}\r\n\r\n".encode())
        for place, header in enumerate(headers)
    ]
    return MailboxView((folder,), tuple(arrivals))


def broken(problem: str = "its login is refused") -> MailboxView:
    return MailboxView(problem=problem)


@dataclass
class FakeMailbox:
    """Gives its looks in turn, a number of seconds being a look that takes so long; then nothing new for ever."""

    looks: list[Look]
    looked: list[float] = field(default_factory=list)
    deleted: list[Arrival] = field(default_factory=list)
    closed: int = 0

    async def look(self) -> MailboxView:
        self.looked.append(asyncio.get_running_loop().time())
        now = self.looks.pop(0) if self.looks else MailboxView()
        if isinstance(now, float):
            await asyncio.sleep(now)
            return MailboxView()
        return now if isinstance(now, MailboxView) else now()

    async def wait(self, most: float) -> None:
        await asyncio.sleep(most)

    async def delete(self, arrivals: tuple[Arrival, ...]) -> str:
        self.deleted += arrivals
        return ""

    async def close(self) -> None:
        self.closed += 1


@dataclass
class FakeOpener:
    """Opens them by the path of their access."""

    mailboxes: dict[str, FakeMailbox]

    def open(self, access: ImapAccess | FileAccess, *, since: datetime, bodies: Bodies) -> Mailbox:
        assert isinstance(access, FileAccess)
        assert (bodies, since < datetime.now(UTC)) == (Bodies.REPORTS, True)
        return self.mailboxes[access.path]

    async def try_out(self, access: ImapAccess | FileAccess) -> Trial:
        raise NotImplementedError


def opening(**looks: Sequence[Look]) -> FakeOpener:
    return FakeOpener({name: FakeMailbox(list(some)) for name, some in looks.items()})


def journal_in(folder: Path) -> Path:
    return folder / "seeds.sqlite"

"""Watching for the copies of a seed test: all mailboxes at once, until every copy is settled or its time is over.

What is seen is in the journal before it is told. A watch that is stopped at any moment leaves what it has seen there,
and the next one goes on from it.
"""

from __future__ import annotations

import asyncio
from collections.abc import AsyncGenerator, Callable, Iterable, Sequence
from contextlib import suppress
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta
from typing import NamedTuple

from deliverkit.observations.mailbox import Arrival, Bodies, Mailbox, MailboxOpener, MailboxView
from deliverkit.observations.seeds import Bounce, Copy, SeedTest
from deliverkit.seeds.bouncing import bounces_in
from deliverkit.seeds.joining import deadline_of
from deliverkit.seeds.journal import Journal
from deliverkit.seeds.matching import How, Matches, match
from deliverkit.seeds.rounds import Box, Pace

SINCE = timedelta(hours=1)  # before the test's start: clocks differ
AT_ONCE = 200  # mailboxes that are open
FAREWELL = 5.0  # seconds that a mailbox gets to be left in good order, and a look to end that nobody waits for
GIVEN_UP = 3  # failures in a row after which nobody waits for a mailbox any more


class Arrived(NamedTuple):
    """A copy was seen in a place for the first time."""

    copy: Copy
    arrival: Arrival
    how: How


class Bounced(NamedTuple):
    """A notification about a copy came."""

    copy: Copy
    bounce: Bounce


class Troubled(NamedTuple):
    """A mailbox cannot be read; it is tried again. ``problem`` is empty where it can be read again."""

    address: str
    problem: str


class Noted(NamedTuple):
    """Something to know about a mailbox."""

    address: str
    note: str


Event = Arrived | Bounced | Troubled | Noted


@dataclass
class Watch:
    """One watching. ``test`` is as it is known at the moment; ``patience``: how long an accepted copy is waited for."""

    test: SeedTest
    boxes: Sequence[Box]
    opener: MailboxOpener
    journal: Journal
    patience: timedelta
    pace: Pace = field(default_factory=Pace)
    clock: Callable[[], datetime] = lambda: datetime.now(UTC)
    _queue: asyncio.Queue[Event | None] = field(default_factory=asyncio.Queue)
    _over: asyncio.Event = field(default_factory=asyncio.Event)
    _turns: asyncio.Semaphore = field(default_factory=lambda: asyncio.Semaphore(AT_ONCE))
    _told: set[Noted] = field(default_factory=set)
    _others: frozenset[tuple[str, str, int, int]] = field(init=False)

    def __post_init__(self) -> None:
        self._others = self.journal.places_of_others(self.test.token)

    @property
    def deadline(self) -> datetime:
        """Until when there is something to wait for."""
        found = (deadline_of(self.test, copy, self.patience) for copy in self.test.copies)
        return max((moment for moment in found if moment is not None), default=self.test.started)

    def left(self, now: datetime) -> float:
        """Seconds until then; less than 0 when it is over."""
        return (self.deadline - now).total_seconds()

    @property
    def shown(self) -> SeedTest:
        """The test as people are shown it meanwhile: a mailbox that was not looked into yet is no problem."""
        troubled = [(address, box.problem) for box in self.boxes if box.failures for address in box.addresses]
        return replace(self.test, problems=tuple(troubled))

    async def events(self) -> AsyncGenerator[Event, None]:
        """What happens, as it happens. What was seen is noted, however this ends."""
        if self.patience:  # with none it is a look, and says nothing of how long copies are waited for
            self.journal.note_watch(self.test.token, self.clock(), self.patience)
        tasks = [asyncio.create_task(self._watch(box)) for box in self.boxes]
        ending = asyncio.create_task(self._end(tasks))
        try:
            while (event := await self._queue.get()) is not None:
                yield event
            await ending
        finally:
            for task in (ending, *tasks):
                task.cancel()
            await asyncio.gather(ending, *tasks, return_exceptions=True)
            self._note()

    async def _end(self, tasks: Sequence[asyncio.Task[None]]) -> None:
        """When all mailboxes are done; those that do not answer in the end are left."""
        left = max(0.0, self.left(self.clock())) + self.pace.grace
        try:
            if not tasks:
                return
            done, waiting = await asyncio.wait(tasks, timeout=left, return_when=asyncio.FIRST_EXCEPTION)
            for task in done:
                task.result()
            for box, task in zip(self.boxes, tasks, strict=True):
                if task in waiting:
                    box.problem = box.problem or "it did not answer before the time was over"
        finally:
            self._queue.put_nowait(None)

    async def _watch(self, box: Box) -> None:
        mailbox = self.opener.open(box.access, since=self.test.started - SINCE, bodies=Bodies.REPORTS)
        is_crowded = len(self.boxes) > AT_ONCE
        try:
            while True:
                begun = self.clock()
                async with self._turns:
                    view = await self._look(mailbox)
                    if is_crowded:
                        await mailbox.close()
                if view is None:
                    return
                await self._take(box, view, begun)
                if begun >= self.deadline or self._is_over():
                    return
                await self._wait(box, None if is_crowded else mailbox)
                if self._over.is_set() or self._is_too_soon(box, begun):  # either would have to log in once more
                    return
        finally:
            with suppress(TimeoutError):
                async with asyncio.timeout(FAREWELL):
                    await mailbox.close()

    async def _look(self, mailbox: Mailbox) -> MailboxView | None:
        """What a look finds; None where everything is over meanwhile, and the look has to wait for its login."""
        looking = asyncio.create_task(mailbox.look())
        over = asyncio.create_task(self._over.wait())
        try:
            await asyncio.wait({looking, over}, return_when=asyncio.FIRST_COMPLETED)
            await asyncio.wait({looking}, timeout=FAREWELL)
            return looking.result() if looking.done() else None
        finally:
            looking.cancel()
            over.cancel()
            await asyncio.gather(looking, over, return_exceptions=True)

    def _is_too_soon(self, box: Box, begun: datetime) -> bool:
        """Whether the time is over for a mailbox that failed, before it can be tried again."""
        return box.failures > 0 and (self.clock() - begun).total_seconds() < self.pace.retry

    async def _wait(self, box: Box, mailbox: Mailbox | None) -> None:
        """Until it is time to look again, the mailbox tells of something new, or everything is over."""
        begun = self.clock()
        elapsed, left = (begun - self.test.started).total_seconds(), self.left(begun)
        most = max(0.0, min(self.pace.pause(elapsed, box.failures), left))
        is_idle = mailbox is not None and not box.failures
        waiting = asyncio.create_task(mailbox.wait(most) if mailbox and is_idle else asyncio.sleep(most))
        over = asyncio.create_task(self._over.wait())
        try:
            await asyncio.wait({waiting, over}, return_when=asyncio.FIRST_COMPLETED)
            await asyncio.wait({over}, timeout=max(0.0, self.pace.floor - (self.clock() - begun).total_seconds()))
        finally:
            waiting.cancel()
            over.cancel()
            await asyncio.gather(waiting, over, return_exceptions=True)

    def _is_over(self) -> bool:
        """Whether every mailbox was looked into and nothing is left to wait for; if so, the others are told."""
        lost = {address for box in self.boxes if box.failures >= GIVEN_UP for address in box.addresses}
        known = {address for box in self.boxes for address in box.addresses}
        open_ = [copy for copy in self.test.copies if copy.address in known - lost and self._is_waited_for(copy)]
        if not open_ and all(box.is_tried for box in self.boxes):
            self._over.set()
        return self._over.is_set()

    def _is_waited_for(self, copy: Copy) -> bool:
        is_back = any(one.action == "failed" for one in copy.bounces)
        return not copy.arrivals and not is_back and deadline_of(self.test, copy, self.patience) is not None

    async def _take(self, box: Box, view: MailboxView, begun: datetime) -> None:
        """Note what a look found, and tell it."""
        seen = self.clock()
        arrivals = [one._replace(seen=seen) for one in view.arrivals if not self._is_anothers(box, one)]
        matches, bounces = await asyncio.to_thread(self._recognise, box, arrivals)
        copies = {copy.token: copy for copy in self.test.copies}
        landed = [one for one in matches.found if _place(one.arrival) not in map(_place, copies[one.copy].arrivals)]
        returned = [(token, bounce) for token, bounce in bounces if bounce not in copies[token].bounces]
        for found in landed:
            copies[found.copy] = replace(copies[found.copy], arrivals=(*copies[found.copy].arrivals, found.arrival))
        for token, bounce in returned:
            copies[token] = replace(copies[token], bounces=(*copies[token].bounces, bounce))
        self.test = replace(self.test, copies=tuple(copies.values()))
        before, was_tried = box.problem, box.is_tried
        box.take(view, begun)
        if landed or returned or box.problem != before:
            self._note([(one.copy, one.arrival) for one in landed], returned)
        self._tell(Arrived(copies[one.copy], one.arrival, one.how) for one in landed)
        self._tell(Bounced(copies[token], bounce) for token, bounce in returned)
        if box.problem != before and (was_tried or box.problem):
            self._tell([Troubled(box.name, box.problem)])
        notes = {Noted(box.name, note) for note in (*matches.notes, *view.notes)} - self._told
        self._told |= notes
        self._tell(sorted(notes))

    def _is_anothers(self, box: Box, arrival: Arrival) -> bool:
        """Whether it is known as a copy of another test: one that was sent twice has messages that are alike."""
        place = _place(arrival)
        return any((address, *place) in self._others for address in box.addresses)

    def _recognise(self, box: Box, arrivals: Sequence[Arrival]) -> tuple[Matches, Sequence[tuple[str, Bounce]]]:
        """The test's copies and bounces among the arrivals; in a thread, for a mailbox may hold thousands of others."""
        window = self.deadline - self.test.started
        matches = match(self.test, box.addresses, arrivals, patience=window)
        return matches, bounces_in(self.test, arrivals, patience=window)

    def _tell(self, events: Iterable[Event]) -> None:
        for event in events:
            self._queue.put_nowait(event)

    def _note(self, arrivals: Sequence[tuple[str, Arrival]] = (), bounces: Sequence[tuple[str, Bounce]] = ()) -> None:
        """Keep what was found, up to when every mailbox that can be read was looked into, and what ails the others."""
        looked = [box.looked for box in self.boxes if box.looked is not None and not box.problem]
        moment = min(looked, default=self.clock())
        problems = tuple((address, box.problem) for box in self.boxes if box.problem for address in box.addresses)
        listed = {address for box in self.boxes for address in box.addresses}
        lacking = dict.fromkeys(copy.address for copy in self.test.copies if copy.address not in listed)
        problems += tuple((address, "the seed file names it no more") for address in lacking)
        self.journal.note_look(self.test.token, moment, arrivals=arrivals, bounces=bounces, problems=problems)
        self.test = replace(self.test, looked=moment, problems=problems)


def _place(arrival: Arrival) -> tuple[str, int, int]:
    return arrival.folder.name, arrival.uid_validity, arrival.uid

"""The seed test of a campaign: the one that is in the journal while it holds, else a new one.

Whatever goes wrong on the way to the seeds is no fault of the campaign: it leaves the answer open.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from contextlib import aclosing, nullcontext
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path

from deliverkit.classes import Frozen, field, replace
from deliverkit.clients import Clients
from deliverkit.errors import UsageError
from deliverkit.facts.placement import Placement
from deliverkit.facts.seed_evidence import SeedEvidence
from deliverkit.observations.seeds import Copy, SeedTest, Sending
from deliverkit.preflight.campaign import Campaign
from deliverkit.preflight.held import Wanted, campaign_path
from deliverkit.preflight.needed import refuse_missing_secrets
from deliverkit.seeds.joining import Terms, deadline_of, join
from deliverkit.seeds.journal import Journal, open_journal, sending_alone
from deliverkit.seeds.mailing import Mailing
from deliverkit.seeds.pathways import CampaignPath
from deliverkit.seeds.plan import new_test
from deliverkit.seeds.providers import with_providers
from deliverkit.seeds.relay import Relay, ways_to
from deliverkit.seeds.reporting import evidence_in, placement_in
from deliverkit.seeds.rounds import Pace, boxes_of
from deliverkit.seeds.seedfile import SeedFile
from deliverkit.seeds.send import Manner, Round, to_send
from deliverkit.seeds.watch import Event, Watch
from deliverkit.seeds.watch_text import waiting_line

AGAIN = (60.0, 300.0)  # seconds after which copies that were deferred are tried again


class Seeded(Frozen):
    """What a seed test came to.

    ``facts`` are those that checks judge, by type; ``problems`` are clauses on what kept it from its end; ``age`` is
    its own.
    """

    facts: Mapping[type, object] = field(default_factory=dict)
    problems: tuple[str, ...] = ()
    age: timedelta = timedelta(0)


NO_SEEDS = Seeded()


class Telling(Frozen):
    """What is told while a seed test is under way: whom a platform is to send to, each try, each thing seen.

    ``waiting``: a platform was told before, and its copies are still waited for. ``watched``: for what, and how long;
    empty where it is soon over.
    """

    to_send: Callable[[SeedTest], None]
    waiting: Callable[[SeedTest], None]
    sent: Callable[[Copy, Sending], None]
    watched: Callable[[str], None]
    seen: Callable[[Event, SeedTest], None]


@dataclass
class Seeding:
    """A campaign's seed test.

    ``helo`` is the name by which hosts are greeted, ``may_send``: a new one may be made. ``lab`` is the world in which
    it is made, empty on the network.
    """

    campaign: Campaign
    file: SeedFile
    mailing: Mailing
    journal: Path
    helo: str
    pace: Pace
    may_send: bool
    telling: Telling
    lab: str = ""
    clock: Callable[[], datetime] = lambda: datetime.now(UTC)
    _token: str = ""
    _problem: str = ""
    _is_under_way: bool = False

    @property
    def terms(self) -> Terms:
        """By what its copies are judged."""
        campaign = self.campaign
        domain = campaign.mail_from.rpartition("@")[2]
        path = CampaignPath(tuple(map(str, campaign.senders)), campaign.signers, (domain,) if domain else ())
        returns = self.file.returns.address if self.file.returns else ""
        return Terms(timedelta(seconds=campaign.seeds.wait), path, returns)

    async def run(self, clients: Clients) -> None:
        """Find the test or make it, and see it to its end."""
        self._is_under_way = True
        try:
            with open_journal(self.journal) as journal:
                await self._run(journal, clients)
        except UsageError as error:
            self._problem = f"the seed test: {error}"
        self._is_under_way = False

    async def plan(self, clients: Clients) -> SeedTest:
        """A new test, which nothing is sent for yet."""
        plan = self.campaign.seeds
        seeds = (await with_providers(self.file, clients.resolver)).seeds
        campaign = self.mailing.campaign(self.campaign.name)
        test = new_test(campaign, seeds, self.clock(), path=self._path, has_control=self._has_control)
        return replace(test, is_external=plan.is_external)

    @property
    def is_made(self) -> bool:
        """Whether there is a test of this message, be it under way."""
        return bool(self._token)

    def seeded(self) -> Seeded:
        """What is known of it now, also where it was interrupted."""
        problem = self._problem or ("the seed test: interrupted" if self._is_under_way else "")
        problems = (problem,) if problem else ()
        if not self._token:
            return Seeded(problems=problems)
        with open_journal(self.journal) as journal:
            test = journal.find(self._token)
        now, campaign = self.clock(), self.campaign
        placement = placement_in(
            replace(test, name=campaign.name),
            now,
            terms=self.terms,
            shares=campaign.shares,
            wanted=campaign.seeds.inbox_rate,
        )
        facts = {Placement: placement, SeedEvidence: evidence_in(test)}
        return Seeded(facts, problems, now - test.started)

    @property
    def _path(self) -> Mapping[str, str]:
        return campaign_path(self.campaign, self.lab)

    @property
    def _has_control(self) -> bool:
        """Whether the plain message goes out, too: a platform that sends itself sends the campaign's alone."""
        return self.campaign.seeds.has_control and not self.campaign.seeds.is_external

    async def _run(self, journal: Journal, clients: Clients) -> None:
        test = self._held(journal)
        if test is not None:
            self._token = test.token
            if self.may_send and not self._is_over(test):
                self.telling.waiting(test)
                await self._go_on(test, journal, clients)
        elif self.may_send:
            test = await self._begun(journal, clients)
            self._token = test.token
            if test.is_external:
                self.telling.to_send(test)
            await self._go_on(test, journal, clients)

    def refuse_missing(self, journal: Journal) -> None:
        """Refuse what cannot be used, as far as that is known before anything is asked or sent.

        Raises:
            UsageError: the test that the campaign names is nowhere, or a secret that is needed.
        """
        self._wanted.refuse_unknown(journal)
        try:
            test = self._held(journal)
        except UsageError:  # the test says nothing of the campaign, which leaves its answer open
            return
        if test is None or not self._is_over(test):
            is_sent = test is not None and not to_send(test.copies, in_doubt=False)
            refuse_missing_secrets(self.campaign, self.file, is_sent=is_sent)

    @property
    def _wanted(self) -> Wanted:
        return Wanted(self.campaign, self.file, self.mailing, self._path, self.clock())

    def _held(self, journal: Journal) -> SeedTest | None:
        return self._wanted.held(journal)

    async def _begun(self, journal: Journal, clients: Clients) -> SeedTest:
        """A new test; of two runs at once that send from here one begins it.

        Raises:
            UsageError: another run is sending.
        """
        with nullcontext() if self.campaign.seeds.is_external else sending_alone(self.journal):
            test = self._held(journal)
            if test is None:
                test = await self.plan(clients)
                journal.add_test(test)
            return test

    async def _go_on(self, test: SeedTest, journal: Journal, clients: Clients) -> None:
        if not test.is_external:
            await self._send(test, journal, clients)
        await self._watch(journal.find(test.token), journal, clients)

    def _is_over(self, test: SeedTest) -> bool:
        """Whether its copies have all come to an end, or there is no more time to wait for them."""
        now = self.clock()
        waiting = [one for one in join(test, now, self.terms) if not one.fate.is_settled]
        last = max((moment for moment in self._deadlines(test)), default=test.started + self.terms.patience_with(test))
        return not waiting or (now >= last and test.looked is not None and test.looked >= last)

    def _deadlines(self, test: SeedTest) -> list[datetime]:
        found = (deadline_of(test, copy, self.terms.patience_with(test)) for copy in test.copies)
        return [moment for moment in found if moment is not None]

    async def _send(self, test: SeedTest, journal: Journal, clients: Clients) -> None:
        """Hand over what is not handed over yet.

        Raises:
            UsageError: nothing gets out of here.
        """
        if not to_send(test.copies, in_doubt=False):
            return
        assert clients.couriers is not None
        courier = clients.couriers.courier([seed.address for seed in self.file.seeds])
        manner = await self._manner(clients)
        with sending_alone(self.journal):
            copies = to_send(journal.find(test.token).copies, in_doubt=False)  # another run may have sent some
            round_ = Round(journal, courier, clients, manner, self.mailing.maker(test.started))
            tries = await self._tried(round_, copies)
        if tries and all(map(_is_blocked, tries)):
            raise UsageError(
                f"nothing gets out of here, so nothing is said about the campaign ({tries[-1].reply}): "
                f"{'is the relay right' if manner.relay else 'is port 25 blocked'}?"
            )

    async def _tried(self, round_: Round, copies: Sequence[Copy]) -> list[Sending]:
        """How the tries ended; where none at all gets out, no second round is made."""
        tries = []
        async with aclosing(round_.send(copies)) as sending:
            async for copy, one in sending:
                self.telling.sent(copy, one)
                tries.append(one)
                if len(tries) == len(copies) and all(map(_is_blocked, tries)):
                    break
        return tries

    async def _manner(self, clients: Clients) -> Manner:
        plan = self.campaign.seeds
        relay = Relay(plan.relay, plan.relay_tls, plan.user, plan.secret)
        return Manner(
            mail_from=self.campaign.mail_from or self.campaign.author,
            helo=self.helo,
            relay=await ways_to(relay, clients) if plan.relay else (),
            pause=60 / plan.rate,
            again=tuple(seconds for seconds in AGAIN if seconds <= plan.wait),
        )

    async def _watch(self, test: SeedTest, journal: Journal, clients: Clients) -> None:
        if not self._deadlines(test):
            return
        assert clients.mailboxes is not None
        patience = self.terms.patience_with(test)
        watch = Watch(test, boxes_of(test, self.file), clients.mailboxes, journal, patience, self.pace)
        now = self.clock()
        self.telling.watched(waiting_line(join(test, now, self.terms), len(watch.boxes), watch.left(now)))
        async with aclosing(watch.events()) as events:
            async for event in events:
                self.telling.seen(event, watch.test)


def _is_blocked(sending: Sending) -> bool:
    """Whether no host said anything."""
    return sending.code == 0 and sending.step in {"", "connect"}

"""What a preflight is put together from: the campaign's files, the journal, clients that keep what they see."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager, contextmanager
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from pathlib import Path
from tempfile import TemporaryDirectory

from deliverkit.case import Case
from deliverkit.classes import Frozen
from deliverkit.cli.composing import composed
from deliverkit.cli.files import read_octets
from deliverkit.cli.greeting import name_of
from deliverkit.cli.opening import clients_for
from deliverkit.cli.seeding import journal_of
from deliverkit.cli.telling import Told
from deliverkit.clients import Clients
from deliverkit.clients.guard import Turns
from deliverkit.clients.recorded import Recording, RecordingConversations, RecordingExchanges
from deliverkit.clients.smtp.provisions import NOTHING
from deliverkit.clients.tcp import RecordingConnections
from deliverkit.errors import UsageError
from deliverkit.facts.conversing import Conversing
from deliverkit.gate import Gate
from deliverkit.observations.seeds import SeedTest
from deliverkit.preflight.campaign import Campaign
from deliverkit.preflight.needed import mailing_for, seeds_of
from deliverkit.preflight.running import Looking
from deliverkit.preflight.seeding import NO_SEEDS, Seeded, Seeding
from deliverkit.render.look import Look
from deliverkit.render.outgoing import render_outgoing
from deliverkit.render.sending import render_plan
from deliverkit.render.text import escape
from deliverkit.seeds.journal import open_journal
from deliverkit.seeds.mailing import Mailing
from deliverkit.seeds.parts import Parts
from deliverkit.seeds.rounds import LAB_PACE, Pace
from deliverkit.standing import standing_json

PATIENCE = 10.0  # seconds for a mail host to connect, and for each of its replies


class Manner(Frozen):
    """How a preflight is made. ``sends``: seed copies may go out, and one delivery; ``seeds``: there is a seed test."""

    resolvers: tuple[str, ...]
    timeout: float
    lab: str | None
    sends: bool
    seeds: bool
    look: Look


@dataclass
class Kept:
    """The clients of a run, and what they saw."""

    clients: Clients
    answers: Recording
    connections: RecordingConnections
    conversations: RecordingConversations
    exchanges: RecordingExchanges

    @property
    def recording(self) -> Clients:
        """Clients that keep what they see."""
        return replace(
            self.clients,
            resolver=self.answers,
            connector=self.connections,
            converser=self.conversations,
            fetcher=self.exchanges,
        )


@dataclass
class Run:
    """A preflight from its files to its answer."""

    campaign: Campaign
    manner: Manner
    looking: Looking
    seeding: Seeding | None
    told: Told
    kept: Kept | None = None
    moment: datetime = field(default_factory=lambda: datetime.now(UTC))

    async def look(self) -> None:
        """See everything; what is known when this is interrupted is kept."""
        async with _clients(self.manner) as clients, self.told.now_and_then():
            self.moment = clients.now.moment
            self.kept = _keeping(clients)
            seeding = [self.seeding.run(clients)] if self.seeding else []
            await asyncio.gather(self.looking.look(self.kept.recording), *seeding)

    async def plan(self) -> str:
        """What a run that may send would send to whom."""
        blocks = []
        if self.seeding and self.seeding.is_made:
            blocks.append("The seed test in the journal still holds: no copy would go out.")
        elif self.seeding:
            async with _clients(self.manner) as clients:
                test = await self.seeding.plan(clients)
            blocks.append(render_plan(test, test.copies, self.manner.look))
            blocks.append(self._outgoing(self.seeding.mailing, test))
        if self.campaign.delivery:
            blocks.append(f"One message would go to {escape(self.campaign.delivery)}, at its own mail hosts.")
        return "\n\n".join(filter(None, blocks))

    def _outgoing(self, mailing: Mailing, test: SeedTest) -> str:
        if test.is_external:
            return "Your own platform would send them."
        return render_outgoing(mailing.maker(test.started)(test.copies[0]), self.manner.look)

    async def gate(self) -> Gate:
        """The answer out of what is known."""
        self.told.clear()
        seeded: Seeded = self.seeding.seeded() if self.seeding else NO_SEEDS
        return await self.looking.decided(seeded, self.moment)

    def case(self, gate: Gate) -> Case:
        """Everything that was seen of the domains, and the answer with what it rests on."""
        assert self.kept is not None
        campaign, kept = self.campaign, self.kept
        return Case(
            gate.decided,
            "sending",
            campaign.domains,
            kept.answers.answers,
            kept.connections.kept,
            selectors=campaign.selectors,
            senders=campaign.senders,
            mail_from=campaign.mail_from if campaign.senders else "",
            helo=campaign.helo if campaign.senders else "",
            transcripts=kept.conversations.kept,
            conversing=Conversing().giving({"helo": (self.looking.helo,)}),
            exchanges=kept.exchanges.kept,
            preflight=standing_json(gate.answer, gate.decided, gate.until, gate.basis),
        )


def run_of(campaign: Campaign, manner: Manner, journal: Path) -> Run:
    """The run that these ask for, with the campaign's files read.

    Raises:
        UsageError: a file cannot be read or kept, a secret is not there, or the message cannot be sent as copies.
    """
    message = _message_of(campaign)
    helo = name_of(lab=bool(manner.lab))
    looking = Looking(campaign, message, helo, delivers=manner.sends)
    told = Told(manner.look, campaign.seeds.wait)
    return Run(campaign, manner, looking, _seeding(campaign, manner, message, journal, told), told)


def _message_of(campaign: Campaign) -> bytes:
    """The octets of the campaign's message; none where it names none.

    Raises:
        UsageError: it cannot be read, or there is nothing in it.
    """
    if isinstance(campaign.message, Parts):
        return composed(campaign.message)
    if campaign.message is None:
        return b""
    try:
        octets = read_octets(str(campaign.message))
    except UsageError as error:
        raise UsageError(f"{campaign.path}, message: {error}") from None
    if not octets.strip():
        raise UsageError(f"{campaign.path}, message: {campaign.message} is empty: what is to go out?")
    return octets


def _seeding(campaign: Campaign, manner: Manner, message: bytes, journal: Path, told: Told) -> Seeding | None:
    file = seeds_of(campaign) if manner.seeds else None
    if file is None:
        return None
    mailing = mailing_for(campaign, message)
    seeding = Seeding(
        campaign,
        file,
        mailing,
        journal,
        name_of(lab=bool(manner.lab)),
        LAB_PACE if manner.lab else Pace(),
        may_send=manner.sends,
        telling=told.telling,
        lab=manner.lab or "",
    )
    with open_journal(journal) as kept:  # what cannot be used is told now, and not after the domains
        seeding.refuse_missing(kept)
    return seeding


@contextmanager
def journal_at(name: str | None, lab: str | None) -> Iterator[Path]:
    """Where the seed test is kept: in that file, else with the user's others; what a world sees, only for this run."""
    if name or not lab:
        yield journal_of(name)
        return
    with TemporaryDirectory(prefix="deliverkit-") as folder:
        yield Path(folder) / "seeds.sqlite"


@asynccontextmanager
async def _clients(manner: Manner) -> AsyncIterator[Clients]:
    patient = replace(NOTHING, patience=PATIENCE)
    async with clients_for(manner.resolvers, manner.lab, timeout=manner.timeout, provisions=patient) as clients:
        yield clients


def _keeping(clients: Clients) -> Kept:
    return Kept(
        clients,
        Recording(clients.resolver),
        RecordingConnections(clients.connector),
        RecordingConversations(Turns(clients.converser)),
        RecordingExchanges(clients.fetcher),
    )

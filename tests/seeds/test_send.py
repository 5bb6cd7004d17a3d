"""Sending copies: nothing is lost, nothing goes out twice, and nobody but the seeds gets any."""

from __future__ import annotations

import asyncio
import os
import random
import sys
from datetime import UTC, datetime
from pathlib import Path

import pytest
from cryptography.hazmat.primitives import serialization

from deliverkit.clients.routes import Routes
from deliverkit.clients.submission import Courier, Envelope, HandedOver, NotASeedError, Way
from deliverkit.errors import UsageError
from deliverkit.observations.seeds import Copy, SeedTest, Stage
from deliverkit.seeds.copies import new_token
from deliverkit.seeds.journal import open_journal, sending_alone
from deliverkit.seeds.send import to_send
from deliverkit.standards.smtp.dialogue import GREETING, MESSAGE, exchanges
from deliverkit.transcripts import format_transcript, parse_transcript
from tests.certificates import Authority, serving
from tests.seeds.sending import RELAY, message_of, send
from tests.seeds.sink import sink

ASKED = os.environ.get("DELIVERKIT_KILLS")  # `make fuzz` asks for 50 random moments
KILLS = int(ASKED or "8")
COPIES = KILLS * 6 if ASKED else 12  # asked for so many, some are left for each run to be killed at


def journal_with(path: Path, count: int = COPIES) -> tuple[Copy, ...]:
    copies = tuple(Copy(new_token(), f"seed{n}@one.example", "One") for n in range(count))
    with open_journal(path) as journal:
        journal.add_test(SeedTest("spring", new_token(), datetime.now(UTC), False, "Hi", "shop.example", copies=copies))
    return copies


def copies_in(path: Path) -> tuple[Copy, ...]:
    with open_journal(path) as journal:
        return journal.find().copies


def test_every_copy_is_sent_once_with_its_transcript(tmp_path: Path) -> None:
    copies = journal_with(tmp_path / "j")

    async def work() -> None:
        async with sink() as host:
            for _ in range(2):
                await send(tmp_path / "j", host.port)
            assert host.taken == dict.fromkeys([copy.token for copy in copies], 1)

    asyncio.run(work())
    for copy in copies_in(tmp_path / "j"):
        [sending] = copy.sendings
        assert sending.is_accepted
        assert sending.transcript is not None
        said = b"".join(entry.data for entry in sending.transcript.entries)
        assert [one.verb for one in exchanges(sending.transcript.entries)][-3:] == ["DATA", ".", "QUIT"]
        assert b"354 go on" in said
        assert b"250 2.0.0 taken" in said
        assert b"221 bye" in said
        assert [one.verb for one in exchanges(sending.transcript.entries)][-3:] == ["DATA", MESSAGE, "QUIT"]
        assert sending.transcript.handshake is None


def test_tls_from_the_first_octet_on_is_in_the_transcript(tmp_path: Path) -> None:
    authority = Authority()
    roots = authority.certificate().public_bytes(serialization.Encoding.PEM)
    way = Way("sink.example", *RELAY, tls="implicit")
    copy = Copy(new_token(), "seed@one.example", "One")

    async def work() -> HandedOver:
        async with sink(tls=serving(authority.certify(tmp_path, "sink.example"))) as host:
            courier = Courier([copy.address], routes=Routes({RELAY: ("127.0.0.1", host.port)}), roots=roots)
            envelope = Envelope("bounce@shop.example", copy.address, "me.example")
            return await courier.hand_over(way, envelope, message_of(copy), at_the_dot=lambda: None)

    transcript = asyncio.run(work()).transcript
    assert transcript.handshake is not None
    assert (transcript.handshake.version, transcript.handshake.untrusted) == ("TLSv1.3", "")
    assert len(transcript.handshake.certificates) == 1
    assert [one.verb for one in exchanges(transcript.entries)][:2] == [GREETING, "EHLO"]
    assert parse_transcript(format_transcript(transcript)) == transcript


def test_a_refused_copy_is_not_tried_again_and_a_deferred_one_is(tmp_path: Path) -> None:
    journal_with(tmp_path / "j", 3)
    replies = {"seed0@one.example": ["550 5.1.1 unknown"], "seed1@one.example": ["450 4.2.0 greylisted"] * 2}

    async def work() -> None:
        async with sink(replies) as host:
            found = await send(tmp_path / "j", host.port, again=(0.0, 0.0))
            assert [sending.code for _, sending in found].count(450) == 2
            assert host.recipients == {f"seed{n}@one.example": count for n, count in enumerate((1, 3, 1))}

    asyncio.run(work())
    refused, deferred, _ = copies_in(tmp_path / "j")
    assert refused.sendings[-1].is_refused
    assert [one.code for one in deferred.sendings] == [450, 450, 250]


def test_nobody_but_a_seed_gets_mail(tmp_path: Path) -> None:
    journal_with(tmp_path / "j", 1)

    async def work() -> None:
        async with sink() as host:
            with pytest.raises(NotASeedError, match=r"seed0@one\.example is not in the seed file"):
                await send(tmp_path / "j", host.port, allowed={"somebody@else.example"})
            assert not host.recipients

    asyncio.run(work())


def test_what_cannot_be_said_in_a_command_is_told(tmp_path: Path) -> None:
    journal_with(tmp_path / "j", 1)

    async def work() -> None:
        async with sink() as host:
            with pytest.raises(UsageError, match="cannot be said in SMTP"):
                await send(tmp_path / "j", host.port, mail_from="a b@shop.example")
            assert not host.recipients

    asyncio.run(work())


def test_two_runs_never_send_side_by_side(tmp_path: Path) -> None:
    journal_with(tmp_path / "j", 1)
    with sending_alone(tmp_path / "j"), pytest.raises(UsageError, match=r"another run is sending .* or end it$"):
        asyncio.run(send(tmp_path / "j", 1))
    (tmp_path / "j.sending").write_bytes(b"no database" * 100)
    with pytest.raises(UsageError, match="cannot be kept: file is not a database"):
        asyncio.run(send(tmp_path / "j", 1))


def test_a_run_that_is_killed_loses_nothing_and_sends_nothing_twice(tmp_path: Path) -> None:
    copies = journal_with(tmp_path / "j")
    chance = random.Random(20261125)  # noqa: S311 - when a run is killed
    killed: list[bool] = []

    async def work() -> None:
        async with sink(delay=0.01) as host:
            for number in range(KILLS):
                host.delay = 0.01 if number else 0.3  # the first is caught between the dot and the reply
                run = await asyncio.create_subprocess_exec(
                    sys.executable, "-m", "tests.seeds.sending", str(tmp_path / "j"), str(host.port)
                )
                watched = host.recipients if number else host.taken
                while not watched and run.returncode is None:  # noqa: ASYNC110 - what another process does sets no event
                    await asyncio.sleep(0.01)
                host.recipients.clear()
                await asyncio.sleep(chance.uniform(0, 0.04) if number else 0)
                if run.returncode is None:
                    run.kill()
                killed.append(await run.wait() < 0)
            await asyncio.sleep(0.5)
            await send(tmp_path / "j", host.port)
            assert not to_send(copies_in(tmp_path / "j"), in_doubt=False)
            doubted = to_send(copies_in(tmp_path / "j"), in_doubt=True)
            assert doubted, "no run was killed between the dot and the reply: the test proves nothing"
            assert max(host.taken.values()) == 1
            sure = {copy.token for copy in copies} - {copy.token for copy in doubted}
            assert sure <= set(host.taken)
            before = host.taken.total()
            await send(tmp_path / "j", host.port, in_doubt=True)
            assert host.taken.total() == before + len(doubted)

    asyncio.run(work())
    assert sum(killed) >= (KILLS if ASKED else 1), "runs ended before they were killed"
    assert not to_send(copies_in(tmp_path / "j"), in_doubt=True)


def test_a_copy_that_was_cut_off_after_the_dot_is_in_doubt(tmp_path: Path) -> None:
    [copy] = journal_with(tmp_path / "j", 1)
    with open_journal(tmp_path / "j") as journal:
        journal.begin(copy.token, datetime(2026, 11, 25, tzinfo=UTC))
        assert to_send(journal.find().copies, in_doubt=False)
        journal.at_the_dot(copy.token, datetime(2026, 11, 25, tzinfo=UTC))
        [found] = journal.find().copies
    assert found.sendings[0].stage is Stage.DOT
    assert not to_send([found], in_doubt=False)
    assert to_send([found], in_doubt=True) == (found,)

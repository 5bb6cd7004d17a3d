"""An external test against IMAP: another platform sends, and leaves nothing of ours in the messages."""

from __future__ import annotations

import asyncio
import smtplib
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from deliverkit.clients.dns.nameservers import parse_nameserver
from deliverkit.clients.imap.connecting import Network
from deliverkit.clients.imap.opening import Mailboxes
from deliverkit.clients.opening import open_clients
from deliverkit.clients.routes import Routes
from deliverkit.facts.placement import Fate
from deliverkit.lab.running import RunningWorld, running
from deliverkit.lab.world import parse
from deliverkit.observations.mailbox import Bodies, ImapAccess
from deliverkit.observations.seeds import Copy, SeedTest
from deliverkit.seeds.joining import Terms, join
from deliverkit.seeds.journal import Journal, open_journal
from deliverkit.seeds.matching import How
from deliverkit.seeds.pathways import CampaignPath
from deliverkit.seeds.rounds import Pace, boxes_of, clean_up
from deliverkit.seeds.seedfile import Seed, SeedFile
from deliverkit.seeds.watch import Arrived, Event, Watch

RECEIVER = ("11.0.31.25", 25)
ADA, BEA = "ada@north.example", "bea@north.example"
PACE = Pace(least=0.1, most=0.1, retry=0.1, floor=0.05, grace=5.0)
WORLD = """
target = "good.example"

[[zones]]
origin = "north.example"
text = '''
@     MX  10 mx
mx    A   11.0.31.25
imap  A   11.0.31.143
'''
[[zones]]
origin = "esp.example"
text = "out  300  A  11.0.7.1"

[[smtp]]
address = "11.0.31.25"
name = "mx.north.example"

[[imap]]
address = "11.0.31.143"
name = "imap.north.example"
password = "p"
[[imap.mailboxes]]
address = "ada@north.example"
[[imap.mailboxes.messages]]
age = 200000
text = '''
From: Shop <news@shop.example>
Subject: Spring sale

last year's
'''
[[imap.mailboxes]]
address = "bea@north.example"

[[delivery]]
to = "bea@north.example"
folder = "junk"
"""


def send_as_a_platform(lab: RunningWorld, *recipients: str, subject: str = "Spring sale") -> None:
    """Its own Message-ID, nothing of ours, and every link through its own host."""
    encoded = f"=?utf-8?q?{subject.replace(' ', '_')}?="
    for number, recipient in enumerate(recipients):
        text = (
            f"From: Shop <news@shop.example>\r\nTo: <{recipient}>\r\nSubject: {encoded}\r\n"
            f"Message-ID: <0100{number}@esp.example>\r\nDKIM-Signature: v=1; d=esp.example; s=k; b=x\r\n"
            f"\r\nhttps://click.esp.example/{number}\r\n"
        )
        with smtplib.SMTP(*lab.routes[RECEIVER], local_hostname="out.esp.example", timeout=5) as smtp:
            smtp.sendmail(f"bounce+{number}@esp.example", [recipient], text.encode())


async def watch_in(
    lab: RunningWorld, journal: Journal, file: SeedFile, pace: Pace = PACE
) -> tuple[list[Event], SeedTest]:
    async with open_clients([parse_nameserver(lab.nameserver)], routes=Routes(lab.routes), roots=lab.roots) as clients:
        assert clients.mailboxes is not None
        test = journal.find()
        watch = Watch(test, boxes_of(test, file), clients.mailboxes, journal, timedelta(minutes=1), pace)
        events = [event async for event in watch.events()]
        left = await clean_up(watch.test, file, clients.mailboxes)
        assert {one.problem for one in left} == {""}
        return events, watch.test


def file_of(*addresses: str) -> SeedFile:
    accesses = [ImapAccess("imap.north.example", 993, address, "env:P") for address in addresses]
    seeds = [Seed(address, "North", access) for address, access in zip(addresses, accesses, strict=True)]
    return SeedFile(Path("seeds.toml"), tuple(seeds))


def test_a_platform_s_copies_are_found_and_left_for_they_bear_no_token(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("P", "p")

    async def work() -> tuple[list[Event], SeedTest, dict[str, int]]:
        async with running(parse(WORLD, name="mine")) as lab:
            with open_journal(tmp_path / "j.sqlite") as journal:
                copies = tuple(_copy(f"dk{number:024x}", address) for number, address in enumerate((ADA, BEA)))
                started = datetime.now(UTC)
                journal.add_test(
                    SeedTest("spring", f"dk{9:024x}", started, True, "Spring sale", "shop.example", copies=copies)
                )
                watching = asyncio.create_task(watch_in(lab, journal, file_of(ADA, BEA)))
                await asyncio.sleep(0.5)
                await asyncio.to_thread(send_as_a_platform, lab, ADA, BEA)
                await asyncio.to_thread(send_as_a_platform, lab, ADA, subject="Your invoice")
                events, test = await watching
            stores = {f"{name} {folder}": len(store.folders[folder].messages)
                      for name, store in lab.mailboxes.items() for folder in ("INBOX", "Junk")}  # fmt: skip
            return events, test, stores

    events, test, stores = asyncio.run(asyncio.wait_for(work(), 30))
    arrived = [event for event in events if isinstance(event, Arrived)]
    assert {event.how for event in arrived} == {How.LIKENESS}
    terms = Terms(timedelta(minutes=1), CampaignPath(("11.0.8.0/24",), ("esp.example",), ("esp.example",)))
    placed = join(test, datetime.now(UTC), terms)
    assert [(one.address, one.fate) for one in placed] == [(ADA, Fate.INBOX), (BEA, Fate.JUNK)]
    assert {one.unlike for one in placed} == {"it came from 11.0.7.1, which is not among the campaign's addresses"}
    assert all(one.delay is not None and 0 <= one.delay < 10 for one in placed)
    assert stores == {f"{ADA} INBOX": 3, f"{ADA} Junk": 0, f"{BEA} INBOX": 0, f"{BEA} Junk": 1}


def _copy(token: str, address: str) -> Copy:
    return Copy(token, address, "North")


def test_a_mailbox_is_logged_in_to_after_a_pause(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("P", "p")

    async def work() -> list[float]:
        async with (
            running(parse(WORLD, name="mine")) as lab,
            open_clients([parse_nameserver(lab.nameserver)], routes=Routes(lab.routes), roots=lab.roots) as clients,
        ):
            network = Network(clients.resolver, Routes(lab.routes), 5, lab.roots, login_pause=0.6)
            mailboxes = Mailboxes(network)
            access = file_of(ADA).seeds[0].access
            mailbox = mailboxes.open(access, since=datetime.now(UTC), bodies=Bodies.REPORTS)
            loop = asyncio.get_running_loop()
            moments = [loop.time()]
            for _ in range(3):
                assert (await mailbox.look()).problem == ""
                moments.append(loop.time())
                await mailbox.close()
            mailboxes.close()
            return moments

    begun, _, second, third = asyncio.run(asyncio.wait_for(work(), 20))
    assert (second - begun >= 0.6, third - begun >= 1.2) == (True, True)


def test_a_server_that_tells_is_not_waited_for(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """IDLE: at the usual pace the next look would come after 15 seconds."""
    monkeypatch.setenv("P", "p")

    async def work() -> float:
        async with running(parse(WORLD, name="mine")) as lab:
            with open_journal(tmp_path / "j.sqlite") as journal:
                started = datetime.now(UTC)
                journal.add_test(
                    SeedTest("spring", f"dk{9:024x}", started, True, "Spring sale", "shop.example",
                             copies=(_copy(f"dk{0:024x}", ADA),))
                )  # fmt: skip
                watching = asyncio.create_task(watch_in(lab, journal, file_of(ADA), Pace()))
                await asyncio.sleep(1.5)
                sent = asyncio.get_running_loop().time()
                await asyncio.to_thread(send_as_a_platform, lab, ADA)
                await watching
                return asyncio.get_running_loop().time() - sent

    assert asyncio.run(asyncio.wait_for(work(), 30)) < 4  # 2 s asked for, and a busy machine

"""Seed tests: 200 mailboxes watched by one process, and mailboxes that spoil only themselves.

    python bench/seeds.py [--poll 15]

The lab's IMAP servers run in this process, the watch in one of its own, whose memory is measured. Half of the
mailboxes are at a server with IDLE alone, half at one with NOTIFY too; a copy arrives in each at a moment of its own,
in turn in the inbox and in junk. The second round is the same with mailboxes among them that misbehave.
"""

from __future__ import annotations

import argparse
import asyncio
import json
import os
import random
import resource
import sys
import tempfile
import time
from asyncio.subprocess import PIPE
from collections.abc import Iterable
from contextlib import aclosing
from datetime import UTC, datetime, timedelta
from pathlib import Path
from statistics import median
from typing import Any

sys.path[0] = str(Path(__file__).resolve().parent.parent)  # not this folder: it would hide the package dns

from deliverkit.clients.dns.nameservers import parse_nameserver
from deliverkit.clients.opening import open_clients
from deliverkit.clients.routes import Routes
from deliverkit.lab.mailstore import Stored
from deliverkit.lab.running import RunningWorld, running
from deliverkit.lab.world import parse
from deliverkit.observations.mailbox import ImapAccess
from deliverkit.observations.seeds import Copy, SeedTest
from deliverkit.seeds.copies import new_token
from deliverkit.seeds.journal import open_journal
from deliverkit.seeds.rounds import Box, Pace
from deliverkit.seeds.watch import Arrived, Watch

MAILBOXES = 200
EACH = 4  # mailboxes of each manner that misbehave
MANNERS = {
    "hangs": "silent at LIST",
    "drops": "drop at SEARCH",
    "other UIDVALIDITY": "new-uidvalidity",
    "closes on IDLE": "drop at IDLE",
    "lines of 10 MB": "long-line at LIST",
}
SERVERS = {"idle": ("IDLE", "SPECIAL-USE"), "notify": ("IDLE", "NOTIFY", "SPECIAL-USE")}
SECRET = "DELIVERKIT_BENCH_SEEDS"  # noqa: S105 - the variable that holds it
ZONE = """
[[zones]]
origin = "{name}.example"
text = "imap A 11.0.31.{number}"

[[imap]]
address = "11.0.31.{number}"
name = "imap.{name}.example"
password = "p"
capabilities = {capabilities}
"""


def addresses() -> list[str]:
    return [f"seed{number}@{list(SERVERS)[number % 2]}.example" for number in range(MAILBOXES)]


def manners(each: int) -> dict[str, str]:
    """The mailboxes that misbehave, and how."""
    names = [name for name in MANNERS for _ in range(each)]
    return dict(zip(addresses()[7::9], names, strict=False))


def world_of(bad: dict[str, str]) -> str:
    lines = ['target = "good.example"']
    for number, (name, capabilities) in enumerate(SERVERS.items(), 1):
        lines.append(ZONE.format(name=name, number=number, capabilities=json.dumps(capabilities)))
        for address in addresses():
            if address.endswith(f"@{name}.example"):
                does = [MANNERS[bad[address]]] if address in bad else []
                lines.append(f'[[imap.mailboxes]]\naddress = "{address}"\ndo = {json.dumps(does)}')
    return "\n".join(lines)


async def watch(told: dict[str, Any]) -> dict[str, Any]:
    """Watch until a copy was seen in every mailbox that behaves, or so long; when each was, and the most memory."""
    copies = tuple(Copy(token, address, "Lab") for address, token in told["tokens"].items())
    test = SeedTest("bench", new_token(), datetime.now(UTC), True, "Spring sale", "shop.example", copies=copies)
    boxes = [Box(ImapAccess(f"imap.{one.address.partition('@')[2]}", 993, one.address, f"env:{SECRET}"), (one.address,))
             for one in copies]  # fmt: skip
    routes = Routes({(host, port): tuple(place) for host, port, place in told["routes"]})
    waited = set(told["waited"])
    seen: dict[str, float] = {}
    with open_journal(Path(told["journal"])) as journal:
        journal.add_test(test)
        servers = [parse_nameserver(told["nameserver"])]
        async with open_clients(servers, routes=routes, roots=told["roots"].encode()) as clients:
            assert clients.mailboxes is not None
            pace = Pace(least=told["poll"], most=told["poll"], retry=told["poll"])
            watching = Watch(test, boxes, clients.mailboxes, journal, timedelta(minutes=10), pace)
            announcing = asyncio.create_task(announce(boxes, waited))
            async with asyncio.timeout(told["limit"]), aclosing(watching.events()) as events:
                async for event in events:
                    if isinstance(event, Arrived):
                        seen.setdefault(event.copy.address, time.time())
                    if waited <= set(seen):
                        break
            await announcing
    return {"seen": seen, "peak": peak(), "troubled": [box.name for box in boxes if box.failures]}


async def announce(boxes: Iterable[Box], waited: set[str]) -> None:
    """Say when every mailbox that behaves was looked into."""
    while not all(box.is_tried for box in boxes if box.name in waited):  # noqa: ASYNC110 - a look sets no event
        await asyncio.sleep(0.05)
    print(flush=True)


def peak() -> float:
    """The most memory that this process had, in MB; ``ru_maxrss`` would count that of the one that started it."""
    [line] = [one for one in Path("/proc/self/status").read_text("ascii").splitlines() if one.startswith("VmHWM:")]
    return int(line.split()[1]) * 1024 / 1e6


async def deliver(lab: RunningWorld, tokens: dict[str, str], seconds: float) -> dict[str, tuple[str, float]]:
    """Put a copy into each mailbox, all within so many seconds; the folder of each, and when."""
    chance = random.Random(20261125)  # noqa: S311 - moments
    placed: dict[str, tuple[str, float]] = {}
    begun = time.monotonic()
    moments = sorted((chance.uniform(0, seconds), address) for address in tokens)
    for moment, address in moments:
        await asyncio.sleep(max(0.0, begun + moment - time.monotonic()))
        folder = "inbox" if chance.random() < 0.5 else "junk"
        head = f"From: news@shop.example\r\nTo: {address}\r\nSubject: Spring sale\r\nX-Test: {tokens[address]}\r\n"
        placed[address] = (folder, time.time())
        lab.mailboxes[address].put(Stored(f"{head}\r\nHello\r\n".encode(), datetime.now(UTC)), folder)
    return placed


async def one_round(bad: dict[str, str], poll: float, folder: Path) -> dict[str, Any]:
    """A watch in a process of its own, from the first login to the last copy."""
    tokens = {address: new_token() for address in addresses()}
    async with running(parse(world_of(bad), name="bench")) as lab:
        told = {
            "tokens": tokens, "waited": [one for one in tokens if one not in bad], "poll": poll, "limit": 60 + 4 * poll,
            "routes": [(*world, place) for world, place in lab.routes.items()], "roots": lab.roots.decode(),
            "nameserver": lab.nameserver, "journal": str(folder / f"journal{len(bad)}"),
        }  # fmt: skip
        begun = time.monotonic()
        command = [sys.executable, __file__, "--child"]
        run = await asyncio.create_subprocess_exec(*command, stdin=PIPE, stdout=PIPE)
        assert run.stdin is not None
        assert run.stdout is not None
        run.stdin.write(json.dumps(told).encode() + b"\n")
        await run.stdout.readline()
        ready = time.monotonic() - begun
        placed = await deliver(lab, tokens, poll + 20)  # longer than a read waits for a server that hangs
        found = json.loads(await run.stdout.read())
        await run.wait()
    return {**found, "placed": placed, "ready": ready}


def judged(found: dict[str, Any], bad: dict[str, str], poll: float) -> bool:
    """Print the figures of a round, each with its must; whether all are held."""
    good = [address for address in found["placed"] if address not in bad]
    delays: dict[tuple[str, str], list[float]] = {}
    for address in good:
        folder, moment = found["placed"][address]
        late = found["seen"].get(address, float("inf")) - moment
        delays.setdefault((address.partition("@")[2].partition(".")[0], folder), []).append(late)
    held = [found["peak"] <= 150, set(good) <= set(found["seen"])]
    print(f"{len(good)} mailboxes that behave, {len(bad)} that do not: all looked into after {found['ready']:.1f} s, "
          f"most memory {found['peak']:.0f} MB  (must ≤ 150)")  # fmt: skip
    for (server, folder), late in sorted(delays.items()):
        must = 2.0 if folder == "inbox" or server == "notify" else poll + 2
        held.append(max(late) <= must)
        missed = sum(one > must for one in late)
        print(f"  {server:7}{folder:6} {len(late):3} copies seen after {median(late):.2f} s, "
              f"the last {max(late):.2f} s  (must ≤ {must:g}){f'  missed by {missed}' if missed else ''}")  # fmt: skip
    for name in dict.fromkeys(bad.values()):
        own = [address for address in bad if bad[address] == name]
        print(f"  {name:18} {len(own)} mailboxes: {sum(one in found['seen'] for one in own)} copies seen meanwhile, "
              f"{sum(one in found['troubled'] for one in own)} told as trouble")  # fmt: skip
    return all(held)


def main() -> int:
    """Run the bench, or be the process that watches."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--poll", type=float, default=15.0)
    parser.add_argument("--child", action="store_true")
    options = parser.parse_args()
    resource.setrlimit(resource.RLIMIT_NOFILE, (resource.getrlimit(resource.RLIMIT_NOFILE)[1],) * 2)
    os.environ[SECRET] = "p"
    if options.child:
        print(json.dumps(asyncio.run(watch(json.loads(sys.stdin.readline())))))
        return 0
    print(f"{MAILBOXES} mailboxes, asked every {options.poll:g} s where they do not tell")
    held = []
    for each in (0, EACH):
        bad = manners(each)
        with tempfile.TemporaryDirectory() as folder:
            held.append(judged(asyncio.run(one_round(bad, options.poll, Path(folder))), bad, options.poll))
    return 0 if all(held) else 1


if __name__ == "__main__":
    sys.exit(main())

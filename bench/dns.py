"""The DNS transport: `Live` against dnspython's asyncresolver, aiodns and dnsperf.

    python bench/dns.py [--rounds 5] [--memory]

All ask the same warm Unbound the same questions, 200 in flight, client and server pinned to cores of their own. The
modes alternate, each in a process of its own. Before the clock runs, the answers of the sides are compared.
"""

from __future__ import annotations

import argparse
import asyncio
import gc
import itertools
import json
import os
import platform
import re
import resource
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Awaitable, Callable, Iterator
from contextlib import contextmanager
from importlib.metadata import version
from pathlib import Path
from typing import Any

sys.path[0] = str(Path(__file__).resolve().parent.parent)  # not this folder: it would hide the package dns

from bench.setting import has_package, warm_resolver
from deliverkit.clients.dns.cached import Cached
from deliverkit.clients.dns.live import Live
from deliverkit.clients.dns.nameservers import plain
from deliverkit.observations import Status
from tests.servers import LOOPBACK, missing, program

SERVER_CPU, CLIENT_CPU = 0, 1
IN_FLIGHT = 200
SECONDS = 2.0  # per mode and round
NAMES = 2000
ZONE = "bench.example."

Ask = Callable[[str, str], Awaitable[object]]


def zone_text() -> str:
    """A zone with all that a mail domain publishes, two thousand times."""
    lines = ["@ 3600 IN SOA ns h 1 3600 900 1209600 3600", "@ 3600 IN NS ns", "ns 3600 IN A 127.0.0.1"]
    for n in range(NAMES):
        lines += [
            f"d{n} 3600 IN MX 10 mx1.d{n}",
            f"d{n} 3600 IN MX 20 mx2.d{n}",
            f'd{n} 3600 IN TXT "v=spf1 ip4:11.{n % 200}.0.0/16 include:_spf.d{n}.bench.example ~all"',
            f"mx1.d{n} 3600 IN A 11.0.{n // 250}.{n % 250}",
            f"mx1.d{n} 3600 IN AAAA 2a11:db8:{n:x}::25",
            f"www.d{n} 3600 IN CNAME d{n}",
        ]
    return "\n".join(lines) + "\n"


def query_file() -> list[tuple[str, str]]:
    """The questions: seven of each domain, one of them for a name that does not exist."""
    return [
        question
        for n in range(NAMES)
        for question in (
            (f"d{n}.bench.example", "MX"),
            (f"mx1.d{n}.bench.example", "A"),
            (f"mx1.d{n}.bench.example", "AAAA"),
            (f"d{n}.bench.example", "TXT"),
            (f"d{n}.bench.example", "NS"),
            (f"www.d{n}.bench.example", "MX"),
            (f"_dmarc.d{n}.bench.example", "TXT"),
        )
    ]


async def drive(ask: Ask, seconds: float) -> tuple[int, float, float]:
    """Ask from 200 workers for that long: questions answered, wall seconds, CPU seconds."""
    questions = query_file()
    done = 0
    started = time.perf_counter()
    until = started + seconds

    async def worker(place: int) -> None:
        nonlocal done
        while time.perf_counter() < until:
            for _ in range(20):
                await ask(*questions[place % len(questions)])
                place += IN_FLIGHT
                done += 1

    used = time.process_time()
    await asyncio.gather(*(worker(place) for place in range(IN_FLIGHT)))
    return done, time.perf_counter() - started, time.process_time() - used


def _data(text: str) -> str:
    return text.lower().replace('"', "")


async def live_side(port: int) -> tuple[Ask, Callable[[str, str], Awaitable[tuple[str, ...]]]]:
    """Ours."""
    live = Live([plain((LOOPBACK, port))])

    async def compare(name: str, rdtype: str) -> tuple[str, ...]:
        answer = await live.query(name, rdtype)
        return (str(answer.status), *sorted(_data(record.data) for record in answer.records))

    return live.query, compare


async def dnspython_side(port: int) -> tuple[Ask, Callable[[str, str], Awaitable[tuple[str, ...]]]]:
    """dnspython's asyncresolver."""
    import dns.asyncresolver
    import dns.resolver

    resolver = dns.asyncresolver.Resolver(configure=False)
    resolver.nameservers, resolver.port, resolver.cache = [LOOPBACK], port, None

    async def ask(name: str, rdtype: str) -> object:
        try:
            return await resolver.resolve(name, rdtype, raise_on_no_answer=False, search=False)
        except dns.resolver.NXDOMAIN:
            return None

    async def compare(name: str, rdtype: str) -> tuple[str, ...]:
        found: Any = await ask(name, rdtype)
        if found is None:
            return (Status.NXDOMAIN.value,)
        if found.rrset is None:
            return (Status.NODATA.value,)
        return (Status.NOERROR.value, *sorted(_data(rdata.to_text()) for rdata in found.rrset))

    return ask, compare


async def aiodns_side(port: int) -> tuple[Ask, Callable[[str, str], Awaitable[tuple[str, ...]]]]:
    """aiodns, on c-ares."""
    import aiodns

    fresh = len(query_file())  # c-ares caches: after so many questions a new channel, so that every one is asked
    made = itertools.count()
    resolvers: list[Any] = []

    async def ask(name: str, rdtype: str) -> object:
        if next(made) % fresh == 0:
            resolvers.append(aiodns.DNSResolver(nameservers=[f"{LOOPBACK}:{port}"], timeout=5.0, tries=3))
        try:
            return await resolvers[-1].query_dns(name, rdtype)
        except aiodns.error.DNSError as error:
            return error

    async def compare(name: str, rdtype: str) -> tuple[str, ...]:
        found: Any = await ask(name, rdtype)
        if isinstance(found, aiodns.error.DNSError):
            return ("failed",)
        return ("answered", *sorted(_aiodns_data(record.data) for record in found.answer if _is_wanted(record, rdtype)))

    return ask, compare


def _is_wanted(record: Any, rdtype: str) -> bool:
    return type(record.data).__name__ == f"{rdtype}RecordData"


def _aiodns_data(data: Any) -> str:
    match type(data).__name__:
        case "MXRecordData":
            return f"{data.priority} {data.exchange}.".lower()
        case "TXTRecordData":
            return _data(data.data.decode())
        case "NSRecordData":
            return f"{data.nsdname}.".lower()
        case _:
            return str(data.addr)


SIDES = {"deliverkit": live_side, "asyncresolver": dnspython_side, "aiodns": aiodns_side}


async def child(mode: str, port: int, action: str) -> dict[str, Any]:
    """What a mode's process does: drive, or answer the questions to be compared."""
    ask, compare = await SIDES[mode](port)
    if action == "compare":
        return {"answers": [await compare(*question) for question in query_file()[:1400]]}
    await drive(ask, 0.3)
    done, wall, cpu = await drive(ask, SECONDS)
    return {"qps": done / wall, "cpu": cpu / done * 1e6}


def run_child(mode: str, port: int, action: str) -> dict[str, Any]:
    """The mode in a pinned process of its own."""
    command = ["taskset", "-c", str(CLIENT_CPU), sys.executable, __file__, "--child", mode, str(port), action]
    found: dict[str, Any] = json.loads(subprocess.run(command, check=True, capture_output=True, text=True).stdout)
    return found


def run_dnsperf(port: int, folder: Path) -> float:
    """dnsperf's questions per second over the same file."""
    queries = folder / "queries"
    queries.write_text("".join(f"{name} {rdtype}\n" for name, rdtype in query_file()), "utf-8")
    command = [
        "taskset",
        "-c",
        str(CLIENT_CPU),
        program("dnsperf"),
        "-s",
        LOOPBACK,
        "-p",
        str(port),
        "-d",
        str(queries),
    ]
    command += ["-l", str(int(SECONDS)), "-q", str(IN_FLIGHT), "-c", "1", "-T", "1"]
    text = subprocess.run(command, check=True, capture_output=True, text=True).stdout
    return float(re.findall(r"Queries per second:\s+([\d.]+)", text)[0])


@contextmanager
def filled_resolver(folder: Path) -> Iterator[int]:
    """The port of a resolver that has every answer in its cache."""
    with warm_resolver(folder, {ZONE: ZONE_PREFIX + zone_text()}, cpu=SERVER_CPU) as port:
        run_child("deliverkit", port, "drive")
        yield port


ZONE_PREFIX = "$TTL 3600\n"


def same_answers(ours: list[list[str]], theirs: list[list[str]], peer: str) -> bool:
    """Whether the two sides were told the same; aiodns does not tell NODATA from an empty answer."""
    words = {"NOERROR": "answered", "NODATA": "answered", "NXDOMAIN": "failed"} if peer == "aiodns" else {}
    mapped = [[words.get(answer[0], answer[0]), *answer[1:]] for answer in ours]
    different = sum(
        mine != other and not (other[0] == "failed" and len(mine) == 1)
        for mine, other in zip(mapped, theirs, strict=True)
    )
    print(f"answers compared with {peer}: {len(theirs)}, different: {different}")
    return different == 0


def ratios(rounds: int) -> bool:
    """Run the rounds and print the ratios beside their must and aim; whether all musts are held."""
    modes = ["deliverkit", "asyncresolver", *(["aiodns"] if has_package("aiodns") else [])]
    with tempfile.TemporaryDirectory() as text, filled_resolver(Path(text)) as port:
        answers = {mode: run_child(mode, port, "compare")["answers"] for mode in modes}
        held = [same_answers(answers["deliverkit"], answers[mode], mode) for mode in modes[1:]]
        found: dict[str, list[float]] = {}
        cpu: dict[str, list[float]] = {}
        for _ in range(rounds):
            for mode in modes:
                result = run_child(mode, port, "drive")
                found.setdefault(mode, []).append(result["qps"])
                cpu.setdefault(mode, []).append(result["cpu"])
            if not missing("dnsperf"):
                found.setdefault("dnsperf", []).append(run_dnsperf(port, Path(text)))
    for mode, values in found.items():
        used = f", {statistics.median(cpu[mode]):.0f} µs CPU a query" if mode in cpu else ""
        print(f"{mode:14} {statistics.median(values):8.0f} q/s (min {min(values):.0f}){used}")
    for peer, must, aim in (("asyncresolver", 15, 25), ("aiodns", 3, 5), ("dnsperf", 0.35, 0.55)):
        if peer in found:
            ratio = statistics.median(a / b for a, b in zip(found["deliverkit"], found[peer], strict=True))
            held.append(ratio >= must)
            print(f"deliverkit / {peer} = {ratio:.2f}  (must ≥ {must}, aim {aim})")
    share = statistics.median(a / b for a, b in zip(cpu["deliverkit"], cpu["asyncresolver"], strict=True))
    held.append(share <= 1 / 15)
    print(f"CPU a query: 1/{1 / share:.1f} of asyncresolver's  (must ≤ 1/15, aim 1/25)")
    return all(held)


async def memory(port: int) -> bool:
    """Ask 200,000 different questions through the bounded cache; whether the memory stays flat."""
    live = Live([plain((LOOPBACK, port))])
    cached = Cached(live)
    marks = []
    for start in range(0, 200_000, 20_000):
        names = iter(range(start, start + 20_000))

        async def worker(names: Iterator[int] = names) -> None:
            for number in names:
                await cached.query(f"n{number}.d{number % NAMES}.bench.example", "TXT")

        await asyncio.gather(*(worker() for _ in range(IN_FLIGHT)))
        gc.collect()
        marks.append(_resident())
    await live.close()
    growth = (marks[-1] - marks[0]) / 1e6
    print(f"memory after 20,000 questions {marks[0] / 1e6:.1f} MB, after 200,000 {marks[-1] / 1e6:.1f} MB: "
          f"{growth:+.1f} MB  (must ≤ +5)")  # fmt: skip
    return growth <= 5


def _resident() -> int:
    """The memory of this process, in bytes."""
    pages = int(Path("/proc/self/statm").read_text("ascii").split()[1])
    return pages * resource.getpagesize()


def main() -> int:
    """Run the bench, or be one of its children."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--rounds", type=int, default=5)
    parser.add_argument("--child", nargs=3)
    options = parser.parse_args()
    if options.child:
        mode, port, action = options.child
        print(json.dumps(asyncio.run(child(mode, int(port), action))))
        return 0
    absent = missing("knotd", "unbound", "taskset")
    if absent:
        print(f"{absent} is not installed: make servers")
        return 2
    peers = [f"{name} {version(name)}" for name in ("dnspython", "aiodns") if has_package(name)]
    print(f"Python {platform.python_version()}, {os.cpu_count()} cores, {', '.join(peers)}; {IN_FLIGHT} in flight")
    held = ratios(options.rounds)
    with tempfile.TemporaryDirectory() as text, filled_resolver(Path(text)) as port:
        held = asyncio.run(memory(port)) and held
    return 0 if held else 1


if __name__ == "__main__":
    sys.exit(main())

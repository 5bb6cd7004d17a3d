"""SMTP: whole conversations against aiosmtplib, smtp-source and swaks, and 1,000 hosts greeted at once.

    python bench/smtp.py [--rounds 9]

All talk to Postfix's smtp-sink and deliver the same message as often, 50 sessions in flight, each a connection of its
own with EHLO, MAIL, RCPT, DATA and QUIT; ours by a script, with the transcript kept. Client and server are pinned to
cores of their own, and the modes alternate, each in a process of its own.
"""

from __future__ import annotations

import argparse
import asyncio
import json
import os
import platform
import resource
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Coroutine, Iterator
from contextlib import contextmanager
from dataclasses import replace
from datetime import UTC, datetime
from importlib.metadata import version
from pathlib import Path
from typing import Any

sys.path[0] = str(Path(__file__).resolve().parent.parent)  # not this folder: it would hide the package dns

from bench.setting import has_package
from deliverkit.clients.smtp.connection import Settings
from deliverkit.clients.smtp.live import Conversations, by_script
from deliverkit.clients.smtp.provisions import NOTHING, Trust
from deliverkit.observations.smtp import Call, End
from deliverkit.script import fill, format_script, load
from tests.servers import LOOPBACK, free_port, missing, program

SESSIONS = 8000
IN_FLIGHT = 50
HOSTS = 1000
CLIENT_CPU, SERVER_CPU = 0, 1
GIVEN = {
    "helo": ("probe.example",),
    "from": ("bob@other.example",),
    "rcpt": ("ada@good.example",),
    "mx": (LOOPBACK,),
    "domain": ("good.example",),
    "message": ("message.eml",),
}
MESSAGE = (
    b"From: <bob@other.example>\r\nTo: <ada@good.example>\r\nSubject: A test message of deliverkit\r\n"
    b"Date: Wed, 25 Nov 2026 19:28:51 +0000\r\nMessage-ID: <1@other.example>\r\n\r\n"
    b"This message was sent to see whether mail arrives. Nothing needs to be done about it.\r\n"
)
Session = Callable[[], Coroutine[Any, Any, None]]


def text_of(name: str) -> str:
    """The shipped script with everything filled in."""
    [filled] = fill(load(name).script, GIVEN)
    return format_script(filled)


def conversations() -> Conversations:
    return Conversations(
        Settings(Trust(datetime.now(UTC))), by_script(replace(NOTHING, messages={"message.eml": MESSAGE}))
    )


def ours(port: int) -> Session:
    converser, call = conversations(), Call("127.0.0.1", LOOPBACK, port, text_of("deliver"))

    async def session() -> None:
        transcript = await converser.converse(call)
        if transcript.end is not End.CLOSED or transcript.unmet or len(transcript.entries) < 15:
            raise RuntimeError(transcript)

    return session


def aiosmtplib_(port: int) -> Session:
    from aiosmtplib import SMTP

    async def session() -> None:
        async with SMTP(hostname=LOOPBACK, port=port, local_hostname="probe.example", start_tls=False) as client:
            await client.sendmail("bob@other.example", ["ada@good.example"], MESSAGE)

    return session


SIDES = {"deliverkit": ours, "aiosmtplib": aiosmtplib_}


async def drive(session: Session) -> dict[str, float]:
    """Sessions in a second, so many in flight, and how many microseconds of the processor each takes."""
    left = iter(range(SESSIONS))

    async def worker() -> None:
        for _ in left:
            await session()

    await session()
    started, used = time.perf_counter(), time.process_time()
    await asyncio.gather(*(worker() for _ in range(IN_FLIGHT)))
    return {
        "rate": SESSIONS / (time.perf_counter() - started),
        "cpu": (time.process_time() - used) / SESSIONS * 1e6,
    }


async def greet_all(port: int) -> dict[str, float]:
    """Greet so many hosts at once, each a loopback address of its own; how long it took and what it cost."""
    before, text, converser = resident(), text_of("greet"), conversations()
    calls = [Call(f"h{n}.example", f"127.0.{1 + n // 250}.{1 + n % 250}", port, text) for n in range(HOSTS)]
    started = time.perf_counter()
    held = await asyncio.gather(*map(converser.converse, calls))
    well = sum(one.end is End.CLOSED and not one.unmet for one in held)
    return {"well": well, "seconds": time.perf_counter() - started, "grown": peak() - before}


def resident() -> int:
    """The memory of this process, in octets."""
    return int(Path("/proc/self/statm").read_text("ascii").split()[1]) * resource.getpagesize()


def peak() -> int:
    """The most memory that this process had, in octets."""
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * 1024


def child(mode: str, port: int) -> object:
    """What a process of its own does."""
    os.sched_setaffinity(0, {CLIENT_CPU})
    name, _, loop = mode.partition("+")
    work = greet_all(port) if name == "hosts" else drive(SIDES[name](port))
    if loop:
        import uvloop

        return uvloop.run(work)
    return asyncio.run(work)


def run_child(mode: str, port: int) -> Any:
    command = [sys.executable, __file__, "--child", mode, str(port)]
    return json.loads(subprocess.run(command, check=True, capture_output=True, text=True).stdout)


def smtp_source(port: int) -> float:
    """Sessions in a second of smtp-source, with a message of the same size."""
    addresses = ["-M", "probe.example", "-f", "bob@other.example", "-t", "ada@good.example"]
    load_of = ["-s", str(IN_FLIGHT), "-m", str(SESSIONS), "-l", str(len(MESSAGE.partition(b"\r\n\r\n")[2]))]
    command = ["taskset", "-c", str(CLIENT_CPU), program("smtp-source"), *load_of, *addresses]
    started = time.perf_counter()
    subprocess.run([*command, f"{LOOPBACK}:{port}"], check=True)
    return SESSIONS / (time.perf_counter() - started)


@contextmanager
def sink(address: str = LOOPBACK) -> Iterator[int]:
    """smtp-sink, which takes everything."""
    port = free_port()
    user = ["-u", "nobody"] if os.geteuid() == 0 else []
    command = ["taskset", "-c", str(SERVER_CPU), program("smtp-sink"), *user, f"{address}:{port}", "1024"]
    with subprocess.Popen(command, stderr=subprocess.DEVNULL) as process:
        try:
            time.sleep(0.5)
            yield port
        finally:
            process.kill()


def one_process(command: list[str]) -> float:
    """The wall time of one transaction as a whole process."""
    started = time.perf_counter()
    subprocess.run(command, check=True, stdout=subprocess.DEVNULL)
    return time.perf_counter() - started


def compared(name: str, own: list[float], other: list[float], must: float, aim: float) -> bool:
    """Print the ratio of the rates beside its must and its aim; whether the must is held."""
    ratio = statistics.median(one / two for one, two in zip(own, other, strict=True))
    print(f"deliverkit / {name} = {ratio:.2f}  (must ≥ {must}, aim {aim})")
    return ratio >= must


def rates(rounds: int) -> bool:
    modes = ["aiosmtplib", "deliverkit", *(["aiosmtplib+uvloop", "deliverkit+uvloop"] if has_package("uvloop") else [])]
    found: dict[str, list[float]] = {mode: [] for mode in (*modes, "smtp-source")}
    cpu: dict[str, list[float]] = {}
    with sink() as port:
        for _ in range(rounds):
            for mode in modes:
                result = run_child(mode, port)
                found[mode].append(result["rate"])
                cpu.setdefault(mode, []).append(result["cpu"])
            found["smtp-source"].append(smtp_source(port))
    for mode, values in found.items():
        used = f", {statistics.median(cpu[mode]):.0f} µs CPU each" if mode in cpu else ""
        print(f"{mode:18} {statistics.median(values):7.0f} sessions/s (max {max(values):.0f}){used}")
    held = [
        compared("aiosmtplib", found["deliverkit"], found["aiosmtplib"], 1.0, 1.5),
        compared("smtp-source", found["deliverkit"], found["smtp-source"], 0.4, 0.6),
    ]
    if has_package("uvloop"):
        fast = found["deliverkit+uvloop"]
        held.append(compared("aiosmtplib, both on uvloop", fast, found["aiosmtplib+uvloop"], 1.0, 1.5))
        held.append(compared("smtp-source, on uvloop", fast, found["smtp-source"], 0.8, 1.0))
    return all(held)


def whole_process(rounds: int) -> bool:
    """One transaction as a whole process against swaks; whether it is within the must."""
    with tempfile.TemporaryDirectory() as state, sink() as port:
        os.environ["XDG_STATE_HOME"] = state
        os.environ.pop("PYTHONDONTWRITEBYTECODE", None)  # an installed package is compiled
        sent = ["--from", "bob@other.example", "--to", "ada@good.example", "--helo", "probe.example"]
        command = [str(Path(sys.executable).with_name("deliverkit")), "smtp", f"{LOOPBACK}:{port}"]
        mine = [*command, "--script", "deliver", *sent]
        theirs = [program("swaks"), "--server", LOOPBACK, "--port", str(port), *sent]
        pairs = [(one_process(mine), one_process(theirs)) for _ in range(rounds * 3)][1:]
    own, other = (statistics.median(side) * 1000 for side in zip(*pairs, strict=True))
    ratio = statistics.median(one / two for one, two in pairs)
    print(f"one transaction: {own:.0f} ms / swaks {other:.0f} ms = {ratio:.2f}  (must ≤ 2, aim 1.5)")
    return ratio <= 2


def many_hosts() -> bool:
    """1,000 hosts greeted at once; whether all answered and the memory stayed within its bound."""
    resource.setrlimit(resource.RLIMIT_NOFILE, (resource.getrlimit(resource.RLIMIT_NOFILE)[1],) * 2)
    with sink("0.0.0.0") as port:  # noqa: S104 - each address of 127.0.0.0/8 is a host of its own
        result = run_child("hosts", port)
    grown = result["grown"] / 1e6
    print(f"{result['well']:.0f} of {HOSTS} hosts greeted at once in {result['seconds']:.2f} s, "
          f"memory {grown:+.1f} MB  (must ≤ +60, aim +40)")  # fmt: skip
    return bool(result["well"] == HOSTS and grown <= 60)


def main() -> int:
    """Run the bench, or be one of its children."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--rounds", type=int, default=9)
    parser.add_argument("--child", nargs=2)
    options = parser.parse_args()
    if options.child:
        print(json.dumps(child(options.child[0], int(options.child[1]))))
        return 0
    absent = missing("smtp-sink", "smtp-source", "swaks", "taskset")
    if absent:
        print(f"{absent} is not installed: make servers")
        return 2
    peers = [f"{name} {version(name)}" for name in ("aiosmtplib", "uvloop") if has_package(name)]
    print(f"Python {platform.python_version()}, {os.cpu_count()} cores, {', '.join(peers)}; {IN_FLIGHT} in flight")
    held = [rates(options.rounds), whole_process(options.rounds), many_hosts()]
    return 0 if all(held) else 1


if __name__ == "__main__":
    sys.exit(main())

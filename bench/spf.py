"""SPF evaluations with warm answers, every step noted, against pyspf and libspf2 on the same answers.

    python bench/spf.py

The sides alternate in one run, on one core, and have to give the same results. pyspf is called as the second opinion
calls it, libspf2 by a program in C (`libspf2.c`) that is compiled here. Our notes are what the command shows the steps
from; how much it costs to read every step out of them is printed too.
"""

from __future__ import annotations

import os
import platform
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from functools import partial
from importlib.metadata import version
from ipaddress import ip_address
from pathlib import Path

sys.path[0] = str(Path(__file__).resolve().parent.parent)  # not this folder: it would hide the package spf

from deliverkit.clients.second_opinion import spf_result
from deliverkit.observations import Answer, ResourceRecord, Status
from deliverkit.standards.spf.evaluate import Client, check_host
from deliverkit.standards.txt import data_of
from tests.servers import missing, program

ROUNDS = 31
EVALUATIONS = 300
CPU = 1
MUSTS = (("pyspf", 8, 15), ("libspf2", 0.4, 0.8))  # the ratio that must be, and the one that is the aim
SOURCE = Path(__file__).with_name("libspf2.c")
COMPILED = Path(__file__).resolve().parent.parent / ".build" / "libspf2"
TEXTS = {
    "good.example": "v=spf1 mx include:_spf.esp.example include:_spf.google.example a:out.good.example ~all",
    "_spf.esp.example": "v=spf1 ip4:11.1.0.0/20 ip4:11.1.16.0/20 ip6:2a11:db8:100::/40 exists:%{i}._h.esp.example ~all",
    "_spf.google.example": "v=spf1 include:_a.google.example include:_b.google.example ~all",
    "_a.google.example": f"v=spf1 {' '.join(f'ip4:11.2.{n}.0/24' for n in range(0, 40, 2))} ~all",
    "_b.google.example": f"v=spf1 {' '.join(f'ip6:2a11:db8:{n}::/48' for n in range(200, 206))} ~all",
}
CLIENTS = [
    Client(ip_address(address), "ada@good.example", "mx1.good.example")
    for address in ("11.0.1.25", "11.1.20.9", "11.2.38.7", "2a11:db8:203::9", "11.9.9.9")
]


def _known() -> dict[tuple[str, str], Answer]:
    data = {(name, "TXT"): [data_of(text)] for name, text in TEXTS.items()}
    data |= {("good.example", "MX"): ["10 mx1.good.example."], ("mx1.good.example", "A"): ["11.0.1.25"]}
    data |= {("mx1.good.example", "AAAA"): ["2a11:db8:1::25"], ("out.good.example", "A"): ["11.0.1.26"]}
    data |= {("out.good.example", "AAAA"): ["2a11:db8:1::26"]}
    return {
        (name, rdtype): Answer(
            name, rdtype, Status.NOERROR, tuple(ResourceRecord(name, rdtype, 60, text) for text in texts)
        )
        for (name, rdtype), texts in data.items()
    }


KNOWN = _known()


def answers(name: str, rdtype: str) -> Answer:
    """The answer, kept once it was given: a denial too."""
    found = KNOWN.get((name, rdtype))
    if found is None:
        found = KNOWN[name, rdtype] = Answer(name, rdtype, Status.NXDOMAIN)
    return found


def traced(client: Client) -> str:
    """Our result, the steps noted."""
    return str(check_host(client, answers).result)


def read_out(client: Client) -> str:
    """Our result, every step read out."""
    found = check_host(client, answers)
    assert found.steps
    return str(found.result)


def by_pyspf(client: Client) -> str:
    """The result of pyspf."""
    return spf_result(client, answers)


def rate(work: Callable[[Client], str]) -> float:
    """Evaluations in a second."""
    started = time.perf_counter()
    for number in range(EVALUATIONS):
        work(CLIENTS[number % len(CLIENTS)])
    return EVALUATIONS / (time.perf_counter() - started)


class Libspf2:
    """libspf2 in a process that evaluates when it is told to."""

    def __init__(self, process: subprocess.Popen[str]) -> None:
        self.process = process
        self.version = self._line()

    def _line(self) -> str:
        assert self.process.stdout
        return self.process.stdout.readline().strip()

    def run(self, evaluations: int) -> tuple[float, list[str]]:
        """The seconds that so many evaluations took, and the clients' results."""
        assert self.process.stdin
        self.process.stdin.write(f"{evaluations}\n")
        self.process.stdin.flush()
        seconds, *results = self._line().split()
        return float(seconds), results

    def rate(self) -> float:
        """Evaluations in a second."""
        return EVALUATIONS / self.run(EVALUATIONS)[0]


@contextmanager
def libspf2() -> Iterator[Libspf2 | None]:
    """libspf2 with the same answers; None where it cannot be compiled."""
    if not _is_compiled():
        yield None
        return
    lines = [
        f"record {rdtype} {name} {TEXTS[name] if rdtype == 'TXT' else record.data}\n"
        for (name, rdtype), answer in _known().items()
        for record in answer.records
    ]
    lines += [f"client {client.address} {client.helo} {client.sender}\n" for client in CLIENTS]
    with tempfile.TemporaryDirectory() as folder:
        file = Path(folder) / "answers"
        file.write_text("".join(lines), "utf-8")
        command = [str(COMPILED), str(file)]
        with subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True) as process:
            yield Libspf2(process)


def _is_compiled() -> bool:
    if missing("gcc"):
        return False
    COMPILED.parent.mkdir(exist_ok=True)
    command = [program("gcc"), "-O2", "-o", str(COMPILED), str(SOURCE), "-lspf2"]
    return subprocess.run(command, check=False, stderr=subprocess.DEVNULL).returncode == 0


def measured(sides: Mapping[str, Callable[[], float]]) -> dict[str, list[float]]:
    """The rates of the sides in each round, the sides in turn."""
    rates: dict[str, list[float]] = {name: [] for name in sides}
    for _ in range(ROUNDS):
        for name, side in sides.items():
            rates[name].append(side())
    return rates


def shown(rates: Mapping[str, list[float]]) -> bool:
    """Print the rates, and our ratio to each peer beside its must and aim; whether all musts are held."""
    for name in ("traced", "every step read out"):
        print(f"deliverkit, {name}: {statistics.median(rates[name]):,.0f} /s")
    held = []
    for peer, must, aim in MUSTS:
        if peer in rates:
            ratio = statistics.median(own / other for own, other in zip(rates["traced"], rates[peer], strict=True))
            held.append(ratio >= must)
            print(f"{peer}: {statistics.median(rates[peer]):,.0f} /s, traced × {ratio:.2f}  (must ≥ {must}, aim {aim})")
    return all(held)


def main() -> int:
    """Run the bench; exit code 1 where a must is missed, 2 where one could not be measured."""
    os.sched_setaffinity(0, {CPU})
    with libspf2() as compiled:
        peers = [f"pyspf {version('pyspf')}", *([compiled.version] if compiled else [])]
        print(f"Python {platform.python_version()}, {', '.join(peers)}; {EVALUATIONS} evaluations × {ROUNDS} rounds "
              f"on one core, load {os.getloadavg()[0]:.1f}")  # fmt: skip
        results = [[work(client) for client in CLIENTS] for work in (traced, read_out, by_pyspf)]
        if compiled:
            results.append(compiled.run(0)[1])
        if any(side != results[0] for side in results):
            print(f"the results differ: {results}")
            return 1
        works = {"traced": traced, "every step read out": read_out, "pyspf": by_pyspf}
        sides: dict[str, Callable[[], float]] = {name: partial(rate, work) for name, work in works.items()}
        held = shown(measured(sides | ({"libspf2": compiled.rate} if compiled else {})))
    if not compiled:
        print("libspf2: not measured, it needs a C compiler and libspf2: apt install gcc libc6-dev libspf2-dev")
    return 1 if not held else 0 if compiled else 2


if __name__ == "__main__":
    sys.exit(main())

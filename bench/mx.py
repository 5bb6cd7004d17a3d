"""A whole ``mx`` examination against its chain of round trips, 40 ms each, without and with loss.

    python bench/mx.py [--sweeps 2] [--lossy-sweeps 50] [--at-once 4]

A relay that delays and loses packets stands before a warm Unbound, which stands before Knot; these have one core, the
examinations another. Every run has fresh clients; the modules are loaded. Before the clock runs, each domain is
examined without the relay, and every later report has to come to the same.
"""

from __future__ import annotations

import argparse
import asyncio
import os
import platform
import statistics
import sys
import tempfile
import time
from collections import Counter
from dataclasses import dataclass, field
from importlib.metadata import version
from ipaddress import ip_address
from itertools import chain
from pathlib import Path

sys.path[0] = str(Path(__file__).resolve().parent.parent)  # not this folder: it would hide the package dns

from bench.relay import Relay, relay
from bench.setting import warm_resolver
from deliverkit.clients.dns.nameservers import plain
from deliverkit.clients.opening import open_clients
from deliverkit.facts import MailHosts
from deliverkit.profiles import choose
from deliverkit.report import Report, Target
from deliverkit.run import examine
from tests.servers import LOOPBACK, missing

SERVER_CPU, CLIENT_CPU = 0, 1
ROUND_TRIP = 0.040  # seconds
LOSS = 0.01  # of the packets, each way
DOMAINS = 20
EXCHANGERS = 5
PROFILE = choose("domain", only=["mx"])

APEX = "$TTL 3600\n@ SOA ns h 1 3600 900 1209600 3600\n@ NS ns\nns A 11.9.9.53\n"
REVERSE = APEX.replace("ns h", "ns.d0.example. h.d0.example.").replace("NS ns\nns A 11.9.9.53", "NS ns.d0.example.")


def zones() -> dict[str, str]:
    """Domains with five exchangers, an address of each kind each, whose reverse names lead back.

    With every other domain the reverse names are those of the exchangers, and the chain is a round trip shorter.
    """
    found = {"11.in-addr.arpa.": REVERSE, "8.b.d.0.1.1.a.2.ip6.arpa.": REVERSE}
    for number in range(DOMAINS):
        lines = ["@ A 11.9.9.80", "@ AAAA 2a11:db8:ff::80", "www CNAME @", '@ TXT "v=spf1 mx -all"']
        for place in range(EXCHANGERS):
            addresses = {"A": f"11.{number}.{place}.25", "AAAA": f"2a11:db8:{number:x}:{place}::25"}
            lines.append(f"@ MX {place}0 mx{place}")
            for host in (f"mx{place}", *([] if number % 2 else [f"out{place}"])):
                lines += [f"{host} {rdtype} {address}" for rdtype, address in addresses.items()]
            for address, zone in zip(
                addresses.values(), ("11.in-addr.arpa.", "8.b.d.0.1.1.a.2.ip6.arpa."), strict=True
            ):
                found[zone] += f"{ip_address(address).reverse_pointer}. PTR {host}.d{number}.example.\n"
        found[f"d{number}.example."] = APEX + "\n".join(lines) + "\n"
    return found


@dataclass(frozen=True)
class Run:
    """An examination: its report, and the seconds from opening the clients to closing them."""

    report: Report
    seconds: float

    @property
    def ratio(self) -> float:
        """The seconds over those of the chain of round trips."""
        return self.seconds / (self.report.trace.round_trips * ROUND_TRIP)


async def examined(domain: str, port: int) -> Run:
    """One whole examination with fresh clients."""
    started = time.perf_counter()
    async with open_clients([plain((LOOPBACK, port))]) as clients:
        report = await examine(Target(domain, domain), PROFILE, clients)
    return Run(report, time.perf_counter() - started)


def outcome(report: Report) -> object:
    """What the report comes to."""
    hosts = report.fact(MailHosts)
    assert isinstance(hosts, MailHosts)
    found = [(host.host, address.address, address.reverse) for host in hosts.hosts for address in host.addresses]
    reverse = [(host, address, getattr(reverse, "confirmed", None)) for host, address, reverse in found]
    return reverse, [(result.check.code, result.outcome) for result in report.results], report.trace.round_trips


async def sweep(port: int, at_once: int) -> list[Run]:
    """Every domain examined once, so many at the same time."""
    waiting = iter([f"d{number}.example" for number in range(DOMAINS)])

    async def work(place: int) -> list[Run]:
        await asyncio.sleep(place * ROUND_TRIP / at_once)  # so that they do not want the core at the same moments
        return [await examined(domain, port) for domain in waiting]

    return list(chain.from_iterable(await asyncio.gather(*map(work, range(at_once)))))


@dataclass
class Series:
    """Sweeps through a relay: the ratios, the reports that came to something else, and what the relay saw."""

    expected: dict[str, object]
    ratios: list[float] = field(default_factory=list)
    wrong: int = 0
    seen: Counter[str] = field(default_factory=Counter)

    def run(self, relay: Relay, *, sweeps: int, at_once: int) -> None:
        """Run the sweeps. In one sweep no two examinations share a question, so that one asked twice shows."""
        relay.seen()
        for _ in range(sweeps):
            runs = asyncio.run(sweep(relay.port, at_once))
            self.seen += relay.seen()
            self.ratios += [run.ratio for run in runs]
            self.wrong += sum(outcome(run.report) != self.expected[run.report.target.domain] for run in runs)

    def show(self) -> bool:
        """Print what was answered and asked; whether all was right, and nothing asked twice."""
        seen = self.seen
        print(f"{len(self.ratios)} examinations, {self.wrong} with another outcome  (must 0); "
              f"{seen['packets']} packets, {seen['lost']} lost, {seen['truncated']} truncated")  # fmt: skip
        print(f"{seen['questions']} questions, {seen['twice']} asked twice  (must 0)")
        return not self.wrong and not seen["truncated"] and not seen["twice"]


def percentile(values: list[float], share: float) -> float:
    """The value below which that share of them lies."""
    return sorted(values)[min(len(values) - 1, int(len(values) * share))]


def measured(resolver: int, options: argparse.Namespace) -> bool:
    """Print the ratios beside their must and aim; whether all musts are held, equal reports among them."""
    os.sched_setaffinity(0, {CLIENT_CPU})
    expected = {run.report.target.domain: outcome(run.report) for run in asyncio.run(sweep(resolver, 1))}
    calm, lossy = Series(expected), Series(expected)
    with relay(resolver, seconds=ROUND_TRIP, loss=0.0, cpu=SERVER_CPU) as far:
        calm.run(far, sweeps=options.sweeps, at_once=1)
    print(f"mx / chain of {ROUND_TRIP * 1000:.0f} ms round trips: median "
          f"{statistics.median(calm.ratios):.3f}  (must ≤ 1.15, aim 1.05), max {max(calm.ratios):.3f}")  # fmt: skip
    held = [statistics.median(calm.ratios) <= 1.15, calm.show()]
    used, started = time.process_time(), time.perf_counter()
    with relay(resolver, seconds=ROUND_TRIP, loss=LOSS, cpu=SERVER_CPU) as far:
        lossy.run(far, sweeps=options.lossy_sweeps, at_once=options.at_once)
    busy = (time.process_time() - used) / (time.perf_counter() - started)
    print(f"with {LOSS:.0%} of the packets lost each way, {options.at_once} at once, core {busy:.0%} busy: p99 "
          f"{percentile(lossy.ratios, 0.99):.2f}  (must ≤ 4, aim 3), median {statistics.median(lossy.ratios):.3f}, "
          f"p90 {percentile(lossy.ratios, 0.9):.2f}, max {max(lossy.ratios):.2f}")  # fmt: skip
    return all([*held, percentile(lossy.ratios, 0.99) <= 4, lossy.show()])


def main() -> int:
    """Run the bench; exit code 1 where a must is missed."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--sweeps", type=int, default=2)
    parser.add_argument("--lossy-sweeps", type=int, default=50)
    parser.add_argument("--at-once", type=int, default=4)
    options = parser.parse_args()
    absent = missing("knotd", "unbound", "taskset")
    if absent:
        print(f"{absent} is not installed: make servers")
        return 2
    print(f"Python {platform.python_version()}, {os.cpu_count()} cores, dnspython {version('dnspython')}; "
          f"{DOMAINS} domains of {EXCHANGERS} exchangers with an address of each kind")  # fmt: skip
    with tempfile.TemporaryDirectory() as text, warm_resolver(Path(text), zones(), cpu=SERVER_CPU) as port:
        return 0 if measured(port, options) else 1


if __name__ == "__main__":
    sys.exit(main())

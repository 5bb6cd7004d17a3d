"""A whole ``check`` of one domain at 40 ms a round trip: against its longest chain, and against checkdmarc.

    python bench/check.py [--sweeps 2] [--pairs 9]

A relay that delays stands before a warm Unbound, which stands before Knot; these have one core, the examinations
another. The DNS part runs in this process with fresh clients and all areas, and is held against the chain of questions
that depend on each other as the zones make it. checkdmarc speaks to port 53 alone, so the relay listens there; both
commands run as whole processes in turn, ours with the areas that it has too, and what they found is compared. It also
looks for MTA-STS, TLS reporting and BIMI, of which the domains have none, and validates DNSSEC; so its MX, SPF and
DMARC alone are called as a library, too. No `--ip` is given, so pyspf's second opinion does not run.
"""

from __future__ import annotations

import argparse
import asyncio
import json
import os
import platform
import socket
import statistics
import subprocess
import sys
import tempfile
import time
from collections import Counter
from dataclasses import dataclass, field
from importlib.metadata import version
from ipaddress import ip_address
from pathlib import Path
from typing import Any

sys.path[0] = str(Path(__file__).resolve().parent.parent)  # not this folder: it would hide the package dns

from bench.relay import Relay, relay
from bench.setting import warm_resolver
from deliverkit.clients.dns.nameservers import plain
from deliverkit.clients.opening import open_clients
from deliverkit.profiles import choose
from deliverkit.report import Report, Target
from deliverkit.run import examine
from tests.servers import LOOPBACK, missing

ROOT = Path(__file__).resolve().parent.parent
SERVER_CPU, CLIENT_CPU = 0, 1
FAR = ("127.0.0.56", 53)
ROUND_TRIP = 0.040  # seconds
DOMAINS = 12
AREAS = "mx,spf,dmarc"  # those that checkdmarc has, too
KEY = "11qYAYKxCrfVS/7TyWQHOg7hcvPapiMlrwIaaPcHURo="  # RFC 8463 §A.2
CHECKDMARC_ALONE = """
import json, sys
from checkdmarc.dmarc import check_dmarc
from checkdmarc.smtp import check_mx
from checkdmarc.spf import check_spf
domain, server = sys.argv[1:]
mx, spf, dmarc = (check(domain, nameservers=[server]) for check in (check_mx, check_spf, check_dmarc))
print(json.dumps({"mx": mx, "spf": spf, "dmarc": dmarc}))
"""

APEX = "$TTL 3600\n@ SOA ns h 1 3600 900 1209600 3600\n@ NS ns\nns A 11.9.9.53\n"
ABOVE = "$TTL 3600\n@ SOA ns.esp.example. h.esp.example. 1 3600 900 1209600 3600\n@ NS ns.esp.example.\n"
ESP = """
@ MX 10 mx
mx A 11.9.9.25
mx AAAA 2a11:db8:ff::25
_spf TXT "v=spf1 include:_a.esp.example include:_b.esp.example ~all"
_a TXT "v=spf1 ip4:11.9.0.0/22 ip4:11.9.8.0/24 include:_c.esp.example ~all"
_b TXT "v=spf1 ip6:2a11:db8:100::/40 ~all"
_c TXT "v=spf1 ip4:11.9.12.0/24 a:out.esp.example ~all"
out A 11.9.9.26
_crm TXT "v=spf1 ip4:11.9.16.0/24 ip4:11.9.17.0/24 ~all"
"""
SERVICES = {"_spf.esp.example": 2, "_crm.esp.example": 3}  # that every so many of the domains send through


def zones() -> dict[str, str]:
    """Domains with exchangers whose reverse names lead back, SPF, two DKIM keys, and DMARC reports that go elsewhere.

    They have two to five exchangers. Every other one sends through a service whose includes are three deep, with a host
    at the end.
    """
    reverse = {"11.in-addr.arpa.": ABOVE, "8.b.d.0.1.1.a.2.ip6.arpa.": ABOVE}
    found = {".": ABOVE, "example.": ABOVE, "esp.example.": APEX + ESP}
    for number in range(DOMAINS):
        domain = f"d{number}.example."
        services = "".join(f"include:{name} " for name, every in SERVICES.items() if number % every == 0)
        lines = [
            "@ A 11.9.9.80",
            f'@ TXT "v=spf1 mx {services}-all"',
            f'_dmarc TXT "v=DMARC1; p=reject; rua=mailto:dmarc@d{number}.example,mailto:d{number}@esp.example"',
            *(f'{selector}._domainkey TXT "v=DKIM1; k=ed25519; p={KEY}"' for selector in ("s1", "s2")),
        ]
        found["esp.example."] += f'd{number}.example._report._dmarc TXT "v=DMARC1"\n'
        for place in range(2 + number % 4):
            lines.append(f"@ MX {place + 1}0 mx{place}")
            for rdtype, address in (("A", f"11.{number}.{place}.25"), ("AAAA", f"2a11:db8:{number:x}:{place}::25")):
                lines += [f"{host}{place} {rdtype} {address}" for host in ("mx", "out")]
                zone = next(zone for zone in reverse if ip_address(address).reverse_pointer.endswith(zone[:-1]))
                reverse[zone] += f"{ip_address(address).reverse_pointer}. PTR out{place}.{domain}\n"
        found[domain] = APEX + "\n".join(lines) + "\n"
    return found | reverse


def chain_of(number: int) -> int:
    """The round trips of the longest chain that the zones make.

    MX, address, reverse name, its address; where there are includes: TXT, three of them, the host at the end.
    """
    return 4 if number % 2 else 5


async def examined(domain: str, at: tuple[str, int]) -> tuple[Report, float]:
    """One whole examination with fresh clients, and the seconds from opening these to closing them."""
    started = time.perf_counter()
    async with open_clients([plain(at)]) as clients:
        report = await examine(Target(domain, domain), choose("domain"), clients)
    return report, time.perf_counter() - started


def in_process(resolver: int, far: Relay, sweeps: int) -> bool:
    """Print the seconds over those of the longest chain, and what was asked; whether the musts are held."""
    ratios: list[float] = []
    seen: Counter[str] = Counter()
    detours = 0
    for number in range(DOMAINS):
        asyncio.run(examined(f"d{number}.example", (LOOPBACK, resolver)))
    far.seen()
    for number in [*range(DOMAINS)] * sweeps:
        report, seconds = asyncio.run(examined(f"d{number}.example", far.at))
        ratios.append(seconds / (chain_of(number) * ROUND_TRIP))
        detours += report.trace.round_trips != chain_of(number)
        seen += far.seen()
    ratio = statistics.median(ratios)
    print(f"check in process / longest chain of {ROUND_TRIP * 1000:.0f} ms round trips: median {ratio:.3f}  "
          f"(must ≤ 1.15), max {max(ratios):.2f}; {detours} of {len(ratios)} had a longer chain  (must 0)")  # fmt: skip
    print(f"{seen['questions']} questions, {seen['twice']} asked twice  (must 0), {seen['truncated']} truncated")
    return ratio <= 1.15 and not detours and not seen["twice"]


@dataclass
class Side:
    """A command that is run as a whole process for DOMAIN: the seconds of each run, and what the relay saw of all."""

    name: str
    command: list[str]
    seconds: list[float] = field(default_factory=list)
    seen: Counter[str] = field(default_factory=Counter)

    def run(self, domain: str, far: Relay) -> dict[str, Any]:
        """What it prints for the domain; what it compiles may be kept, as after an installation."""
        environment = {key: value for key, value in os.environ.items() if key != "PYTHONDONTWRITEBYTECODE"}
        command = [domain if word == "DOMAIN" else word for word in self.command]
        far.seen()
        started = time.perf_counter()
        text = subprocess.run(command, check=True, capture_output=True, text=True, cwd=ROOT, env=environment).stdout
        self.seconds.append(time.perf_counter() - started)
        self.seen += far.seen()
        printed: dict[str, Any] = json.loads(text)
        return printed

    def show(self) -> None:
        """Print how long it took, and what it asked of a domain."""
        runs = len(self.seconds)
        print(f"{self.name}: {statistics.median(self.seconds):.3f} s, a domain {self.seen['questions'] / runs:.0f} "
              f"questions ({self.seen['twice'] / runs:.1f} of them twice), {self.seen['streams'] / runs:.0f} over TCP"
              )  # fmt: skip


def ours_found(printed: dict[str, Any]) -> object:
    """MX with addresses, the SPF record, and the DMARC record and policy of our JSON."""
    [report] = printed["reports"]
    hosts = [
        (host["preference"], host["exchange"], sorted(address["address"] for address in host["addresses"]))
        for host in report["mail_hosts"]["hosts"]
    ]
    dmarc = report["dmarc"]
    return sorted(hosts), report["spf"]["record"], dmarc["record"], dmarc["policies"]["domain"]["policy"]


def theirs_found(printed: dict[str, Any]) -> object:
    """The same of checkdmarc's."""
    hosts = [(host["preference"], host["hostname"], sorted(host["addresses"])) for host in printed["mx"]["hosts"]]
    dmarc = printed["dmarc"]
    return sorted(hosts), printed["spf"]["record"], dmarc["record"], dmarc["tags"]["p"]["value"]


def whole_processes(far: Relay, pairs: int) -> bool:
    """Print how long the commands take in turn, and whether they found the same; whether the musts are held."""
    python, server = sys.executable, FAR[0]
    options = ["--only", AREAS, "--format", "json", "--fail-on", "never", "--resolver", server]
    own = Side("deliverkit check --only mx,spf,dmarc", [python, "-m", "deliverkit", "check", "DOMAIN", *options])
    peer = Side("checkdmarc", [str(Path(python).with_name("checkdmarc")), "DOMAIN", "-n", server])
    alone = Side("checkdmarc's MX, SPF and DMARC as a library", [python, "-c", CHECKDMARC_ALONE, "DOMAIN", server])
    different = 0
    for number in range(pairs):
        domain = f"d{number % DOMAINS}.example"
        found, theirs, theirs_alone = (side.run(domain, far) for side in (own, peer, alone))
        different += not ours_found(found) == theirs_found(theirs) == theirs_found(theirs_alone)
    for side in (own, peer, alone):
        side.show()
    ratio, part = (
        statistics.median(mine / other for mine, other in zip(own.seconds, side.seconds, strict=True))
        for side in (peer, alone)
    )
    print(f"{pairs} pairs: 1/{1 / ratio:.1f} of checkdmarc  (must ≤ 1/10, aim 1/15), 1/{1 / part:.1f} of its part; "
          f"{different} with other MX, SPF or DMARC  (must 0)")  # fmt: skip
    return ratio <= 1 / 10 and not different and not own.seen["twice"]


def can_listen(at: tuple[str, int]) -> bool:
    """Whether this user may listen at a port below 1024."""
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as trial:
        try:
            trial.bind(at)
        except OSError:
            return False
    return True


def main() -> int:
    """Run the bench; exit code 1 where a must is missed, 2 where one cannot be measured here."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--sweeps", type=int, default=2)
    parser.add_argument("--pairs", type=int, default=9)
    options = parser.parse_args()
    absent = missing("knotd", "unbound", "taskset")
    if absent:
        print(f"{absent} is not installed: make servers")
        return 2
    print(f"Python {platform.python_version()}, {os.cpu_count()} cores, load {os.getloadavg()[0]:.1f}, checkdmarc "
          f"{version('checkdmarc')}; {DOMAINS} domains")  # fmt: skip
    os.sched_setaffinity(0, {CLIENT_CPU})
    is_open = can_listen(FAR)
    with (
        tempfile.TemporaryDirectory() as text,
        warm_resolver(Path(text), zones(), cpu=SERVER_CPU) as port,
        relay(port, seconds=ROUND_TRIP, loss=0.0, cpu=SERVER_CPU, at=FAR if is_open else None) as far,
    ):
        held = [in_process(port, far, options.sweeps)]
        if is_open:
            held.append(whole_processes(far, options.pairs))
    if not is_open:
        print(f"checkdmarc is not measured: it asks port 53 alone, and this user may not listen at {FAR[0]}, port 53. "
              f"As root, or: unshare -rn sh -c 'ip link set lo up; {sys.executable} bench/check.py'")  # fmt: skip
    return 1 if not all(held) else 0 if is_open else 2


if __name__ == "__main__":
    sys.exit(main())

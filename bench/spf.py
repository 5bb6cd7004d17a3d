"""SPF evaluations with warm answers, every step noted, against pyspf on the same answers.

    python bench/spf.py

Both sides alternate in one run and have to give the same results. pyspf is called as the second opinion calls it.
"""

from __future__ import annotations

import platform
import statistics
import sys
import time
from collections.abc import Callable
from importlib.metadata import version
from ipaddress import ip_address
from pathlib import Path

sys.path[0] = str(Path(__file__).resolve().parent.parent)  # not this folder: it would hide the package spf

from deliverkit.clients.second_opinion import spf_result
from deliverkit.observations import Answer, ResourceRecord, Status
from deliverkit.standards.spf.evaluate import Client, check_host
from deliverkit.standards.txt import data_of

ROUNDS = 15
EVALUATIONS = 300
MUST, AIM = 8.0, 15.0
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
    return KNOWN.get((name, rdtype)) or Answer(name, rdtype, Status.NXDOMAIN)


def ours(client: Client) -> str:
    return str(check_host(client, answers).result)


def theirs(client: Client) -> str:
    return spf_result(client, answers)


def rate(work: Callable[[Client], str]) -> float:
    """Evaluations in a second."""
    started = time.perf_counter()
    for number in range(EVALUATIONS):
        work(CLIENTS[number % len(CLIENTS)])
    return EVALUATIONS / (time.perf_counter() - started)


def main() -> int:
    print(f"Python {platform.python_version()}, pyspf {version('pyspf')}, {EVALUATIONS} evaluations × {ROUNDS} rounds")
    results = [(ours(client), theirs(client)) for client in CLIENTS]
    if any(own != other for own, other in results):
        print(f"the results differ: {results}")
        return 1
    rounds = [(rate(ours), rate(theirs)) for _ in range(ROUNDS)]
    own, other = (statistics.median(side) for side in zip(*rounds, strict=True))
    ratio = statistics.median(one / two for one, two in rounds)
    print(f"{own:,.0f} /s traced, pyspf {other:,.0f} /s: × {ratio:.1f}  (must ≥ {MUST:.0f}, aim {AIM:.0f})")
    return 0 if ratio >= MUST else 1


if __name__ == "__main__":
    sys.exit(main())

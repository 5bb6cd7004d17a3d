"""The control of port 25 is begun while hosts keep silent, and asked of nobody where one of them was reached."""

from __future__ import annotations

import asyncio
import time
from dataclasses import dataclass, field, replace

import pytest

from deliverkit.clients import Clients
from deliverkit.facts.conversing import Conversing
from deliverkit.facts.smtp import Conversations, SmtpHosts, WayOut
from deliverkit.facts.smtp_host import SmtpHost
from deliverkit.knowledge.controls import control_hosts
from deliverkit.observations import Answer, Connection, Instant, Status
from deliverkit.observations.reach import Reach
from deliverkit.observations.smtp import Call, End, Transcript
from deliverkit.probes import smtp
from deliverkit.probes.smtp import learn_conversations, learn_way_out
from tests.building import lookup
from tests.talking import CLOCK

PATIENCE = 0.6  # of the conversations
SLOW = 0.4  # what an attempt at a control takes
HERE = SmtpHost("mx1.good.example", "127.0.0.1", 25)
FAR = SmtpHost("mx1.good.example", "11.0.1.25", 25)


@dataclass
class Network:
    """Hosts that keep silent to the end of patience, or take the connection at once and are slow then; and controls."""

    takes: bool
    reached: set[int] = field(default_factory=set)
    tried: list[str] = field(default_factory=list)

    async def converse(self, call: Call) -> Transcript:
        if self.takes:
            self.reached.add(4)
        await asyncio.sleep(PATIENCE)
        return Transcript(call, end=End.CLOSED if self.takes else End.TIMEOUT)

    async def connect(self, address: str, port: int) -> Connection:
        self.tried.append(address)
        await asyncio.sleep(SLOW)
        return Connection(address, port, Reach.TIMEOUT)

    async def query(self, name: str, rdtype: str, **_: object) -> Answer:
        if name in {one.host for one in control_hosts()} and rdtype == "A":
            return lookup(name, "A", "11.0.7.25").answer
        return Answer(name, rdtype, Status.NODATA)


def run(network: Network, host: SmtpHost = FAR) -> tuple[Conversations, WayOut, float]:
    """What was found, and the seconds that it took."""

    async def learn() -> tuple[Conversations, WayOut]:
        clients = Clients(network, Instant(CLOCK), connector=network, converser=network, reached=network.reached)
        given = Conversing().giving({"helo": ("probe.example",)})
        found = await learn_conversations("good.example", clients, SmtpHosts((host,)), given)
        assert isinstance(found, Conversations)
        way_out = await learn_way_out("good.example", clients, found)
        assert len(asyncio.all_tasks()) == 1
        return found, way_out

    started = time.monotonic()
    found, way_out = asyncio.run(learn())
    return found, way_out, time.monotonic() - started


@pytest.fixture(autouse=True)
def _soon(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(smtp, "CONTROL_AFTER", 0.1)


def test_it_does_not_wait_for_the_patience_to_end() -> None:
    network = Network(takes=False)
    found, way_out, took = run(network)
    assert found.control is way_out.tests is not None
    assert way_out.ipv4 is False
    assert len(network.tried) == len(control_hosts())
    assert took < PATIENCE + SLOW


def test_it_is_asked_of_nobody_where_a_host_was_reached_however_slow() -> None:
    network = Network(takes=True)
    found, way_out, _ = run(network)
    assert (found.control, way_out, network.tried) == (None, WayOut(ipv4=True, ipv6=None), [])


@pytest.mark.parametrize("host", [HERE, replace(FAR, port=587)])
def test_nor_where_it_says_nothing_of_the_host(host: SmtpHost) -> None:
    network = Network(takes=False)
    run(network, host)
    assert network.tried == []


def test_somebody_elses_host_counts_too_and_then_it_is_asked_when_it_is_needed() -> None:
    network = Network(takes=False, reached={4})
    found, way_out, _ = run(network)
    assert found.control is None
    assert way_out.tests is not None
    assert len(network.tried) == len(control_hosts())

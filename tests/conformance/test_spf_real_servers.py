"""The suite of openspf.org once more, its zone data served by Knot and asked for through Unbound."""

from __future__ import annotations

import asyncio
import os
from collections.abc import Iterator
from contextlib import ExitStack
from functools import partial
from pathlib import Path

import pytest

from deliverkit.clients.dns.nameservers import plain
from deliverkit.clients.opening import open_clients
from deliverkit.probes.spf import evaluate
from deliverkit.standards.spf.evaluate import check_host
from tests.conformance.openspf import Case, Zone, cases
from tests.servers import LOOPBACK, Server, knot, missing, unbound

ABSENT = missing("knotd", "unbound")
pytestmark = pytest.mark.skipif(
    bool(ABSENT) and os.environ.get("CI") != "true", reason=f"{ABSENT} is not installed: make servers"
)
NAMED = {"MX", "CNAME", "PTR"}
HEAD = "@ 60 IN SOA ns.root. h.root. 1 3600 900 1209600 60\n@ 60 IN NS ns.root.\nns.root. 60 IN A 127.0.0.1\n"


def zone_text(zone: Zone) -> str:
    """All names of a scenario as one root zone; those that are silent are delegated to a server that is lame."""
    lines = [
        f"{_owner(name)} 60 IN {rdtype} {_escaped(data) if rdtype in NAMED else data}\n"
        for name, entries in zone.names.items()
        for rdtype, data in entries
    ]
    return HEAD + "".join(lines) + "".join(f"{name}. 60 IN NS ns.root.\n" for name in _lame(zone))


def _owner(name: str) -> str:
    return _escaped(name.replace(" ", "\\032")) + "."


def _escaped(names: str) -> str:
    """Names, and numbers before them, with what Knot takes only as an escape."""
    return "".join(c if c.isalnum() or c in "-._ \\" else f"\\{ord(c):03d}" for c in names)


def _lame(zone: Zone) -> list[str]:
    """The names that are silent and nothing else: a cut would hide what stands beside or below."""
    return [
        name
        for name in zone.silent
        if not any(n == name or n.endswith(f".{name}") for n in zone.names if zone.names[n])
    ]


class Servers:
    """Knot and Unbound for one scenario at a time."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.stack = ExitStack()
        self.zone: Zone | None = None
        self.resolver: Server | None = None

    def resolver_of(self, zone: Zone) -> Server:
        """The resolver that has this scenario's names."""
        if self.zone is not zone or self.resolver is None:
            self.stack.close()
            start = self.stack.enter_context
            place = self.folder / str(id(zone))
            served = start(knot(place / "knot", {".": zone_text(zone)}))
            lame = start(knot(place / "lame", {"other.root.": HEAD}))
            stubs = {".": served.port, **dict.fromkeys(_lame(zone), lame.port)}
            self.zone, self.resolver = zone, start(unbound(place / "unbound", stubs))
        return self.resolver


@pytest.fixture(scope="module")
def servers(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Servers]:
    found = Servers(tmp_path_factory.mktemp("openspf"))
    yield found
    found.stack.close()


async def through(resolver: Server, case: Case) -> str:
    async with open_clients([plain((LOOPBACK, resolver.port))]) as clients:
        return str((await evaluate(clients.resolver, partial(check_host, case.client))).result)


@pytest.mark.figure("SPF, openspf.org, RFC 7208: answers of Knot through Unbound")
@pytest.mark.parametrize("case", cases(), ids=lambda case: case.name)
def test_the_result_from_real_servers_is_one_of_those_allowed(servers: Servers, case: Case) -> None:
    assert asyncio.run(through(servers.resolver_of(case.zone), case)) in case.results

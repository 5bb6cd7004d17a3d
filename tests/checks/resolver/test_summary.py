"""The verdict on this machine."""

from __future__ import annotations

import pytest

from deliverkit.checks.resolver.summary import summarize
from deliverkit.facts.resolver import BlocklistTests, PortTests, ResolverTests
from deliverkit.model import unknown
from deliverkit.observations import Status
from deliverkit.observations.reach import Reach
from tests.trying import lists, ports, resolver, resolvers, rewriting

GOOD = lists(zen=("127.0.0.2", Status.NXDOMAIN), psbl=("127.0.0.2", Status.NXDOMAIN))
OPEN = ports(Reach.CONNECTED, Reach.CONNECTED)
ALL_WELL = "192.0.2.53 answers in 3 ms and validates"
CARELESS = ((Status.NOERROR, Status.NOERROR),) * 2


WAYS_OUT = "port 25 is open from here over IPv4 and IPv6"
REFUSING = lists(zen=("127.255.255.254", Status.NXDOMAIN))
DEAD = lists(zen=(Status.SERVFAIL, Status.SERVFAIL))


@pytest.mark.parametrize(
    ("tests", "found", "tried", "clauses"),
    [
        (resolvers(resolver()), GOOD, OPEN, [ALL_WELL, "blocklists answer it", WAYS_OUT]),
        (
            resolvers(resolver("127.0.0.1", bogus=CARELESS), resolver()),
            GOOD,
            ports(Reach.CONNECTED, Reach.TIMEOUT),
            [
                "127.0.0.1 answers in 3 ms and does not validate",
                ALL_WELL,
                "blocklists answer it",
                "port 25 is open from here over IPv4, not over IPv6",
            ],
        ),
        (
            resolvers(rewriting(resolver())),
            REFUSING,
            ports(Reach.TIMEOUT, Reach.TIMEOUT),
            [
                "192.0.2.53 answers in 3 ms, but gives addresses for names that do not exist",
                "no blocklist can be used",
                "port 25 seems to be blocked from here",
            ],
        ),
        (
            resolvers(resolver(root=Status.REFUSED)),
            GOOD,
            ports(Status.REFUSED, Status.REFUSED),
            ["192.0.2.53 refuses to answer this machine", "whether port 25 is open from here is not known"],
        ),
        (
            resolvers(resolver(made_up=Status.SERVFAIL)),
            DEAD,
            OPEN,
            ["192.0.2.53 answers in 3 ms, but finds nothing out", "whether blocklists answer is not known", WAYS_OUT],
        ),
    ],
)
def test_the_sentence(tests: ResolverTests, found: BlocklistTests, tried: PortTests, clauses: list[str]) -> None:
    facts: dict[type, object] = {ResolverTests: tests, BlocklistTests: found, PortTests: tried}
    assert summarize(facts, []).sentence == f"{'; '.join(clauses)}."


def test_whether_the_ad_bit_is_believed_is_said() -> None:
    plain, safe = resolvers(resolver()), resolvers(resolver("tls://192.0.2.53"))
    assert "DANE" in summarize({ResolverTests: plain, BlocklistTests: GOOD, PortTests: OPEN}, []).way
    assert summarize({ResolverTests: safe, BlocklistTests: GOOD, PortTests: OPEN}, []).way == ""


def test_nothing_known_is_said_so() -> None:
    reason = unknown("no resolver")
    facts: dict[type, object] = {ResolverTests: reason, BlocklistTests: reason, PortTests: reason}
    assert summarize(facts, []).sentence == "Cannot tell how this machine asks the DNS: no resolver."

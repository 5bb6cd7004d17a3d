"""What this machine's own state comes to, in a sentence: its resolvers, blocklists, port 25."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from deliverkit.checks.wording import count, listed
from deliverkit.facts.resolver import BlocklistTests, PortTests, ResolverTest, ResolverTests
from deliverkit.model import Absent, Result, Verdict
from deliverkit.standards.dnsbl import ListState

NEEDS: tuple[type, ...] = (ResolverTests, BlocklistTests, PortTests)

_UNBELIEVED = (
    "The AD bit is not believed over a path that can be forged, a loopback address included: DANE stays unknown. "
    "A path that cannot be: --resolver tls://IP#name"
)


def summarize(facts: Mapping[type, object | Absent], results: Sequence[Result]) -> Verdict:  # noqa: ARG001
    """The verdict on this machine, from the facts in ``NEEDS``."""
    resolvers, lists, ports = (facts[kind] for kind in NEEDS)
    if not isinstance(resolvers, ResolverTests):
        reason = resolvers.reason if isinstance(resolvers, Absent) else ""
        return Verdict(f"Cannot tell how this machine asks the DNS: {reason}.")
    clauses = [_resolver(test) for test in resolvers.tests]
    if isinstance(lists, BlocklistTests) and resolvers.answering:
        clauses.append(_blocklists(lists))
    if isinstance(ports, PortTests):
        clauses.append(_port(ports))
    is_unbelieved = any(test.validates and not test.is_believed for test in resolvers.answering)
    return Verdict(f"{'; '.join(clauses)}.", _UNBELIEVED if is_unbelieved else "")


def _resolver(test: ResolverTest) -> str:
    if test.failure:
        return test.failure
    milliseconds = f"{test.round_trip * 1000:.0f} ms"
    if not test.made_up.status.was_asked:
        return f"{test.server} answers in {milliseconds}; whether it finds anything out is not known"
    if not test.made_up.status.is_definite:
        return f"{test.server} answers in {milliseconds}, but finds nothing out"
    if test.denied:
        return f"{test.server} answers in {milliseconds}, but denies names that exist"
    if test.made_up.records:
        return f"{test.server} answers in {milliseconds}, but gives addresses for names that do not exist"
    word = {True: "validates", False: "does not validate", None: "may or may not validate"}[test.validates]
    return f"{test.server} answers in {milliseconds} and {word}"


def _blocklists(lists: BlocklistTests) -> str:
    zones = list(dict.fromkeys(test.blocklist.zone for test in lists.tests))
    good = {test.blocklist.zone for test in lists.of(ListState.ANSWERS)}
    if len(good) == len(zones):
        return "blocklists answer it" if len({test.server for test in lists.tests}) == 1 else "blocklists answer"
    if not good:
        states = {test.state for test in lists.tests}
        return "whether blocklists answer is not known" if ListState.UNKNOWN in states else "no blocklist can be used"
    others = listed([zone for zone in zones if zone not in good])
    return f"{len(good)} of {count(len(zones), 'blocklist')} can be used (not {others})"


def _port(ports: PortTests) -> str:
    states = {"IPv4": ports.is_open(4), "IPv6": ports.is_open(6)}
    opened = [name for name, state in states.items() if state]
    closed = [name for name, state in states.items() if state is False]
    if opened:
        rest = f", not over {closed[0]}" if closed else ""
        return f"port 25 is open from here over {' and '.join(opened)}{rest}"
    return "port 25 seems to be blocked from here" if closed else "whether port 25 is open from here is not known"

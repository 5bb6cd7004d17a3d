"""Phrases and evidence that the checks of this machine share."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator

from deliverkit.facts.resolver import BlocklistTest, BlocklistTests, PortTests, ResolverTest, ResolverTests
from deliverkit.model import Absent, Evidence, unknown
from deliverkit.standards.dnsbl import ListState


def unanswered(resolvers: ResolverTests) -> Iterator[Absent]:
    """The resolvers that a check could not look at, because they do not answer at all."""
    yield from (unknown(f"the resolver {test.failure}") for test in resolvers.tests if test.failure)


def untold(test: ResolverTest) -> Absent:
    """Why it is not known whether a resolver validates."""
    if test.distrust:
        return unknown(test.distrust)
    said = ", ".join(f"{one.bogus.name} {one.checked.status} ({one.unchecked.status} unchecked)" for one in test.bogus)
    return unknown(f"{test.server}: the names with broken signatures do not tell: {said}")


def unlisted(lists: BlocklistTests, *, registered: bool) -> Iterator[Absent]:
    """The blocklists of which it is not known whether they answer, with or without those that one registers with."""
    for test in lists.of(ListState.UNKNOWN):
        if registered or not test.blocklist.is_registered:
            yield unknown(test.reason)


def list_evidence(test: BlocklistTest) -> Evidence:
    """What a list answered for the test point that is always listed, or for the one that never is."""
    answer = test.unlisted if test.unlisted.records and test.state is ListState.UNUSABLE else test.listed
    said = ", ".join(record.data for record in answer.records[:3]) or str(answer.status)
    return Evidence(f"{answer.name} A: {said}", None, test.reason)


def attempt_evidence(ports: PortTests, *versions: int) -> tuple[Evidence, ...]:
    """How the attempts to connect ended, a line for each kind of address."""
    pairs = [(version, Counter(one.status for one in ports.over(version))) for version in versions]
    return tuple(
        Evidence(f"port 25 over IPv{version}: {', '.join(f'{number} {word}' for word, number in found.items())}")
        for version, found in pairs
        if found
    )

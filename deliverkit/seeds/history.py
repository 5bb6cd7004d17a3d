"""What is known of a seed test's message and way, so that tests can be held against each other."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from itertools import islice
from typing import NamedTuple

from deliverkit.facts.placement import Placement
from deliverkit.facts.placement_history import PastTest
from deliverkit.observations.seeds import SeedTest
from deliverkit.seeds.pathways import return_domain
from deliverkit.standards.dkim.signature import signatures_of
from deliverkit.standards.header import split_message
from deliverkit.standards.received import journey

_DIGITS = 12  # of the message's digest: enough to tell messages apart
_WAYS = 40  # copies whose headers are looked at: they took the same way, or few ways
_MOST, _WORDS = 8, 200  # names of one kind, and characters of them


def past(test: SeedTest, placement: Placement) -> PastTest:
    """The test as one of several."""
    seen = (copy.arrivals[0].header for copy in test.copies if copy.arrivals and not copy.is_control)
    ways = list(map(_way, islice(seen, _WAYS)))
    traits = (
        ("message", test.digest[:_DIGITS]),
        ("subject", test.subject),
        ("From domain", test.from_domain),
        ("handed over to", _handed_over(test)),
        ("sending addresses", _together(address for way in ways for address in way.addresses)),
        ("signed by", _together(signer for way in ways for signer in way.signers)),
        ("Return-Path at", _together(way.returns for way in ways)),
        ("providers", ", ".join(sorted(f"{one.provider} {len(one.copies)}" for one in placement.providers))),
    )
    return PastTest(test.token, test.started, placement, tuple((name, value[:_WORDS]) for name, value in traits))


class _Way(NamedTuple):
    addresses: tuple[str, ...]
    signers: tuple[str, ...]
    returns: str


def _way(header: bytes) -> _Way:
    """What a copy's header tells of its way: the first host from elsewhere, d= of its signatures, the Return-Path."""
    split = split_message(header)
    signers = tuple(signed.domain for signed in signatures_of(header))
    return _Way(tuple(map(str, journey(split.fields).external[:1])), signers, return_domain(split))


def _handed_over(test: SeedTest) -> str:
    """To whom the copies were handed over: a relay is one host for several providers."""
    if test.is_external:
        return "your own platform"
    hosts = set(_takers(test))
    providers = {copy.provider for copy in test.copies if copy.sendings}
    return next(iter(hosts)) if len(hosts) == 1 and len(providers) > 1 else "the seeds' mail hosts" if hosts else ""


def _takers(test: SeedTest) -> Iterator[str]:
    for copy in test.copies:
        yield from (one.transcript.call.host for one in copy.sendings if one.is_accepted and one.transcript)


def _together(names: Iterable[str]) -> str:
    found = sorted({name for name in names if name})
    more = [f"and {len(found) - _MOST} more"] if len(found) > _MOST else []
    return ", ".join([*found[:_MOST], *more])

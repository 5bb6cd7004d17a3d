"""A seed test judged: what became of its copies as a fact, and the report on it."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime

from deliverkit.clients import Clients
from deliverkit.clients.recorded import Recorded
from deliverkit.facts.placement import Placement, placement_of
from deliverkit.facts.seed_evidence import SaidOfCopy, SeedEvidence
from deliverkit.observations import Instant
from deliverkit.observations.seeds import SeedTest
from deliverkit.profiles import choose
from deliverkit.report import Report, Target
from deliverkit.run import examine
from deliverkit.seeds.evidence import evidence_of
from deliverkit.seeds.joining import Terms, join


def placement_in(
    test: SeedTest,
    now: datetime,
    *,
    terms: Terms,
    shares: Mapping[str, float] | None = None,
    wanted: float | None = None,
) -> Placement:
    """Where the test's copies landed, as far as it is known now."""
    copies = join(test, now, terms)
    return placement_of(test.name, copies, shares=shares, wanted=wanted, problems=test.problems)


def evidence_in(test: SeedTest) -> SeedEvidence:
    """What was written into the copies, and what was said to hand them over."""
    said = (
        SaidOfCopy(copy.address, copy.is_control, tuple(one.transcript for one in copy.sendings if one.transcript))
        for copy in test.copies
    )
    return SeedEvidence(evidence_of(test), tuple(one for one in said if one.transcripts))


async def report_on(
    test: SeedTest,
    now: datetime,
    *,
    terms: Terms,
    shares: Mapping[str, float] | None = None,
    wanted: float | None = None,
) -> Report:
    """The report on a seed test as far as it is known now, with what there is to see of its copies."""
    placement = placement_in(test, now, terms=terms, shares=shares, wanted=wanted)
    return await judged(placement, now, evidence=evidence_in(test))


async def judged(placement: Placement, now: datetime, *, evidence: SeedEvidence | None = None) -> Report:
    """The report on a seed test: nobody is asked anything for it."""
    facts: dict[type, object] = {Placement: placement, **({SeedEvidence: evidence} if evidence else {})}
    target = Target("", placement.test, facts=facts)
    return await examine(target, choose("campaign", only=["placement"]), Clients(Recorded({}), Instant(now)))

"""Seed tests by chance: how often the interval holds the true share, and how often PLACE001 passes."""

from __future__ import annotations

import math
import random
from collections import Counter
from collections.abc import Sequence

from deliverkit.checks.placement.inbox_rate_below_wanted import inbox_rate_below_wanted
from deliverkit.facts.placement import Fate, PlacedCopy, placement_of
from deliverkit.facts.seed_evidence import SeedEvidence
from deliverkit.standards.intervals import Stratum, weighted

WANTED = 0.7
SHARES = tuple(share / 100 for share in range(5, 100, 5))
# Designs of seed tests: the copies at each provider, and the provider's part of the audience.
DESIGNS = {
    "one provider, 10 copies": ((10, 1.0),),
    "5 + 5": ((5, 0.6), (5, 0.4)),
    "4 + 3 + 3": ((4, 0.5), (3, 0.3), (3, 0.2)),
    "2 at each of five": tuple((2, weight) for weight in (0.3, 0.25, 0.2, 0.15, 0.1)),
    "6 at each of four": tuple((6, weight) for weight in (0.44, 0.31, 0.15, 0.1)),
    "2 to 6 at each of six": tuple(zip((2, 3, 4, 5, 6, 4), (0.4, 0.2, 0.1, 0.1, 0.1, 0.1), strict=True)),
    "15 at each of four": tuple((15, weight) for weight in (0.44, 0.31, 0.15, 0.1)),
    "3 for 90 of 100, 21 for the rest": ((3, 0.9), (21, 0.1)),
}
# Sixty copies: unweighted, in proportion to the audience, and the same number at each provider.
SIXTY = {
    "one provider, 60 copies": ((60, 1.0),),
    "60 by the audience's shares": ((26, 0.44), (19, 0.31), (9, 0.15), (6, 0.1)),
    "15 at each of four": DESIGNS["15 at each of four"],
}
Design = Sequence[tuple[int, float]]


def outcomes(design: Design, share: float, runs: int, chance: random.Random) -> Counter[tuple[int, ...]]:
    """How often so many copies reach the inbox at each provider, if each does with that chance."""
    columns = [
        chance.choices(
            range(n + 1), [math.comb(n, k) * share**k * (1 - share) ** (n - k) for k in range(n + 1)], k=runs
        )
        for n, _ in design
    ]
    return Counter(zip(*columns, strict=True))


def coverages(design: Design, runs: int, shares: Sequence[float] = SHARES) -> dict[float, float]:
    """For each true share, how often the stratified interval holds it."""
    chance = random.Random(20261125)  # noqa: S311 - a simulation
    holds: dict[tuple[int, ...], tuple[float, float]] = {}
    found = {}
    for share in shares:
        held = 0
        for counts, times in outcomes(design, share, runs, chance).items():
            if counts not in holds:
                holds[counts] = weighted([Stratum(k, n, part) for k, (n, part) in zip(counts, design, strict=True)])[1]
            low, high = holds[counts]
            held += times * (low <= share <= high)
        found[share] = held / runs
    return found


def passes(design: Design, counts: Sequence[int]) -> bool:
    """Whether PLACE001 says that the rate is reached, of these copies in the inbox and the others in junk."""
    copies = [
        PlacedCopy(f"seed{number}@{provider}.example", str(provider), Fate.INBOX if number < inbox else Fate.JUNK)
        for provider, (inbox, (n, _)) in enumerate(zip(counts, design, strict=True))
        for number in range(n)
    ]
    parts = {str(provider): part for provider, (_, part) in enumerate(design)}
    placement = placement_of("simulated", copies, shares=parts, wanted=WANTED)
    return not list(inbox_rate_below_wanted.judge(placement, SeedEvidence()))


def reached(design: Design, share: float, runs: int) -> float:
    """How often PLACE001 passes where that is the true share."""
    drawn = outcomes(design, share, runs, random.Random(20261125))  # noqa: S311 - a simulation
    return sum(times for counts, times in drawn.items() if passes(design, counts)) / runs

"""Rates of seed tests: how often the interval holds the true share, and how often PLACE001 passes.

    python bench/rates.py [--runs 10000]

Each run of a design draws its copies by chance, independent of each other and with the same share at every provider.
"""

from __future__ import annotations

import argparse
import sys
from pathlib import Path
from statistics import mean

sys.path[0] = str(Path(__file__).resolve().parent.parent)  # not this folder: it would hide the package dns

from tests.facts.simulated import DESIGNS, SIXTY, WANTED, coverages, reached, worth

UNEVEN = "15 at each of four"  # sixty copies, spread unlike the audience


def covered(runs: int) -> bool:
    """Print how often the interval holds the true share; whether that is often enough in every design."""
    held = []
    for name, design in DESIGNS.items():
        found = coverages(design, runs)
        least = min(found, key=lambda share: found[share])
        average = mean(found.values())
        held.append(average >= 0.94 and found[least] >= 0.88)
        print(f"{name:33} the interval holds the true share in {average:.1%}, at {least:.0%} in {found[least]:.1%}  "
              f"(must ≥ 94 % over 5 to 95 %, never under 88 %){'' if held[-1] else '  missed'}")  # fmt: skip
    return all(held)


def decided(runs: int) -> bool:
    """Print how often PLACE001 passes under and above the threshold; whether that is as it must be."""
    held = []
    for name, design in DESIGNS.items():
        rate = reached(design, WANTED - 0.1, runs)
        held.append(rate <= 0.05)
        print(f"{name:33} a true share of {WANTED - 0.1:.0%} passes in {rate:.1%}  (must ≤ 5 %)"
              f"{'' if held[-1] else '  missed'}")  # fmt: skip
    for name, design in (SIXTY | {UNEVEN: DESIGNS[UNEVEN]}).items():
        rate, copies = reached(design, WANTED + 0.15, runs), worth(design)
        enough = copies >= 59.5
        held.append(rate >= 0.8 or not enough)
        must = "must ≥ 80 %" if enough else "no must: fewer than 60"
        print(f"{name:33} a true share of {WANTED + 0.15:.0%} passes in {rate:.1%}, worth {copies:.0f} copies  ({must})"
              f"{'' if held[-1] else '  missed'}")  # fmt: skip
    return all(held)


def main() -> int:
    """Run the bench."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--runs", type=int, default=10_000)
    runs = parser.parse_args().runs
    print(f"{runs} runs of each design, {WANTED:.0%} asked for")
    return 0 if all([covered(runs), decided(runs)]) else 1


if __name__ == "__main__":
    sys.exit(main())

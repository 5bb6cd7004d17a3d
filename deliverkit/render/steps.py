"""The steps of several conversations as one order."""

from __future__ import annotations

from collections.abc import Sequence

from deliverkit.standards.smtp.dialogue import GREETING, Exchange

Step = tuple[str, int]
"""What was sent, and the how-manieth of its kind it is."""
_LEAVING = ("QUIT", 1)


def steps_of(found: Sequence[Exchange]) -> list[Step]:
    """Each reply's verb, and the how-manieth of its kind it is; one that came early has no step of its own.

    QUIT is one step: where the host says no to the script's, it is said once more, and the last reply counts.
    """
    counts: dict[str, int] = {}
    steps = []
    for one in found:
        verb = "unasked" if one.is_early else one.verb
        counts[verb] = 1 if verb == "QUIT" else counts.get(verb, 0) + 1
        steps.append((verb, counts[verb]))
    return steps


def in_order(every: Sequence[Sequence[Step]]) -> list[Step]:
    """Every step of any conversation once, none before one that it follows in a conversation; QUIT after all others.

    Behind QUIT stands only what no conversation has before it. Where two orders contradict, the longer goes first.
    """
    longest = sorted((list(dict.fromkeys(one)) for one in every), key=lambda steps: -len(steps))
    before = [one[: one.index(_LEAVING)] if _LEAVING in one else one for one in longest]
    first = _merged(before)
    behind = [one[one.index(_LEAVING) + 1 :] for one in longest if _LEAVING in one]
    last = [step for step in _merged(behind) if step not in first]
    return [*first, *([_LEAVING] if behind else []), *last] or [(GREETING, 1)]


def _merged(orders: Sequence[Sequence[Step]]) -> list[Step]:
    """One order of all steps, each as near as may be behind what it follows."""
    after: dict[Step, set[Step]] = {}
    follows: dict[Step, list[Step]] = {}
    for order in orders:
        for step, previous in zip(order, [None, *order], strict=False):
            after.setdefault(step, set())
            if previous is not None:
                after[step].add(previous)
                follows.setdefault(previous, []).append(step)
    found: dict[Step, None] = {}
    waiting = list(after)
    while waiting:
        ready = [step for step in waiting if after[step] <= found.keys()] or waiting[:1]
        latest = next(reversed(found), None)
        step = next((one for one in reversed(ready) if latest and one in follows.get(latest, ())), ready[0])
        found[step] = None
        waiting.remove(step)
    return list(found)

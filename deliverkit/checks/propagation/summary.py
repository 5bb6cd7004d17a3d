"""What the comparison of resolvers comes to."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from deliverkit.checks.wording import count
from deliverkit.facts.authority import Compared
from deliverkit.model import Absent, Outcome, Result, Verdict
from deliverkit.standards.names import to_readable

NEEDS: tuple[type, ...] = (Compared,)


def summarize(facts: Mapping[type, object | Absent], results: Sequence[Result]) -> Verdict:
    """The verdict on the resolvers, from the fact in ``NEEDS`` and the area's results."""
    compared = facts[Compared]
    if not isinstance(compared, Compared):
        return Verdict(
            f"Cannot tell what resolvers say: {compared.reason if isinstance(compared, Absent) else compared}."
        )
    name, resolvers = to_readable(compared.domain), count(len(compared.words), "resolver")
    failed = [result for result in results if result.outcome is Outcome.FAIL]
    if failed:
        return Verdict(f"The {resolvers} do not say the same of {name}: {failed[0].findings[0].message}.")
    if any(result.outcome is Outcome.UNKNOWN for result in results):
        return Verdict(f"Not all of the {resolvers} have an answer about {name}; those that have one agree.")
    return Verdict(f"The {resolvers} say the same of {name}.")

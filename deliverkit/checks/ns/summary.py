"""What the zone's name servers come to: a sentence, and for how long caches may hold what was."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from deliverkit.checks.wording import count, format_duration
from deliverkit.facts.authority import ZoneServers
from deliverkit.model import Absent, Outcome, Result, Severity, Verdict
from deliverkit.standards.names import to_readable

NEEDS: tuple[type, ...] = (ZoneServers,)


def summarize(facts: Mapping[type, object | Absent], results: Sequence[Result]) -> Verdict:
    """The verdict on the servers, from the fact in ``NEEDS`` and the area's results."""
    zone = facts[ZoneServers]
    if not isinstance(zone, ZoneServers):
        return Verdict(f"Cannot tell what the name servers say: {zone.reason if isinstance(zone, Absent) else zone}.")
    failed = [result for result in results if result.outcome is Outcome.FAIL and result.severity > Severity.NOTE]
    worst = max(failed, key=lambda result: result.severity, default=None)
    name, good = to_readable(zone.zone), len(zone.good)
    if not good:
        said = worst.findings[0].message if worst else f"no name server of {name} can be reached from here"
        return Verdict(f"{said[0].upper()}{said[1:]}.")
    servers = f"{good} of {count(len(zone.words), 'address')}" if good < len(zone.words) else count(good, "address")
    if worst is not None:
        message = worst.findings[0].message
        return Verdict(f"The name servers of {name} answer at {servers}, but {message}.", _kept(zone))
    return Verdict(f"The name servers of {name} answer at {servers} and agree.", _kept(zone))


def _kept(zone: ZoneServers) -> str:
    """For how long a cache may hold an answer to one of the questions that was given a moment ago."""
    longest = max(answer.lifetime for number in range(1, len(zone.seen)) for answer in zone.about(number).values())
    return f"What was published before a change may stand in caches for up to {format_duration(longest)}."

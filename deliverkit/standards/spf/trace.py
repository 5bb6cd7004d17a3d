"""What an evaluation comes to, and the steps that led there."""

from __future__ import annotations

import enum
from typing import NamedTuple

from deliverkit.standards.spf.parse import Networks, Term


class SpfResult(enum.StrEnum):
    """The result of ``check_host`` (RFC 7208 §2.6)."""

    NONE = "none"
    NEUTRAL = "neutral"
    PASS = "pass"  # noqa: S105 - a word of the standard, not a secret
    FAIL = "fail"
    SOFTFAIL = "softfail"
    TEMPERROR = "temperror"
    PERMERROR = "permerror"


NO_ADDRESS = ("no A record", "no AAAA record", "no MX host")  # why a term a or mx has nothing to compare with

# A member of an enum is found slowly in its class before Python 3.12, and these are wanted at every term.
NONE, PASS, FAIL = SpfResult.NONE, SpfResult.PASS, SpfResult.FAIL
OF_QUALIFIER = {"+": SpfResult.PASS, "-": SpfResult.FAIL, "~": SpfResult.SOFTFAIL, "?": SpfResult.NEUTRAL}


class Step(NamedTuple):
    """A term that was come to: where it stands, and why it matched or did not.

    ``level`` is 0 for the first record and grows with each include and redirect. ``target`` is the domain-spec after
    its macros; ``lookups`` and ``voids`` are the counters after the step.
    """

    level: int
    domain: str
    term: Term
    target: str
    matched: bool | None
    why: str
    lookups: int
    voids: int


# A step as it is noted: a tuple costs a sixth of what a named one costs, and few notes are ever read.
Noted = tuple[int, str, Term, str, bool | None, str, int, int]


class NetworkSteps(NamedTuple):
    """The steps over networks that follow each other, as far as ``place``, which is the one that matched.

    A record may list hundreds, and few readers want to see each.
    """

    level: int
    domain: str
    networks: Networks
    place: int
    lookups: int
    voids: int

    def each(self) -> list[Step]:
        """A step for each network."""
        level, domain, networks, place, lookups, voids = self
        why, terms = "does not hold the address", networks.terms
        steps = [Step(level, domain, term, "", False, why, lookups, voids) for term in terms[:place]]
        return steps + [Step(level, domain, term, "", True, "", lookups, voids) for term in terms[place : place + 1]]


class Evaluation(NamedTuple):
    """The result of ``check_host``, why it is so, and what was noted on the way, in order.

    ``explanation`` is the domain's own, where the result is fail and the record has one (RFC 7208 §6.2).
    """

    result: SpfResult
    why: str
    noted: tuple[Noted | NetworkSteps, ...]
    lookups: int
    voids: int
    explanation: str | None = None

    @property
    def steps(self) -> tuple[Step, ...]:
        """The steps in the order in which they were taken, each network one."""
        steps: list[Step] = []
        for noted in self.noted:
            steps += noted.each() if isinstance(noted, NetworkSteps) else (Step(*noted),)
        return tuple(steps)

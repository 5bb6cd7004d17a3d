"""What an evaluation comes to, and the steps that led there."""

from __future__ import annotations

import enum
from typing import NamedTuple

from deliverkit.standards.spf.parse import Term


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


class Evaluation(NamedTuple):
    """The result of ``check_host``, why it is so, and the steps in the order in which they were taken.

    ``explanation`` is the domain's own, where the result is fail and the record has one (RFC 7208 §6.2).
    ``questions`` are name and type of every DNS question, in order.
    """

    result: SpfResult
    why: str
    steps: tuple[Step, ...]
    lookups: int
    voids: int
    questions: tuple[tuple[str, str], ...]
    explanation: str | None = None

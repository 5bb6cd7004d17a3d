"""The nouns of judgement: a check, what it found, and how the finding is shown and mended."""

from __future__ import annotations

import enum
from collections.abc import Callable, Iterable
from datetime import date

from deliverkit.classes import Frozen


class Severity(enum.IntEnum):
    """How much a finding matters; ordered, so that ``max`` and ``>=`` mean something."""

    NOTE = 1
    WARNING = 2
    ERROR = 3

    @property
    def word(self) -> str:
        """The lower-case word that people and JSON see."""
        return self.name.lower()


class Outcome(enum.StrEnum):
    """What became of a check. ``unknown`` never looks like ``pass`` nor like ``fail``."""

    PASS = "pass"  # noqa: S105 - a word of the report, not a secret
    FAIL = "fail"
    NOT_APPLICABLE = "not-applicable"
    UNKNOWN = "unknown"
    WAIVED = "waived"


class Absent(Frozen):
    """A missing fact: why it is not there, and whether it could have been."""

    outcome: Outcome
    reason: str


def not_applicable(reason: str) -> Absent:
    """Nothing to judge, because of how the target is."""
    return Absent(Outcome.NOT_APPLICABLE, reason)


def unknown(reason: str) -> Absent:
    """It could not be found out; says nothing about the target."""
    return Absent(Outcome.UNKNOWN, reason)


class Reference(Frozen):
    """Where a rule stands: an RFC's section, or a named source's rule with the date of its text."""

    source: str
    section: str
    as_of: date | None = None

    def __str__(self) -> str:
        if self.as_of is not None:
            return f"{self.source}, {self.section} (as of {self.as_of})"
        return f"{self.source} §{self.section}"


def rfc(number: int, section: str) -> Reference:
    """A section of an RFC."""
    return Reference(f"RFC {number}", section)


class Span(Frozen):
    """A part of a text: characters ``start`` up to, not including, ``end``."""

    start: int
    end: int


class Evidence(Frozen):
    """A source text with the part that matters marked, and what is to be said about that part."""

    text: str
    span: Span | None = None
    note: str = ""


class ZoneLine(Frozen):
    """A DNS record to paste: full owner name, and the label that a DNS host's form wants (``@``: the zone)."""

    name: str
    label: str
    ttl: int
    rdtype: str
    data: str

    def __str__(self) -> str:
        return f"{self.name}.  {self.ttl}  IN  {self.rdtype}  {self.data}"


class Fix(Frozen):
    """What to do: in words, and as a difference to what is published now."""

    action: str
    remove: tuple[str, ...] = ()
    add: tuple[ZoneLine, ...] = ()

    @property
    def changes(self) -> tuple[str, ...]:
        """The difference as lines: ``-`` what goes, ``+`` what comes."""
        return (*(f"- {line}" for line in self.remove), *(f"+ {record}" for record in self.add))

    @property
    def labels(self) -> str:
        """What to type as the name of each new record in the zone's form, each once; empty without new records."""
        return ", ".join(dict.fromkeys(f"{record.label} for {record.name}" for record in self.add))


class Finding(Frozen):
    """One fault. ``message`` is a clause that can follow "…, but": no capital, no full stop.

    ``at_most``: how much it can matter, whatever the check's severity, where little speaks for what was looked at.
    ``touches``: the mail providers whose readers it touches, by the names of ``knowledge``; empty: everybody's.
    ``references``: the rules of others that it rests on beside those of its check.
    """

    message: str
    evidence: tuple[Evidence, ...] = ()
    fix: Fix | None = None
    at_most: Severity = Severity.ERROR
    touches: tuple[str, ...] = ()
    references: tuple[Reference, ...] = ()


class Check(Frozen):
    """A named question to the facts.

    ``judge`` takes the facts whose types are in ``needs`` and yields a `Finding` for each fault and an
    `Absent` for each part that it could not judge; nothing yielded means that all is well. ``decides`` says that
    nothing can be said of the area beside its message. ``optional`` are those of ``needs`` that it judges without, too.
    """

    code: str
    name: str
    area: str
    severity: Severity
    references: tuple[Reference, ...]
    since: str
    doc: str
    needs: tuple[type, ...]
    judge: Callable[..., Iterable[Finding | Absent]]
    decides: bool = False
    optional: frozenset[type] = frozenset()

    @property
    def sentence(self) -> str:
        """The first sentence of the check's page."""
        return self.doc.partition("\n\n")[0].replace("\n", " ").strip()


class Waiver(Frozen):
    """A fault that somebody has accepted for a reason, until the end of a day; ``domain`` empty: of every domain."""

    code: str
    reason: str
    until: date
    domain: str = ""

    def is_valid(self, today: date) -> bool:
        """Whether it still counts."""
        return today <= self.until


class Result(Frozen):
    """A check and what became of it; ``severity`` is what the profile and its findings make of the check's own.

    ``waiver`` stands with the outcome WAIVED, and with FAIL where its day is over.
    """

    check: Check
    severity: Severity
    outcome: Outcome
    findings: tuple[Finding, ...] = ()
    reasons: tuple[str, ...] = ()
    waiver: Waiver | None = None

    @property
    def message(self) -> str:
        """The first finding's, and how many more there are; empty where there is none."""
        more = f" (and {len(self.findings) - 1} more)" if len(self.findings) > 1 else ""
        return f"{self.findings[0].message}{more}" if self.findings else ""


class Verdict(Frozen):
    """An area's answer in words: one sentence for a customer, and what a sender will do."""

    sentence: str
    way: str = ""

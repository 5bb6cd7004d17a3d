"""The DMARC Policy Record: what it says, and every defect with its place (RFC 9989 §4.7, §4.8)."""

from __future__ import annotations

import enum
from collections.abc import Mapping, Sequence

from deliverkit.classes import Frozen
from deliverkit.model import Span
from deliverkit.standards.dmarc.addresses import ReportAddress
from deliverkit.standards.tags import Tag, TagList


class Policy(enum.IntEnum):
    """What a Domain Owner asks for a message that fails; ordered by strength (RFC 9989 §4.7)."""

    NONE = 0
    QUARANTINE = 1
    REJECT = 2

    @property
    def word(self) -> str:
        """The word of the record."""
        return self.name.lower()

    @property
    def lowered(self) -> Policy:
        """One step less, as ``t=y`` asks for (RFC 9989 §4.7)."""
        return Policy(max(0, self - 1))


class Alignment(enum.StrEnum):
    """How alike two domains must be (RFC 9989 §4.4)."""

    RELAXED = "r"
    STRICT = "s"


class Psd(enum.StrEnum):
    """Whether the domain is a Public Suffix Domain (RFC 9989 §4.7)."""

    YES = "y"
    NO = "n"
    UNKNOWN = "u"


class Rules(enum.StrEnum):
    """By which standard a record is read."""

    RFC9989 = "rfc9989"
    RFC7489 = "rfc7489"


class DefectKind(enum.StrEnum):
    """What is wrong with a part of a record."""

    VERSION = "version"
    MALFORMED = "malformed"
    REPEATED = "repeated"
    POLICY = "policy"
    NO_POLICY = "no policy"
    VALUE = "value"
    ADDRESS = "address"
    SIZE = "size"
    OBSOLETE = "obsolete"
    UNKNOWN = "unknown"
    ORDER = "order"


class Defect(Frozen):
    """What is wrong, where, and on which tag; ``is_fatal``: the rules void the whole record for it."""

    kind: DefectKind
    span: Span
    reason: str
    tag: str = ""
    is_fatal: bool = False


class DmarcRecord(Frozen):
    """A record as its rules read it. ``str`` gives the text back.

    ``policies`` holds p, sp and np where they are there and valid; what has a default has it already.
    """

    rules: Rules
    tags: TagList
    policies: Mapping[str, Policy]
    adkim: Alignment
    aspf: Alignment
    rua: tuple[ReportAddress, ...]
    ruf: tuple[ReportAddress, ...]
    psd: Psd
    is_testing: bool
    percent: int
    defects: tuple[Defect, ...]

    def __str__(self) -> str:
        return self.tags.text

    def get(self, name: str) -> Tag | None:
        """The first tag of that name, in whatever case (RFC 9989 §4.8)."""
        return next((tag for tag in self.tags.tags if tag.name.lower() == name), None)

    def of(self, *kinds: DefectKind) -> tuple[Defect, ...]:
        """The defects of these kinds, in the order of the text."""
        return tuple(defect for defect in self.defects if defect.kind in kinds)

    @property
    def is_record(self) -> bool:
        """Whether it begins with the version tag, without which it is no DMARC record (RFC 9989 §4.7)."""
        return not self.of(DefectKind.VERSION)

    @property
    def is_valid(self) -> bool:
        """Whether its rules let it stand as a whole."""
        return not any(defect.is_fatal for defect in self.defects)

    @property
    def falls_back(self) -> bool:
        """Whether p is missing, or p, sp or np is bad, so that only a report address saves it (RFC 9989 §4.10.1)."""
        return "p" not in self.policies or bool(self.of(DefectKind.POLICY))

    @property
    def applies(self) -> bool:
        """Whether a receiver acts on it at all (RFC 9989 §4.10.1)."""
        return self.is_valid and (not self.falls_back or bool(self.valid_rua))

    @property
    def valid_rua(self) -> tuple[ReportAddress, ...]:
        """The addresses for aggregate reports that can be used."""
        return tuple(address for address in self.rua if address.is_valid)

    @property
    def valid_ruf(self) -> tuple[ReportAddress, ...]:
        """The addresses for failure reports that can be used."""
        return tuple(address for address in self.ruf if address.is_valid)

    def policy(self, *tags: str) -> Policy | None:
        """What the first of these tags that is there says; None where no DMARC applies."""
        if not self.applies:
            return None
        if self.falls_back:  # RFC 9989 §4.10.1: as if the record said p=none
            return Policy.NONE
        return next(self.policies[tag] for tag in (*tags, "p") if tag in self.policies)


def looks_like_dmarc(text: str) -> bool:
    """Whether somebody meant it to be a DMARC record, however it is spelt."""
    squeezed = "".join(text.lower().split())
    return "v=dmarc" in squeezed or squeezed.startswith("dmarc1")


def defects_in_order(defects: Sequence[Defect]) -> tuple[Defect, ...]:
    """By their place in the text."""
    return tuple(sorted(defects, key=lambda defect: (defect.span.start, defect.span.end)))

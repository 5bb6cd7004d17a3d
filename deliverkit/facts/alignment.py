"""Which domains are aligned with a domain's From, and whether those are that its senders use (RFC 9989 §4.4)."""

from __future__ import annotations

import enum

from deliverkit.classes import Frozen
from deliverkit.facts.dkim import DkimKeys
from deliverkit.model import Absent
from deliverkit.standards.dmarc.record import Alignment, DmarcRecord


class IdentifierKind(enum.StrEnum):
    """What authenticates a domain."""

    DKIM = "d="
    MAIL_FROM = "MAIL FROM"


class AlignmentRule(Frozen):
    """How receivers compare From with what was authenticated."""

    organizational_domain: str
    record: DmarcRecord

    def mode(self, kind: IdentifierKind) -> Alignment:
        """How alike the domains must be."""
        return self.record.adkim if kind is IdentifierKind.DKIM else self.record.aspf


class ExpectedIdentifier(Frozen):
    """A domain that the domain's mail is expected to be authenticated as.

    ``is_aligned`` is by RFC 9989, ``is_aligned_by_list`` by RFC 7489; None where that is not known, or no record
    applies.
    """

    kind: IdentifierKind
    domain: str
    is_aligned: bool | None
    is_aligned_by_list: bool | None


class AlignedDomains(Frozen):
    """The rule of today's receivers, and what is expected.

    ``older`` is the rule of receivers by RFC 7489, Absent where no record applies for them, or that is not known.
    """

    domain: str
    rule: AlignmentRule
    older: AlignmentRule | Absent
    expected: tuple[ExpectedIdentifier, ...]

    def of(self, kind: IdentifierKind) -> tuple[ExpectedIdentifier, ...]:
        """What is expected of that kind."""
        return tuple(one for one in self.expected if one.kind is kind)

    @property
    def is_by_dkim_alone(self) -> bool:
        """Whether the expected MAIL FROM is not aligned and no d= that is would make up for it."""
        is_in_vain = any(one.is_aligned is False for one in self.of(IdentifierKind.MAIL_FROM))
        return is_in_vain and not any(one.is_aligned for one in self.of(IdentifierKind.DKIM))

    @property
    def is_signer_untold(self) -> bool:
        """Whether DMARC rests on DKIM, and nobody has said with which d= the mail is signed."""
        return self.is_by_dkim_alone and not self.of(IdentifierKind.DKIM)


class SigningEvidence(Frozen):
    """The domain's DKIM keys, looked for where DMARC rests on them alone."""

    keys: DkimKeys | Absent

"""What senders do at each mail host that know DANE, and those that know MTA-STS: the DNS, held against the handshake.

The two are told apart, and each by itself. A sender that knows both does what DANE says wherever secure TLSA records
are (RFC 8461 §2).
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from deliverkit.classes import Frozen
from deliverkit.facts.smtp import Conversation
from deliverkit.facts.smtp_host import SmtpHost

if TYPE_CHECKING:  # where nobody asks about DANE and MTA-STS, they are not needed
    from deliverkit.facts.dane import DaneHost
    from deliverkit.facts.ruling import Fault, Ruling
    from deliverkit.standards.dane import DaneOutcome
    from deliverkit.standards.mta_sts.policy import Mode


class DaneDealing(Frozen):
    """What a DANE sender does at one address. No ``host``: its TLSA records were not looked up.

    ``outcome``: what it makes of the certificates, where it gets so far. ``is_pinned``: a record names the host's own
    certificate or key (DANE-EE), so that neither its name nor its dates nor who signed it matter (RFC 7672 §3.1.1).
    """

    conversation: Conversation
    host: DaneHost | None
    ruling: Ruling
    outcome: DaneOutcome | None = None
    is_pinned: bool = False


class DaneSenders(Frozen):
    """What DANE senders do at each address, in sending order."""

    domain: str
    dealings: tuple[DaneDealing, ...]

    @property
    def is_all_deferred(self) -> bool:
        """Whether they deliver nowhere."""
        return all(one.ruling.is_deferral for one in self.dealings)

    @property
    def pinned(self) -> frozenset[SmtpHost]:
        """The hosts, each at one address, whose own certificate secure records name."""
        return frozenset(one.conversation.host for one in self.dealings if one.is_pinned)

    def with_fault(self, fault: Fault) -> Iterator[DaneDealing]:
        """Those at which mail is held back for it."""
        return (one for one in self.dealings if one.ruling.is_deferral and one.ruling.fault is fault)


def pinned_by(dane: object) -> frozenset[SmtpHost]:
    """The same, where it is known what DANE senders do; none where it is not."""
    return dane.pinned if isinstance(dane, DaneSenders) else frozenset()


class StsDealing(Frozen):
    """What an MTA-STS sender does at one address."""

    conversation: Conversation
    ruling: Ruling


class StsSenders(Frozen):
    """What MTA-STS senders do at each address, in sending order; no ``mode``: there is no policy that they know."""

    domain: str
    mode: Mode | None
    dealings: tuple[StsDealing, ...]

    @property
    def is_all_deferred(self) -> bool:
        """Whether they deliver nowhere."""
        return all(one.ruling.is_deferral for one in self.dealings)

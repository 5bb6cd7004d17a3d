"""What a sender does at a mail host, and why."""

from __future__ import annotations

import enum

from deliverkit.classes import Frozen


class Does(enum.StrEnum):
    """What a sender does, as a word."""

    DELIVERS = "delivers"
    DEFERS = "defers"
    REPORTS = "delivers and reports"  # RFC 8461 §5: mode testing
    IN_THE_CLEAR = "delivers in the clear"
    FALLS_BACK = "falls back"  # to what senders do that know nothing of the standard: TLS with any certificate
    MAY_GO_IN_THE_CLEAR = "may go in the clear"  # likewise, and TLS fails: some senders do without it, others give up
    CANNOT_TELL = "cannot tell"


DEMANDS_NOTHING = frozenset({Does.FALLS_BACK, Does.MAY_GO_IN_THE_CLEAR, Does.IN_THE_CLEAR})


class Fault(enum.StrEnum):
    """What does not fit."""

    NONE = "none"
    LOOKUP = "lookup"
    POLICY = "policy"
    TLS = "tls"
    CERTIFICATE = "certificate"


class Ruling(Frozen):
    """What a sender does, why, as a clause, and what does not fit."""

    does: Does
    reason: str
    fault: Fault = Fault.NONE

    @property
    def is_deferral(self) -> bool:
        """Whether the sender keeps the mail, and tries again later."""
        return self.does is Does.DEFERS

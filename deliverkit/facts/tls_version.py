"""A version of TLS at a mail host, and what came of trying it."""

from __future__ import annotations

import enum

from deliverkit.classes import Frozen
from deliverkit.facts.smtp import Conversation
from deliverkit.observations.smtp import ALERT, BROKEN_OFF, OLDER


class Spoken(enum.StrEnum):
    """What came of trying a version of TLS, as a word."""

    SPOKEN = "spoken"
    REFUSED = "refused"  # in TLS, as RFC 8446 §4.2.1 wants it: by an alert, or by an answer in another version
    CLOSED = "closed without an alert"
    CANNOT_TELL = "cannot tell"  # nothing came in the time, it did not come to a handshake, or this machine cannot try


VERSIONS = ("1.0", "1.1", "1.2", "1.3")


class TlsVersion(Frozen):
    """A version of TLS at a host, by the conversation in which it was tried alone, or agreed on."""

    version: str
    conversation: Conversation

    @property
    def spoken(self) -> Spoken:
        """What came of trying it."""
        shake = self.conversation.transcript.handshake
        if shake is None:
            return Spoken.CANNOT_TELL
        if not shake.failure:
            return Spoken.SPOKEN
        if shake.failure.startswith(ALERT) or shake.failure == OLDER:
            return Spoken.REFUSED
        return Spoken.CLOSED if shake.failure.endswith(BROKEN_OFF) else Spoken.CANNOT_TELL

    @property
    def is_spoken(self) -> bool | None:
        """Whether the host speaks it; None where that is not known.

        A host that closes where it should send an alert does not: it shook hands in another version just before, and
        servers that refuse old versions so are common.
        """
        return {Spoken.SPOKEN: True, Spoken.CANNOT_TELL: None}.get(self.spoken, False)

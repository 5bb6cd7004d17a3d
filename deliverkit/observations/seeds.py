"""What is known of a seed test: what was sent to whom, how each try ended, and what was seen of each copy since.

All of it is what happened, in order; what became of a copy is derived from it (``facts/placement``).
"""

from __future__ import annotations

import enum
from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import NamedTuple

from deliverkit.classes import Frozen, field
from deliverkit.observations.mailbox import Arrival
from deliverkit.observations.smtp import Transcript


class Stage(enum.StrEnum):
    """How far a try to hand a copy over has come, as a word."""

    BEGUN = "begun"  # nothing that could deliver it has been sent: it may be tried again
    DOT = "dot"  # the message is on its way: whether the host takes it is not known
    ENDED = "ended"  # the host's answer is stored, or there was none before anything could be delivered


class Sending(NamedTuple):
    """A try to hand a copy over. ``ended`` and ``transcript`` are there where it came to an end while it was watched.

    ``code`` and ``reply``: the answer that decided, on one line; 0 and a clause of ours where none came. ``step`` is
    what it answers: a command, ``message`` after the final dot, ``connect``. ``is_relayed``: the host is the campaign's
    own relay, and its word is not the recipient's mail host's.
    """

    begun: datetime
    stage: Stage
    ended: datetime | None = None
    code: int = 0
    reply: str = ""
    transcript: Transcript | None = None
    step: str = ""
    is_relayed: bool = False

    @property
    def said(self) -> str:
        """What the host said, on one line; our clause where it said nothing."""
        return f"{self.code} {self.reply}" if self.code else self.reply

    @property
    def is_accepted(self) -> bool:
        """Whether the host took the message."""
        return self.stage is Stage.ENDED and self.step == "message" and 200 <= self.code < 300

    @property
    def is_refused(self) -> bool:
        """Whether it is refused for good: a 5xx to MAIL, RCPT or DATA, or after the dot (RFC 5321 §4.2.1)."""
        return self.stage is Stage.ENDED and self.code >= 500 and self.step in {"MAIL", "RCPT", "DATA", "message"}


class Bounce(NamedTuple):
    """What a delivery status notification said of a copy (RFC 3464): ``action`` is failed, delayed, relayed …"""

    seen: datetime
    action: str
    status: str
    diagnostic: str
    reporter: str


class Copy(Frozen):
    """One copy of a test's message: ``token`` is in it and finds it again.

    ``is_control``: it is the plain message beside the campaign's own. ``arrivals``: where it was seen, each place once,
    the first sight first.
    """

    token: str
    address: str
    provider: str
    is_control: bool = False
    sendings: tuple[Sending, ...] = ()
    arrivals: tuple[Arrival, ...] = ()
    bounces: tuple[Bounce, ...] = ()


class SeedTest(Frozen):
    """A seed test. ``is_external``: another platform sends, and the copies carry no tokens of their own.

    ``digest`` is SHA-256 of the message as it was given, in hex; ``path`` is what is known of the way that its copies
    were to take, by the words of the campaign file. ``patience`` is how long the last watch waited for an accepted
    copy, None before the first. ``looked`` is when the mailboxes were last looked at, ``problems`` by address what went
    wrong then.
    """

    name: str
    token: str
    started: datetime
    is_external: bool
    subject: str
    from_domain: str
    digest: str = ""
    copies: tuple[Copy, ...] = ()
    looked: datetime | None = None
    problems: tuple[tuple[str, str], ...] = ()
    path: Mapping[str, str] = field(default_factory=dict)
    patience: timedelta | None = None

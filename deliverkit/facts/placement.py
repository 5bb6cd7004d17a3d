"""Where the copies of a seed test landed."""

from __future__ import annotations

import enum
from dataclasses import dataclass


class Fate(enum.StrEnum):
    """What became of a copy, as a word."""

    INBOX = "inbox"
    TAB = "tab"  # an inbox tab: inbox, shown apart
    JUNK = "junk"
    OTHER = "other"  # another folder, by a filter or a quarantine that can be read
    REJECTED = "rejected"  # a host said 5xx
    DEFERRED = "deferred"  # a host said 4xx, or none could be reached: it is to be tried again
    BOUNCED = "bounced"  # accepted, and a bounce came
    MISSING = "missing"  # accepted, not found in time, and no bounce came
    PENDING = "pending"  # accepted, and still in time
    IN_DOUBT = "in doubt"  # cut off between the final dot and the reply
    UNSENT = "unsent"
    UNREADABLE = "unreadable"  # its mailbox could not be read: nothing is said about it

    @property
    def is_inbox(self) -> bool:
        """Whether its reader meets it among the mail that was wanted."""
        return self in {Fate.INBOX, Fate.TAB}

    @property
    def is_settled(self) -> bool:
        """Whether it counts: it has come to an end that says something of the message or its sender."""
        return self not in {Fate.PENDING, Fate.DEFERRED, Fate.IN_DOUBT, Fate.UNSENT, Fate.UNREADABLE}


@dataclass(frozen=True, slots=True)
class PlacedCopy:
    """A copy and what became of it. ``delay`` is in seconds from the host's acceptance to the arrival.

    ``unlike`` says why it does not stand for the campaign (another address pool, another signing domain); empty: it
    does. ``detail`` is what there is to say of it: the reply, the bounce, the folder.
    """

    address: str
    provider: str
    fate: Fate
    is_control: bool = False
    folder: str = ""
    delay: float | None = None
    unlike: str = ""
    detail: str = ""

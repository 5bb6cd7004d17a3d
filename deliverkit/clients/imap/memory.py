"""What was seen of a mailbox before, so that each look tells only of what is new."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import NamedTuple

from deliverkit.observations.mailbox import Bodies

MARGIN = timedelta(days=1)  # SEARCH knows days alone, and each server has its own zone (RFC 9051 §6.4.4)
MOST_MESSAGES = 2_000  # of a folder in one look; the others follow in the next
MOST_FOLDERS = 100
MOST_HEADER = 64 * 1024  # octets
MOST_BODY = 256 * 1024
MOST_SECONDS = 300.0  # of one look
MOST_OCTETS = 48 * 1024 * 1024  # of headers and bodies in one look


class Mark(NamedTuple):
    """How far a folder has been seen: the largest UID, and the validity under which it counts."""

    uid_validity: int
    uid: int


@dataclass
class Memory:
    """What was seen. ``since``: older messages are of no interest; ``gmail``: numbers of messages, across folders."""

    since: datetime
    bodies: Bodies = Bodies.REPORTS
    marks: dict[str, Mark] = field(default_factory=dict)
    gmail: set[int] = field(default_factory=set)

    @property
    def earliest(self) -> datetime:
        """From when on messages are looked at."""
        return self.since - MARGIN

    def first_new(self, folder: str, uid_validity: int) -> int:
        """The smallest UID that has not been seen."""
        mark = self.marks.get(folder)
        return mark.uid + 1 if mark is not None and mark.uid_validity == uid_validity else 1


def wants_body(header: bytes, bodies: Bodies) -> bool:
    """Whether the body of the message with that header is wanted."""
    return bodies is Bodies.ALL or b"multipart/report" in header.lower()

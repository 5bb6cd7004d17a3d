"""What an SMTP server of a world takes, and what it remembers."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, field
from typing import Protocol


@dataclass(frozen=True, slots=True)
class Delivery:
    """A message that a server of the world took: as it came, but for the dots (RFC 5321 §4.5.2)."""

    server: str
    helo: str
    sender: str
    recipients: tuple[str, ...]
    message: bytes
    secure: bool = False
    user: str = ""


@dataclass(slots=True)
class Memory:
    """What a server remembers between connections: deliveries, whom it has put off, which replies it has given."""

    deliveries: list[Delivery] = field(default_factory=list)
    put_off: set[tuple[str, str]] = field(default_factory=set)
    given: Counter[str] = field(default_factory=Counter)


class Taker(Protocol):
    """What becomes of the messages that are taken."""

    def take(self, delivery: Delivery, *, together: bool) -> list[str]:
        """The refusal for each recipient, empty where the copy is taken; ``together``: one refusal refuses all."""

"""The message of a campaign: as it is given, and what the campaign says of it."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property

from deliverkit.standards.dkim.signature import SignedBy, signatures_of
from deliverkit.standards.message import Message


@dataclass(frozen=True)
class CampaignMessage:
    """The message that goes out. ``name`` is what it is told by, ``author`` the address that From is to hold.

    ``is_marketing``: its readers have to be able to unsubscribe by one click.
    """

    name: str
    message: Message
    author: str = ""
    is_marketing: bool = True

    @cached_property
    def signatures(self) -> tuple[SignedBy, ...]:
        """What its DKIM signatures name."""
        return signatures_of(self.message.octets)

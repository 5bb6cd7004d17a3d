"""The message of a campaign: as it is given, and what the campaign says of it."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property

from deliverkit.standards.address_list import parse_address_list
from deliverkit.standards.dkim.signature import Signature, signatures_in
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
    def signatures(self) -> tuple[Signature, ...]:
        """What its DKIM signatures say."""
        return signatures_in(self.message.fields)

    @cached_property
    def from_domain(self) -> str:
        """The domain of the first address in From; empty where there is none."""
        author = self.message.first("From")
        mailboxes = parse_address_list(author.body) if author else ()
        return mailboxes[0].domain if mailboxes else ""

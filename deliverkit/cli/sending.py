"""Who is expected to send for a domain, as options name it."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import TypeVar

from deliverkit.errors import UsageError
from deliverkit.standards.senders import parse_helo, parse_mail_from, parse_sender

T = TypeVar("T")


def parse_sending(addresses: Iterable[str], mail_from: str, helo: str) -> dict[str, object]:
    """The expectations of who sends, as options name them: the addresses, and what these say in MAIL FROM and HELO.

    Raises:
        UsageError: an address, MAIL FROM or HELO cannot be read, or stands without an address.
    """
    found = tuple(_named("--ip", parse_sender, text) for text in addresses)
    if (mail_from or helo) and not found:
        raise UsageError("--from and --helo are about a sender: give its address with --ip, too")
    return {
        "senders": found,
        "mail_from": _named("--from", parse_mail_from, mail_from) if mail_from else "",
        "helo": _named("--helo", parse_helo, helo) if helo else "",
    }


def _named(option: str, parse: Callable[[str], T], text: str) -> T:
    """What the option's text says; a complaint begins with the option."""
    try:
        return parse(text)
    except UsageError as error:
        raise UsageError(f"{option}: {error}") from None

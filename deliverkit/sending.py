"""What is given of how a domain sends: who sends for it, what these say in SMTP, which selectors sign."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import TypeVar

from deliverkit.errors import UsageError
from deliverkit.standards.dkim.signature import checked_selector
from deliverkit.standards.senders import parse_helo, parse_mail_from, parse_sender

T = TypeVar("T")


def parse_senders(addresses: Iterable[str], *, mail_from: str = "", helo: str = "") -> dict[str, object]:
    """Who should send, as fields of `Expectations`; none where no address is given.

    Raises:
        UsageError: an address, MAIL FROM or HELO cannot be read, or stands without an address.
    """
    found = tuple(_named("--ip", parse_sender, text) for text in addresses)
    if (mail_from or helo) and not found:
        raise UsageError("MAIL FROM and HELO are about a sender: give its address, too (--ip)")
    given: dict[str, object] = {
        "senders": found,
        "mail_from": _named("--from", parse_mail_from, mail_from) if mail_from else "",
        "helo": _named("--helo", parse_helo, helo) if helo else "",
    }
    return given if found else {}


def parse_selectors(texts: Iterable[str]) -> tuple[str, ...]:
    """DKIM selectors, or whole names of key records, as they are given.

    Raises:
        UsageError: one of them is none.
    """
    return tuple(map(checked_selector, texts))


def _named(option: str, parse: Callable[[str], T], text: str) -> T:
    """What the text says; a complaint begins with the command line's option for it."""
    try:
        return parse(text)
    except UsageError as error:
        raise UsageError(f"{option}: {error}") from None

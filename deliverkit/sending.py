"""What is given of how a domain sends: who sends for it, what these say in SMTP, which selectors sign."""

from __future__ import annotations

from collections.abc import Iterable
from ipaddress import ip_address

from deliverkit.errors import UsageError
from deliverkit.standards.addresses import Address
from deliverkit.standards.dkim.signature import parse_selector
from deliverkit.standards.names import parse_domain, parse_mail_from


def parse_senders(addresses: Iterable[str], *, mail_from: str = "", helo: str = "") -> dict[str, object]:
    """Who should send, as fields of `Expectations`; none where no address is given.

    Raises:
        UsageError: an address, MAIL FROM or HELO cannot be read, or stands without an address.
    """
    found = tuple(map(parse_sender, addresses))
    if (mail_from or helo) and not found:
        raise UsageError("MAIL FROM and HELO are about a sender: give its address, too (--ip)")
    mail_from = parse_mail_from(mail_from) if mail_from else ""
    given: dict[str, object] = {"senders": found, "mail_from": mail_from, "helo": parse_domain(helo) if helo else ""}
    return given if found else {}


def parse_sender(text: str) -> Address:
    """The address of a sender, which may stand in brackets.

    Raises:
        UsageError: it is none.
    """
    try:
        return ip_address(text.strip().removeprefix("[").removesuffix("]"))
    except ValueError:
        raise UsageError(
            f"{text!r} is no IP address of a sender: give one such as 192.0.2.25 or 2001:db8::25"
        ) from None


def parse_selectors(texts: Iterable[str]) -> tuple[str, ...]:
    """DKIM selectors, or whole names of key records, as they are given.

    Raises:
        UsageError: one of them is none.
    """
    found = tuple(texts)
    for text in found:
        if not parse_selector(text.partition("._domainkey")[0]):
            raise UsageError(f"{text!r} is no selector: it is what s= of a signature says, such as s1")
    return found

"""Who is expected to send for a domain, as options name it."""

from __future__ import annotations

from collections.abc import Iterable
from ipaddress import ip_address

from deliverkit.errors import UsageError
from deliverkit.standards.addresses import Address
from deliverkit.standards.names import parse_domain, parse_mail_from


def parse_sending(addresses: Iterable[str], mail_from: str, helo: str) -> dict[str, object]:
    """The expectations of who sends, as options name them: the addresses, and what these say in MAIL FROM and HELO.

    Raises:
        UsageError: an address, MAIL FROM or HELO cannot be read, or stands without an address.
    """
    found = tuple(_parse_address(text) for text in addresses)
    if (mail_from or helo) and not found:
        raise UsageError("--from and --helo are about a sender: give its address with --ip, too")
    mail_from = parse_mail_from(mail_from) if mail_from else ""
    return {"senders": found, "mail_from": mail_from, "helo": parse_domain(helo) if helo else ""}


def _parse_address(text: str) -> Address:
    try:
        return ip_address(text.strip().removeprefix("[").removesuffix("]"))
    except ValueError:
        raise UsageError(f"--ip {text!r} is no IP address: give one such as 192.0.2.25 or 2001:db8::25") from None

"""Who is expected to send for a domain, as options name it."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace
from ipaddress import ip_address

from deliverkit.errors import UsageError
from deliverkit.profiles import Profile
from deliverkit.standards.addresses import Address
from deliverkit.standards.names import parse_domain


@dataclass(frozen=True, slots=True)
class Sending:
    """The addresses that send, and what they say in MAIL FROM and HELO."""

    addresses: tuple[Address, ...] = ()
    mail_from: str = ""
    helo: str = ""

    def within(self, profile: Profile) -> Profile:
        """The profile, with these senders expected where any are named."""
        if not self.addresses:
            return profile
        expected = replace(profile.expectations, senders=self.addresses, mail_from=self.mail_from, helo=self.helo)
        return replace(profile, expectations=expected)


NOBODY = Sending()


def parse_sending(addresses: Iterable[str], mail_from: str, helo: str) -> Sending:
    """The senders that the options name.

    Raises:
        UsageError: an address, MAIL FROM or HELO cannot be read, or stands without an address.
    """
    found = tuple(_parse_address(text) for text in addresses)
    if (mail_from or helo) and not found:
        raise UsageError("--from and --helo are about a sender: give its address with --ip, too")
    if mail_from:
        local, _, domain = mail_from.strip("<>").rpartition("@")
        mail_from = f"{local or 'postmaster'}@{parse_domain(domain)}"
    return Sending(found, mail_from, parse_domain(helo) if helo else "")


def _parse_address(text: str) -> Address:
    try:
        return ip_address(text.strip().removeprefix("[").removesuffix("]"))
    except ValueError:
        raise UsageError(f"--ip {text!r} is no IP address: give one such as 192.0.2.25 or 2001:db8::25") from None

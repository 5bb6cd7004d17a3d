"""Who sends, as people name it: the address, MAIL FROM and the HELO name (RFC 5321 §4.1.1, RFC 7208 §2)."""

from __future__ import annotations

from ipaddress import ip_address

from deliverkit.errors import UsageError
from deliverkit.standards.addresses import Address
from deliverkit.standards.names import parse_address, parse_domain, shorten

MAX_ADDRESS = 254  # octets: a path has 256, its brackets among them (RFC 5321 §4.5.3.1.3)


def parse_sender(text: str) -> Address:
    """The IP address of a sender.

    Raises:
        UsageError: the text is none, or one that means something only on this machine.
    """
    bare = text.strip().removeprefix("[").removesuffix("]")
    try:
        if "%" not in bare:  # RFC 4007 §11: a zone is known to one machine alone
            return ip_address(bare)
    except ValueError:
        pass
    raise UsageError(f"{shorten(text)!r} is no IP address: give one such as 192.0.2.25 or 2001:db8::25")


def parse_mail_from(text: str) -> str:
    """The address that a sender says in MAIL FROM; of a domain, or without a local part, postmaster's (RFC 7208 §4.3).

    Raises:
        UsageError: the text is none; says what is wrong.
    """
    bare = text.strip().removeprefix("<").removesuffix(">")
    if not bare:  # RFC 7208 §2.4
        raise UsageError(
            "the empty address <> counts as postmaster at the HELO name: give that, as in postmaster@mx1.example.com"
        )
    if len(bare) > MAX_ADDRESS:
        raise UsageError(f"{shorten(bare)!r} has {len(bare)} characters, an address has at most {MAX_ADDRESS}")
    local, at, domain = bare.rpartition("@")
    is_domain = not at and "." in domain.strip(".")
    if not (at or is_domain) or not domain or not bare.isprintable():
        raise UsageError(f"{shorten(bare)!r} is no e-mail address: give one such as ada@example.com")
    return f"{local or 'postmaster'}@{parse_domain(domain)}"


def parse_helo(text: str) -> str:
    """The name that a sender says in HELO.

    Raises:
        UsageError: the text is none; says what is wrong.
    """
    if parse_address(text.strip()) is not None:  # RFC 7208 §2.3: only a name can be checked
        raise UsageError(f"{text.strip()} is an address, and SPF looks at names alone: leave it out")
    return parse_domain(text)

"""Facts about conversations: whom a sender would talk to, address by address."""

from __future__ import annotations

from typing import TYPE_CHECKING

from deliverkit.classes import Frozen

if TYPE_CHECKING:
    from deliverkit.facts.provider import Provider


class SmtpHost(Frozen):
    """A host at one address. ``preference`` is that of its MX record; None: it was named, or there is no MX.

    ``address`` is an IP address as text, or the path of a socket.
    """

    name: str
    address: str
    port: int
    preference: int | None = None
    provider: Provider | None = None

    @property
    def is_ipv6(self) -> bool:
        """Whether it is spoken to over IPv6."""
        return ":" in self.address

    @property
    def version(self) -> int:
        """The version of IP over which it is spoken to."""
        return 6 if self.is_ipv6 else 4

    @property
    def is_named(self) -> bool:
        """Whether it is known by a name, and not by its address alone."""
        return bool(self.name) and self.name != self.address

    @property
    def is_here(self) -> bool:
        """Whether it is this machine itself: a socket, or a loopback address."""
        return self.address.startswith(("/", "127.")) or self.address == "::1"

    @property
    def is_socket(self) -> bool:
        """Whether it is a socket of this machine, which no network leads to."""
        return self.address.startswith("/")

    @property
    def endpoint(self) -> str:
        """``mx1.good.example [11.0.1.25]:25``."""
        if self.is_socket:
            return f"unix:{self.address}"
        name = f"{self.name} " if self.is_named else ""
        return f"{name}[{self.address}]:{self.port}"

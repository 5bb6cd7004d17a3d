"""What is to be said to mail hosts."""

from __future__ import annotations

from collections.abc import Mapping

from deliverkit.classes import Frozen, replace
from deliverkit.model import Absent
from deliverkit.standards.smtp.target import SMTP_PORT

GREET = "greet"  # the script that is held where none is chosen: it sends no mail
UTF8 = "utf8"  # the variable that says that a header or an address is beyond ASCII
MADE_UP = "made_up"  # the variable of an address that nobody has: it is made up for each domain
# how TLS begins, or that it does not: each as the shipped scripts' variable for it
TLS_CHOICES = {"implicit": "implicit_tls", "starttls": "require_tls", "none": "no_tls"}


class Conversing(Frozen):
    """What is to be said, and to which port. ``text`` is the script's, ``name`` the one it is known by.

    Without a text the shipped script of that name is held. ``variables`` are those that were given, by name, each with
    its values. ``has_protocols``: each host is also asked which versions of TLS it speaks, ``has_ciphers``:
    and which cipher suites it takes in each of them.
    """

    name: str = GREET
    text: str = ""
    port: int = SMTP_PORT
    variables: tuple[tuple[str, tuple[str, ...]], ...] = ()
    has_protocols: bool = False
    has_ciphers: bool = False

    @property
    def is_greeting(self) -> bool:
        """Whether it is the shipped script that asks what a host offers and expects nothing of anybody's own."""
        return self.name == GREET

    def giving(self, variables: Mapping[str, tuple[str, ...]]) -> Conversing:
        """The same with these variables, but for those that are given already."""
        return replace(self, variables=tuple(sorted({**variables, **dict(self.variables)}.items())))


class Refused(Absent, Frozen):
    """Conversations that are not held, because their script is not for these hosts, or not so often."""

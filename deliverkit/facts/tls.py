"""The versions of TLS that mail hosts speak, and the cipher suites that they take."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from deliverkit.classes import Frozen

if TYPE_CHECKING:  # few runs try one after the other
    from deliverkit.facts.smtp import Conversation
    from deliverkit.facts.tls_version import TlsVersion


class TlsProtocols(Frozen):
    """The versions of TLS that were tried, host by host, the oldest first.

    ``has_ciphers``: of each version that a host speaks every cipher suite was asked for.
    """

    hosts: tuple[tuple[TlsVersion, ...], ...]
    has_ciphers: bool = False

    @property
    def held(self) -> Iterator[Conversation]:
        """All conversations that it took."""
        return (held for host in self.hosts for one in host for held in one.held)

"""The versions of TLS that mail hosts speak."""

from __future__ import annotations

from typing import TYPE_CHECKING

from deliverkit.classes import Frozen

if TYPE_CHECKING:  # few runs try one after the other
    from deliverkit.facts.tls_version import TlsVersion


class TlsProtocols(Frozen):
    """The versions of TLS that were tried, host by host, the oldest first."""

    hosts: tuple[tuple[TlsVersion, ...], ...]

"""The control of port 25, begun while hosts keep silent: who waits for them need not wait for it as well."""

from __future__ import annotations

from collections.abc import Sequence
from types import TracebackType
from typing import TYPE_CHECKING, Self

from deliverkit.clients import Clients
from deliverkit.clients.alone import the_loop
from deliverkit.facts.smtp import SmtpHost
from deliverkit.standards.smtp.target import SMTP_PORT

if TYPE_CHECKING:
    import asyncio

    from deliverkit.facts.resolver import PortTests

AFTER = 3.0  # seconds: a host that takes a connection has taken it by then, even after a lost packet


async def ask_control(clients: Clients) -> PortTests:
    """What comes of connecting to port 25 of unrelated hosts."""
    from deliverkit.probes.resolver import try_port  # which few runs need

    return await try_port(clients)


class EarlyControl:
    """Within it hosts are spoken to; it begins once none of them, and nobody else, has been reached for a while."""

    def __init__(self, clients: Clients, hosts: Sequence[SmtpHost]) -> None:
        self._clients = clients
        self._versions = {host.version for host in hosts if host.port == SMTP_PORT and not host.is_here}
        self._asking: asyncio.Task[PortTests] | None = None
        self._timer: asyncio.TimerHandle | None = None

    def _begin(self) -> None:
        if self._versions - self._clients.reached:
            import asyncio

            self._asking = asyncio.create_task(ask_control(self._clients))

    async def tests(self) -> PortTests | None:
        """What came of it, waited for; None: it was not begun."""
        return await self._asking if self._asking else None

    async def __aenter__(self) -> Self:
        """The time runs from now on."""
        if self._versions:
            await the_loop()
            import asyncio

            self._timer = asyncio.get_running_loop().call_later(AFTER, self._begin)
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, _: TracebackType | None
    ) -> None:
        if self._timer:
            self._timer.cancel()
        if self._asking:
            self._asking.cancel()

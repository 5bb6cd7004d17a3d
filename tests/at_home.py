"""A lab world at home in network and mount namespaces of its own (``unshare -n -m``).

There the world's resolver has port 53 of loopback, which is what /etc/resolv.conf names, and its mail hosts have their
own IPv4 addresses at port 25: programs that others wrote live in the world as they would anywhere.
"""

from __future__ import annotations

import asyncio
import subprocess
from collections.abc import AsyncIterator, Awaitable, Callable, Iterable
from contextlib import AsyncExitStack, asynccontextmanager, suppress
from pathlib import Path
from typing import cast

from deliverkit.lab.running import DNS_PORT, LOOPBACK, Endpoint, RunningWorld, running
from deliverkit.lab.world import World
from tests.servers import missing, program


def has_namespaces(*programs: str) -> bool:
    """Whether such namespaces can be made here, and these programs are there."""
    if missing("unshare", "ip", "mount", *programs):
        return False
    tried = [program("unshare"), "-n", "-m", program("ip"), "link", "set", "lo", "up"]
    return subprocess.run(tried, check=False, capture_output=True).returncode == 0


def furnish(worlds: Iterable[World], folder: Path) -> None:
    """Make the namespace a home for the worlds, one after the other; the folder keeps what it needs."""
    addresses = {host.address for world in worlds for host in world.smtp if ":" not in host.address}
    for command in (("link", "set", "lo", "up"), *(("addr", "add", one, "dev", "lo") for one in sorted(addresses))):
        subprocess.run([program("ip"), *command], check=True)
    conf = folder / "resolv.conf"
    conf.write_text(f"nameserver {LOOPBACK}\noptions trust-ad\n", "ascii")
    subprocess.run([program("mount"), "--bind", str(conf), "/etc/resolv.conf"], check=True)


@asynccontextmanager
async def at_home(world: World) -> AsyncIterator[RunningWorld]:
    """The world, running at home."""
    loop = asyncio.get_running_loop()
    async with running(world) as lab, AsyncExitStack() as stack:
        resolver = lab.routes[lab.resolver]
        asked, _ = await loop.create_datagram_endpoint(lambda: _Questions(resolver), (LOOPBACK, DNS_PORT))
        stack.callback(asked.close)
        doors = {(LOOPBACK, DNS_PORT): resolver}
        doors |= {place: lab.routes[place] for place in lab.mail if ":" not in place[0]}
        for door, to in doors.items():
            server = await asyncio.start_server(_joined_to(to), *door)
            stack.callback(server.close)
        yield lab


class _Questions(asyncio.DatagramProtocol):
    """Each datagram is passed on, and what comes back is passed back."""

    def __init__(self, to: Endpoint, reply: Callable[[bytes], None] | None = None) -> None:
        self.to, self.reply = to, reply

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        self.transport = cast("asyncio.DatagramTransport", transport)

    def datagram_received(self, data: bytes, addr: Endpoint) -> None:
        if self.reply is not None:
            self.reply(data)
            self.transport.close()
        else:
            self.asking = asyncio.ensure_future(self._ask(data, addr))

    async def _ask(self, data: bytes, addr: Endpoint) -> None:
        def reply(answer: bytes) -> None:
            self.transport.sendto(answer, addr)

        loop = asyncio.get_running_loop()
        onward, _ = await loop.create_datagram_endpoint(lambda: _Questions(self.to, reply), remote_addr=self.to)
        onward.sendto(data)


def _joined_to(to: Endpoint) -> Callable[[asyncio.StreamReader, asyncio.StreamWriter], Awaitable[None]]:
    async def copy(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        with suppress(ConnectionError):
            while data := await reader.read(65536):
                writer.write(data)
        writer.close()

    async def join(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        there, back = await asyncio.open_connection(*to)
        await asyncio.gather(copy(reader, back), copy(there, writer))

    return join

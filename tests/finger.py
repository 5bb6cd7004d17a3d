"""``python -m tests.finger LEVEL WORLD HOST``: what posttls-finger says of a host of a lab world.

The level is ``dane``, or ``secure``: a certificate for the host's name from an authority that is trusted.

To be run in network and mount namespaces of its own (``unshare -n -m``): there the world's resolver has port 53 of
loopback, which is what /etc/resolv.conf names, and its mail hosts have their own addresses at port 25.
"""

from __future__ import annotations

import asyncio
import os
import subprocess
import sys
from collections.abc import Awaitable, Callable
from contextlib import suppress
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import cast

from deliverkit.lab.running import Endpoint, running
from deliverkit.lab.world import load
from tests.servers import program


class _Questions(asyncio.DatagramProtocol):
    """Each datagram is passed on, and what comes back is passed back."""

    def __init__(self, to: Endpoint, reply: Callable[[bytes], None] | None = None) -> None:
        self.to, self.reply = to, reply

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        self.transport = cast("asyncio.DatagramTransport", transport)

    def datagram_received(self, data: bytes, addr: Endpoint) -> None:
        if self.reply is not None:
            self.reply(data)
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


async def _finger(level: str, world: str, host: str, config: str) -> bytes:
    loop = asyncio.get_running_loop()
    async with running(load(world)) as lab:
        resolver = lab.routes[lab.resolver]
        await loop.create_datagram_endpoint(lambda: _Questions(resolver), ("127.0.0.1", 53))
        await asyncio.start_server(_joined_to(resolver), "127.0.0.1", 53)
        for address, port in lab.mail:
            if ":" not in address:
                await asyncio.start_server(_joined_to(lab.routes[address, port]), address, port)
        roots = Path(config) / "roots.pem"
        roots.write_bytes(lab.roots)
        asked = await asyncio.create_subprocess_exec(
            *(program("posttls-finger"), "-c", "-l", level, "-L", "summary", "-F", str(roots), f"[{host}]", host),
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            env={**os.environ, "MAIL_CONFIG": config},
        )
        said, _ = await asyncio.wait_for(asked.communicate(), 30)
    return said


def main() -> None:
    """Make the namespace a home for the world, and print what posttls-finger says."""
    level, world, host = sys.argv[1:]
    addresses = {one.address for one in load(world).smtp if ":" not in one.address}
    for command in (("link", "set", "lo", "up"), *(("addr", "add", one, "dev", "lo") for one in sorted(addresses))):
        subprocess.run([program("ip"), *command], check=True)
    with TemporaryDirectory() as folder:
        conf = Path(folder) / "resolv.conf"
        conf.write_text("nameserver 127.0.0.1\noptions trust-ad\n")
        subprocess.run([program("mount"), "--bind", str(conf), "/etc/resolv.conf"], check=True)
        (Path(folder) / "main.cf").write_text("compatibility_level = 3.6\ninet_protocols = ipv4\n")
        sys.stdout.buffer.write(asyncio.run(_finger(level, world, host, folder)))


if __name__ == "__main__":
    main()

"""Run in a network namespace of its own: the lab's world there, behind a network that swallows what leaves.

    unshare -n python -m tests.closed_network 4|46 ARGUMENT...

``4``: the world's hosts answer over IPv4, and IPv6 is swallowed; ``46``: both are. The arguments are those of
``deliverkit``, which is told the world's resolver; its exit code and output are passed on.
"""

from __future__ import annotations

import asyncio
import subprocess
import sys
from contextlib import AsyncExitStack

from deliverkit.lab.running import SMTP_PORT, running
from deliverkit.lab.world import parse
from deliverkit.standards.txt import data_of
from tests.signing import rsa

# Beside good.example a domain whose only exchanger has IPv6 alone.
WORLD = f"""
like = "smtp-good"
add = 's1._domainkey TXT {data_of(rsa())}'

[[zones]]
origin = "six.example"
text = '''
@       MX    10 mx
mx      AAAA  2a11:db8:1::25
@       TXT   "v=spf1 mx -all"
_dmarc  TXT   "v=DMARC1; p=reject; rua=mailto:dmarc@six.example"
'''
"""
# What is sent by loopback to an address that is not there vanishes: nobody answers, and nobody says why.
SWALLOWING = """
ip link set lo up
ip addr add 10.99.0.2/32 dev lo
ip -6 addr add fd99::2/128 dev lo nodad
ip route add default dev lo
ip -6 route add default dev lo
"""


async def _pass_on(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
    while data := await reader.read(65536):
        writer.write(data)
        await writer.drain()
    writer.close()


async def answer_at(address: str, leads_to: tuple[str, int]) -> asyncio.Server:
    """Let the world's address answer here."""
    subprocess.run(["ip", "addr", "add", f"{address}/32", "dev", "lo"], check=True)  # noqa: S607, ASYNC221

    async def take(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        there, back = await asyncio.open_connection(*leads_to)
        await asyncio.gather(_pass_on(reader, back), _pass_on(there, writer))

    return await asyncio.start_server(take, address, SMTP_PORT)


async def main(swallowed: str, arguments: list[str]) -> int:
    """The exit code of deliverkit in that network."""
    for line in SWALLOWING.strip().splitlines():
        subprocess.run(line.split(), check=True)  # noqa: ASYNC221
    async with running(parse(WORLD, name="closed")) as lab, AsyncExitStack() as stack:
        if swallowed == "4":
            for (address, port), place in lab.routes.items():
                if port == SMTP_PORT and ":" not in address:
                    await stack.enter_async_context(await answer_at(address, place))
        host, port = lab.routes[lab.resolver]
        command = [sys.executable, "-m", "deliverkit", *arguments, "--resolver", f"{host}:{port}"]
        process = await asyncio.create_subprocess_exec(*command)
        return await process.wait()


if __name__ == "__main__":
    sys.exit(asyncio.run(main(sys.argv[1], sys.argv[2:])))

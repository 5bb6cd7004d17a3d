"""A platform that sends campaigns, as far as a copy shows it: it takes a message over SMTP and makes its own of it.

Message-ID is rewritten, fields that begin with X- go, links are wrapped, MAIL FROM is one for each recipient (VERP),
and the platform signs with a domain of its own. What it makes is handed over to the recipient's mail host.
"""

from __future__ import annotations

import asyncio
import re
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from email import message_from_bytes, policy
from threading import Thread
from urllib.parse import quote

import dkim
from aiosmtplib import SMTP

from tests.servers import LOOPBACK

_LINK = re.compile(r"https?://[^\s<>\"]+")


@dataclass
class Platform:
    """A platform that runs. ``pool``: the address that it sends from; ``leads_to``: the mail host that takes its mail.

    ``domain`` signs with ``key``. ``sent``: for each message recipient and reply.
    """

    pool: str
    leads_to: tuple[str, int]
    domain: str
    key: bytes
    port: int = 0
    sent: list[tuple[str, str]] = field(default_factory=list)

    def made_of(self, octets: bytes, recipient: str) -> bytes:
        """What the platform makes of the message."""
        message = message_from_bytes(octets, policy=policy.SMTP)
        for name in list(message.keys()):
            if name.lower().startswith("x-") or name.lower() in {"message-id", "to", "return-path"}:
                del message[name]
        message["To"] = recipient
        message["Message-ID"] = f"<{len(self.sent):08d}.campaign@{self.domain}>"
        text = message.get_content()
        message.set_content(_LINK.sub(lambda found: f"https://click.{self.domain}/?u={quote(found[0], safe='')}", text))
        made = message.as_bytes()
        signature: bytes = dkim.sign(made, b"s1", self.domain.encode(), self.key)
        return signature + made

    async def pass_on(self, octets: bytes, recipient: str) -> None:
        """Hand it over, from the pool's address and with a MAIL FROM that names the recipient."""
        host, port = self.leads_to
        made = self.made_of(octets, recipient)
        returns = f"bounces+{recipient.replace('@', '=')}@bounces.{self.domain}"
        async with SMTP(hostname=host, port=port, local_hostname=f"out.{self.domain}", start_tls=False) as client:
            await client.ehlo()
            await client.execute_command(b"XCLIENT", f"ADDR={self.pool}".encode())
            await client.ehlo()
            _, reply = await client.sendmail(returns, [recipient], made)
        self.sent.append((recipient, reply))

    async def take(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        """Hold one conversation in which a message for many recipients is handed in."""
        recipients: list[str] = []

        async def say(line: str) -> None:
            writer.write(f"{line}\r\n".encode())
            await writer.drain()

        await say(f"220 in.{self.domain}")
        while line := (await reader.readline()).decode().strip():
            verb = line[:4].upper()
            if verb == "RCPT":
                recipients.append(line[line.index("<") + 1 : line.index(">")])
            if verb == "DATA":
                await say("354 go on")
                octets = (await reader.readuntil(b"\r\n.\r\n"))[:-3]
                for recipient in recipients:
                    await self.pass_on(octets, recipient)
            await say("221 bye" if verb == "QUIT" else "250 ok")
            if verb == "QUIT":
                break
        writer.close()


@contextmanager
def platform(pool: str, leads_to: tuple[str, int], domain: str, key: bytes) -> Iterator[Platform]:
    """The platform, which takes messages at a port of loopback."""
    found, loop = Platform(pool, leads_to, domain, key), asyncio.new_event_loop()
    server = loop.run_until_complete(asyncio.start_server(found.take, LOOPBACK, 0))
    found.port = server.sockets[0].getsockname()[1]
    thread = Thread(target=loop.run_forever, daemon=True)
    thread.start()
    try:
        yield found
    finally:
        loop.call_soon_threadsafe(loop.stop)
        thread.join()
        server.close()
        loop.run_until_complete(server.wait_closed())
        loop.close()

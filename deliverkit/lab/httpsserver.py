"""A web server of a world, on loopback over TLS, that has one file and can misbehave."""

from __future__ import annotations

import asyncio
import ssl
from collections.abc import AsyncIterator
from contextlib import suppress
from dataclasses import dataclass

from deliverkit.lab.authority import Authority
from deliverkit.lab.websites import Website

_CERTIFICATES = {"expired": "expired", "self-signed": "self-signed", "untrusted": "unknown-authority"}
_HUGE = 1 << 20  # octets of an answer that is too large
_DRIP = 0.05  # seconds between two octets
_LONGEST = 16384  # octets of a request that are read
_TURNS = 16  # of the loop: TLS ends in a few


@dataclass(frozen=True, slots=True)
class HttpsServer:
    """Serves one file of a world for its host's name."""

    site: Website
    authority: Authority

    async def start(self, host: str) -> asyncio.Server:
        """Listen on a free port of the host."""
        return await asyncio.start_server(self._serve, host, 0, ssl=self._context())

    def _context(self) -> ssl.SSLContext:
        host = self.site.host
        if self.site.do == "wrong-name":
            return self.authority.serving(f"www.{host.partition('.')[2]}", "right")
        return self.authority.serving(host, _CERTIFICATES.get(self.site.do, "right"))

    async def _serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        with suppress(OSError, asyncio.IncompleteReadError, asyncio.LimitOverrunError):
            head = await reader.readuntil(b"\r\n\r\n")
            path = head[:_LONGEST].split(b" ")[1:2]
            async for octets in self._answer(b"".join(path).decode("latin-1"), reader):
                writer.write(octets)
                await writer.drain()
        writer.close()

    async def _answer(self, path: str, reader: asyncio.StreamReader) -> AsyncIterator[bytes]:
        do = self.site.do
        body = b"x" * _HUGE if do == "huge" else self.site.body.encode()
        if do == "silent":
            await reader.read()  # until the client gives up
        elif do == "redirect":
            yield _head("301 Moved Permanently", 0, f"Location: https://www.{self.site.host}{path}\r\n")
        elif do == "missing" or path != self.site.path:
            yield _head("404 Not Found", 0)
        elif do == "drip":
            yield _head("200 OK", len(body) + 1, _type("text/plain"))
            for octet in body:
                yield bytes((octet,))
                await asyncio.sleep(_DRIP)
            await reader.read()
        elif do == "hangs-up":
            yield _head("200 OK", len(body) + 1, _type("text/plain")) + body
        elif do == "no-http":
            yield b"220 mail.example ESMTP\r\n\r\n"
        else:
            yield _head("200 OK", len(body), _type("text/html" if do == "wrong-type" else "text/plain")) + body


async def settle() -> None:
    """Let the connections that clients have given up come to their end."""
    for _ in range(_TURNS):
        await asyncio.sleep(0)


def _head(status: str, length: int, more: str = "") -> bytes:
    return f"HTTP/1.1 {status}\r\nContent-Length: {length}\r\n{more}Connection: close\r\n\r\n".encode()


def _type(media: str) -> str:
    return f"Content-Type: {media}\r\n"

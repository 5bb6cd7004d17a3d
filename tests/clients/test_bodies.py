"""Answers over HTTPS whose body has no end."""

from __future__ import annotations

import asyncio
from pathlib import Path

import pytest

from deliverkit.clients.dns.live import Live
from deliverkit.clients.dns.nameservers import parse_nameserver
from deliverkit.observations import Answer, Status
from tests.clients.test_streams import AUTHORITY, LOOPBACK, PACKET, serving_tls


@pytest.mark.parametrize("status", ["200 OK", "500 Internal Server Error"])
def test_a_body_over_https_that_does_not_end_is_not_read_to_its_end(status: str, tmp_path: Path) -> None:
    sent = 0

    async def handle(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        nonlocal sent
        await reader.readuntil(b"\r\n\r\n")
        writer.write(f"HTTP/1.1 {status}\r\nContent-Length: {1 << 40}\r\n\r\n".encode())
        while True:
            writer.write(bytes(PACKET))
            await writer.drain()
            sent += PACKET

    async def work() -> Answer:
        async with serving_tls(handle, tmp_path) as (port, _):
            live = Live([parse_nameserver(f"https://{LOOPBACK}:{port}/dns-query")], 5.0, context=AUTHORITY.trusted())
            try:
                return await live.query("a.example", "A")
            finally:
                await live.close()

    assert asyncio.run(work()).status is Status.UNREACHABLE
    assert sent < 16 << 20

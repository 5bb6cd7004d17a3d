"""One HTTP request over a connection that is there, and its response as far as it is wanted, read by h11."""

from __future__ import annotations

import asyncio

import h11

from deliverkit.classes import Slotted, field, replace
from deliverkit.observations.https import HttpEnd, HttpExchange, HttpRequest
from deliverkit.version import __version__

MOST_OCTETS = 65536  # of a body, RFC 8461 §3.3
MOST_HEAD = 16384  # octets of the lines before it
MOST_TEXT = 300  # characters of a header that are kept
CHUNK = 8192


class Exchange(Slotted):
    """One request and its response over a connection that is there."""

    request: HttpRequest
    address: str
    reader: asyncio.StreamReader
    writer: asyncio.StreamWriter
    timeout: float
    is_over: bool = False
    connection: h11.Connection = field(
        default_factory=lambda: h11.Connection(h11.CLIENT, max_incomplete_event_size=MOST_HEAD)
    )

    async def hold(self) -> HttpExchange:
        """Send the request, and read the response as far as it is wanted."""
        headers = [("Host", self.request.host), ("User-Agent", f"deliverkit/{__version__}"), ("Connection", "close")]
        asked = h11.Request(method="GET", target=self.request.path, headers=headers)
        try:
            for event in (asked, h11.EndOfMessage()):
                self.writer.write(self.connection.send(event) or b"")
            return await self._read()
        except h11.RemoteProtocolError as error:
            return self._ended(self._broken, detail=str(error)[:MOST_TEXT])
        except OSError:
            return self._ended(HttpEnd.HUNG_UP)

    async def _read(self) -> HttpExchange:
        try:
            async with asyncio.timeout(self.timeout):
                event = await self._next()
                while isinstance(event, h11.InformationalResponse):
                    event = await self._next()
        except TimeoutError:
            return self._ended(HttpEnd.SILENT)
        if not isinstance(event, h11.Response):
            return self._ended(HttpEnd.HUNG_UP)
        exchange = self._headed(event)
        return await self._with_body(exchange) if exchange.code == 200 else exchange

    def _headed(self, response: h11.Response) -> HttpExchange:
        headers = {name: value.decode("latin-1")[:MOST_TEXT] for name, value in reversed(list(response.headers))}
        return HttpExchange(
            self.request,
            HttpEnd.DONE,
            self.address,
            code=response.status_code,
            media_type=headers.get(b"content-type", ""),
            location=headers.get(b"location", ""),
        )

    async def _with_body(self, exchange: HttpExchange) -> HttpExchange:
        body = b""
        try:
            while isinstance(event := await self._next(), h11.Data):
                body += event.data
                if len(body) > MOST_OCTETS:
                    return replace(exchange, end=HttpEnd.TOO_LARGE)
        except h11.RemoteProtocolError:
            return replace(exchange, end=self._broken)
        return replace(exchange, body=body.decode("utf-8", "replace"))

    async def _next(self) -> type[h11.NEED_DATA | h11.PAUSED] | h11.Event:
        while (event := self.connection.next_event()) is h11.NEED_DATA:
            received = await self.reader.read(CHUNK)
            self.is_over = not received
            self.connection.receive_data(received)
        return event

    @property
    def _broken(self) -> HttpEnd:
        """The word for a response that is none: cut off, or not as HTTP is."""
        return HttpEnd.HUNG_UP if self.is_over else HttpEnd.BROKEN

    def _ended(self, end: HttpEnd, *, detail: str = "") -> HttpExchange:
        return HttpExchange(self.request, end, self.address, detail=detail)

"""The body of an answer over HTTPS: one that does not end must not fill the memory."""

from __future__ import annotations

from collections.abc import AsyncIterator

from httpx2 import AsyncByteStream, AsyncHTTPTransport, Request, Response

from deliverkit.clients.dns.wire import BadPacketError

LONGEST = 65535  # octets of a DNS message (RFC 8484 §6)


class _Bounded(AsyncByteStream):
    """A body that is no longer than a message can be."""

    def __init__(self, body: AsyncByteStream) -> None:
        self._body = body

    async def __aiter__(self) -> AsyncIterator[bytes]:
        left = LONGEST
        async for chunk in self._body:
            left -= len(chunk)
            if left < 0:
                raise BadPacketError("the body is longer than any message")
            yield chunk

    async def aclose(self) -> None:
        await self._body.aclose()


class BoundedTransport(AsyncHTTPTransport):
    """A transport whose responses have bodies that are no longer than a message."""

    async def handle_async_request(self, request: Request) -> Response:
        """The response.

        Raises:
            BadPacketError: it is packed, though nobody asked for that: what it unpacks to has no bound.
        """
        response = await super().handle_async_request(request)
        assert isinstance(response.stream, AsyncByteStream)
        if "content-encoding" in response.headers:
            await response.stream.aclose()
            raise BadPacketError("the body is packed")
        response.stream = _Bounded(response.stream)
        return response

"""A file over HTTPS on loopback: right, with every fault of a certificate, and from servers that mean harm."""

from __future__ import annotations

import asyncio
import ssl
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from datetime import UTC, datetime, timedelta

import pytest

from deliverkit.clients.https import Https
from deliverkit.clients.recorded import RecordedExchanges, RecordingExchanges
from deliverkit.clients.routes import Routes
from deliverkit.lab.authority import Authority
from deliverkit.lab.httpsserver import HttpsServer, settle
from deliverkit.lab.websites import Website
from deliverkit.observations.https import CertificateFault, HttpEnd, HttpExchange, HttpRequest

HOST = "mta-sts.good.example"
PATH = "/.well-known/mta-sts.txt"
ADDRESS = "11.0.9.80"
BODY = "version: STSv1\nmode: none\nmax_age: 86400\n"
REQUEST = HttpRequest(HOST, PATH, (ADDRESS,))
AUTHORITY = Authority(datetime.now(UTC))

Serve = Callable[[asyncio.StreamReader, asyncio.StreamWriter], Awaitable[None]]


def fetch(do: str = "right", *, timeout: float = 0.4, request: HttpRequest = REQUEST) -> HttpExchange:
    async def work() -> HttpExchange:
        server = await HttpsServer(Website(ADDRESS, HOST, body=BODY, do=do), AUTHORITY).start("127.0.0.1")
        async with server:
            routes = Routes({(ADDRESS, 443): server.sockets[0].getsockname()})
            found = await Https(timeout, routes, AUTHORITY.root).fetch(request)
        await settle()
        return found

    return asyncio.run(work())


@asynccontextmanager
async def serving(serve: Serve, context: ssl.SSLContext | None) -> AsyncIterator[Routes]:
    async def answer(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        try:
            await serve(reader, writer)
        except OSError:
            pass  # the client has gone
        finally:
            writer.close()

    async with await asyncio.start_server(answer, "127.0.0.1", 0, ssl=context) as server:
        yield Routes({(ADDRESS, 443): server.sockets[0].getsockname()})
    await settle()


def fetch_from(serve: Serve, *, secure: bool = True) -> HttpExchange:
    async def work() -> HttpExchange:
        async with serving(serve, AUTHORITY.serving(HOST, "right") if secure else None) as routes:
            return await Https(3, routes, AUTHORITY.root).fetch(REQUEST)

    return asyncio.run(work())


def saying(octets: bytes, *, stays: bool = False) -> Serve:
    async def serve(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        await reader.readuntil(b"\r\n\r\n")
        writer.write(octets)
        await writer.drain()
        if stays:
            await reader.read()

    return serve


def test_a_file_comes_whole() -> None:
    found = fetch()
    assert (found.end, found.code, found.media_type, found.body) == (HttpEnd.DONE, 200, "text/plain", BODY)
    assert (found.address, found.fault, found.request) == (ADDRESS, None, REQUEST)
    assert 0 < found.elapsed < 2


@pytest.mark.parametrize(
    ("do", "fault"),
    [
        ("expired", CertificateFault.EXPIRED),
        ("wrong-name", CertificateFault.WRONG_NAME),
        ("self-signed", CertificateFault.SELF_SIGNED),
        ("untrusted", CertificateFault.UNTRUSTED),
    ],
)
def test_a_certificate_that_is_not_good_has_its_word_and_its_owner(do: str, fault: CertificateFault) -> None:
    found = fetch(do)
    assert (found.end, found.fault, found.body, found.code) == (HttpEnd.CERTIFICATE, fault, "", 0)
    assert found.names == (("www.good.example",) if do == "wrong-name" else (HOST,))
    yesterday = (datetime.now(UTC) - timedelta(days=1)).date().isoformat()
    assert (found.until <= yesterday) is (do == "expired")


@pytest.mark.parametrize(
    ("do", "end", "code"),
    [
        ("redirect", HttpEnd.DONE, 301),
        ("missing", HttpEnd.DONE, 404),
        ("huge", HttpEnd.TOO_LARGE, 200),
        ("drip", HttpEnd.SLOW, 0),
        ("silent", HttpEnd.SILENT, 0),
        ("hangs-up", HttpEnd.HUNG_UP, 200),
        ("no-http", HttpEnd.BROKEN, 0),
    ],
)
def test_what_a_server_does_wrong_has_its_word(do: str, end: HttpEnd, code: int) -> None:
    found = fetch(do)
    assert (found.end, found.code, found.body) == (end, code, "")
    assert found.elapsed < 2
    assert (found.location == f"https://www.{HOST}{PATH}") is (do == "redirect")


def test_another_path_is_not_there_and_another_media_type_is_kept() -> None:
    assert fetch(request=REQUEST._replace(path="/other")).code == 404
    assert fetch("wrong-type").media_type == "text/html"


def test_the_next_address_is_tried_where_one_takes_no_connection() -> None:
    assert fetch(request=REQUEST._replace(addresses=("11.0.9.1", ADDRESS))).address == ADDRESS
    refused = fetch(request=REQUEST._replace(addresses=("11.0.9.1",)))
    assert (refused.end, refused.address) == (HttpEnd.REFUSED, "")
    assert refused.end.is_unconnected


def test_without_roots_of_its_own_the_system_decides() -> None:
    async def work() -> HttpExchange:
        async with serving(saying(b""), AUTHORITY.serving(HOST, "right")) as routes:
            return await Https(1, routes).fetch(REQUEST)

    assert asyncio.run(work()).fault is CertificateFault.UNTRUSTED


def test_a_server_without_tls_and_one_that_says_nothing() -> None:
    async def plain(_: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        writer.write(b"HTTP/1.1 400 Bad Request\r\n\r\n")
        await writer.drain()

    async def silent(reader: asyncio.StreamReader, _: asyncio.StreamWriter) -> None:
        await reader.read()

    async def gone(_: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        writer.close()

    assert fetch_from(plain, secure=False).end is HttpEnd.TLS_FAILED
    assert fetch_from(gone, secure=False).end is HttpEnd.TLS_FAILED

    async def work() -> HttpExchange:
        async def drain(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
            await reader.read()
            writer.close()

        async with await asyncio.start_server(drain, "127.0.0.1", 0) as server:
            routes = Routes({(ADDRESS, 443): server.sockets[0].getsockname()})
            found = await Https(0.3, routes, AUTHORITY.root).fetch(REQUEST)
        await settle()
        return found

    assert asyncio.run(work()).end is HttpEnd.SILENT


@pytest.mark.parametrize(
    ("octets", "end"),
    [
        (b"HTTP/1.1 200 OK\r\nX: " + b"x" * 100_000, HttpEnd.BROKEN),
        (b"HTTP/1.1 200 OK\r\n" + b"X: y\r\n" * 20_000, HttpEnd.BROKEN),
        (b"HTTP/1.1 100 Continue\r\n\r\n" * 3, HttpEnd.HUNG_UP),
        (b"HTTP/1.1 200 OK\r\nContent-Length: 9\r\n\r\n12345", HttpEnd.HUNG_UP),
        (b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\nzz\r\n", HttpEnd.BROKEN),
        (b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n20000\r\n" + b"x" * 0x20000, HttpEnd.TOO_LARGE),
        (b"HTTP/1.0 200 OK\r\n\r\n" + b"x" * 70_000, HttpEnd.TOO_LARGE),
        (b"HTTP/1.1 abc\r\n\r\n", HttpEnd.BROKEN),
        (b"\x1b]0;x\x07\r\n\r\n", HttpEnd.BROKEN),
        (b"", HttpEnd.HUNG_UP),
    ],
)
def test_hostile_responses_are_bounded(octets: bytes, end: HttpEnd) -> None:
    found = fetch_from(saying(octets, stays=end is not HttpEnd.HUNG_UP))
    assert found.end is end
    assert found.body == ""
    assert len(found.detail) <= 300


def test_a_body_without_length_ends_with_the_connection_and_is_read_as_utf_8() -> None:
    found = fetch_from(saying(b"HTTP/1.0 200 OK\r\nContent-Type: text/plain\r\n\r\nmx: m\xc3\xb8x \xff\x00"))
    assert (found.end, found.body) == (HttpEnd.DONE, "mx: møx \N{REPLACEMENT CHARACTER}\x00")


def test_what_was_kept_is_given_back_and_nothing_else() -> None:
    async def work() -> None:
        server = await HttpsServer(Website(ADDRESS, HOST, body=BODY), AUTHORITY).start("127.0.0.1")
        async with server:
            routes = Routes({(ADDRESS, 443): server.sockets[0].getsockname()})
            recording = RecordingExchanges(Https(1, routes, AUTHORITY.root))
            first = await recording.fetch(REQUEST)
            assert await recording.fetch(REQUEST) == first
        await settle()
        recorded = RecordedExchanges(recording.kept)
        assert await recorded.fetch(REQUEST) == first
        other = REQUEST._replace(path="/other")
        assert await recorded.fetch(other) == HttpExchange(other, HttpEnd.UNRECORDED)

    asyncio.run(work())

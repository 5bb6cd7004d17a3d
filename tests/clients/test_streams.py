"""DNS over TLS and over HTTPS against servers that misbehave: what is believed, and how long is waited."""

from __future__ import annotations

import asyncio
import gzip
import ssl
from collections.abc import AsyncIterator, Awaitable, Callable, Iterable
from contextlib import asynccontextmanager, suppress
from pathlib import Path

import dns.flags
import dns.message
import dns.rrset
import pytest

from deliverkit.clients.dns.live import Live
from deliverkit.clients.dns.nameservers import parse_nameserver
from deliverkit.observations import Answer, Status
from tests.certificates import Authority, serving

LOOPBACK = "127.0.0.1"
WAIT = 0.5  # seconds until a question is given up
PACKET = 65535
HELD = "held"  # the connection stays open and nothing more comes

Handle = Callable[[asyncio.StreamReader, asyncio.StreamWriter], Awaitable[None]]
Say = Callable[[bytes], Iterable[bytes | str]]

AUTHORITY = Authority()


@asynccontextmanager
async def serving_tls(handle: Handle, folder: Path) -> AsyncIterator[tuple[int, list[int]]]:
    """A TLS server: its port, and a list that grows with each connection."""
    connections: list[int] = []

    async def connected(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        connections.append(len(connections))
        try:
            with suppress(ConnectionError, asyncio.IncompleteReadError, ssl.SSLError):
                await handle(reader, writer)
        finally:
            writer.transport.abort()

    context = serving(AUTHORITY.certify(folder, LOOPBACK))
    server = await asyncio.start_server(connected, LOOPBACK, 0, ssl=context)
    try:
        yield server.sockets[0].getsockname()[1], connections
    finally:
        server.close()


async def read_question(reader: asyncio.StreamReader) -> bytes:
    return await reader.readexactly(int.from_bytes(await reader.readexactly(2)))


def saying(say: Say) -> Handle:
    """A server that says that to each question; after `HELD` nothing more, after a ``b""`` it closes."""

    async def handle(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        while True:
            question = await read_question(reader)
            for chunk in say(question):
                if chunk == HELD:
                    await reader.read()
                if not chunk:
                    return
                assert isinstance(chunk, bytes)
                writer.write(chunk)
                await writer.drain()
                await asyncio.sleep(0)

    return handle


def answer_to(wire: bytes, *, flags: int = 0, name: str = "", number: int = 0) -> bytes:
    """The right answer to a question, with its length; or one with a flag, for another name, with another id."""
    question = dns.message.from_wire(wire)
    if name:
        question = dns.message.make_query(name, "A", id=question.id)
    response = dns.message.make_response(question)
    owner = question.question[0].name
    response.answer.append(dns.rrset.from_text(owner, 60, "IN", "A", f"11.0.0.{len(owner.labels[0])}"))
    response.flags |= flags
    response.id ^= number
    return response.to_wire(prepend_length=True)


def ask(handle: Handle, folder: Path, *names: str, at_once: bool = False) -> tuple[list[Answer], int]:
    """The answers, and how many connections they took."""

    async def work() -> tuple[list[Answer], int]:
        async with serving_tls(handle, folder) as (port, connections):
            live = Live([parse_nameserver(f"tls://{LOOPBACK}:{port}")], WAIT, context=AUTHORITY.trusted())
            try:
                if at_once:
                    answers = await asyncio.gather(*(live.query(name, "A") for name in names))
                else:
                    answers = [await live.query(name, "A") for name in names]
            finally:
                await live.close()
            return answers, len(connections)

    return asyncio.run(work())


@pytest.mark.parametrize(
    ("say", "status"),
    [
        (lambda _: [b"\x00\x40", HELD], Status.TIMEOUT),
        (lambda _: [HELD], Status.TIMEOUT),
        (lambda _: [b"\x00\x00" * 50, HELD], Status.TIMEOUT),
        (lambda wire: [answer_to(wire, number=1), HELD], Status.TIMEOUT),
        (lambda wire: [answer_to(wire, name="other.example")], Status.UNREACHABLE),
        (lambda wire: [b"\x00\x14", wire[:2], b"\x81\x80" + b"\xff" * 16], Status.UNREACHABLE),
        (lambda wire: [len(wire).to_bytes(2) + wire], Status.UNREACHABLE),
        (lambda _: [b"HTTP/1.1 400 Bad Request\r\n\r\n", b""], Status.UNREACHABLE),
        (lambda wire: [answer_to(wire)[:20], b""], Status.UNREACHABLE),
        (lambda _: [b""], Status.UNREACHABLE),
        (lambda wire: [answer_to(wire, flags=dns.flags.TC)], Status.TRUNCATED),
    ],
    ids=[
        "length-and-nothing",
        "nothing",
        "empty-messages",
        "wrong-id",
        "wrong-question",
        "malformed",
        "the-question-itself",
        "another-protocol",
        "closed-in-the-middle",
        "closed",
        "truncated",
    ],
)
def test_what_is_no_answer_is_never_believed(say: Say, status: Status, tmp_path: Path) -> None:
    [answer], _ = ask(saying(say), tmp_path, "a.example")
    assert (answer.status, answer.records) == (status, ())
    assert answer.elapsed < 4 * WAIT


def test_a_bad_answer_to_one_question_leaves_the_others_alone(tmp_path: Path) -> None:
    def say(wire: bytes) -> list[bytes | str]:
        right = answer_to(wire)
        return [answer_to(wire, name="other.example")] if b"\x03bad" in wire else [right]

    answers, connections = ask(saying(say), tmp_path, "a.example", "bad.example", "b.example", at_once=True)
    assert [answer.status for answer in answers] == [Status.NOERROR, Status.UNREACHABLE, Status.NOERROR]
    assert connections == 1


def test_an_answer_in_single_octets_is_put_together(tmp_path: Path) -> None:
    def say(wire: bytes) -> list[bytes | str]:
        return [bytes((octet,)) for octet in answer_to(wire)]

    answers, connections = ask(saying(say), tmp_path, "a.example", "bb.example")
    assert [answer.records[0].data for answer in answers] == ["11.0.0.1", "11.0.0.2"]
    assert connections == 1


def test_answers_in_one_segment_and_in_another_order_go_to_their_questions(tmp_path: Path) -> None:
    names = ["x" * length + ".example" for length in range(1, 61)]

    async def handle(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        wires = [await read_question(reader) for _ in names]
        writer.write(b"".join(answer_to(wire) for wire in reversed(wires)))
        await reader.read()

    answers, connections = ask(handle, tmp_path, *names, at_once=True)
    assert [answer.records[0].data for answer in answers] == [f"11.0.0.{length}" for length in range(1, 61)]
    assert connections == 1


def test_an_answer_too_many_does_not_harm_the_next_question(tmp_path: Path) -> None:
    def say(wire: bytes) -> list[bytes | str]:
        return [answer_to(wire) + answer_to(wire) + answer_to(wire, name="other.example")]

    answers, connections = ask(saying(say), tmp_path, "a.example", "bb.example", "ccc.example")
    assert [answer.records[0].data for answer in answers] == ["11.0.0.1", "11.0.0.2", "11.0.0.3"]
    assert connections == 1


@pytest.mark.parametrize("at_once", [True, False])
def test_a_server_that_closes_after_each_answer_is_asked_over_and_over(tmp_path: Path, at_once: bool) -> None:  # noqa: FBT001
    def say(wire: bytes) -> list[bytes | str]:
        return [answer_to(wire), b""]

    names = ["x" * length + ".example" for length in range(1, 9)]
    answers, connections = ask(saying(say), tmp_path, *names, at_once=at_once)
    assert [answer.status for answer in answers] == [Status.NOERROR] * 8
    assert connections == 8


def test_a_connection_that_falls_silent_is_given_up(tmp_path: Path) -> None:
    """A way to the server that died unnoticed costs one question's time, not all that follow."""
    served = [0]

    async def handle(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        wire = await read_question(reader)
        served[0] += 1
        writer.write(answer_to(wire))
        await reader.read()

    answers, connections = ask(handle, tmp_path, "a.example", "b.example", "c.example")
    assert [answer.status for answer in answers] == [Status.NOERROR, Status.TIMEOUT, Status.NOERROR]
    assert (served[0], connections) == (2, 2)


@pytest.mark.parametrize(("greeting", "status"), [(b"", Status.TIMEOUT), (b"220 mx ESMTP\r\n", Status.UNREACHABLE)])
def test_a_server_that_speaks_no_tls_is_no_resolver(
    greeting: bytes, status: Status, caplog: pytest.LogCaptureFixture
) -> None:
    async def handle(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        try:
            writer.write(greeting)
            while not greeting and await reader.read(PACKET):
                pass
        finally:
            writer.close()

    async def work() -> list[Answer]:
        async with await asyncio.start_server(handle, LOOPBACK, 0) as server:
            port = server.sockets[0].getsockname()[1]
            live = Live([parse_nameserver(f"tls://{LOOPBACK}:{port}")], WAIT, context=AUTHORITY.trusted())
            try:
                return await asyncio.gather(*(live.query(f"{n}.example", "A") for n in range(5)))
            finally:
                await live.close()

    assert {answer.status for answer in asyncio.run(work())} == {status}
    assert "never retrieved" not in caplog.text


def http(body: bytes, status: str = "200 OK", kind: str = "application/dns-message", more: str = "") -> bytes:
    head = f"HTTP/1.1 {status}\r\nContent-Type: {kind}\r\nContent-Length: {len(body)}\r\n{more}\r\n"
    return head.encode("ascii") + body


@pytest.mark.parametrize(
    ("say", "status"),
    [
        (lambda wire: [http(answer_to(wire)[2:])], Status.NOERROR),
        (lambda _: [HELD], Status.TIMEOUT),
        (lambda wire: [http(answer_to(wire)[2:])[:-5], HELD], Status.TIMEOUT),
        (lambda wire: [http(answer_to(wire)[2:])[:-5], b""], Status.UNREACHABLE),
        (lambda _: [http(b"<p>log in first</p>", kind="text/html")], Status.UNREACHABLE),
        (lambda wire: [http(answer_to(wire)[2:], "500 Internal Server Error")], Status.UNREACHABLE),
        (lambda wire: [http(answer_to(wire, number=1)[2:])], Status.UNREACHABLE),
        (lambda wire: [http(answer_to(wire, name="other.example")[2:])], Status.UNREACHABLE),
        (lambda wire: [http(answer_to(wire, flags=dns.flags.TC)[2:])], Status.TRUNCATED),
        (
            lambda wire: [http(gzip.compress(answer_to(wire)[2:]), more="Content-Encoding: gzip\r\n")],
            Status.UNREACHABLE,
        ),
        (lambda _: [b""], Status.UNREACHABLE),
    ],
    ids=[
        "right",
        "nothing",
        "not-all",
        "closed-in-the-middle",
        "a-portal",
        "an-error",
        "wrong-id",
        "wrong-question",
        "truncated",
        "packed",
        "closed",
    ],
)
def test_what_is_no_answer_over_https_is_never_believed(say: Say, status: Status, tmp_path: Path) -> None:
    async def handle(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        head = await reader.readuntil(b"\r\n\r\n")
        length = next(line for line in head.lower().split(b"\r\n") if line.startswith(b"content-length:"))
        for chunk in say(await reader.readexactly(int(length.split(b":")[1]))):
            if chunk == HELD:
                await reader.read()
            assert isinstance(chunk, bytes)
            writer.write(chunk)

    async def work() -> Answer:
        async with serving_tls(handle, tmp_path) as (port, _):
            live = Live([parse_nameserver(f"https://{LOOPBACK}:{port}/dns-query")], WAIT, context=AUTHORITY.trusted())
            try:
                return await live.query("a.example", "A")
            finally:
                await live.close()

    answer = asyncio.run(work())
    assert (answer.status, bool(answer.records)) == (status, status is Status.NOERROR)

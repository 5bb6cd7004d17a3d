"""A hello of TLS, and no more: what is noted of the answer, and that nothing a host answers can hang or hurt."""

from __future__ import annotations

import asyncio
import time
from contextlib import suppress

import pytest

from deliverkit.clients.smtp.connection import Settings
from deliverkit.clients.smtp.live import Conversations, by_script
from deliverkit.clients.smtp.provisions import NOTHING, Trust
from deliverkit.observations.smtp import End, HelloAnswer, Kind, Transcript
from deliverkit.script import format_script
from deliverkit.script.recording import record
from deliverkit.transcripts import format_transcript, parse_transcript
from tests.talking import CLOCK, HOST, PATIENCE, call_to, serving
from tests.tls_answers import alert, taking
from tests.tls_answers import record as record_of

STARTTLS = "< 220\n> EHLO client.example\n< 250\n> STARTTLS\n< 220\n"
ECDHE = "TLS_ECDHE_ECDSA_WITH_AES_256_GCM_SHA384"
WAITED = f"the host did not finish the handshake within {PATIENCE:g} s"


def converser(*, waits: bool) -> Conversations:
    """Where it is waited for what does not come, not for long."""
    return Conversations(Settings(Trust(CLOCK), PATIENCE if waits else 10.0), by_script(NOTHING))


def held_with_lab(script: str, **manner: object) -> Transcript:
    async def work() -> Transcript:
        async with serving(**manner) as (_, place, _):
            waits = manner.get("do") == "mute-handshake"
            return await converser(waits=waits).converse(call_to(place, script))

    return asyncio.run(work())


def answered(*pieces: bytes, hangs: bool = False, resets: bool = False) -> Transcript:
    """What comes of a hello in TLS 1.2 that is answered so; then the host closes, unless it hangs."""

    async def serve(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        with suppress(ConnectionError):
            await reader.read(4096)
            for piece in pieces:
                writer.write(piece)
                await writer.drain()
            if hangs:
                await reader.read()
        if resets:
            writer.transport.abort()
        writer.close()
        with suppress(ConnectionError):
            await writer.wait_closed()

    async def work() -> Transcript:
        over: asyncio.Queue[None] = asyncio.Queue()

        async def served(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
            await serve(reader, writer)
            over.put_nowait(None)

        server = await asyncio.start_server(served, HOST, 0)
        async with server:
            call = call_to(server.sockets[0].getsockname(), "hello 1.2\nclose\n")
            transcript = await converser(waits=hangs).converse(call)
            await over.get()
            return transcript

    return asyncio.run(work())


def test_the_answer_of_a_real_library_behind_starttls() -> None:
    transcript = held_with_lab(f"{STARTTLS}hello 1.2\nclose\n")
    assert transcript.hello == HelloAnswer("1.2", 0xC02C)
    assert (transcript.end, transcript.unmet, transcript.handshake) == (End.CLOSED, (), None)
    assert [(one.data, one.line) for one in transcript.entries if one.kind is Kind.OFFERED] == [(b"hello 1.2", 6)]
    assert transcript.entries[-1].kind is Kind.CLOSED


def test_and_without_what_it_took_it_takes_another_and_in_the_end_nothing() -> None:
    assert held_with_lab(f"{STARTTLS}hello 1.3 without TLS_AES_256_GCM_SHA384\n").hello == HelloAnswer("1.3", 0x1303)
    assert held_with_lab(f"{STARTTLS}hello 1.3 with TLS_AES_128_CCM_8_SHA256\n").hello == HelloAnswer(
        failure="the host sent the alert handshake failure"
    )


def test_tls_from_the_first_octet() -> None:
    assert held_with_lab("hello 1.2\n", implicit=True).hello == HelloAnswer("1.2", 0xC02C)


@pytest.mark.parametrize(
    ("do", "failure"),
    [
        ("no-handshake", "what the host sent is not TLS: no record of TLS"),
        ("mute-handshake", WAITED),
        ("drop-handshake", "the host closed the connection during the handshake"),
    ],
)
def test_a_host_that_does_not_answer_as_it_should(do: str, failure: str) -> None:
    transcript = held_with_lab(f"{STARTTLS}hello 1.2\nclose\n", do=do)
    assert transcript.hello == HelloAnswer(failure=failure)
    assert transcript.unmet == ()


def test_where_it_does_not_come_to_the_hello_there_is_no_answer() -> None:
    transcript = held_with_lab(f"{STARTTLS}hello 1.2\nclose\n", replies={"STARTTLS": ["454 later"]})
    assert transcript.hello is None
    assert [one.line for one in transcript.unmet] == [5]


@pytest.mark.parametrize(
    ("pieces", "answer"),
    [
        ([taking("1.2", 0xC02F)], HelloAnswer("1.2", 0xC02F)),
        ([bytes([octet]) for octet in taking("1.2", 0xC02F)], HelloAnswer("1.2", 0xC02F)),
        ([alert(40)], HelloAnswer(failure="the host sent the alert handshake failure")),
        (
            [taking("1.2", 0x1301)],
            HelloAnswer("1.2", 0x1301, "the host took TLS_AES_128_GCM_SHA256, which was not offered"),
        ),
        ([b""], HelloAnswer(failure="the host closed the connection during the handshake")),
        ([taking("1.2", 0xC02F)[:-3]], HelloAnswer(failure="the host closed the connection during the handshake")),
        ([b"421 no\r\n"], HelloAnswer(failure="what the host sent is not TLS: no record of TLS")),
        (
            [record_of(b"\2\xff\xff\xff")],
            HelloAnswer(failure="what the host sent is not TLS: a hello of 16,777,215 octets"),
        ),
    ],
)
def test_whatever_comes_is_an_answer_or_words(pieces: list[bytes], answer: HelloAnswer) -> None:
    transcript = answered(*pieces)
    assert (transcript.hello, transcript.end) == (answer, End.CLOSED)


def test_a_flood_and_a_trickle_end_in_time() -> None:
    begun = time.monotonic()
    flood = answered(*[alert(112, level=1) * 5_000] * 3)
    assert flood.hello == HelloAnswer(
        failure="what the host sent is not TLS: more than 65,536 octets without an answer"
    )
    assert answered(b"\x16\x03\x03", hangs=True).hello == HelloAnswer(failure=WAITED)
    assert time.monotonic() - begun < 5


def test_a_reset_is_told() -> None:
    assert answered(resets=True).hello in {
        HelloAnswer(failure="the connection was reset during the handshake"),
        HelloAnswer(failure="the host closed the connection during the handshake"),
    }


def test_it_is_kept_and_read_again() -> None:
    for transcript in (held_with_lab(f"{STARTTLS}hello 1.2\nclose\n"), answered(alert(70)), held_with_lab("< 220\n")):
        kept = parse_transcript(format_transcript(transcript))
        assert (kept.hello, kept.entries) == (transcript.hello, tuple(transcript.entries))


def test_it_is_recorded_as_the_script_that_says_it() -> None:
    text = f"hello 1.2 without {ECDHE}\nclose\n"
    script = format_script(record(held_with_lab(f"{STARTTLS}{text}")))
    assert script.endswith(f"> STARTTLS\n< 220 2.0.0\n{text}")


def test_a_second_hello_finds_tls_begun() -> None:
    transcript = held_with_lab(f"{STARTTLS}starttls 1.2\nhello 1.2\n".replace("> STARTTLS\n< 220\n", ""))
    assert transcript.hello is None
    assert (transcript.end, transcript.detail) == (End.TLS_FAILED, "TLS is there already")

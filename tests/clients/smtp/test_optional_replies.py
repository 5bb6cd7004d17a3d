"""Replies that may not come: an optional expectation has its time, and the script goes on after it."""

from __future__ import annotations

import asyncio
import time

import pytest

from deliverkit.clients.smtp import Session
from deliverkit.clients.smtp.conversing import converse
from deliverkit.clients.smtp.provisions import Held, KnownSecrets, Provisions
from deliverkit.observations.smtp import End, Kind, Transcript, Unmet
from deliverkit.script.parsing import parse_script
from tests.talking import PATIENCE, Serving, said, talk_to

pytestmark = pytest.mark.usefixtures("either_loop")


def held_by(text: str, *, do: Serving) -> tuple[Transcript, tuple[Unmet, ...]]:
    """What the script came to with a host of that manner."""
    kept: list[Held] = []

    async def drive(session: Session) -> None:
        kept.append(await converse(parse_script(text), session, Provisions(KnownSecrets({}), {}, patience=PATIENCE)))

    return talk_to(do, drive), kept[0].unmet


async def slow(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
    writer.write(b"220 mx\r\n")
    for first, rest in ((b"250-half", b"\r\n250 SIZE\r\n"), (b"221", b" bye\r\n")):
        if not await reader.readline():
            break
        writer.write(first)
        await asyncio.sleep(0.2)
        writer.write(rest)
    await reader.read()
    writer.close()


def test_an_optional_reply_that_does_not_come_in_its_time_is_left_to_the_next_expectation() -> None:
    text = (
        "< 220\n> EHLO a\n<? 250 within 50ms\nif reply xxx {\n  > NO\n}\n< 250\nif offered SIZE {\n  > QUIT\n}\n< 221\n"
    )
    found, unmet = held_by(text, do=slow)
    assert (found.end, unmet) == (End.CLOSED, ())
    assert said(found, Kind.SENT) == [b"EHLO a\r\n", b"QUIT\r\n"]
    assert [entry.line for entry in found.entries if entry.kind is Kind.RECEIVED] == [1, 7, 7, 11]


def test_a_host_that_keeps_silent_as_it_should_is_left_with_quit() -> None:
    silent = "< 220\n<? xxx within 50ms\nif reply xxx {\n  < 555 within 50ms\n}\n> QUIT\n< 2xx\n"
    assert held_by(silent.replace("QUIT", "EHLO a"), do=slow)[1] == ()
    found, unmet = held_by(silent, do=babbles)
    assert [line for line, *_ in unmet] == [4]
    assert found.end is End.SILENT


async def babbles(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
    writer.write(b"220 mx\r\n250 what else?\r\n")
    await reader.read()
    writer.close()


def test_an_optional_reply_is_taken_as_soon_as_it_comes_and_a_host_that_hangs_up_ends_it() -> None:
    started = time.monotonic()
    found, _ = held_by("< 220\n<? 555 within 1m\nif reply 250 {\n  close\n}\n", do=babbles)
    assert (found.end, said(found, Kind.SENT)) == (End.CLOSED, [])

    async def leaves(_: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        writer.write(b"220 mx\r\n")
        writer.close()

    gone, unmet = held_by("< 220\n<? 555 within 1m\n> NOOP\n", do=leaves)
    assert (gone.end, unmet) == (End.HUNG_UP, ())
    assert time.monotonic() - started < 20

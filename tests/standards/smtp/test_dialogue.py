"""A transcript as a dialogue: which reply answers which command."""

from __future__ import annotations

import time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from deliverkit.observations.smtp import Entry, Kind
from deliverkit.standards.smtp.dialogue import PART, exchanges, last_sent


def entries(*said: str) -> list[Entry]:
    """Entries a second apart: ``> …`` sent, ``< …`` received; ``|`` stands for CRLF inside one entry."""
    kinds = {">": Kind.SENT, "<": Kind.RECEIVED}
    found = [Entry(0.5, Kind.CONNECTED)]
    for place, text in enumerate(said, 1):
        data = text[2:].replace("|", "\r\n").encode() + b"\r\n"
        found.append(Entry(float(place), kinds[text[0]], data))
    return found


def codes(*said: str) -> list[tuple[str, int]]:
    return [(exchange.verb, exchange.reply.code) for exchange in exchanges(entries(*said))]


def test_a_delivery() -> None:
    said = [
        "< 220 hi",
        "> EHLO a",
        "< 250-x",
        "< 250 SIZE",
        "> MAIL FROM:<>",
        "< 250 ok",
        "> rcpt to:<b@c>",
        "< 250 ok",
    ]
    said += ["> DATA", "< 354 go", "> Subject: EHLO||QUIT|.", "< 250 2.0.0 queued", "> QUIT", "< 221 bye"]
    verbs = ["", "EHLO", "MAIL", "RCPT", "DATA", ".", "QUIT"]
    assert codes(*said) == list(zip(verbs, [220, 250, 250, 250, 354, 250, 221], strict=True))


def test_pipelined_commands_are_answered_in_order() -> None:
    assert codes("< 220 hi", "> MAIL FROM:<>|RCPT TO:<b@c>|DATA", "< 250 a", "< 550 b", "< 503 c") == [
        ("", 220),
        ("MAIL", 250),
        ("RCPT", 550),
        ("DATA", 503),
    ]


def test_an_unfinished_line_is_no_reply() -> None:
    greeting = Entry(1.0, Kind.RECEIVED, b"220 hi\r\n")
    assert [one.reply.code for one in exchanges([greeting, Entry(2.0, Kind.RECEIVED, b"250 cut o")])] == [220]


def test_a_message_to_a_host_that_answered_in_advance_is_read_in_linear_time() -> None:
    """Its octets look like commands. By time, with much room: copied for each line they took minutes."""
    begun = entries("< 220 hi", "< 250 a", "< 250 b", "< 250 c", "< 354 go on", "> DATA")
    message = Entry(9.0, Kind.SENT, (b"y" * 70 + b"\r\n") * 200_000 + b".\r\n")
    started = time.process_time()
    assert len(exchanges([*begun, message])) == 5
    assert time.process_time() - started < 10


def test_a_message_in_blocks_ends_once() -> None:
    assert codes("< 220 hi", "> DATA", "< 354 go", "> a", "> .", "< 250 ok") == [
        ("", 220),
        ("DATA", 354),
        (".", 250),
    ]


def test_a_chunk_holds_no_commands() -> None:
    assert codes("< 220 hi", "> BDAT 6|QUIT|BDAT 0 LAST", "< 250 a", "< 250 b") == [
        ("", 220),
        ("BDAT", 250),
        (".", 250),
    ]


def test_the_reply_to_the_last_chunk_is_that_to_the_message() -> None:
    """RFC 3030 §2. What is cut off before the chunk's end is none yet, and over LMTP each recipient has a reply."""
    found = exchanges(entries("< 220 hi", "> BDAT 3|a", "< 250 ok", "> bdat  0  last", "< 554 no"))
    assert [(one.verb, one.command) for one in found[1:]] == [("BDAT", b"BDAT 3"), (".", b"bdat  0  last")]
    assert last_sent(entries("> BDAT 4 LAST|a")).verb == PART
    assert last_sent(entries("> BDAT 3 LAST|a")).is_whole_message
    said = ["< 220 hi", "> LHLO a", "< 250 ok", "> RCPT TO:<a>", "< 250 ok", "> RCPT TO:<b>", "< 250 ok"]
    assert codes(*said, "> BDAT 3 LAST|a", "< 250 ok", "< 452 full")[-2:] == [(".", 250), (".", 452)]


def test_a_sign_in_is_one_verb() -> None:
    assert codes(
        "< 220 hi", "> AUTH LOGIN", "< 334 VXNlcm5hbWU6", "> QUIT", "< 334 x", "> y", "< 235 ok", "> NOOP", "< 250 ok"
    ) == [
        ("", 220),
        ("AUTH", 334),
        ("AUTH", 334),
        ("AUTH", 235),
        ("NOOP", 250),
    ]


def test_lmtp_answers_for_each_recipient() -> None:
    said = ["< 220 hi", "> LHLO a", "< 250 ok", "> RCPT TO:<a>", "< 250 ok", "> RCPT TO:<b>", "< 550 no"]
    said += ["> RCPT TO:<c>", "< 250 ok", "> DATA", "< 354 go", "> x|.", "< 250 ok", "< 452 full"]
    assert codes(*said)[-2:] == [(".", 250), (".", 452)]


def test_lmtp_answers_for_each_recipient_after_the_last_chunk_too() -> None:
    said = ["< 220 hi", "> LHLO a", "< 250 ok", "> RCPT TO:<a>", "< 250 ok", "> RCPT TO:<c>", "< 250 ok"]
    said += ["> BDAT 3|x", "< 250 ok", "> BDAT 0 LAST", "< 250 ok", "< 452 full"]
    found = exchanges(entries(*said))[-3:]
    assert [(one.verb, one.reply.code, one.is_early) for one in found] == [
        ("BDAT", 250, False), (".", 250, False), (".", 452, False),
    ]  # fmt: skip


def test_a_reply_before_any_command_is_early() -> None:
    found = exchanges(entries("< 220 hi", "< 250 who asked?", "> EHLO a", "< 250 ok"))
    assert [exchange.is_early for exchange in found] == [False, True, False]
    assert found[2].took == pytest.approx(1.0)


def test_a_host_that_speaks_tls_at_once_greets_inside_it() -> None:
    said = entries("< 220 hi", "> EHLO a", "< 250 ok")
    found = exchanges([said[0], Entry(0.7, Kind.SECURED), *said[1:]])
    assert [(one.verb, one.is_early) for one in found] == [("", False), ("EHLO", False)]
    assert found[0].took == pytest.approx(0.3)


@given(st.lists(st.tuples(st.sampled_from(Kind), st.binary(max_size=40)), max_size=20))
def test_any_transcript_is_read(said: list[tuple[Kind, bytes]]) -> None:
    found = exchanges([Entry(float(place), kind, data) for place, (kind, data) in enumerate(said)])
    assert len(found) <= sum(kind is Kind.RECEIVED for kind, _ in said)

"""Of what is sent much is kept, and not all: a large message is its first lines, its last and a digest."""

from __future__ import annotations

from hashlib import sha256

import pytest

from deliverkit.clients.smtp.notes import MOST_SENT, MOST_SENT_IN_ALL, Notes
from deliverkit.clients.smtp.provisions import Held
from deliverkit.observations.smtp import Call, End, Entry, Kind, LeftOut, Transcript
from deliverkit.standards.smtp.dialogue import MESSAGE, exchanges
from deliverkit.transcripts import format_transcript, parse_transcript

MEBIBYTE = (b"x" * 76 + b"\r\n") * (1024 * 1024 // 78)


def kept(data: bytes) -> Entry:
    notes = Notes(lambda: 0.0)
    notes.add_sent(data, 7)
    (entry,) = notes.entries
    return entry


@pytest.mark.parametrize("octets", [0, 1, MOST_SENT - 1, MOST_SENT])
def test_what_is_within_the_bound_is_whole(octets: int) -> None:
    assert kept(b"x" * octets) == Entry(0.0, Kind.SENT, b"x" * octets, line=7)


@pytest.mark.parametrize("factor", [1, 20])
def test_a_large_message_keeps_whole_lines_at_both_ends(factor: int) -> None:
    message = b"Subject: a\r\n\r\n" + MEBIBYTE * factor + b".\r\n"
    entry = kept(message)
    head, tail = entry.pieces
    assert entry.left_out == LeftOut(len(head), len(message) - len(head) - len(tail), sha256(message).hexdigest())
    assert len(entry.data) <= MOST_SENT
    assert (message.startswith(head), message.endswith(tail)) == (True, True)
    assert (head[-2:], tail[-5:]) == (b"\r\n", b"\r\n.\r\n")
    assert not tail.strip(b"x\r\n.")


@pytest.mark.parametrize("data", [b"x" * 200_000, b"\r\n" * 100_000, b"x" * 100_000 + b"\r\n.\r\n", b"\r" * 70_000])
def test_whatever_it_is_made_of_it_is_cut_and_counted(data: bytes) -> None:
    entry = kept(data)
    head, tail = entry.pieces
    assert entry.left_out is not None
    assert data == head + data[len(head) : len(head) + entry.left_out.octets] + tail
    assert len(entry.data) <= MOST_SENT


def test_a_conversation_of_many_messages_is_bounded() -> None:
    notes = Notes(lambda: 0.0)
    for _ in range(200):
        notes.add_sent(MEBIBYTE, 1)
    octets = sum(len(entry.data) for entry in notes.entries)
    assert MOST_SENT_IN_ALL < octets < MOST_SENT_IN_ALL + 200 * 2048 + MOST_SENT


def test_a_transcript_holds_it_through_json() -> None:
    found = Transcript(Call("a", "192.0.2.1", 25, ""), (kept(MEBIBYTE), kept(b"QUIT\r\n")))
    assert parse_transcript(format_transcript(found)) == found
    assert [set(entry) & {"left_out"} for entry in format_transcript(found)["entries"]] == [{"left_out"}, set()]


def test_what_is_concealed_does_not_move_the_gap() -> None:
    entry = kept(b"A: correct-horse\r\n" + MEBIBYTE + b"B: correct-horse\r\n")
    (told,) = Held(End.CLOSED, "", (), {b"correct-horse": b"<secret:pin>"}).conceal([entry])
    assert [piece.count(b"<secret:pin>") for piece in told.pieces] == [1, 1]
    assert told.pieces[1].endswith(b"B: <secret:pin>\r\n")


@pytest.mark.parametrize("is_chunk", [False, True])
def test_the_replies_belong_to_their_commands_all_the_same(*, is_chunk: bool) -> None:
    notes = Notes(lambda: 0.0)
    if is_chunk:
        notes.add_sent(b"BDAT %d LAST\r\n" % len(MEBIBYTE) + MEBIBYTE, 1)
    else:
        notes.add_sent(b"DATA\r\n", 1)
        notes.take(b"354 go on\r\n")
        notes.add_sent(MEBIBYTE + b".\r\n", 1)
    notes.take(b"250 ok\r\n")
    notes.add_sent(b"QUIT\r\n", 1)
    notes.take(b"221 bye\r\n")
    connected = Entry(0.0, Kind.CONNECTED)
    verbs = [one.verb for one in exchanges([connected, Entry(0.0, Kind.RECEIVED, b"220 hi\r\n"), *notes.entries])]
    assert verbs[1:] == ([MESSAGE, "QUIT"] if is_chunk else ["DATA", MESSAGE, "QUIT"])

"""Journals with seed tests in them, made for the tests."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta
from pathlib import Path

from deliverkit.observations.mailbox import Arrival, Folder, FolderClass
from deliverkit.observations.seeds import Copy, SeedTest, Sending, Stage
from deliverkit.observations.smtp import Call, Entry, Kind, Transcript
from deliverkit.seeds.journal import Journal, open_journal
from tests.seeds.arriving import START

INBOX = Folder("INBOX", FolderClass.INBOX)
TAB = Folder("INBOX", FolderClass.TAB)
JUNK = Folder("[Gmail]/Spam", FolderClass.JUNK)
FOLDERS = {"inbox": INBOX, "tab": TAB, "junk": JUNK}
REPLY = "2.0.0 Ok: queued"
SIGNED = b"DKIM-Signature: v=1; a=rsa-sha256; d=shop.example; s=k; bh=x; b=y\r\n"


def fill(
    path: Path, *tests: tuple[str, Mapping[str, Sequence[str]]], reply: str = REPLY, header: bytes = SIGNED
) -> list[SeedTest]:
    """A test a week: by provider what becomes of each copy: inbox, tab, junk, missing or refused."""
    with open_journal(path) as journal:
        return [_fill(journal, number, name, ends, reply, header) for number, (name, ends) in enumerate(tests)]


def _fill(  # noqa: PLR0913, PLR0917 - each is a part of the test
    journal: Journal, number: int, name: str, ends: Mapping[str, Sequence[str]], reply: str, header: bytes
) -> SeedTest:
    started = START + number * timedelta(days=7)
    wanted = [(provider, place, end) for provider, found in ends.items() for place, end in enumerate(found)]
    copies = tuple(
        Copy(f"dk{number}{at:023}", f"seed{place}@{chr(97 + list(ends).index(provider))}.example", provider)
        for at, (provider, place, _) in enumerate(wanted)
    )
    test = SeedTest(
        name, f"dk{number:024}", started, False, "Spring sale", "shop.example", f"{number:064x}", copies=copies
    )
    journal.add_test(test)
    for copy, (_, _, end) in zip(copies, wanted, strict=True):
        _send(journal, copy, started, reply, is_refused=end == "refused")
    seen = [(copy, FOLDERS[end]) for copy, (_, _, end) in zip(copies, wanted, strict=True) if end in FOLDERS]
    arrivals = [(copy.token, _arrival(place, folder, started, header)) for place, (copy, folder) in enumerate(seen)]
    journal.note_look(test.token, started + timedelta(hours=3), arrivals=arrivals)
    return test


def _send(journal: Journal, copy: Copy, begun: datetime, reply: str, *, is_refused: bool) -> None:
    said = (b"RCPT TO:<a>\r\n", b"550 5.7.1 no\r\n") if is_refused else (b".\r\n", f"250 {reply}\r\n".encode())
    entries = tuple(Entry(0.1, kind, data) for kind, data in zip((Kind.SENT, Kind.RECEIVED), said, strict=True))
    transcript = Transcript(Call("mx1.north.example", "11.0.1.25", 25, ""), entries)
    code, step = (550, "RCPT") if is_refused else (250, "message")
    words = "5.7.1 no" if is_refused else reply
    journal.begin(copy.token, begun)
    journal.at_the_dot(copy.token, begun)
    ended = begun + timedelta(seconds=1)
    journal.end(copy.token, Sending(begun, Stage.ENDED, ended, code, words, transcript, step))


def _arrival(uid: int, folder: Folder, started: datetime, header: bytes) -> Arrival:
    arrived = started + timedelta(seconds=9)
    tab = "promotions" if folder.kind is FolderClass.TAB else ""
    return Arrival(folder, uid, 7, arrived, arrived, len(header), header + b"\r\n", tab=tab)

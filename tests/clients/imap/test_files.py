"""Mailboxes in files: maildir and mbox."""

from __future__ import annotations

import asyncio
import os
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from deliverkit.clients.imap.files import FileMailbox
from deliverkit.clients.imap.memory import Memory
from deliverkit.observations.mailbox import Bodies, FileAccess, FolderClass, MailboxView

NOW = datetime.now(UTC)
REPORT = b"Subject: failed\r\nContent-Type: multipart/report; boundary=x\r\n\r\n--x\r\n"


def mailbox(form: str, path: Path, bodies: Bodies = Bodies.REPORTS) -> FileMailbox:
    return FileMailbox(FileAccess(form, str(path)), Memory(NOW, bodies), ThreadPoolExecutor(1))


def look(box: FileMailbox) -> MailboxView:
    return asyncio.run(box.look())


def put(folder: Path, name: str, octets: bytes, *, age: timedelta = timedelta()) -> Path:
    for part in ("new", "cur", "tmp"):
        (folder / part).mkdir(parents=True, exist_ok=True)
    file = folder / "new" / name
    file.write_bytes(octets)
    moment = (NOW - age).timestamp()
    os.utime(file, (moment, moment))
    return file


def test_a_maildir_has_its_folders_and_tells_each_message_once(tmp_path: Path) -> None:
    file = put(tmp_path, "1.a.host", b"Subject: one\n\nbody\n")
    put(tmp_path / ".Junk", "2.a.host", REPORT)
    put(tmp_path / ".INBOX.Ung&APw-ltig", "3.a.host", b"Subject: three\n\n")
    put(tmp_path, "4.a.host", b"Subject: old\n\n", age=timedelta(days=3))
    box = mailbox("maildir", tmp_path)
    view = look(box)
    assert view.problem == ""
    found = {one.folder.name: one for one in view.arrivals}
    assert {name: one.folder.kind for name, one in found.items()} == {
        "INBOX": FolderClass.INBOX,
        "Junk": FolderClass.JUNK,
        "INBOX/Ungültig": FolderClass.OTHER,
    }
    assert (found["INBOX"].header, found["INBOX"].body) == (b"Subject: one\n\n", b"")
    assert found["Junk"].header + found["Junk"].body == REPORT
    file.rename(tmp_path / "cur" / "1.a.host:2,S")  # somebody read it
    put(tmp_path, "5.a.host", b"Subject: five\n\n")
    assert [one.header for one in look(box).arrivals] == [b"Subject: five\n\n"]


def test_a_message_has_the_same_number_in_every_run(tmp_path: Path) -> None:
    put(tmp_path, "1.a.host", b"Subject: one\n\n")
    assert [one.uid for one in look(mailbox("maildir", tmp_path)).arrivals] == [
        one.uid for one in look(mailbox("maildir", tmp_path)).arrivals
    ]


def test_only_what_is_given_is_deleted(tmp_path: Path) -> None:
    put(tmp_path, "1.a.host", b"Subject: one\n\n")
    kept = put(tmp_path, "2.a.host", b"Subject: two\n\n")
    box = mailbox("maildir", tmp_path)
    given = tuple(one for one in look(box).arrivals if b"one" in one.header)
    assert asyncio.run(box.delete(given)) == ""
    assert [file.name for file in (tmp_path / "new").iterdir()] == [kept.name]


def test_an_mbox_is_one_folder(tmp_path: Path) -> None:
    path = tmp_path / "ada"
    stamp = NOW.strftime("%a %b %d %H:%M:%S %Y")
    message = f"From a@b {stamp}\nSubject: one\n\nbody\n>From here\n\nFrom a@b {stamp}\nSubject: two\n\nb\n\n"
    path.write_text(f"From a@b Mon Jan  1 00:00:00 2001\nSubject: old\n\n\n{message}", "ascii")
    box = mailbox("mbox", path, Bodies.ALL)
    first, second = look(box).arrivals
    assert (first.header, first.body) == (b"Subject: one\n\n", b"body\n>From here\n")
    assert second.header == b"Subject: two\n\n"
    assert second.arrived == NOW.replace(microsecond=0)
    assert look(box).arrivals == ()
    assert "never rewritten" in asyncio.run(box.delete((first,)))


@pytest.mark.parametrize("form", ["maildir", "mbox"])
def test_what_is_no_mailbox_is_told(form: str, tmp_path: Path) -> None:
    assert "there is no" in look(mailbox(form, tmp_path / "nothing")).problem
    assert look(mailbox(form, tmp_path)).problem != ""
    unusable = mailbox(form, Path("/dev/null" if form == "maildir" else "/dev/null/mbox"))
    assert look(unusable).problem != ""
    assert "File name too long" in look(mailbox(form, tmp_path / ("a" * 300))).problem
    asyncio.run(unusable.wait(0))


@pytest.mark.parametrize("day", ["Jan 99 00:00:00 2026", f"Jan 01 00:00:00 {'9' * 30}", f"Jan {'9' * 30} 00:00 1"])
def test_a_from_line_may_say_any_date(day: str, tmp_path: Path) -> None:
    path = tmp_path / "ada"
    path.write_text(f"From a@b Mon {day}\nSubject: one\n\nb\n", "ascii")
    [arrival] = look(mailbox("mbox", path)).arrivals
    assert arrival.arrived >= NOW


def test_waiting_ends_when_a_file_comes(tmp_path: Path) -> None:
    put(tmp_path, "1.a.host", b"Subject: one\n\n")
    box = mailbox("maildir", tmp_path)

    async def waited() -> float:
        loop = asyncio.get_running_loop()
        started = loop.time()
        loop.call_later(0.2, put, tmp_path, "2.a.host", b"Subject: two\n\n")
        await box.wait(10)
        return loop.time() - started

    assert asyncio.run(waited()) < 3

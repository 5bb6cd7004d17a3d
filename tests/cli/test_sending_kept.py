"""What is kept of a conversation: its log, the script that it becomes, its case; and of one that is stopped."""

from __future__ import annotations

import asyncio
import json
import os
import pty
import re
import signal
import socket
import subprocess
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from threading import Event, Thread
from typing import Any

import pytest

from tests.sending import ENDS, PROGRAM, command, files_of, send
from tests.talking import serving


def test_the_log_gets_a_line_for_each_conversation(tmp_path: Path) -> None:
    log = tmp_path / "log"
    for _ in range(2):
        assert command("good.example", "--lab", "smtp-good", "--log", str(log)).code == 0
    lines = [json.loads(line) for line in log.read_text().splitlines()]
    assert len(lines) == 8
    assert all(list(line) == [
        "deliverkit_log", "ended", "script", "target", "host", "address", "port", "end", "detail", "elapsed_ms",
        "codes", "accepted", "tls", "unmet", "entries",
    ] for line in lines)  # fmt: skip
    assert {line["address"] for line in lines} == {"11.0.1.25", "2a11:db8:1::25", "11.0.2.25", "2a11:db8:2::25"}
    assert lines[0]["codes"] == [220, 250, 220, 250, 221]
    assert lines[0]["tls"]["version"].startswith("TLS")
    assert {line["target"] for line in lines} == {"good.example"}


def test_the_log_tells_which_target_each_conversation_was_about(tmp_path: Path) -> None:
    log, targets = tmp_path / "log", ("ada@good.example", "mx2.good.example:25", "11.0.1.25")
    assert command(*targets, "--lab", "smtp-good", "--log", str(log)).code == 0
    lines = [json.loads(line) for line in log.read_text().splitlines()]
    assert sorted((line["target"], line["address"]) for line in lines) == [
        ("11.0.1.25", "11.0.1.25"),
        *(("ada@good.example", one) for one in ("11.0.1.25", "11.0.2.25", "2a11:db8:1::25", "2a11:db8:2::25")),
        ("mx2.good.example:25", "11.0.2.25"),
        ("mx2.good.example:25", "2a11:db8:2::25"),
    ]


def test_a_recorded_conversation_can_be_held_again(tmp_path: Path) -> None:
    record = f"{tmp_path}/r.smtp"
    first = send("--script", "deliver", *ENDS, "--record", record)
    assert (first.code, f"is recorded in {record}" in first.err) == (0, True)
    again = send("--script", record)
    assert (again.code, len(again.deliveries)) == (0, 1)
    assert again.deliveries[0].message == first.deliveries[0].message
    other = send("--script", record, recipients=["x@b.example"])
    assert other.code == 1
    assert "wants 250 2.1.5" in other.out
    assert "got 550 5.1.1" in other.out


@pytest.mark.parametrize("chunking", [(), ("--chunking",)], ids=["DATA", "BDAT"])
@pytest.mark.parametrize("mebibytes", [1, 20])
def test_a_large_message_is_kept_within_bounds_and_sent_again(
    mebibytes: int, chunking: tuple[str, ...], tmp_path: Path
) -> None:
    message = b"Subject: large\r\n\r\n" + (b"x" * 76 + b"\r\n") * (mebibytes * 1024 * 1024 // 78)
    large, folder = tmp_path / "large.eml", tmp_path / "kept"
    folder.mkdir()
    large.write_bytes(message)
    manner: dict[str, Any] = {"extensions": ["SIZE 52428800", "CHUNKING"]}
    delivering = ("--script", "deliver", *ENDS, "--message", str(large), *chunking)
    first = send(*delivering, *files_of(folder), **manner)
    assert (first.code, [one.message for one in first.deliveries]) == (0, [message]), first.err
    assert "(its message is a file: give it with --message FILE)" in first.err
    assert re.search(r"… [\d,]+ more lines \(-v shows them\); [\d,]+ octets are not kept\n", first.out)
    assert max(path.stat().st_size for path in folder.iterdir()) < 120_000
    shown = command("--case", str(folder / "case"))
    assert shown.out.rpartition("\n\n")[0] == first.out.rpartition("\n\n")[0]
    in_full = command("--case", str(folder / "case"), "-v").out
    assert re.search(r"… [\d,]+ octets are not kept, SHA-256 of the whole [0-9a-f]{64}\n", in_full)
    record = str(folder / "record")
    assert f"a message of {len(message):,} octets.\n" in Path(record).read_text()
    again = send("--script", record, "--message", str(large), **manner)
    assert (again.code, [one.message for one in again.deliveries]) == (0, [message]), again.out + again.err
    assert "needs message: give --message FILE" in send("--script", record, **manner).err


def test_a_redacted_case_does_not_lead_back_to_a_large_message(tmp_path: Path) -> None:
    large, case = tmp_path / "large.eml", tmp_path / "case"
    large.write_bytes(b"Subject: large\r\n\r\n" + b"secretly\r\n" * 20_000)
    delivering = ("--script", "deliver", *ENDS, "--message", str(large), "--save", str(case), "--redact")
    assert send(*delivering).code == 0
    [transcript] = json.loads(case.read_text())["smtp"]
    [left_out] = [entry["left_out"] for entry in transcript["entries"] if "left_out" in entry]
    assert (left_out["sha256"], left_out["octets"] > 100_000) == ("", True)
    assert command("--case", str(case)).code == 0


def test_a_conversation_that_did_not_come_about_is_not_recorded(tmp_path: Path) -> None:
    ended = command("127.0.0.1:1", "--record", f"{tmp_path}/r")
    assert ended.code in {1, 3}
    assert "no conversation came about" in ended.err
    assert not (tmp_path / "r").exists()


@pytest.mark.parametrize("stop", [signal.SIGINT, signal.SIGTERM, signal.SIGHUP])
def test_who_stops_a_run_keeps_what_was_said(tmp_path: Path, stop: signal.Signals) -> None:
    async def work() -> tuple[int | None, str, str, str]:
        async with serving(do=["silent at MAIL"]) as (_, (host, port), _):
            process = await asyncio.create_subprocess_exec(
                *PROGRAM, f"{host}:{port}", "--script", "deliver", *ENDS, *files_of(tmp_path),
                stdout=asyncio.subprocess.PIPE, stderr=asyncio.subprocess.PIPE,
            )  # fmt: skip
            await asyncio.sleep(2.5)
            process.send_signal(stop)
            out, err = await asyncio.wait_for(process.communicate(), 20)
            return process.returncode, out.decode(), err.decode(), f"{host}:{port}"

    code, out, err, target = asyncio.run(work())
    assert [line[10:].strip() for line in out.splitlines() if " > " in line][-1] == "> MAIL FROM:<a@a.example>"
    assert code == 128 + stop
    assert "Traceback" not in err
    assert re.search(
        rf"{re.escape(target)}: stopped (?:[1-9][0-9]* ms|[1-9][.0-9]* s) into the wait after MAIL; "
        "until then 220 250 220 250 in ",
        err.replace("[", "").replace("]", ""),
    )
    (line,) = [json.loads(one) for one in (tmp_path / "log").read_text().splitlines()]
    assert line["end"] == "INTERRUPTED"
    assert [entry["data"] for entry in line["entries"] if entry["kind"] == "SENT"][-1] == "MAIL FROM:<a@a.example>\r\n"
    assert "> MAIL FROM:<a@a.example>" in (tmp_path / "record").read_text()
    again = command(target, "--case", f"{tmp_path}/case")
    assert "was left from here" in again.out


def test_who_looks_on_is_told_that_a_slow_host_is_waited_for(tmp_path: Path) -> None:
    async def work() -> str:
        ours, theirs = pty.openpty()
        async with serving(do=["silent at MAIL"]) as (_, (host, port), _):
            arguments = (f"{host}:{port}", "--script", "deliver", *ENDS, *files_of(tmp_path), "--patience", "7")
            process = await asyncio.create_subprocess_exec(
                *PROGRAM, *arguments, stdout=asyncio.subprocess.DEVNULL, stderr=theirs
            )
            os.close(theirs)
            await asyncio.wait_for(process.wait(), 30)
        said = os.read(ours, 4096).decode()
        os.close(ours)
        return said

    assert asyncio.run(work()).count("still waiting for answers (Ctrl-C stops)") == 1


@contextmanager
def never_reading() -> Iterator[tuple[str, Event]]:
    """Where a host is that asks for a message, reads no more of it, and says nothing; and when it has asked."""
    has_asked, is_over = Event(), Event()

    def serve() -> None:
        connection, _ = listening.accept()
        with connection, connection.makefile("rb") as lines:
            connection.sendall(b"220 mx.lab.example\r\n")
            for line in lines:
                if line == b"DATA\r\n":
                    connection.sendall(b"354 go on\r\n")
                    has_asked.set()
                    is_over.wait(30)
                    return
                connection.sendall(b"250 ok\r\n")

    with socket.create_server(("127.0.0.1", 0)) as listening:
        listening.settimeout(20)
        thread = Thread(target=serve, daemon=True)
        thread.start()
        try:
            yield f"127.0.0.1:{listening.getsockname()[1]}", has_asked
        finally:
            is_over.set()
            thread.join(20)


@pytest.mark.parametrize("is_stopped", [True, False], ids=["stopped", "stuck"])
def test_a_message_of_which_a_part_is_still_here_was_not_taken(tmp_path: Path, *, is_stopped: bool) -> None:
    (tmp_path / "large").write_bytes(b"Subject: x\r\n\r\n" + (b"x" * 76 + b"\r\n") * 200_000)
    kept = tmp_path / "kept"
    kept.mkdir()
    delivering = ("--script", "deliver", *ENDS, "--message", f"{tmp_path}/large", *files_of(kept))
    with never_reading() as (target, has_asked):
        command_line = [*PROGRAM, target, *delivering, "--patience", "30" if is_stopped else "1"]
        with subprocess.Popen(command_line, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True) as process:
            if is_stopped:
                assert has_asked.wait(20)
                time.sleep(1)
                process.send_signal(signal.SIGINT)
            out, err = process.communicate(timeout=30)
    told = " ".join((err if is_stopped else out).split())
    assert process.returncode == (130 if is_stopped else 1), told
    assert "it has not got the whole message, so it takes none" in told
    assert ("in the middle of the message" in told, "may have taken" in told) == (True, False)
    shown = " ".join(command("--case", f"{kept}/case").out.split())
    assert ("it has not got the whole message" in shown, "may have taken" in shown) == (True, False)

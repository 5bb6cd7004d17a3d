"""``deliverkit own``, and ``deliverkit smtp`` with the hosts of others, with many hosts, and interrupted."""

from __future__ import annotations

import asyncio
import os
import signal
import subprocess
import sys
from collections.abc import Awaitable, Callable
from pathlib import Path
from typing import Any

from deliverkit.lab.running import running
from deliverkit.lab.world import load, parse
from tests.talking import serving

HOST = "mx1.good.example"
RUN = [sys.executable, "-m", "deliverkit"]


def environment(state: Path) -> dict[str, str]:
    return {**os.environ, "PYTHONUTF8": "1", "XDG_STATE_HOME": str(state)}


async def run(*arguments: str, state: Path, given: str = "") -> tuple[int, str, str]:
    pipes: dict[str, Any] = dict.fromkeys(("stdin", "stdout", "stderr"), subprocess.PIPE)
    process = await asyncio.create_subprocess_exec(*RUN, *arguments, env=environment(state), **pipes)
    out, err = await process.communicate(given.encode())
    return process.returncode or 0, out.decode(), err.decode()


def in_world(work: Callable[[str], Awaitable[Any]], added: str = "") -> Any:
    """What the work gives with a resolver that knows the world's names; no route leads to its hosts."""

    async def with_resolver() -> Any:
        like = 'like = "smtp-good"\ntarget = "good.example"\nclock = 2026-11-22T09:00:00Z\n'
        world = parse(f"{like}{added}", name="mine") if added else load("smtp-good")
        async with running(world) as lab:
            host, port = lab.routes[lab.resolver]
            return await work(f"{host}:{port}")

    return asyncio.run(with_resolver())


def test_a_restricted_script_is_refused_with_exit_code_2(tmp_path: Path) -> None:
    async def work(resolver: str) -> Any:
        script = ("--script", "early-talker", "--resolver", resolver)
        return [
            await run("smtp", "good.example", *script, *more, state=tmp_path) for more in ([], ["--format", "json"])
        ]

    (code, out, err), (as_json, document, _) = in_world(work)
    assert (code, out) == (2, "")
    assert f"deliverkit own {HOST}" in err
    assert as_json == 2
    assert f"deliverkit own {HOST} prints" in document


def test_the_record_that_own_prints_is_the_one_that_it_looks_for(tmp_path: Path) -> None:
    async def printed(resolver: str) -> Any:
        return await run("own", HOST, "--resolver", resolver, state=tmp_path)

    code, out, _ = in_world(printed)
    record, form, *_ = out.splitlines()
    assert code == 0
    assert "in the form of the zone good.example: _deliverkit-own.mx1" in form

    async def looked(resolver: str) -> Any:
        return await run("own", HOST, "--check", "--resolver", resolver, state=tmp_path)

    assert in_world(looked)[:2] == (
        1,
        f"{HOST} is not proved your own: _deliverkit-own.{HOST} has no TXT record with your token.\n",
    )
    code, out, _ = in_world(looked, f"add = '''{record}'''\n")
    assert (code, out) == (0, f"{HOST} is proved your own, at 11.0.1.25 and 2a11:db8:1::25.\n")
    assert (
        asyncio.run(run("own", HOST, "--check", "--resolver", "127.0.0.1:9", "--timeout", "0.2", state=tmp_path))[0]
        == 3
    )


def test_own_asks_in_a_world_of_the_lab(tmp_path: Path) -> None:
    async def own(*more: str) -> tuple[int, str, str]:
        return await run("own", HOST, *more, state=tmp_path)

    code, out, err = asyncio.run(own("--lab", "smtp-good"))
    record, form, *_, hint = out.splitlines()
    assert (code, err) == (0, "")
    assert "in the form of the zone good.example: _deliverkit-own.mx1" in form
    assert hint == f"  deliverkit own {HOST} --check --lab smtp-good"
    code, out, _ = asyncio.run(own("--check", "--lab", "smtp-good"))
    assert (code, out.startswith(f"{HOST} is not proved your own")) == (1, True)
    mine = tmp_path / "mine.toml"
    mine.write_text(f"title = 'x'\nlike = 'smtp-good'\nadd = '''{record}'''\n", "utf-8")
    code, out, _ = asyncio.run(own("--check", "--lab", str(mine)))
    assert (code, out) == (0, f"{HOST} is proved your own, at 11.0.1.25 and 2a11:db8:1::25.\n")
    code, _, err = asyncio.run(own("--lab", "smtp-good", "--resolver", "127.0.0.1:9"))
    assert (code, err) == (2, "Error: --lab brings its own resolver: leave --resolver out\n")
    code, _, err = asyncio.run(own("--lab", "no-such"))
    assert (code, "no-such" in err) == (2, True)


def test_an_address_is_proved_by_its_reverse_name(tmp_path: Path) -> None:
    async def own(*words: str) -> tuple[int, str, str]:
        return await run("own", *words, "--lab", "smtp-good", state=tmp_path)

    assert asyncio.run(own("11.0.1.25")) == asyncio.run(own(HOST))
    assert asyncio.run(own("11.0.1.25", "--check"))[1].startswith(f"{HOST} is not proved your own")
    code, out, err = asyncio.run(own("203.0.113.5"))
    assert (code, out) == (2, "")
    assert "such as 5.113.0.203.in-addr.arpa.  3600  IN  PTR  mx1.example.com. Then: deliverkit own mx1.exam" in err


def test_worlds_of_the_lab_need_no_proof_and_have_no_share(tmp_path: Path) -> None:
    async def work() -> None:
        for _ in range(4):
            probing = ("--script", "vrfy", "--to", "ada@good.example", "-q", "--lab", "smtp-good")
            code, _, err = await run("smtp", "good.example", *probing, state=tmp_path)
            assert (code in {0, 1}, err) == (True, "")

    asyncio.run(work())
    assert not list(tmp_path.rglob("*.sqlite3"))


def test_an_interrupted_run_keeps_the_conversations_that_ended(tmp_path: Path) -> None:
    async def work() -> None:
        async with serving() as (_, (_, good), _), serving(do=("silent",), seconds=60) as (_, (_, mute), _):
            case, pipes = tmp_path / "case.json", dict.fromkeys(("stdin", "stdout", "stderr"), subprocess.PIPE)
            targets = [f"127.0.0.1:{good}", f"127.0.0.1:{mute}"]
            options = ["--format", "jsonl", "--save", str(case), "--helo", "probe.example", "--resolver", "127.0.0.1:9"]
            process = await asyncio.create_subprocess_exec(
                *RUN,
                "smtp",
                "-",
                *options,
                env=environment(tmp_path),
                **pipes,  # type: ignore[arg-type]
            )
            assert process.stdin
            assert process.stdout
            process.stdin.write("\n".join(targets).encode())
            process.stdin.close()
            first = await asyncio.wait_for(process.stdout.readline(), 30)
            process.send_signal(signal.SIGINT)
            _, err = await process.communicate()
            assert f"127.0.0.1:{good}".encode() in first
            assert process.returncode == 130
            assert b"interrupted: 1 of 2 examined" in err
            assert str(good) in case.read_text("utf-8")

    asyncio.run(work())


LONG_WITHOUT_STDERR = """
import sys
from deliverkit.cli import cli, examining
examining.SILENT = 0.05
sys.stderr = None  # as where the shell has closed it
cli.main(["smtp", sys.argv[1], "--patience", "1"])
"""


def test_a_run_that_takes_long_goes_on_where_nobody_can_be_told(tmp_path: Path) -> None:
    async def work() -> str:
        async with serving(do=("silent",), seconds=60) as (_, (_, port), _):
            process = await asyncio.create_subprocess_exec(
                *(sys.executable, "-c", LONG_WITHOUT_STDERR, f"127.0.0.1:{port}"),
                env=environment(tmp_path),
                stdout=subprocess.PIPE,
            )
            out, _ = await asyncio.wait_for(process.communicate(), 30)
            return out.decode()

    out = asyncio.run(work())
    assert "no reply within 1 s" in out
    assert "internal error" not in out


def test_whom_a_script_is_for_is_said_before_what_else_it_needs_and_nothing_is_asked(tmp_path: Path) -> None:
    script = ("--script", "open-relay", "--resolver", "127.0.0.1:9")
    foreign = "foreign (an address of one's own at another provider)"
    wants = f"needs {foreign} and from: give --set foreign=VALUE and --from ADDRESS"
    code, out, err = asyncio.run(run("smtp", "8.8.8.8", *script, state=tmp_path))
    assert (code, out) == (2, "")
    assert err.startswith("Error: the script open-relay is only for hosts on loopback, at private addresses, or proved")
    assert "8.8.8.8 is a public address (if it is yours, deliverkit own 8.8.8.8 says what to publish" in err
    assert err.endswith(f"; it also {wants}\n")
    here = asyncio.run(run("smtp", "127.0.0.1:9", *script, state=tmp_path))
    assert here == (2, "", f"Error: the script open-relay {wants}\n")
    in_lab = asyncio.run(run("smtp", "good.example", *script[:2], "--lab", "smtp-good", state=tmp_path))
    assert in_lab == (2, "", f"Error: the script open-relay {wants}\n")

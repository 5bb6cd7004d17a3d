"""``deliverkit preflight`` in worlds of the lab: the answer, what is sent to whom, what is kept, how it ends."""

from __future__ import annotations

import json
import os
import shutil
import signal
import smtplib
import subprocess
import sys
import threading
from collections import Counter
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

import pytest
from click.testing import CliRunner

import deliverkit.lab.running as lab_running
from deliverkit.case import parse_case
from deliverkit.cli import cli, telling
from deliverkit.cli.telling import Told
from deliverkit.lab.running import RunningWorld
from deliverkit.lab.world import World
from deliverkit.observations.seeds import SeedTest
from tests.preflights import CAMPAIGN, Preflight, campaign_in, changed, in_worlds

PROGRAM = [sys.executable, "-m", "deliverkit", "preflight"]
BARE = 'name = "Bare"\nfrom = "shop@good.example"\nmessage = "message.eml"\n'
SEEDS = 15


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """The campaign of the demo, to change."""
    return campaign_in(tmp_path)


@pytest.fixture
def preflight(monkeypatch: pytest.MonkeyPatch) -> Preflight:
    return in_worlds(monkeypatch)


def test_a_good_campaign_is_a_go_each_seed_gets_one_copy_and_a_second_run_sends_none(
    preflight: Preflight, folder: Path
) -> None:
    journal, case, report = folder / "seeds.sqlite", folder / "case", folder / "report.html"
    kept = ("--journal", journal)
    ended = preflight(folder / "spring.toml", *kept, "--save", case, "--report", report)
    assert (ended.code, ended.out.splitlines()[0][:35]) == (0, "GO: no known blocker for Spring sal")
    assert "of 15 seed copies at 6 providers 15 reached the inbox" in ended.out
    assert "you asked for 70 %: reached" in ended.out
    assert len(ended.taken) == SEEDS + 1
    assert set(ended.taken.values()) == {1}
    assert ended.taken["ada@good.example"] == 1
    assert "\x1b" not in ended.out + ended.err
    assert ended.err == f"report: {report}\n"
    assert ">GO</p>" in report.read_text()
    saved = parse_case(case.read_text(), name="case").preflight
    assert {"digest", "valid_until"} <= set(saved)

    again = preflight(folder / "spring.toml", *kept, "--since", case, "--format", "json")
    document = json.loads(again.out)
    assert (again.code, document["answer"], list(again.taken)) == (0, "GO", ["ada@good.example"])
    assert document["reports"][-1]["placement"]["inbox"] == SEEDS
    assert document["valid_until"] < "2026-11-24T09:00:00"  # two days after the seed test, not after the second look
    since = document["since"]
    assert (since["holds"], since["changed"], since["changed_dns"]) == (True, [], [])

    planned = preflight(folder / "spring.toml", *kept, "--dry-run")
    assert planned.taken == Counter()
    assert "The seed test in the journal still holds: no copy would go out." in planned.out

    changed(folder / "spring.toml", ("command:echo relay-password", "env:NOPE"))  # nothing is sent or looked for now
    changed(folder / "seeds.toml", ("command:echo seed-password", "env:NOPE"))
    assert preflight(folder / "spring.toml", *kept, "-q").out.startswith("GO: no known blocker")
    changed(folder / "spring.toml", ("env:NOPE", "command:echo relay-password"))
    changed(folder / "seeds.toml", ("env:NOPE", "command:echo seed-password"))

    changed(folder / "message.eml", ("three pairs for two", "two pairs for one"))
    third = json.loads(preflight(folder / "spring.toml", *kept, "--since", case, "--dry-run", "--format", "json").out)
    assert third["since"]["changed"] == ["message"]
    assert "where the message lands (no seed test)" in third["untested"]


def test_a_campaign_is_no_go_before_its_faults_are_mended_and_go_after_that(preflight: Preflight, folder: Path) -> None:
    before = preflight(folder / "spring.toml", "--format", "json", world="spring-before")
    found = json.loads(before.out)
    assert (before.code, [one["code"] for one in found["reasons"]]) == (1, ["DKIM005", "SPF025", "PLACE001"])
    assert all(one["reach"] == 1 for one in found["reasons"])
    [placement] = [one["placement"] for one in found["reports"] if one.get("placement")]
    assert placement["inbox"] == 0

    after = preflight(folder / "spring.toml", world="spring-after")
    assert (after.code, after.out[:3]) == (0, "GO:")


def test_a_bad_campaign_is_a_no_go_by_the_threshold_that_is_told(preflight: Preflight, folder: Path) -> None:
    ended = preflight(folder / "spring.toml", world="seeds-bad")
    assert (ended.code, ended.out.splitlines()[0]) == (1, "NO-GO: 1 reason, it touches 100 % of your audience.")
    assert "PLACE001 inbox-rate-below-wanted" in ended.out
    assert "and 70 % are asked for" in ended.out


def test_the_test_of_another_world_is_not_taken_and_one_journal_serves_both(preflight: Preflight, folder: Path) -> None:
    kept = ("--journal", folder / "seeds.sqlite", "--format", "json")
    runs = [preflight(folder / "spring.toml", *kept, world=f"seeds-{name}") for name in ("good", "bad", "good")]
    placed = [json.loads(run.out)["reports"][-1]["placement"]["inbox"] for run in runs]
    assert [run.code for run in runs] == [0, 1, 0]
    assert placed == [SEEDS, 3, SEEDS]
    assert [sum(run.taken.values()) > 1 for run in runs] == [True, True, False]


def test_a_dry_run_sends_nothing_and_says_what_it_would(preflight: Preflight, folder: Path) -> None:
    ended = preflight(folder / "spring.toml", "--dry-run")
    assert (ended.code, ended.taken) == (0, Counter())
    assert "Not tested: where the message lands (no seed test); a delivery to your own mail hosts" in ended.out
    assert "Spring sale: 15 copies would go out; nothing is sent." in ended.out
    assert "bob@office.example" in ended.out
    assert "One message would go to ada@good.example" in ended.out


def test_without_seeds_there_is_one_delivery_to_ones_own_host(preflight: Preflight, folder: Path) -> None:
    ended = preflight(folder / "spring.toml", "--no-seeds")
    assert (ended.code, ended.taken) == (0, Counter({"ada@good.example": 1}))
    assert "Not tested: where the message lands (no seed test)" in ended.out


def test_a_relay_that_is_out_of_reach_says_nothing_about_the_campaign(preflight: Preflight, folder: Path) -> None:
    for place, why in (("11.0.9.9:587", "is the relay right?"), ("gone.good.example:587", "has no address")):
        file = changed(folder / "spring.toml", ('relay = "relay.good.example:587"', f'relay = "{place}"'))
        ended = preflight(file)
        assert (ended.code, ended.out[:12]) == (3, "CANNOT TELL:")
        assert "?  the seed test: " in ended.out
        assert why in " ".join(ended.out.split())
        assert ended.taken == Counter({"ada@good.example": 1})
        shutil.copy(CAMPAIGN / "spring.toml", folder)


def test_a_blocked_port_25_says_nothing_about_the_campaign(preflight: Preflight, folder: Path) -> None:
    (folder / "bare.toml").write_text(
        BARE + '[seeds]\nrate = 6000\nwait_minutes = 0.1\n[delivery]\nto = "ada@good.example"\n'
        '[[waivers]]\ncheck = "no-key-found"\nreason = "the world has none"\nuntil = 2099-01-01\n'
    )
    ended = preflight(folder / "bare.toml", world="smtp-port-25-blocked")
    assert (ended.code, ended.out[:12]) == (3, "CANNOT TELL:")
    assert "nothing gets out of here" in ended.out
    assert "SMTP001 no-host-answers  ada@good.example: port 25 seems to be blocked from this machine" in ended.out
    assert "waived  DKIM002 no-key-found until 2099-01-01 (the world has none)  good.example" in ended.out


def test_a_platform_of_ones_own_is_told_whom_to_send_to_and_is_waited_for(
    folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The platform strips our headers and writes its own Message-ID."""
    places: list[tuple[str, int]] = []
    real = lab_running.running

    @asynccontextmanager
    async def noted(world: World) -> AsyncIterator[RunningWorld]:
        async with real(world) as lab:
            places.append(lab.routes["11.0.5.25", 587])
            yield lab

    def send(test: SeedTest, message: bytes) -> None:
        with smtplib.SMTP(*places[-1], local_hostname="platform.good.example", timeout=5) as smtp:
            smtp.ehlo()
            smtp.login("campaign", "relay-password")
            for number, copy in enumerate(test.copies):
                to = message.replace(b"spring-sale@", f"esp.{number}@".encode())
                smtp.sendmail("bounces@good.example", [copy.address], to)

    def whom(_: Told, test: SeedTest) -> None:
        message = (folder / "message.eml").read_bytes().replace(b"\n", b"\r\n")
        threading.Thread(target=send, args=(test, message)).start()
        original(_, test)

    original = Told._whom  # noqa: SLF001 - the platform hears what its user reads
    monkeypatch.setattr(Told, "_whom", whom)
    monkeypatch.setattr(lab_running, "running", noted)
    lines = 'relay = "relay.good.example:587"\nuser = "campaign"\nsecret = "command:echo relay-password"\nrate = 600'
    file = changed(folder / "spring.toml", (lines, "external = true"))
    ended = CliRunner().invoke(cli, ["preflight", str(file), "--lab", "seeds-good"])
    assert (ended.exit_code, ended.stdout[:3]) == (0, "GO:")
    assert "of 15 seed copies at 6 providers 15 reached the inbox" in ended.stdout
    assert ended.stderr.splitlines()[0] == "ada@north.example"
    assert "Send 'Spring sale: three pairs for two' to these 15 addresses" in ended.stderr


def test_what_is_known_is_printed_when_it_is_interrupted_and_the_same_command_goes_on(folder: Path) -> None:
    lines = 'relay = "relay.good.example:587"\nuser = "campaign"\nsecret = "command:echo relay-password"\nrate = 600'
    changed(folder / "spring.toml", (lines, "external = true"), ("wait_minutes = 0.3", "wait_minutes = 9"))
    process = subprocess.Popen(
        [*PROGRAM, str(folder / "spring.toml"), "--lab", "seeds-good", "--journal", str(folder / "seeds.sqlite")],
        stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True, env={**os.environ, "PYTHONUTF8": "1"},
    )  # fmt: skip
    assert process.stderr is not None
    for line in process.stderr:
        if line.startswith("Send "):
            break
    process.send_signal(signal.SIGINT)
    out, err = process.communicate(timeout=60)
    assert process.returncode == 130
    assert out.startswith("CANNOT TELL:")
    assert "?  the seed test: interrupted" in out
    assert err.splitlines()[-1].startswith("interrupted: what is known stands above")
    changed(folder / "spring.toml", ("wait_minutes = 9", "wait_minutes = 0.25"))
    again = CliRunner().invoke(
        cli,
        ["preflight", str(folder / "spring.toml"), "--lab", "seeds-good", "--journal", str(folder / "seeds.sqlite")],
    )
    assert "goes on: what was sent is waited for, and is not to be sent again" in again.stderr
    assert "addresses with your own platform" not in again.stderr


def test_a_reader_that_goes_away_ends_it_quietly(folder: Path) -> None:
    (folder / "bare.toml").write_text(BARE)
    line = " ".join([*PROGRAM, str(folder / "bare.toml"), "--lab", "all-well", "-v", "|", "head", "-1"])
    ended = subprocess.run(line, shell=True, check=False, capture_output=True, text=True, timeout=60)  # noqa: S602
    assert ended.stdout.startswith("GO: no known blocker for Bare")
    assert "Traceback" not in ended.stderr


def test_a_pipe_hears_now_and_then_how_far_it_is(
    preflight: Preflight, folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(telling, "QUIET", 0.5)
    changed(folder / "spring.toml", ("wait_minutes = 0.3", "wait_minutes = 0.05"))
    told = preflight(folder / "spring.toml", world="seeds-bad").err.splitlines()
    assert told
    assert all(line.startswith("seed test: ") for line in told)
    assert told[-1].startswith("seed test: 15 copies handed over, ")
    assert told[-1].endswith(" found; each is waited for up to 3 s")
    assert preflight(folder / "spring.toml", "--quiet", world="seeds-bad").err == ""

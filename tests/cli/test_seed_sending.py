"""``deliverkit seed send`` in a world of the lab: the words, the transcript, and runs that overlap."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from functools import partial
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

import deliverkit.cli.seed_send
import deliverkit.lab
from deliverkit.cli import cli
from deliverkit.observations.seeds import Sending, Stage
from deliverkit.seeds.journal import open_journal, sending_alone
from deliverkit.seeds.send import Manner

SEEDS = Path(deliverkit.lab.__file__).parent / "campaign" / "seeds.toml"
RELAY = ("--relay", "relay.good.example:587", "--user", "campaign", "--secret", "env:RELAY", "--rate", "6000")


def send(folder: Path, *arguments: str) -> Result:
    message = folder / "message.eml"
    message.write_text("From: shop@good.example\nSubject: =?utf-8?q?Z=C3=A1=C5=99=C3=AD?=\n\nHi\n")
    given = ("--message", str(message), "--seeds", str(SEEDS), "--journal", str(folder / "j"), "--lab", "seeds-good")
    return CliRunner().invoke(cli, ["seed", "send", *given, *arguments], env={"RELAY": "relay-password"})


def test_a_transcript_says_that_tls_was_there_and_what_the_host_said_to_the_message(tmp_path: Path) -> None:
    sent = send(tmp_path, *RELAY)
    assert (sent.exit_code, sent.output.count("✓")) == (0, 15)
    assert "Září: of 15 copies 15 accepted." in sent.output
    again = send(tmp_path, *RELAY, "--name", "again", "-q")
    assert again.stdout == "again: of 15 copies 15 accepted.\n"
    report = CliRunner().invoke(cli, ["seed", "report", "Září", "-v", "--journal", str(tmp_path / "j")]).output
    assert report.count("TLS 1.3 · certificate good for relay.good.example until ") == 15
    assert "no TLS" not in report
    assert report.count("accepted: the server now answers for it") == 15
    assert "relay-password" not in report


def test_of_two_runs_at_once_one_alone_begins_the_test(tmp_path: Path) -> None:
    with sending_alone(tmp_path / "j"):
        second = send(tmp_path, *RELAY)
    assert "another run is sending" in str(second.exception) + second.output
    with open_journal(tmp_path / "j") as journal:
        assert not journal.tests(), "what goes on later would be sent again"


def test_a_run_sends_nothing_that_another_sent_while_it_got_ready(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    @contextmanager
    def after_another(path: Path) -> Iterator[None]:
        with open_journal(path) as journal:
            for copy in journal.find().copies[1:]:
                moment = datetime.now(UTC)
                journal.end(copy.token, Sending(moment, Stage.ENDED, moment, 250, "2.0.0 ok", None, "message"))
        with sending_alone(path):
            yield

    begun = send(tmp_path, *RELAY[:4], "--secret", "command:echo wrong")
    assert "does not let campaign in, so nothing is sent" in str(begun.exception) + begun.output
    monkeypatch.setattr(deliverkit.cli.seed_send, "sending_alone", after_another)
    sent = send(tmp_path, *RELAY)
    assert sent.output.count("✓") == 1, sent.output


def test_a_host_that_says_its_limit_is_not_sent_what_is_larger(tmp_path: Path) -> None:
    with (tmp_path / "large").open("wb") as file:
        file.write(b"From: shop@good.example\r\nSubject: large\r\n\r\n" + (b"x" * 70 + b"\r\n") * 20_000)
    sent = send(tmp_path, *RELAY, "--message", str(tmp_path / "large"))
    assert (sent.exit_code, sent.output.count("✗")) == (1, 15)
    with open_journal(tmp_path / "j") as journal:
        assert {one.step for copy in journal.find().copies for one in copy.sendings} == {"MAIL"}


def test_where_nobody_answers_that_is_said_and_not_that_the_message_is_bad(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(deliverkit.cli.seed_send, "Manner", partial(Manner, again=(0.1,)))
    sent = send(tmp_path, "--relay", "[2001:db8::1]:587", "--rate", "6000")
    assert sent.exit_code == 3
    assert "15 copies were not taken yet: tried again in" in sent.output
    assert "No host said anything: is the relay right, or is the port blocked from here?" in sent.output


@pytest.mark.parametrize(
    ("relay", "why"),
    [
        (
            ("11.0.5.25:587",),
            "its certificate is not good: IP address mismatch, certificate is not valid for",
        ),
        (("relay.good.example:587", "--relay-tls", "implicit"), "TLS failed: "),
    ],
)
def test_where_there_is_no_tls_with_the_relay_as_asked_nothing_is_tried_again(
    tmp_path: Path, relay: tuple[str, ...], why: str
) -> None:
    sent = send(tmp_path, "--relay", *relay, "--rate", "6000")
    said = sent.output
    assert "cannot be reached over TLS as asked, so nothing is sent" in said
    assert why in said
    with open_journal(tmp_path / "j") as journal:
        assert not any(one.is_accepted for copy in journal.find().copies for one in copy.sendings)


def test_a_dry_run_asks_for_no_secret(tmp_path: Path) -> None:
    shown = send(tmp_path, *RELAY[:-3], "env:NOT_SET", "--dry-run")
    assert (shown.exit_code, "15 copies would go out; nothing is sent." in shown.output) == (0, True), shown.output


def test_what_is_for_a_relay_wants_one_and_one_that_is_not_there_begins_no_test(tmp_path: Path) -> None:
    alone = send(tmp_path, "--user", "campaign", "--secret", "env:RELAY")
    assert "--user, --secret and --token are for a relay: name it with --relay" in str(alone.exception) + alone.output
    lost = send(tmp_path, "--relay", "no.good.example")
    assert "the relay no.good.example has no address" in str(lost.exception) + lost.output
    with open_journal(tmp_path / "j") as journal:
        assert not journal.tests()


def test_a_dry_run_of_an_external_test_begins_none_and_asks_for_no_sending(tmp_path: Path) -> None:
    given = ("--external", "--subject", "Hi", "--from", "a@good.example", "--dry-run", "--journal", str(tmp_path / "j"))
    shown = CliRunner().invoke(cli, ["seed", "send", *given, "--seeds", str(SEEDS), "--lab", "seeds-good"])
    assert (shown.exit_code, shown.stdout.count("@")) == (0, 15)
    assert "no test is begun" in shown.stderr
    assert "X-Deliverkit-Seed" not in shown.output
    with open_journal(tmp_path / "j") as journal:
        assert not journal.tests()


def test_what_the_relay_refuses_says_nothing_of_the_providers(tmp_path: Path) -> None:
    sent = send(tmp_path, "--relay", "relay.good.example:587", "--rate", "6000")
    assert (sent.exit_code, sent.output.count("✗")) == (1, 15)
    report = CliRunner().invoke(cli, ["seed", "report", "--journal", str(tmp_path / "j")]).output
    said = " ".join(report.split())
    assert "of 15 seed copies none has come to an end that counts yet (15 unsent)" in said
    assert "unsent: ada@north.example at North: not sent: the relay relay.good.example refused it: 550 5.7.1" in said
    assert "PLACE003" not in said


@pytest.mark.parametrize("command", [("send", "--message", "m.eml"), ("report",), ("watch",), ("history",)])
def test_more_and_less_exclude_each_other(tmp_path: Path, command: tuple[str, ...]) -> None:
    asked = CliRunner().invoke(cli, ["seed", *command, "-v", "-q", "--journal", str(tmp_path / "j")])
    assert "--verbose and --quiet exclude each other" in str(asked.exception) + asked.output

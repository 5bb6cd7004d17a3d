"""``deliverkit seed send`` and ``seed run`` that compose their message: what goes out, what is refused, going on."""

from __future__ import annotations

import asyncio
import hashlib
import sys
from datetime import UTC, datetime, timedelta
from email import message_from_bytes
from email.message import EmailMessage
from email.policy import default
from email.utils import parsedate_to_datetime
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

import deliverkit.lab
from deliverkit.cli import cli
from deliverkit.observations.seeds import SeedTest
from deliverkit.seeds.journal import open_journal
from deliverkit.seeds.send import to_send
from tests.seeds.sink import Sink, sink

SEEDS = Path(deliverkit.lab.__file__).parent / "campaign" / "seeds.toml"
AUTHOR = "Spring Sale <shop@good.example>"
WHAT = ("--text", "spring.txt", "--subject", "Frühling", "--from", AUTHOR)
UNSUBSCRIBE = f"List-Unsubscribe: <https://good.example/u?{'0123456789' * 15}>"


@pytest.fixture(autouse=True)
def _folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    (tmp_path / "spring.txt").write_text("Hällo\n", "utf-8")
    (tmp_path / "spring.html").write_text("<p>Hällo</p>", "utf-8")
    (tmp_path / "offer.pdf").write_bytes(bytes(range(256)))
    (tmp_path / "empty.txt").write_text(" \n")


def send(*arguments: str, stdin: str | bytes = "", command: str = "send") -> Result:
    given = ("seed", command, "--seeds", str(SEEDS), "--journal", "j", "--lab", "seeds-good", *arguments)
    return CliRunner().invoke(cli, given, input=stdin)


def shown(*arguments: str) -> EmailMessage:
    """The first copy, as --dry-run -v shows it."""
    result = send(*arguments, "--dry-run", "-v")
    assert result.exit_code == 0, result.output
    _, _, text = result.output.partition("The first copy, as it would go out:\n\n")
    lines = (line.removeprefix("  ") for line in text.splitlines())
    found = message_from_bytes("\n".join(lines).encode(), policy=default)
    assert isinstance(found, EmailMessage)
    return found


def test_a_dry_run_shows_what_would_go_out(tmp_path: Path) -> None:
    result = send(*WHAT, "--html", "spring.html", "--attach", "offer.pdf", "--dry-run")
    assert result.exit_code == 0
    assert result.output.startswith("Frühling: 15 copies would go out; nothing is sent.")
    assert "  From     Spring Sale <shop@good.example>\n  Subject  Frühling\n" in result.output
    assert (
        "  holds    text/plain of 8 octets, text/html of 15 octets, offer.pdf (application/pdf of 256 octets)\n"
        in result.output
    )
    with open_journal(tmp_path / "j") as journal:
        assert not journal.tests()


def test_a_copy_is_a_whole_message_with_headers_of_its_own() -> None:
    before = datetime.now(UTC) - timedelta(seconds=1)
    found = shown(*WHAT, "--html", "spring.html", "--attach", "offer.pdf", "--header", UNSUBSCRIBE)
    assert (found["From"], found["Subject"], found["To"]) == (AUTHOR, "Frühling", "ada@north.example")
    assert found["List-Unsubscribe"] == UNSUBSCRIBE.partition(": ")[2]
    token = found["X-Deliverkit-Seed"]
    assert found["Message-ID"] == f"<{token}@good.example>"
    assert before <= parsedate_to_datetime(found["Date"]) <= datetime.now(UTC)
    assert [part.get_content_type() for part in found.walk()] == [
        "multipart/mixed", "multipart/alternative", "text/plain", "text/html", "application/pdf",
    ]  # fmt: skip
    (attached,) = found.iter_attachments()
    assert attached.get_content() == bytes(range(256))


def test_a_date_that_is_given_stays_and_text_may_come_from_standard_input() -> None:
    assert shown(*WHAT, "--header", "Date: Wed, 25 Nov 2026 12:00:00 +0000")["Date"].startswith("Wed, 25 Nov 2026 12")
    result = send(*WHAT[2:], "--text", "-", "--dry-run", "-v", stdin="from a pipe\n")
    assert "  from a pipe\n" in result.output


def test_html_alone_is_a_message_and_from_may_be_a_header() -> None:
    found = shown("--html", "spring.html", "--subject", "Hi", "--header", f"From: {AUTHOR}")
    assert (found.get_content_type(), found["From"]) == ("text/html", AUTHOR)


def test_a_domain_beyond_ascii_goes_out_in_a_labels() -> None:
    found = shown(*WHAT[:4], "--from", "Bücher <news@bücher.example>")
    assert (found["From"].addresses[0].addr_spec, found["From"].addresses[0].display_name) == (
        "news@xn--bcher-kva.example",
        "Bücher",
    )


@pytest.mark.parametrize(
    ("arguments", "told"),
    [
        ((), "what is to be sent? --message FILE, or --text FILE with --subject and --from, or --external"),
        (WHAT[:4], "does not say whom it is from: give --from"),
        (WHAT[:2] + WHAT[4:], "has no subject: give --subject"),
        (WHAT[2:], "nothing in it to read: give --text FILE, or --html FILE, or both"),
        ((*WHAT, "--text", "gone.txt"), "the text: gone.txt cannot be read: No such file"),
        ((*WHAT, "--text", "@spring.txt"), "No such file or directory; it is the name of a file, without @"),
        ((*WHAT, "--html", "."), "the HTML: . cannot be read: Is a directory"),
        ((*WHAT, "--text", "offer.pdf"), "the text: offer.pdf cannot be read: it is no text in UTF-8"),
        ((*WHAT, "--text", "empty.txt"), "the text: there is nothing in empty.txt"),
        ((*WHAT, "--text", "-"), "the text: there is nothing in standard input"),
        ((*WHAT, "--text", "-", "--html", "-"), "standard input can be read once"),
        ((*WHAT, "--attach", "gone.pdf"), "gone.pdf cannot be read: No such file"),
        ((*WHAT, "--attach", "-"), "an attachment comes from a file"),
        ((*WHAT, "--subject", "a\nBcc: b@c.example"), "the header Subject has a line break in it"),
        ((*WHAT, "--header", "X-A: a\r\nBcc: b@c.example"), "the header X-A has a line break in it"),
        ((*WHAT, "--from", "a@good.example\nBcc: b@c.example"), "the header From has a line break in it"),
        ((*WHAT, "--header", "no header"), "'no header' is no header: write 'Name: value'"),
        ((*WHAT, "--header", "To: a@b.example"), "the header To cannot be given: every copy has its own, or none"),
        ((*WHAT, "--header", "message-id: <1@a>"), "the header message-id cannot be given"),
        ((*WHAT, "--header", "Subject: b"), "the subject is given twice"),
        ((*WHAT, "--header", "From: b@c.example"), "and its From header says b@c.example: leave one of them out"),
        ((*WHAT, "--header", "Content-Type: text/html"), "the header Content-Type follows from the body"),
        ((*WHAT, "--from", "good.example"), "'good.example' is no e-mail address"),
        ((*WHAT, "--from", "a@b.example, c@d.example"), "a message is from one address here"),
        ((*WHAT, "--from", "Sale, Spring <a@b.example>"), "put a name that has one in quotation marks"),
        ((*WHAT, "--header", "DKIM-Signature: v=1"), "the message is signed"),
        (
            ("--message", "m.eml", *WHAT),
            "--message is the whole message: leave --text and --subject and --from out, or",
        ),
        (("--message", "m.eml", "--attach", "offer.pdf"), "leave --attach out, or leave --message out and have one"),
        (("--external", *WHAT), "neither a message nor a relay: your platform has these"),
    ],
)
def test_what_makes_no_message_is_told_and_nothing_goes_out(
    tmp_path: Path, arguments: tuple[str, ...], told: str
) -> None:
    for command in ("send", "run"):
        result = send(*arguments, command=command)
        assert result.exit_code == 2, result.output
        assert told in result.output
        assert "Traceback" not in result.output
    with open_journal(tmp_path / "j") as journal:
        assert not journal.tests()


def test_what_no_host_takes_is_told_before_anything_is_sent(tmp_path: Path) -> None:
    with (tmp_path / "large.bin").open("wb") as file:
        file.truncate(40 << 20)
    told = send(*WHAT, "--attach", "large.bin").output
    assert "the message is larger than 50 MiB, and than any host takes" in told
    assert "are together larger than 64 MiB" in send(*WHAT, "--attach", "large.bin", "--attach", "large.bin").output


def found_test(folder: Path) -> SeedTest:
    with open_journal(folder / "j") as journal:
        [only] = journal.tests()
        return journal.find(only.token)


def test_the_same_parts_are_the_same_test_and_others_are_not(tmp_path: Path) -> None:
    for _ in range(2):
        assert asyncio.run(_begun(tmp_path, *WHAT, "--attach", "offer.pdf")), "the second run goes on with the first's"
    (tmp_path / "offer.pdf").write_bytes(b"other")
    refused = send(*WHAT, "--attach", "offer.pdf")
    assert refused.exit_code == 2
    assert "the message is not the one that Frühling began with: begin a new test with --name" in refused.output


async def _begun(folder: Path, *arguments: str) -> bool:
    """Whether a run that was killed at its first copies sent any, all of them of one test."""
    async with sink(delay=0.05) as host:
        await _killed(folder, host, 1, *arguments)
    return set(host.taken) <= {copy.token for copy in found_test(folder).copies} and bool(host.taken)


async def _killed(folder: Path, host: Sink, copies: int, *arguments: str) -> None:
    run = await asyncio.create_subprocess_exec(
        *_command(host, *arguments), cwd=folder, stdout=asyncio.subprocess.DEVNULL
    )
    while host.taken.total() < copies and run.returncode is None:  # noqa: ASYNC110 - what another process does sets no event
        await asyncio.sleep(0.01)
    if run.returncode is None:
        run.kill()
    await run.wait()


def _command(host: Sink, *arguments: str) -> list[str]:
    relay = ("--relay", f"127.0.0.1:{host.port}", "--relay-tls", "none", "--rate", "1200", "--helo", "me.example")
    asked = ("--seeds", str(SEEDS), "--journal", "j", "--resolver", "127.0.0.1:9")
    return [sys.executable, "-m", "deliverkit", "seed", "send", *asked, *relay, *arguments]


def test_a_run_that_is_killed_goes_on_with_the_same_flags_and_sends_nothing_twice(tmp_path: Path) -> None:
    arguments = (*WHAT, "--html", "spring.html", "--attach", "offer.pdf")

    async def work() -> None:
        async with sink(delay=0.01) as host:
            for killed_after in (2, 5, 9):
                await _killed(tmp_path, host, killed_after, *arguments)
            assert len(host.taken) < 15, "it was not killed before its end"
            command = [*_command(host, *arguments), "--resend-in-doubt"]
            last = await asyncio.create_subprocess_exec(*command, cwd=tmp_path, stdout=asyncio.subprocess.DEVNULL)
            await last.wait()
            test = found_test(tmp_path)
            doubted = {copy.token for copy in test.copies if len(copy.sendings) > 1}
            assert set(host.taken) == {copy.token for copy in test.copies}
            assert {token for token, times in host.taken.items() if times > 1} <= doubted
            assert not to_send(test.copies, in_doubt=True)

    asyncio.run(work())


def test_the_digest_is_that_of_the_parts_alone(tmp_path: Path) -> None:
    result = send(*WHAT, "--rate", "6000")
    assert result.exit_code == 0, result.output
    first = found_test(tmp_path).digest
    (tmp_path / "j").rename(tmp_path / "other")
    assert send(*WHAT, "--rate", "6000", "--name", "again").exit_code == 0
    assert found_test(tmp_path).digest == first != hashlib.sha256(b"").hexdigest()


def test_a_composed_message_is_watched_and_scored() -> None:
    relay = ("--relay", "relay.good.example:587", "--user", "campaign", "--secret", "env:RELAY", "--rate", "6000")
    given = ("seed", "run", "--seeds", str(SEEDS), "--journal", "j", "--lab", "seeds-good", *relay, *WHAT)
    result = CliRunner().invoke(cli, [*given, "--html", "spring.html"], env={"RELAY": "relay-password"})
    assert result.exit_code == 0, result.output
    assert "Frühling: of 15 seed copies at 6 providers 15 reached the inbox" in result.output

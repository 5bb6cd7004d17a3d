"""What ``deliverkit smtp`` asks of a host beside the message: extensions, recipients, TLS, and where it stops."""

from __future__ import annotations

import asyncio
import json
import re
from pathlib import Path
from typing import Any

import pytest

from deliverkit.lab.deliveries import Delivery
from deliverkit.lab.mailhosts import parse_mail_host
from deliverkit.lab.smtpserver import SmtpServer
from tests.sending import ENDS, SECRET, Ended, command, deliver, run, send, sent, taken


def test_size_is_announced_where_it_is_offered() -> None:
    ended = deliver("--subject", "x")
    assert f"MAIL FROM:<a@a.example> SIZE={len(ended.deliveries[0].message)}" in sent(ended)
    assert "MAIL FROM:<a@a.example>" in sent(deliver("--subject", "x", extensions=["8BITMIME"]))


def test_eight_bit_and_smtputf8_are_asked_for_and_needed(tmp_path: Path) -> None:
    (tmp_path / "m").write_bytes("From: a@a.example\nSubject: Grüße\n\nStraße\n".encode())
    ended = deliver("--message", f"{tmp_path}/m")
    assert f"MAIL FROM:<a@a.example> SIZE={len(ended.deliveries[0].message)} BODY=8BITMIME SMTPUTF8" in sent(ended)
    for missing in ("8BITMIME", "SMTPUTF8"):
        offered = [one for one in ("8BITMIME", "SMTPUTF8") if one != missing]
        refused = deliver("--message", f"{tmp_path}/m", extensions=offered)
        assert (refused.code, refused.deliveries) == (1, [])
        assert f"answers, but does not offer {missing}; " in refused.out


def test_an_address_beyond_ascii() -> None:
    ended = deliver("--to", "grüße@b.example", "--subject", "x")
    assert ended.deliveries[0].recipients == ("b@b.example", "grüße@b.example")


def test_reports_are_asked_for() -> None:
    ended = deliver("--dsn", "success,failure", "--mail-parameter", "RET=HDRS", "--mail-parameter", "ENVID=1")
    assert "MAIL FROM:<a@a.example> RET=HDRS ENVID=1" in sent(ended)
    assert "RCPT TO:<b@b.example> NOTIFY=SUCCESS,FAILURE" in sent(ended)
    assert len(ended.deliveries) == 1


def test_reports_are_asked_of_no_host_that_does_not_offer_them() -> None:
    refused = deliver("--dsn", "success", extensions=["SIZE"])  # RFC 3461 §4
    assert (refused.code, refused.deliveries) == (1, [])
    assert "answers, but does not offer DSN; leave --dsn out" in refused.out
    assert not any("RCPT" in line for line in sent(refused))


def test_pipelining_sends_all_addresses_at_once(tmp_path: Path) -> None:
    ended = deliver("--to", "c@b.example", "--pipelining", "--log", f"{tmp_path}/log")
    assert ended.deliveries[0].recipients == ("b@b.example", "c@b.example")
    (line,) = (tmp_path / "log").read_text().splitlines()
    entries = [entry["data"] for entry in json.loads(line)["entries"] if entry["kind"] == "SENT"]
    assert "MAIL FROM:<a@a.example>\r\nRCPT TO:<b@b.example>\r\nRCPT TO:<c@b.example>\r\n" in entries
    assert deliver("--pipelining", extensions=["SIZE"]).code == 1


@pytest.mark.parametrize("options", [(), ("--pipelining",), ("--chunking",), ("--lmtp",)])
def test_one_refused_recipient_leaves_the_message_to_the_others(options: tuple[str, ...]) -> None:
    to = ("--to", "nobody@b.example", "--to", "c@b.example")
    script = () if "--lmtp" in options else ("--script", "deliver")
    known = ["b@b.example", "c@b.example"]
    ended = send(*script, *ENDS, *to, *options, recipients=known, lmtp="--lmtp" in options)
    assert [one.recipients for one in ended.deliveries] == [tuple(known)]
    assert (ended.code, "got 550 5.1.1 <nobody@b.example>" in ended.out) == (1, True)
    assert " accepted the message for 2 of 3 recipients, but refuses RCPT: 550 5.1.1 <nobody@b.example>" in ended.out
    none = send(*script, *ENDS, *to, *options, recipients=["ada@b.example"], lmtp="--lmtp" in options)
    assert (none.code, none.deliveries, "> DATA" in none.out or "> BDAT" in none.out) == (1, [], False)
    assert none.out.count("< 550 5.1.1") == 3


def test_chunking_sends_the_message_by_bdat() -> None:
    ended = deliver("--chunking", "--body", "x")
    assert any(line.startswith("BDAT ") and line.endswith(" LAST") for line in sent(ended))
    assert ended.deliveries[0].message.endswith(b"\r\n\r\nx\r\n")
    refused = deliver("--chunking", extensions=["SIZE"])
    assert (refused.code, "MAIL" in refused.out) == (1, False)


def test_lmtp_over_a_port_and_a_socket(tmp_path: Path) -> None:
    arguments = ("--lmtp", *ENDS, "--to", "c@b.example", "--tls", "none", "-v")
    over_port = send(*arguments, lmtp=True)
    assert (over_port.code, over_port.out.count("delivered as 1")) == (0, 2)

    async def over_socket() -> tuple[Ended, list[Delivery]]:
        server = SmtpServer(parse_mail_host({"address": "11.0.1.25", "lmtp": True, "certificate": ""}))
        path, _ = await server.start(f"{tmp_path}/s")
        try:
            return await run(f"unix:{path}", *arguments), server.memory.deliveries
        finally:
            await server.close()

    ended, deliveries = asyncio.run(over_socket())
    assert (ended.code, deliveries[0].recipients) == (0, ("b@b.example", "c@b.example"))
    assert ended.out.startswith(f"unix:{tmp_path}/s accepted the message")


def test_tls_first_and_tls_insisted_on() -> None:
    assert taken("--tls", "implicit", implicit=True).secure
    assert taken("--tls", "starttls").secure
    assert not taken("--tls", "none").secure
    assert not taken(certificate="").secure
    refused = send("--script", "deliver", *ENDS, "--tls", "starttls", certificate="")
    assert (refused.code, refused.deliveries) == (1, [])
    assert "does not offer STARTTLS; leave --tls starttls out" in refused.out


@pytest.mark.parametrize("options", [("--quit-after", "rcpt"), ("--drop-after", "DATA"), ("--quit-after", "CONNECT")])
def test_nothing_is_delivered_after_an_early_end(options: tuple[str, ...]) -> None:
    ended = deliver(*options)
    assert (ended.code, ended.deliveries) == (0, [])
    assert (sent(ended)[-1] == "QUIT") is (options[0] == "--quit-after")


def test_a_source_address() -> None:
    assert taken("--source", "127.0.0.1").sender == "a@a.example"


def test_patience_reaches_a_conversation_on_the_network() -> None:
    ended = send("--patience", "0.3", do=["silent"])
    assert "no reply within 0.3 s" in ended.out


@pytest.mark.parametrize(
    ("missing", "options", "words"),
    [
        ("8BITMIME", ("--message", "@m"), "encode the message as quoted-printable or base64"),
        ("SMTPUTF8", ("--to", "grüße@b.example"), "write addresses and headers within ASCII"),
        ("DSN", ("--dsn", "never"), "leave --dsn out"),
        ("PIPELINING", ("--pipelining",), "leave --pipelining out"),
        ("CHUNKING", ("--chunking",), "leave --chunking out"),
    ],
)
def test_what_is_needed_and_not_offered_is_said_in_words_before_anything_is_sent(
    missing: str, options: tuple[str, ...], words: str, tmp_path: Path
) -> None:
    (tmp_path / "m").write_bytes("Subject: x\n\nStraße\n".encode())
    ended = deliver(*(one.replace("@m", f"{tmp_path}/m") for one in options), extensions=["SIZE"])
    assert (ended.code, ended.deliveries) == (1, [])
    assert f"answers, but does not offer {missing}; {words}" in ended.out
    assert [line for line in sent(ended) if line.startswith(("MAIL", "DATA", "BDAT"))] == []
    assert "mend the host" not in ended.out


@pytest.mark.parametrize("options", [(), ("--pipelining",), ("--chunking",)])
def test_of_several_recipients_of_what_is_submitted_it_is_told_who_is_refused(options: tuple[str, ...]) -> None:
    to = ("--to", "nobody@b.example", "--to", "c@b.example")
    signing_in = ("--script", "submit", "--user", "ada", "--secret", "password=env:PW", "--in-clear")
    known = ["b@b.example", "c@b.example"]
    manner: dict[str, Any] = {"auth": ["PLAIN"], "users": {"ada": SECRET}, "environment": {"PW": SECRET}}
    ended = send(*signing_in, *ENDS, *to, *options, recipients=known, **manner)
    assert [(one.user, one.recipients) for one in ended.deliveries] == [("ada", tuple(known))]
    assert (ended.code, " accepted the message for 2 of 3 recipients, but refuses RCPT: 550" in ended.out) == (1, True)
    nobody = send(*signing_in, *ENDS, *to, *options, recipients=["ada@b.example"], **manner)
    assert (nobody.code, nobody.deliveries, nobody.out.count("< 550 5.1.1")) == (1, [], 3)


@pytest.mark.parametrize("options", [(), ("--pipelining",), ("--chunking",)])
def test_a_refusal_that_names_nobody_still_tells_whom_it_is_about(options: tuple[str, ...], tmp_path: Path) -> None:
    more = ("--to", "c@b.example", "--record", f"{tmp_path}/again", "--save", f"{tmp_path}/case")
    ended = send("--script", "deliver", *ENDS, *more, *options, replies={"RCPT": "450 4.2.0 later"})
    first = "refuses RCPT TO:<b@b.example> for now: 450 4.2.0 later"
    assert (ended.code, first in ended.out) == (1, True)
    found = ended.out.partition("SMTP002")[2]
    assert (
        found.count("450 4.2.0 later (to RCPT TO:<b@b.example>)")
        == found.count("later (to RCPT TO:<c@b.example>)")
        == 1
    )
    kept = command("--case", f"{tmp_path}/case")
    assert kept.out.partition("\n")[0] == ended.out.partition("\n")[0]
    failures = re.findall('<failure type="unmet".*', command("--case", f"{tmp_path}/case", "--format", "junit").out)
    assert len(failures) == 1
    assert "(for b@b.example); 450 4.2.0 later (for c@b.example)" in failures[0]

"""The shipped scripts with Postfix and with Exim, and the transcripts held against the servers' logs."""

from __future__ import annotations

import asyncio
import re
from collections.abc import Iterator, Mapping
from datetime import UTC, datetime
from typing import NamedTuple

import pytest
from cryptography.hazmat.primitives.serialization import Encoding

from deliverkit.checks.smtp.malformed_reply import malformed_reply
from deliverkit.clients.smtp.connection import Settings
from deliverkit.clients.smtp.live import Conversations, by_script
from deliverkit.clients.smtp.provisions import Provisions, Trust
from deliverkit.facts.conversing import Conversing
from deliverkit.facts.smtp import Conversation
from deliverkit.facts.smtp import Conversations as Held
from deliverkit.facts.smtp_host import SmtpHost
from deliverkit.observations.smtp import Call, End, Kind, Transcript
from deliverkit.script import fill, format_script, load
from tests.mail_servers import MOST, NAME, PASSWORD, USER, MailServer, exim, missing_mail_server, postfix
from tests.servers import LOOPBACK
from tests.spoken import outcome

pytestmark = pytest.mark.skipif(bool(missing_mail_server()), reason=f"{missing_mail_server()} is not there")

GIVEN: Mapping[str, tuple[str, ...]] = {
    "helo": ("probe.example",),
    "from": ("bob@other.example",),
    "rcpt": ("ada@good.example",),
    "made_up": ("nobody@good.example",),
    "foreign": ("ada@elsewhere.example",),
    "user": (USER,),
    "mx": (NAME,),
    "domain": ("good.example",),
    "date": ("Wed, 25 Nov 2026 19:28:51 +0000",),
    "message_id": ("1@other.example",),
}


class Both(NamedTuple):
    postfix: MailServer
    exim: MailServer

    def of(self, name: str) -> MailServer:
        return self.postfix if name == "Postfix" else self.exim


class Password:
    def secret(self, _: str) -> str:
        return PASSWORD


@pytest.fixture(scope="module")
def servers(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Both]:
    folder = tmp_path_factory.mktemp("mail")
    with postfix(folder / "postfix") as one, exim(folder / "exim") as other:
        yield Both(one, other)


def hold(server: MailServer, name: str, *, use: str = "mx", **given: str) -> list[Transcript]:
    """The conversations of the shipped script, all at once."""
    root = server.authority.certificate().public_bytes(Encoding.PEM)
    drive = by_script(Provisions(Password(), {}, patience=8.0))
    converser = Conversations(Settings(Trust(datetime.now(UTC), root), 8.0), drive)
    sender = {"from": ("grüße@other.example",)} if name == "smtputf8" else {}
    filled = fill(load(name).script, {**GIVEN, **sender, **{key: (value,) for key, value in given.items()}})
    calls = [Call(NAME, LOOPBACK, server.ports[use], format_script(one)) for one in filled]

    async def work() -> list[Transcript]:
        return list(await asyncio.gather(*map(converser.converse, calls)))

    return asyncio.run(work())


def codes(transcript: Transcript) -> list[int]:
    return list(Conversation(SmtpHost(NAME, LOOPBACK, 25), transcript).codes)


def told(transcript: Transcript) -> str:
    return "\n".join(entry.data.decode("utf-8", "replace").rstrip() for entry in transcript.entries)


# What each script comes to: port, codes with Postfix and with Exim, and how many expectations are not met.
GOOD = [220, 250, 220, 250]
GREETED = [220, 250, 250]
EXPECTED = {
    "greet": ("mx", [*GOOD, 221], [*GOOD, 221], 0, 0),
    "probe": ("mx", [*GOOD, 250, 250, 250, 221], [*GOOD, 250, 250, 250, 221], 0, 0),
    "deliver": ("mx", [*GOOD, 250, 250, 354, 250, 221], [*GOOD, 250, 250, 354, 250, 221], 0, 0),
    "submit": ("submission", [*GOOD, 235, 250, 250, 354, 250, 221], [*GOOD, 235, 250, 250, 354, 250, 221], 0, 0),
    "auth-methods": ("submission", [*GOOD, 535, 221], [*GOOD, 504, 221], 0, 0),
    "size-limit": ("mx", [220, 250, 552, 221], [220, 250, 552, 221], 0, 0),
    "smtputf8": ("mx", [*GOOD, 250, 250, 221], [*GOOD, 250, 250, 221], 0, 0),
    "null-sender": ("mx", [*GOOD, 250, 250, 250, 221], [*GOOD, 250, 250, 250, 221], 0, 0),
    "catch-all": ("mx", [*GOOD, 250, 550, 250, 221], [*GOOD, 250, 550, 250, 221], 0, 0),
    "vrfy": ("mx", [220, 250, 252, 500, 221], [220, 250, 252, 550, 221], 0, 0),
    "starttls-required": ("submission", [220, 250, 530, 220, 250, 221], [220, 250, 530, 220, 250, 221], 0, 0),
    "open-relay": ("mx", [*GREETED, *[454] * 5, 250, 221], [*GREETED, 550, 550, 501, 501, 550, 250, 221], 0, 0),
    "starttls-injection": ("mx", [*GOOD, 221], [220, 250, 554], 0, 0),
}


@pytest.mark.parametrize("name", EXPECTED)
@pytest.mark.parametrize("server", ["Postfix", "Exim"])
def test_a_shipped_script_comes_to_this(servers: Both, server: str, name: str) -> None:
    use, with_postfix, with_exim, postfix_unmet, exim_unmet = EXPECTED[name]
    [transcript] = hold(servers.of(server), name, use=use)
    wanted, unmet = (with_postfix, postfix_unmet) if server == "Postfix" else (with_exim, exim_unmet)
    assert (codes(transcript), len(transcript.unmet)) == (wanted, unmet), told(transcript)
    assert transcript.end is End.CLOSED
    if transcript.handshake:
        assert transcript.handshake.untrusted == ""
        assert transcript.handshake.server_name == NAME


@pytest.mark.parametrize("server", ["Postfix", "Exim"])
def test_no_second_message_is_smuggled(servers: Both, server: str) -> None:
    held = hold(servers.of(server), "smuggling")
    assert len(held) == 11
    assert [told(one) for one in held if one.unmet] == []


def test_a_postfix_as_it_comes_lets_one_be_smuggled_and_the_script_says_so(servers: Both) -> None:
    held = hold(servers.postfix, "smuggling", use="lenient")
    smuggled = [one for one in held if one.unmet]
    assert smuggled
    assert all("wants 221" in f"wants {one.unmet[0].wanted}" for one in smuggled)
    queued = [line for line in servers.postfix.lines() if "from=<bob@other.example>" in line]
    assert queued


def test_who_talks_too_early_is_noticed(servers: Both) -> None:
    [at_postscreen] = hold(servers.postfix, "early-talker", use="postscreen")
    assert (codes(at_postscreen), at_postscreen.unmet) == ([521], ())
    held = Held(Conversing("early-talker"), (Conversation(SmtpHost(NAME, LOOPBACK, 25), at_postscreen),))
    assert outcome(malformed_reply, held) == "pass"  # it teases with 220- and ends with 521 on purpose
    servers.postfix.wait_for(lambda lines: any("PREGREET" in line for line in lines))
    [at_exim] = hold(servers.exim, "early-talker", use="patient")
    assert (codes(at_exim), at_exim.unmet) == ([554], ())
    [unguarded] = hold(servers.postfix, "early-talker")
    assert len(unguarded.unmet) == 1


def queue_id(transcript: Transcript) -> str:
    found = re.search(r"(?:queued as |OK id=)(\S+)", told(transcript))
    assert found, told(transcript)
    return found[1]


def test_a_delivery_is_what_postfix_logs_of_it(servers: Both) -> None:
    [transcript] = hold(servers.postfix, "deliver", **{"from": "line-for-line@other.example"})
    number = queue_id(transcript)
    lines = servers.postfix.wait_for(lambda lines: any(f"{number}: removed" in line for line in lines))
    mine = [line.partition(f"{number}: ")[2] for line in lines if f"{number}: " in line]
    assert mine[0] == "client=unknown[127.0.0.1]"
    assert mine[1] == "message-id=<1@other.example>"
    size = re.match(r"from=<line-for-line@other\.example>, size=(\d+), nrcpt=1 ", mine[2])
    assert size, mine
    assert int(size[1]) > sum(len(line) for line in message_of(transcript)), "with the line that Postfix adds"
    assert mine[3].startswith("to=<ada@good.example>, relay=none,")
    assert "dsn=2.0.0, status=sent" in mine[3]
    assert mine[4:] == ["removed"]
    sent = [entry.data for entry in transcript.entries if entry.kind is Kind.SENT]
    count = {verb: sum(line.upper().startswith(verb.upper().encode()) for line in sent) for verb in VERBS}
    told_of = " ".join(f"{verb}={count[verb]}" for verb in VERBS)
    left = f"disconnect from unknown[127.0.0.1] {told_of} commands={sum(count.values())}"
    servers.postfix.wait_for(lambda lines: any(line.endswith(left) for line in lines))


VERBS = ("ehlo", "starttls", "mail", "rcpt", "data", "quit")


def message_of(transcript: Transcript) -> list[bytes]:
    """The lines of the message, as they were sent."""
    sent = [entry.data for entry in transcript.entries if entry.kind is Kind.SENT]
    return sent[sent.index(b"DATA\r\n") + 1 : sent.index(b".\r\n")]


def test_a_delivery_is_what_exim_logs_of_it(servers: Both) -> None:
    [transcript] = hold(servers.exim, "deliver", **{"from": "line-for-line@other.example"})
    number = queue_id(transcript)
    lines = servers.exim.wait_for(lambda lines: any(f"{number} <= " in line for line in lines))
    [line] = [line for line in lines if f"{number} <= " in line]
    assert "<= line-for-line@other.example H=(probe.example) [127.0.0.1]" in line
    assert "P=esmtps X=TLS1.3:" in line
    assert line.endswith("id=1@other.example for ada@good.example")


@pytest.mark.parametrize("server", ["Postfix", "Exim"])
def test_a_refusal_is_what_the_server_logs_of_it(servers: Both, server: str) -> None:
    [transcript] = hold(servers.of(server), "probe", rcpt="stranger@good.example")
    assert len(transcript.unmet) == 1
    reply = next(entry.data.decode().strip() for entry in transcript.entries if entry.data.startswith(b"550"))
    lines = servers.of(server).wait_for(lambda lines: any("stranger@good.example" in line for line in lines))
    line = next(line for line in lines if "stranger@good.example" in line)
    if server == "Postfix":
        assert f"reject: RCPT from unknown[127.0.0.1]: {reply}; from=<bob@other.example> to=<stranger" in line
        assert line.endswith("proto=ESMTP helo=<probe.example>")
    else:
        assert "H=(probe.example) [127.0.0.1]" in line
        assert f"F=<bob@other.example> rejected RCPT <stranger@good.example>: {reply[4:]}" in line


def test_a_certificate_of_another_authority_is_no_missing_tls(servers: Both) -> None:
    stranger = MailServer("Postfix", servers.postfix.ports, servers.postfix.log, servers.exim.authority)
    [transcript] = hold(stranger, "greet")
    assert codes(transcript) == [*GOOD, 221]
    assert transcript.handshake
    assert transcript.handshake.untrusted
    assert transcript.handshake.failure == ""


def test_what_is_too_large_is_told_before_it_is_sent(servers: Both) -> None:
    for server in servers:
        [transcript] = hold(server, "size-limit")
        assert f"SIZE {MOST}" in told(transcript)

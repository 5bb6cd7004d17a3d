"""Each script that deliverkit brings: in the normal form, with its page, and met by a host that is well."""

from __future__ import annotations

import asyncio
import json
from collections.abc import Mapping

import pytest

from deliverkit.clients.smtp import EndedError
from deliverkit.clients.smtp.conversing import converse
from deliverkit.clients.smtp.provisions import Held, Provisions
from deliverkit.observations.smtp import End
from deliverkit.script import fill, find_needs, format_script, load, parse_script, shipped
from deliverkit.script.judging import rcpt_probes
from deliverkit.script.syntax import EachConversation
from deliverkit.standards.smtp.reply import Reply
from tests.conformance.corpora import corpus
from tests.smtp_sessions import ServerSession

RESTRICTED = {"open-relay", "smuggling", "starttls-injection", "early-talker"}
SAFE = {
    "greet", "probe", "deliver", "submit", "auth-methods", "starttls-required", "size-limit", "smtputf8", "null-sender",
    "helo-strictness", "catch-all", "vrfy", "lmtp",
}  # fmt: skip
GIVEN = {
    "helo": ("client.example",),
    "mx": ("mx.good.example",),
    "domain": ("good.example",),
    "from": ("a@client.example",),
    "rcpt": ("b@good.example",),
    "made_up": ("nobody-7f3a@good.example",),
    "foreign": ("c@elsewhere.example",),
    "user": ("b",),
    "date": ("Wed, 25 Nov 2026 09:00:00 +0000",),
    "message_id": ("1@client.example",),
}
PROBES = {
    "probe": 1, "deliver": 1, "submit": 1, "lmtp": 1, "null-sender": 1, "helo-strictness": 3, "catch-all": 1, "vrfy": 2,
    "open-relay": 5, "smuggling": 22,
}  # fmt: skip


class OneSecret:
    def secret(self, name: str) -> str | None:
        return "s3cret-word" if name == "password" else None


class Userless(ServerSession):
    """A host that lets nobody in."""

    def do_auth(self, rest: str) -> None:  # noqa: ARG002 - as every command has it
        self.say("535 5.7.8 no")


class Abrupt(ServerSession):
    """A host that is well, refuses whatever is odd, and hangs up as it does."""

    async def read_reply(self, within: float, *, line: int = 0) -> Reply:
        reply = await super().read_reply(within, line=line)
        if reply.severity == 5:
            self.end = EndedError(End.HUNG_UP)
        return reply

    def finish(self, message: bytes) -> None:
        super().finish(message)
        if b"MAIL FROM" in message:
            self.taken.clear()
            self.replies.clear()
            self.say("521 5.5.2 bare line ends")

    def do_ehlo(self, rest: str) -> None:
        if rest == "client.example":
            super().do_ehlo(rest)
        else:
            self.say("550 5.7.1 no such name")

    def do_starttls(self, _: str) -> None:
        self.say("554 5.5.0 out of step" if self._buffer else "220 go on")


def well_behaved(name: str) -> ServerSession:
    if name in {"submit", "auth-methods"}:
        return ServerSession(requires_user=True, requires_tls=True)
    return ServerSession(requires_tls=name == "starttls-required")


def hold(name: str, given: Mapping[str, tuple[str, ...]], *sessions: ServerSession) -> list[Held]:
    sender = {"from": ("grüße@client.example",)} if name == "smtputf8" else {}
    scripts = [parse_script(format_script(one)) for one in fill(load(name).script, {**given, **sender})]
    assert len(scripts) == len(sessions)
    return [
        asyncio.run(converse(script, session, Provisions(OneSecret(), {}, patience=1)))
        for script, session in zip(scripts, sessions, strict=True)
    ]


def conversations(name: str) -> int:
    return len(fill(load(name).script, GIVEN))


def test_which_there_are() -> None:
    assert set(shipped()) == RESTRICTED | SAFE
    assert {name for name in shipped() if load(name).restricted} == RESTRICTED
    with pytest.raises(KeyError):
        load("../syntax")


@pytest.mark.parametrize("name", shipped())
def test_each_is_in_the_normal_form_and_has_its_page(name: str) -> None:
    script = load(name)
    assert format_script(script.script) == script.text
    assert all(len(line) <= 140 for line in script.text.splitlines())
    assert script.title.endswith(".")
    headings = [line.partition(":")[0] for line in script.page if line and not line.startswith(" ")]
    assert headings[1:3] == ["Shows", "Needs"]
    last = "Only on loopback, private addresses, or hosts proved one's own."
    assert (script.page[-1] == last) is script.restricted
    assert script.restricted or script.page[-1].startswith("On hosts that are not one's own: ")


@pytest.mark.parametrize("name", shipped())
def test_each_needs_what_its_page_says(name: str) -> None:
    script = load(name)
    needed = find_needs(script.script).variables - {"mx"}
    said = " ".join(script.page).partition("Needs: ")[2]
    assert {one for one in needed if one not in said} == set()
    assert needed <= set(GIVEN)


@pytest.mark.parametrize("name", shipped())
def test_each_tries_as_many_recipients_as_are_counted(name: str) -> None:
    assert rcpt_probes(load(name).script) == PROBES.get(name, 0)
    sessions = [well_behaved(name) for _ in range(conversations(name))]
    hold(name, GIVEN, *sessions)
    tried = sum(session.wire.count(verb) for session in sessions for verb in (b"RCPT TO", b"VRFY", b"EXPN"))
    assert tried == PROBES.get(name, 0)


@pytest.mark.parametrize("name", shipped())
def test_a_host_that_is_well_meets_each(name: str) -> None:
    sessions = [well_behaved(name) for _ in range(conversations(name))]
    for held in hold(name, GIVEN, *sessions):
        assert held == Held(End.CLOSED, "", (), held.hidden)
    delivers = name in {"deliver", "submit", "lmtp", "smuggling"}
    assert [len(session.taken) for session in sessions] == [int(delivers)] * len(sessions)
    assert all(b"s3cret-word" not in session.transcript for session in sessions)


@pytest.mark.parametrize("name", ["smuggling", "helo-strictness", "starttls-injection", "early-talker"])
def test_a_host_that_refuses_and_hangs_up_meets_them_too(name: str) -> None:
    sessions = [Abrupt() for _ in range(conversations(name))]
    assert [(held.end, held.unmet) for held in hold(name, GIVEN, *sessions)] == [(End.CLOSED, ())] * len(sessions)
    assert all(session.end is not None for session in sessions)
    assert not any(session.taken for session in sessions)


def test_a_host_that_is_smuggled_through_is_told_for_every_sequence() -> None:
    (each,) = (one for one in load("smuggling").script.statements if isinstance(one, EachConversation))
    sequences = [str(value.parts[0]).encode() for value in each.values]
    sessions = [ServerSession(ends=(b"\r\n.\r\n", sequence)) for sequence in sequences]
    for held, session in zip(hold("smuggling", GIVEN, *sessions), sessions, strict=True):
        assert len(session.taken) == 2
        (unmet,) = held.unmet
        assert (unmet.wanted, unmet.got) == ("221", "250 2.1.0 Ok")


def test_smuggling_has_every_sequence_of_the_corpus() -> None:
    document = json.loads(corpus("smtp-smuggling/eod_sequences.json").read_text("utf-8"))
    (each,) = (one for one in load("smuggling").script.statements if isinstance(one, EachConversation))
    ours = {str(value.parts[0]) for value in each.values}
    assert {*document["inbound"], *document["outbound"]} <= ours
    assert ours - {*document["inbound"], *document["outbound"]} == {"\r\n.\n", "\r\n.\r"}


@pytest.mark.parametrize(
    ("name", "session", "unmet"),
    [
        ("starttls-injection", ServerSession(keeps_clear_octets=True), ("250", "502 5.5.2 command not recognised")),
        ("vrfy", ServerSession(tells=True), ("252|5xx", "250 2.1.5 b@good.example")),
        ("catch-all", ServerSession(mailboxes=frozenset({"nobody-7f3a@good.example"})), ("5xx", "250 2.1.5 Ok")),
        ("open-relay", ServerSession(mailboxes=frozenset({"c@elsewhere.example"})), ("5xx|4xx", "250 2.1.5 Ok")),
        ("starttls-required", ServerSession(), ("530", "250 2.1.0 Ok")),
        ("null-sender", ServerSession(mailboxes=frozenset()), ("250|251", "550 5.1.1 no such mailbox")),
        (
            "smtputf8",
            ServerSession(extensions=("8BITMIME",)),
            ("250 /^SMTPUTF8$/", "250 mx.good.example greets client.example 8BITMIME"),
        ),
        (
            "size-limit",
            ServerSession(extensions=()),
            ("250 /^SIZE( |$)/", "250 mx.good.example greets client.example STARTTLS"),
        ),
        ("submit", Userless(requires_user=True), ("235", "535 5.7.8 no")),
    ],
)
def test_a_host_that_is_not_well_is_told(name: str, session: ServerSession, unmet: tuple[str, str]) -> None:
    (held,) = hold(name, GIVEN, session)
    assert [(one.wanted, one.got) for one in held.unmet] == [unmet]


@pytest.mark.parametrize("name", shipped())
def test_every_sender_beyond_ascii_says_smtputf8(name: str) -> None:
    given = {**GIVEN, "from": ("grüße@client.example",), "utf8": ("yes",)}
    sessions = [well_behaved(name) for _ in range(conversations(name))]
    hold(name, given, *sessions)
    sent = b"".join(b"".join(session.sent) for session in sessions).decode().split("\r\n")
    senders = [line for line in sent if line.startswith("MAIL FROM:<grüße")]
    assert [line for line in senders if " SMTPUTF8" not in line] == []
    assert bool(senders) is (
        name not in {"greet", "early-talker", "starttls-injection", "auth-methods", "vrfy", "null-sender"}
    )

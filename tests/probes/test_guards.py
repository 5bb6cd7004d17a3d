"""Other people's hosts are left alone: restricted scripts, and the share of recipients in a day."""

from __future__ import annotations

import asyncio
from dataclasses import dataclass, field
from pathlib import Path

import pytest

from deliverkit.clients import Clients
from deliverkit.clients.guard import Guard, own_key
from deliverkit.clients.ledger import Ledger
from deliverkit.clients.routes import Routes
from deliverkit.facts.conversing import Conversing, Refused
from deliverkit.facts.smtp import Conversation, Conversations, SmtpHosts
from deliverkit.facts.smtp_host import SmtpHost
from deliverkit.model import Absent
from deliverkit.observations import Answer, Instant, Status
from deliverkit.observations.smtp import Call, End, Entry, Kind, Transcript
from deliverkit.probes.ownership import ownership_of
from deliverkit.probes.smtp import learn_conversations
from deliverkit.probes.strangers import tried_in_vain, whom_it_is_for
from deliverkit.script import parse_script
from deliverkit.script.judging import tried_domains
from deliverkit.standards.ownership import owner_name, ownership_text
from deliverkit.standards.smtp.target import parse_smtp_target
from deliverkit.standards.txt import data_of
from tests.building import lookup
from tests.talking import CLOCK

ADDRESS, REVERSE = "11.0.1.25", "25.1.0.11.in-addr.arpa"
HOST = "mx1.good.example"
GIVEN = {"from": ("bob@other.example",), "rcpt": ("ada@good.example",), "helo": ("probe.example",)}
EARLY = '>! "EHLO {helo}\\r\\n"\n< 5xx\n'


@pytest.fixture(autouse=True)
def _own_state(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("XDG_STATE_HOME", str(tmp_path))


@dataclass
class Hosts:
    """A converser that notes whom it was to talk to, and answers each with these lines in turn."""

    says: tuple[tuple[str, str], ...] = ()
    called: list[Call] = field(default_factory=list)

    async def converse(self, call: Call) -> Transcript:
        self.called.append(call)
        entries = [Entry(0.0, Kind.CONNECTED), Entry(0.1, Kind.RECEIVED, b"220 hello\r\n")]
        for sent, reply in self.says:
            entries += [
                Entry(0.2, Kind.SENT, f"{sent}\r\n".encode()),
                Entry(0.3, Kind.RECEIVED, f"{reply}\r\n".encode()),
            ]
        return Transcript(call, tuple(entries), End.CLOSED)


@dataclass
class Names:
    """A resolver that knows these answers."""

    answers: tuple[Answer, ...] = ()

    async def query(self, name: str, rdtype: str, **_: object) -> Answer:
        found = (one for one in self.answers if (one.name, one.rdtype) == (name, rdtype))
        return next(found, Answer(name, rdtype, Status.NXDOMAIN))


def published(host: str = HOST, *, pointed: str = HOST) -> Names:
    """The token at the host, and where the address's reverse name leads."""
    token = lookup(owner_name(host), "TXT", '"other"', data_of(ownership_text(host, own_key()))).answer
    return Names((token, lookup(REVERSE, "PTR", f"{pointed}.").answer))


def hold(
    conversing: Conversing, hosts: Hosts, names: Names | None = None, *, guard: Guard | None = None, to: str = ADDRESS
) -> Conversations | Absent:
    clients = Clients(names or Names(), Instant(CLOCK), converser=hosts, guard=guard or Guard())
    target = SmtpHosts((SmtpHost(HOST, to, 25, 10),))
    return asyncio.run(learn_conversations("good.example", clients, target, conversing))


def script(text: str) -> Conversing:
    return Conversing("mine", text).giving(GIVEN)


@pytest.mark.parametrize(
    ("names", "says"),
    [
        (Names, f"give {ADDRESS} the reverse name {HOST}, and publish what deliverkit own {HOST} prints"),
        (lambda: Names((lookup(REVERSE, "PTR", f"{HOST}.").answer,)), f"deliverkit own {HOST} prints"),
        (lambda: published(pointed="mail.victim.example"), "deliverkit own mail.victim.example prints"),
        (lambda: Names((*published().answers[1:], lookup(owner_name(HOST), "TXT", '"deliverkit-own=x"').answer)), HOST),
    ],
)
def test_a_restricted_script_is_refused_and_nothing_is_connected(names: object, says: str) -> None:
    hosts = Hosts()
    refused = hold(script(EARLY), hosts, names())  # type: ignore[operator]
    assert isinstance(refused, Refused)
    assert says in refused.reason
    assert hosts.called == []


def test_a_host_proved_ones_own_is_talked_to_as_its_owner_likes() -> None:
    hosts = Hosts()
    assert isinstance(hold(script(EARLY), hosts, published()), Conversations)
    assert len(hosts.called) == 1
    many = script("> RCPT TO:<{rcpt}>\n" * 9)
    assert isinstance(hold(many, hosts, published()), Conversations)


@pytest.mark.parametrize("address", ["127.0.0.1", "10.1.2.3", "::1", "fd00::25", "::ffff:192.168.1.1", "/run/lmtp"])
def test_near_hosts_need_no_proof(address: str) -> None:
    assert isinstance(hold(script(EARLY), Hosts(), to=address), Conversations)


@pytest.mark.parametrize("address", ["100.64.0.1", "::ffff:11.0.1.25", "64:ff9b::a00:1", "2002:a00:1::1", "240.0.0.1"])
def test_what_only_looks_near_does(address: str) -> None:
    assert isinstance(hold(script(EARLY), Hosts(), to=address), Refused)


def test_it_counts_where_the_connection_really_goes() -> None:
    away = Guard(Routes({("127.0.0.1", 25): (ADDRESS, 25)}))
    assert isinstance(hold(script(EARLY), Hosts(), guard=away, to="127.0.0.1"), Refused)
    here = Guard(Routes({(ADDRESS, 25): ("127.0.0.1", 2525)}))
    assert isinstance(hold(script(EARLY), Hosts(), guard=here), Conversations)


def test_three_recipients_a_day_and_no_fourth() -> None:
    probe = Conversing("probe").giving(GIVEN)
    hosts = Hosts((("RCPT TO:<ada@good.example>", "250 ok"),))
    assert [type(hold(probe, hosts)) for _ in range(4)] == [Conversations] * 3 + [Refused]
    refused = hold(probe, hosts)
    assert isinstance(refused, Refused)
    assert "good.example has had its share: again from 20" in refused.reason
    assert f"deliverkit own {HOST}" in refused.reason
    assert len(hosts.called) == 3
    greet = Conversing("greet").giving(GIVEN)
    assert isinstance(hold(greet, hosts), Conversations)


@pytest.mark.parametrize("name", ["vrfy", "catch-all", "helo-strictness"])
def test_every_way_to_ask_for_a_mailbox_counts(name: str) -> None:
    conversing = Conversing(name).giving({**GIVEN, "made_up": ("nobody@good.example",)})
    hosts = Hosts((("VRFY ada", "252 ok"), ("EXPN ada", "252 ok"), ("RCPT TO:<a@good.example>", "250 ok")))
    assert any(isinstance(hold(conversing, hosts), Refused) for _ in range(4))


def test_a_loop_over_recipients_is_refused_at_once() -> None:
    conversing = Conversing("deliver").giving(
        {**GIVEN, "rcpt": tuple(f"{n}@good.example" for n in range(4)), "date": ("x",), "message_id": ("x@y",)}
    )
    hosts = Hosts()
    refused = hold(conversing, hosts)
    assert isinstance(refused, Refused)
    assert "4 recipients are tried at once" in refused.reason
    assert hosts.called == []


def test_a_recipient_who_got_the_message_is_no_probe() -> None:
    conversing = Conversing("deliver").giving({**GIVEN, "date": ("x",), "message_id": ("x@y",)})
    taken = Hosts((("RCPT TO:<ada@good.example>", "250 ok"), ("DATA", "354 go"), ("x\r\n.", "250 taken")))
    assert all(isinstance(hold(conversing, taken), Conversations) for _ in range(5))
    refusing = Hosts((("RCPT TO:<ada@good.example>", "550 no"),))
    assert [type(hold(conversing, refusing)) for _ in range(4)] == [Conversations] * 3 + [Refused]


def test_what_was_never_asked_is_given_back() -> None:
    probe = Conversing("probe").giving(GIVEN)
    assert all(isinstance(hold(probe, Hosts()), Conversations) for _ in range(5))


def test_where_the_count_cannot_be_kept_nobody_is_tried(tmp_path: Path) -> None:
    (tmp_path / "deliverkit").mkdir()
    (tmp_path / "deliverkit" / "tried.sqlite3").write_bytes(b"this is no database, and never was one" * 50)
    refused = hold(Conversing("probe").giving(GIVEN), Hosts())
    assert isinstance(refused, Refused)
    assert "cannot be kept" in refused.reason


@pytest.mark.parametrize(
    ("says", "tried"),
    [
        ((("RCPT a", "250 ok"), ("RCPT b", "550 no"), ("DATA", "354 go"), ("x\r\n.", "250 ok")), 1),
        ((("RCPT a", "250 ok"), ("RSET", "250 ok"), ("RCPT b", "250 ok"), ("DATA", "354 go"), ("\r\n.", "250 ok")), 1),
        ((("RCPT a", "250 ok"), ("DATA", "354 go"), ("x\r\n.", "550 no")), 1),
        ((("RCPT a", "250 ok"), ("RCPT b", "550 no"), ("BDAT 0", "250 ok"), ("BDAT 0 LAST", "250 ok")), 1),
        ((("RCPT a", "250 ok"), ("BDAT 0", "250 ok"), ("BDAT 0 LAST", "550 no")), 1),
        ((("VRFY a", "252 ok"), ("EXPN a", "502 no")), 2),
    ],
)
def test_what_is_counted_in_the_end(says: tuple[tuple[str, str], ...], tried: int) -> None:
    transcript = asyncio.run(Hosts(says).converse(Call(HOST, ADDRESS, 25, "")))
    assert tried_in_vain(Conversation(SmtpHost(HOST, ADDRESS, 25), transcript).exchanges) == tried


def test_the_domains_of_recipients_are_found_wherever_they_are_written() -> None:
    text = (
        'set who = "ada@Second.example"\n< 220\n> MAIL FROM:<bob@sender.example>\n'
        "> RCPT TO:<ada@first.example>\n> RCPT TO:<{who}>\n> VRFY x@{there}\n> NOOP a@b.example\n"
    )
    assert tried_domains(parse_script(text)) == {"first.example", "second.example"}


def test_a_share_is_of_the_24_hours_before(tmp_path: Path) -> None:
    now = [1_000_000.0]
    ledger = Ledger(tmp_path / "tried", lambda: now[0])
    assert ledger.take(["a.example", "b.example"], 2) is None
    now[0] += 3600
    assert ledger.take(["a.example"], 1) is None
    assert ledger.take(["a.example"], 1) == 1_000_000 + 86_400
    assert ledger.take(["c.example", "b.example"], 2) == 1_000_000 + 86_400
    assert ledger.take(["c.example"], 3) is None, "what was refused is not counted in part"
    now[0] = 1_000_000 + 86_400
    assert ledger.take(["a.example"], 2) is None
    assert (tmp_path / "tried").stat().st_mode & 0o777 == 0o600


def test_what_is_published_of_a_host_is_told() -> None:
    names = Names((*published().answers, lookup(HOST, "A", ADDRESS).answer))
    found = asyncio.run(ownership_of(HOST, names, own_key()))
    assert found.is_published
    assert [(one.address, one.is_own) for one in found.proofs] == [(ADDRESS, True)]
    assert not asyncio.run(ownership_of(HOST, names, b"x" * 32)).is_published


@pytest.mark.parametrize(
    ("target", "told"),
    [
        ("8.8.8.8", "and 8.8.8.8 is a public address (if it is yours, deliverkit own 8.8.8.8 says what to publish"),
        ("[2001:4860:4860::8888]:25", "and 2001:4860:4860::8888 is a public address"),
        ("good.example", "at private addresses, or proved one's own (deliverkit own HOST prints how)"),
        ("mx1.good.example:25", "(deliverkit own HOST prints how)"),
        ("127.0.0.1:2525", ""),
        ("10.0.0.1", ""),
        ("[fe80::1]:25", ""),
        ("unix:/run/mail.sock", ""),
    ],
)
def test_whom_a_restricted_script_is_for_is_known_before_anybody_is_asked(target: str, told: str) -> None:
    targets = [parse_smtp_target(target)]
    clause = whom_it_is_for(parse_script(EARLY), targets)
    assert told in clause
    assert bool(clause) == bool(told)
    assert not whom_it_is_for(parse_script("< 220\n> EHLO {helo}\n"), targets)

"""Whatever a script, its values and a host say: a conversation is held, and no value becomes a command."""

from __future__ import annotations

import asyncio
from collections import deque

from hypothesis import given, settings
from hypothesis import strategies as st

from deliverkit.clients.smtp.conversing import converse
from deliverkit.clients.smtp.provisions import Held, Provisions
from deliverkit.observations.smtp import Call, Transcript
from deliverkit.script import fill, format_script, parse_script
from deliverkit.script.recording import record
from deliverkit.script.rendering import conceal
from tests.smtp_sessions import FakeSession

STATEMENTS = (
    "> EHLO {x}",
    "> DATA",
    "> {x}",
    "> @m",
    '>! "{x}\\r\\n"',
    "< 250",
    '<+ 2xx 5.7.* "{x}" /a+$/',
    "<? xxx within 1s",
    "starttls",
    "tls",
    "auth LOGIN in clear",
    "auth CRAM-MD5",
    "auth XOAUTH2",
    "bdat @m by 3",
    'bdat "{x}"',
    "wait 1s",
    "set y = {x}",
    "> {secret:password}",
    "if reply 2xx {\n> A\n} else {\nclose\n}",
    "if offered SIZE {\n> B\n}",
    "for each x {\n> MAIL FROM:<{x}>\n<? 250\n}",
    "pipeline {\n> RCPT TO:<{x}>\n<+ 250\n> DATA\n<? 354\n}",
    "repeat 2 {\n> NOOP\n<? 250\n}",
)
ODD_REPLIES = (
    b"220 hi\r\n",
    b"250-mx\r\n250-SMTPUTF8\r\n250 SIZE\r\n",
    b"334 \r\n",
    b"334 ////\r\n",
    b"354 go on\r\n",
    b"421 bye\r\n",
    b"550 5.7.1 no\r\n",
    b"\0\xff\x1b[2J\r\n",
    b"250-a\r\n550 b\r\n",
    b"\r\n",
    b"999 x\r\n",
    b"535 pass-word is wrong\r\n",
)
LINES = st.binary(max_size=20).map(lambda octets: octets.replace(b"\n", b"") + b"\r\n")
REPLIES = st.lists(st.sampled_from(ODD_REPLIES) | LINES, max_size=20)
VALUES = st.text(st.sampled_from("a.<>\r\n \0äRCPT"), max_size=12)


class OneSecret:
    def secret(self, name: str) -> str | None:
        return "pass-word" if name == "password" else None


def hold(text: str, values: tuple[str, ...], replies: list[bytes]) -> tuple[FakeSession, Held, str]:
    (script,) = fill(parse_script(text), {"x": values, "user": ("u",)})
    session = FakeSession(deque(replies))
    held = asyncio.run(converse(script, session, Provisions(OneSecret(), {"m": b"a: b\n\n.\nRCPT\n"})))
    return session, held, format_script(script)


@settings(max_examples=300)
@given(st.lists(st.sampled_from(STATEMENTS), max_size=12), st.tuples(VALUES, VALUES), REPLIES)
def test_every_conversation_is_held_told_without_secrets_and_recorded(
    statements: list[str], values: tuple[str, ...], replies: list[bytes]
) -> None:
    session, held, text = hold("\n".join(statements), values, replies)
    lines = text.count("\n")
    assert all(0 <= one.line <= lines for one in held.unmet)
    entries = held.conceal(session.entries)
    told = " ".join((*(one.got for one in held.unmet), *(repr(entry.data) for entry in entries)))
    assert "pass-word" not in told or not held.hidden  # it may be said by a host that never got it
    transcript = Transcript(Call("mx.example", "192.0.2.1", 25, text), entries, held.end, held.detail, None, held.unmet)
    again = format_script(record(transcript))
    assert format_script(parse_script(again)) == again


@given(VALUES, st.sampled_from(["> {x}", "> MAIL FROM:<{x}>", "pipeline {\n> {x}b\n}", "for each x {\n> {x}\n}"]))
def test_a_value_is_at_most_one_line(value: str, line: str) -> None:
    session, held, _ = hold(f"< 220\n> EHLO a\n< 250\n{line}", (value,), [b"220 hi\r\n", b"250-a\r\n250 SMTPUTF8\r\n"])
    sent = session.wire.removeprefix(b"EHLO a\r\n").removesuffix(b"QUIT\r\n" if held.unmet else b"")
    has_break = "\r" in value or "\n" in value
    assert sent.count(b"\n") == sent.count(b"\r") == (0 if has_break else 1)
    assert bool(held.unmet) is has_break


def test_the_longer_secret_is_concealed_first_and_a_very_short_one_stays() -> None:
    hidden = {b"pass": b"<1>", b"password": b"<2>", b"250": b"<3>"}
    assert conceal(b"250 password pass", hidden) == b"250 <2> <1>"

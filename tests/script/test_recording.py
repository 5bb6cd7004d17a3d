"""A conversation that was held becomes a script that holds it again."""

from __future__ import annotations

import asyncio

import pytest

from deliverkit.clients.smtp.conversing import converse
from deliverkit.clients.smtp.provisions import Provisions
from deliverkit.errors import ScriptError
from deliverkit.observations.smtp import Call, End, Entry, Kind, LeftOut, Transcript
from deliverkit.script import fill, format_script, load, parse_script
from deliverkit.script.recording import record
from tests.smtp_sessions import ServerSession


def recorded(*entries: Entry, end: End = End.CLOSED, host: str = "mx.example") -> str:
    return format_script(record(Transcript(Call(host, "192.0.2.1", 25, ""), entries, end)))


def sent(data: bytes) -> Entry:
    return Entry(0.0, Kind.SENT, data)


def received(data: bytes) -> Entry:
    return Entry(0.0, Kind.RECEIVED, data)


HEADING = "# Recorded from mx.example, 192.0.2.1 port 25.\n"


def test_a_conversation_over_a_socket_is_recorded_from_its_path() -> None:
    call = Call("/run/mail.sock", "/run/mail.sock", 25, "")
    text = format_script(record(Transcript(call, (received(b"220 a.b\r\n"),), End.CLOSED)))
    assert text.startswith("# Recorded from unix:/run/mail.sock.\n")


class OneSecret:
    def secret(self, name: str) -> str | None:
        return "s3cret-word" if name == "password" else None


def held(text: str, session: ServerSession, **variables: str) -> Transcript:
    (script,) = fill(parse_script(text), {name: (value,) for name, value in variables.items()})
    found = asyncio.run(converse(script, session, Provisions(OneSecret(), {"m": b"A: {b}\n\n.\n"}, patience=1)))
    call = Call("mx.example", "192.0.2.1", 25, format_script(script))
    return Transcript(call, tuple(session.entries), found.end, found.detail, None, found.unmet)


def test_a_delivery_and_the_same_again() -> None:
    given = {"helo": "a.example", "from": "a@a.example", "rcpt": "b@good.example", "message": "m", "mx": "mx.example"}
    first = ServerSession()
    transcript = held(load("deliver").text, first, **given)
    assert transcript.unmet == ()
    script = record(transcript)
    second = ServerSession()
    again = held(format_script(script), second)
    assert again.unmet == ()
    assert second.wire == first.wire
    assert second.taken == first.taken == [b"A: {b}\r\n\r\n.."]
    assert "starttls\n> EHLO a.example\n< 250\n" in format_script(script)
    assert format_script(record(again)).splitlines()[1:] == format_script(script).splitlines()[1:]


def test_a_submission_holds_no_secret() -> None:
    given = {"helo": "a", "from": "a@a.example", "rcpt": "b@good.example", "message": "m", "user": "u"}
    session = ServerSession(requires_user=True)
    transcript = held(load("submit").text, session, **given)
    assert transcript.unmet == ()
    text = format_script(record(transcript))
    assert "\nauth PLAIN\n< 235 2.7.0\n" in text
    assert "s3cret-word" not in text
    again = held(text, ServerSession(requires_user=True), user="u")
    assert again.unmet == ()


def test_exchanges_in_the_clear_and_secrets_in_lines() -> None:
    text = recorded(
        sent(b"AUTH LOGIN\r\n"),
        received(b"334 VXNlcm5hbWU6\r\n"),
        sent(b"dQ==\r\n"),
        received(b"334 UGFzc3dvcmQ6\r\n"),
        sent(b"<secret:password>\r\n"),
        received(b"235 2.7.0 ok\r\n"),
        sent(b"PASS <secret:pin> {x}\r\n"),
        received(b"500-no\r\n"),
        received(b"500 no\r\n"),
        sent(b"QUIT\r\n"),
    )
    assert text == HEADING + "auth LOGIN in clear\n< 235 2.7.0\n> PASS {secret:pin} {{x}}\n< 500\n> QUIT\n"


def test_what_a_line_cannot_hold_is_raw() -> None:
    text = recorded(sent(b"a\nb\r\n"), sent(b"half"), sent(b"\xff\r\n"), sent(b"\0\r\n"), received(b"junk\r\n"))
    assert text == HEADING + '>! "a\\nb\\r\\n"\n>! "half"\n>! "\\xff\\r\\n"\n>! "\\0\\r\\n"\n< xxx\nclose\n'


def test_commands_in_one_write_are_a_pipeline_and_a_message_is_lines() -> None:
    text = recorded(
        sent(b"MAIL FROM:<>\r\nDATA\r\n"),
        received(b"250 ok\r\n"),
        received(b"354 go on\r\n"),
        sent("@ä: {b}\r\n\r\n.\r\n".encode()),
        received(b"250 "),
        end=End.HUNG_UP,
    )
    assert text == HEADING + "pipeline {\n  > MAIL FROM:<>\n  > DATA\n}\n< 250\n< 354\n> @@ä: {{b}}\n>\n> .\n"


def test_tls_at_once_and_after_another_reply() -> None:
    secured = Entry(0.0, Kind.SECURED, b"", secure=True)
    assert recorded(secured, received(b"220 hi\r\n"), sent(b"QUIT\r\n")) == HEADING + "tls\n< 220\n> QUIT\n"
    text = recorded(sent(b"STARTTLS\r\n"), received(b"250 what\r\n"), secured, sent(b"QUIT\r\n"))
    assert text == HEADING + "> STARTTLS\n< 250\ntls\n> QUIT\n"


@pytest.mark.parametrize("message", [b"text\r\n" * 1_100, (b"x" * 900 + b"\r\n") * 40])
def test_a_large_message_is_a_file(message: bytes) -> None:
    data = [sent(message + b".\r\n"), received(b"250 ok\r\n"), sent(b"DATA\r\n")]
    chunk = [sent(b"BDAT %d LAST\r\n" % len(message) + message), received(b"250 ok\r\n")]
    text = recorded(received(b"354 go on\r\n"), *data, received(b"354 go on\r\n"), *data, *chunk)
    said = f"a message of {len(message):,} octets.\n"
    for name, line in (
        ("message", "> @{message}"),
        ("message_2", "> @{message_2}"),
        ("message_3", "bdat @{message_3}"),
    ):
        assert f"# The file {{{name}}}: {said}{line}\n< 250\n" in text


def test_what_is_large_and_no_message_stands_in_the_script_or_is_refused() -> None:
    assert recorded(sent(b"X" * 40_000 + b"\r\n")).count("X") == 40_000
    with pytest.raises(ScriptError, match="at most 65536 characters"):
        recorded(sent(b"X" * 70_000 + b"\r\n"))
    cut = Entry(0.0, Kind.SENT, b"BDAT 99999\r\nab", left_out=LeftOut(13, 99_997, "0" * 64))
    with pytest.raises(ScriptError, match="expected all that was sent"):
        recorded(cut)


def test_a_host_cannot_write_into_the_script() -> None:
    assert recorded(sent(b"QUIT\r\n"), host="a\n> DATA").splitlines() == [
        "# Recorded from a\\x0a> DATA, 192.0.2.1 port 25.",
        "> QUIT",
    ]

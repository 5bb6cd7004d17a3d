"""A script held over a session without a socket: what goes out, what is expected, what stops."""

from __future__ import annotations

import asyncio
from base64 import b64encode
from collections.abc import Mapping

import pytest

from deliverkit.clients.smtp import EndedError, conversing
from deliverkit.clients.smtp.conversing import converse
from deliverkit.clients.smtp.provisions import Held, Provisions
from deliverkit.observations.smtp import End, Handshake, Kind, Unmet
from deliverkit.script import fill, parse_script
from tests.smtp_sessions import FakeSession, ServerSession, heard, saying

SECRETS = {"password": "hunter2-very-secret", "token": "ya29.very-secret-token"}
QUIT = b"QUIT\r\n"


class Known:
    """Secrets from a table."""

    def secret(self, name: str) -> str | None:
        return SECRETS.get(name)


def hold(
    text: str,
    session: FakeSession,
    *,
    variables: Mapping[str, tuple[str, ...]] | None = None,
    messages: Mapping[str, bytes] | None = None,
    longest: float = 60.0,
) -> Held:
    (script,) = fill(parse_script(text), variables or {})
    return asyncio.run(converse(script, session, Provisions(Known(), messages or {}, patience=7.0, longest=longest)))


def test_lines_go_out_with_crlf_under_their_line_and_replies_are_read() -> None:
    session = saying("220 hello", "250-mx\n250 SIZE", "221 bye")
    held = hold("< 220\n\n> EHLO {helo}\n< 250 within 2s\n> QUIT\n< 221\n", session, variables={"helo": ("a.example",)})
    assert held == Held(End.CLOSED, "", ())
    assert session.sent == [b"EHLO a.example\r\n", QUIT]
    assert [entry.line for entry in session.entries] == [1, 3, 4, 4, 5, 6]
    assert session.waited == [7.0, 2.0, 7.0]


@pytest.mark.parametrize(
    ("expected", "reply", "is_met"),
    [
        ("250", "250 ok", True),
        ("2xx", "251 ok", True),
        ("25x", "260 ok", False),
        ("250|550", "550 no", True),
        ("xxx", "garbage", True),
        ("550 5.7.*", "550 5.7.26 no", True),
        ("550 5.7.*", "550 5.1.1 no", False),
        ("550 5.7.1|5.1.1", "550 5.1.1 no", True),
        ("550 5.7.*", "550 no", False),
        ('250 "QUEUED as"', "250 Ok: queued as 4F2A1", True),
        ('250 "not there"', "250 Ok: queued as 4F2A1", False),
        ('250 "two lines"', "250-two\n250 lines", True),
        ('250 "{helo}"', "250 mx greets a.example", True),
        ("250 /as [0-9A-F]+$/", "250 Ok: queued as 4F2A1", True),
        ("250 /^SIZE/", "250-mx\n250 SIZE 10", True),
        ('250 "ok" /no/', "250 ok", False),
    ],
)
def test_what_meets_an_expectation(expected: str, reply: str, is_met: bool) -> None:  # noqa: FBT001 - a table
    session = saying(reply, "221 bye")
    held = hold(f"<+ {expected}\n> QUIT\n< 221\n", session, variables={"helo": ("a.example",)})
    told = " ".join(reply.replace("250-", "").replace("\n250 ", " ").split())
    told = told if told[0] in "g25" and reply[:3] in told else f"250 {told}"
    assert held.unmet == (() if is_met else (Unmet(1, expected, told),))
    assert session.sent == [QUIT]


def test_an_unmet_expectation_stops_the_script_after_a_quit() -> None:
    session = saying("220 hi", "550 5.7.1 no", "221 bye")
    held = hold("< 220\n> MAIL FROM:<>\n< 250\n> DATA\n< 354\n", session)
    assert held == Held(End.CLOSED, "", (Unmet(3, "250", "550 5.7.1 no"),))
    assert session.sent == [b"MAIL FROM:<>\r\n", QUIT]


def test_an_unmet_expectation_with_plus_counts_and_with_a_question_mark_does_not() -> None:
    session = saying("554 a", "554 b", "554 c", "221 bye")
    held = hold("<+ 220\n<? 220\n<+ 250\n> QUIT\n< 221\n", session)
    assert held.unmet == (Unmet(1, "220", "554 a"), Unmet(3, "250", "554 c"))
    assert session.sent == [QUIT]


TRYING = "for each rcpt keep {\n> RCPT TO:<{rcpt}>\n<+ 25x\n}\n"
LATER = "> DATA\n< 354\nfor each rcpt {\n> {rcpt}\n}\n> .\nfor each rcpt {\n<+ 250\n}\n"


@pytest.mark.parametrize("trying", [TRYING, f"pipeline {{\n{TRYING}}}\n"])
def test_a_script_goes_on_with_what_was_kept(trying: str) -> None:
    session = saying("250 a", "550 no", "251 c", "354 go on", "250 for a", "452 not for c")
    held = hold(trying + LATER, session, variables={"rcpt": ("a", "b", "c")})
    assert b"".join(session.sent).split(b"\r\n")[3:] == [b"DATA", b"a", b"c", b".", b""]
    assert [one.got for one in held.unmet] == ["550 no", "452 not for c"]


@pytest.mark.parametrize("trying", [TRYING, f"pipeline {{\n{TRYING}}}\n", TRYING.replace("<+", "<?")])
@pytest.mark.parametrize("refused", [("550 a",), ("550 a", "450 b")])
def test_where_nothing_was_kept_the_script_ends(trying: str, refused: tuple[str, ...]) -> None:
    session = saying(*refused, "221 bye")
    held = hold(trying + LATER, session, variables={"rcpt": tuple("ab"[: len(refused)])})
    assert b"".join(session.sent).split(b"\r\n")[len(refused) :] == [b"QUIT", b""]
    assert [one.got for one in held.unmet] == ([] if "<?" in trying else [*refused])
    assert not session.replies


def test_a_quit_is_answered_after_what_was_pipelined() -> None:
    session = saying("550 no", "503 first MAIL", "503 first MAIL", "221 bye", "250 never read")
    hold("pipeline {\n> MAIL FROM:<>\n< 250\n> RCPT TO:<a>\n< 250\n> DATA\n< 354\n}\n", session)
    assert (session.sent[-1], len(session.replies)) == (QUIT, 1)


def test_no_quit_goes_into_a_message_or_to_a_host_that_closes() -> None:
    for code in ("354 go on", "421 closing"):
        session = saying(code)
        assert hold("> DATA\n< 250\n", session).unmet == (Unmet(2, "250", code),)
        assert session.sent == [b"DATA\r\n"]


def test_a_host_that_ends_the_conversation_leaves_the_expectation_unmet() -> None:
    held = hold("< 220 within 2s\n> QUIT\n", saying())
    assert held == Held(End.SILENT, "no reply within 2 s", (Unmet(1, "220 within 2s", "nothing: no reply within 2 s"),))
    assert hold("<? 220\n> QUIT\n", saying()).unmet == ()


class HangingUp(FakeSession):
    """The host is gone after the first line that is sent."""

    def take(self, data: bytes) -> None:
        assert data
        self.end = EndedError(End.HUNG_UP)


class Unshakable(FakeSession):
    """The host does no TLS."""

    async def start_tls(self, *, line: int = 0, version: str = "") -> Handshake:  # noqa: ARG002
        raise EndedError(End.TLS_FAILED, f"an alert on line {line}")


@pytest.mark.parametrize(
    ("text", "unmet"),
    [
        ("> A\n> B\n", Unmet(2, "the conversation to go on", "nothing: the host hung up")),
        ("> A\n< 2xx\n", Unmet(2, "2xx", "nothing: the host hung up")),
        ("pipeline {\n> A\n<+ 250\n}\n", Unmet(3, "250", "nothing: the host hung up")),
        ("starttls\n", Unmet(1, "a TLS handshake", "nothing: the host hung up")),
        ("repeat 2 {\nwait 1s\n> A\n}\n", Unmet(2, "the conversation to go on", "nothing: the host hung up")),
    ],
)
def test_where_the_host_cut_the_script_off(text: str, unmet: Unmet) -> None:
    assert hold(text, HangingUp()) == Held(End.HUNG_UP, "", (unmet,))


def test_a_handshake_that_failed() -> None:
    held = hold("tls\n> EHLO a\n", Unshakable())
    assert held.unmet == (Unmet(1, "a TLS handshake", "nothing: an alert on line 1"),)
    assert held.end is End.TLS_FAILED


def test_conditions() -> None:
    script = (
        "< 220\n> EHLO a\n< 250\n"
        "if offered SIZE {\n> SIZE\n}\nif offered AUTH LOGIN {\n> LOGIN\n}\nif not offered AUTH PLAIN {\n> PLAIN\n}\n"
        "if set x {\n> X\n} else {\n> NO\n}\nif reply 2xx {\n> TWO\n}\nif reply 220|5xx {\n> OTHER\n}\n"
    )
    session = saying("220 hi", "250-mx\n250-AUTH LOGIN\n250 SIZE")
    hold(script, session)
    assert session.sent[1:] == [b"SIZE\r\n", b"LOGIN\r\n", b"PLAIN\r\n", b"NO\r\n", b"TWO\r\n"]


def test_what_is_offered_is_the_answer_to_the_last_ehlo_and_forgotten_by_tls() -> None:
    script = "< 220\n> EHLO a\n< 250\nif offered DSN {\n> YES\n<? 250\n}\nstarttls\nif not offered DSN {\n> NO\n}\n"
    session = saying("220 hi", "250-mx\n250 DSN", "250-mx\n250 OTHER", "220 go")
    hold(script, session)
    assert session.sent == [b"EHLO a\r\n", b"YES\r\n", b"STARTTLS\r\n", b"NO\r\n"]
    assert [entry.secure for entry in session.entries if entry.kind is Kind.SENT] == [False, False, False, True]


def test_starttls_that_is_refused_stops_the_script() -> None:
    session = saying("454 4.7.0 not now", "221 bye")
    assert hold("starttls\n> EHLO a\n", session).unmet == (Unmet(1, "220 to STARTTLS", "454 4.7.0 not now"),)
    assert session.sent == [b"STARTTLS\r\n", QUIT]


def test_variables_loops_and_their_end() -> None:
    script = (
        'set x = 1\nset x ?= 2\nset y ?= "{x}0"\nfor each rcpt {\n> {rcpt}\n}\n> {rcpt} {x} {y}\nrepeat 2 {\n> R\n}\n'
    )
    session = saying()
    hold(script, session, variables={"rcpt": ("a", "b")})
    assert session.wire.split(b"\r\n") == [b"a", b"b", b"a 1 10", b"R", b"R", b""]


def test_close_ends_the_script_without_quit() -> None:
    session = saying()
    assert hold("repeat 3 {\nif not set x {\nclose\n}\n> NO\n}\n> NO\n", session) == Held(End.CLOSED, "", ())
    assert session.sent == []
    assert [entry.line for entry in session.entries] == [3]


def test_a_pipeline_is_one_write_and_its_replies_are_read_in_order() -> None:
    session = saying("250 a", "550 b", "354 c")
    held = hold("pipeline {\n> MAIL FROM:<>\n< 250\n> RCPT TO:<a>\n<+ 250\n> DATA\n< 354\n}\n", session)
    assert session.sent == [b"MAIL FROM:<>\r\nRCPT TO:<a>\r\nDATA\r\n"]
    assert held.unmet == (Unmet(5, "250", "550 b"),)


def test_a_message_is_stuffed_and_its_lines_end_with_crlf() -> None:
    session = saying("354 go on", "250 ok")
    hold("> DATA\n< 354\n> @m.eml\n< 250\n", session, messages={"m.eml": b"A: b\n\n.\r..x\r\ny\n.\n"})
    assert session.sent[1] == b"A: b\r\n\r\n..\r\n...x\r\ny\r\n..\r\n.\r\n"


def test_a_file_never_passes_for_commands() -> None:
    session = saying("250 ok", "221 bye")
    held = hold("> NOOP\n< 250\n> @m.eml\n", session, messages={"m.eml": b"RCPT TO:<a@b.example>\n"})
    assert held.unmet == (Unmet(3, "354 before a message", "250 ok"),)
    assert session.sent == [b"NOOP\r\n", QUIT]


def test_a_message_that_nobody_gave() -> None:
    held = hold("> DATA\n< 354\n> @{m}\n", saying("354 go on"), variables={"m": ("x.eml",)})
    assert held.unmet == (Unmet(3, "a message x.eml", "none of that name"),)


def test_bdat_counts_octets_and_leaves_the_last_reply() -> None:
    session = saying("250 a", "250 b", "250 2.6.0 whole")
    held = hold("bdat @m by 5\n< 250 2.6.0\n", session, messages={"m": "aä\n.b\nccc".encode()})
    assert session.sent == [b"BDAT 5\r\na\xc3\xa4\r\n", b"BDAT 5\r\n.b\r\nc", b"BDAT 4 LAST\r\ncc\r\n"]
    assert held.unmet == ()


def test_bdat_of_text_is_sent_as_it_is_and_stops_where_a_chunk_is_refused() -> None:
    session = saying("552 full", "221 bye")
    held = hold('bdat "a\\nb{x}" by 2\n', session, variables={"x": ("\r\n",)})
    assert session.sent == [b"BDAT 2\r\na\n", QUIT]
    assert held.unmet == (Unmet(1, "2xx after each chunk", "552 full"),)
    empty = saying("250 ok")
    hold('bdat ""\n< 250\n', empty)
    assert empty.sent == [b"BDAT 0 LAST\r\n"]


@pytest.mark.parametrize("value", ["a\r\nRCPT TO:<x@y.example>", "a\nb", "a\rb", "\r\n"])
@pytest.mark.parametrize(
    "line", ["> MAIL FROM:<{x}>", "pipeline {\n> MAIL FROM:<{x}>\n}", "for each x {\n> {x}\n}", 'set y = "{x}"\n> {y}']
)
def test_a_value_with_a_line_break_never_smuggles_a_command(line: str, value: str) -> None:
    session = saying("221 bye")
    held = hold(f"{line}\n", session, variables={"x": (value,)})
    assert session.sent == [QUIT]
    assert held.unmet[0].got == "a line break in it"


def test_a_secret_with_a_line_break_smuggles_nothing_either(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(SECRETS, "password", "a\r\nDATA")
    session = saying("221 bye")
    hold("> PASS {secret:password}\n> USER x\n", session)
    assert session.sent == [QUIT]


def test_raw_octets_go_out_as_they_are() -> None:
    session = saying()
    hold('>! "A{x}\\n.\\n\\0\\xff"\n', session, variables={"x": ("\r\n",)})
    assert session.sent == [b"A\r\n\n.\n\0\xff"]


@pytest.mark.parametrize(
    ("line", "wanted"),
    [
        ("> {nothing}", "a value for {nothing}"),
        ("> {secret:nothing}", "a value for {secret:nothing}"),
        ('< 250 "{nothing}"', "a value for {nothing}"),
        ("set x = {nothing}", "a value for {nothing}"),
        ("for each nothing {\n}", "values for {nothing}"),
        ("auth PLAIN in clear", "a value for {user}"),
    ],
)
def test_a_value_that_nobody_gave_stops_the_script(line: str, wanted: str) -> None:
    session = saying("250 ok", "221 bye")
    assert hold(f"{line}\n", session).unmet == (Unmet(1, wanted, "none"),)
    assert session.sent == [QUIT]


def test_a_value_never_ends_a_message() -> None:
    session = saying("354 go on", "250 ok")
    hold("> DATA\n< 354\n> {x}\n> .{x}\n> a{x}\n> .\n< 250\n> {x}\n", session, variables={"x": (".",)})
    assert session.sent[1:] == [b"..\r\n", b"..\r\n", b"a.\r\n", b".\r\n", b".\r\n"]


def test_what_is_offered_to_raw_octets_and_to_one_who_talks_early() -> None:
    script = '>! "EHLO a\\r\\nNOOP\\r\\n"\n< 220\n< 250\nif offered SIZE {\n> YES\n}\n'
    session = saying("220-hi\n220 DSN", "250-mx\n250 SIZE")
    hold(script, session)
    assert session.sent[1:] == [b"YES\r\n"]


def test_tls_at_once_comes_before_the_greeting() -> None:
    session = saying("220 hi", "250-mx\n250 SIZE")
    hold("tls\n< 220\n> EHLO a\n< 250\nif offered SIZE {\n> YES\n}\n", session)
    assert session.sent[1:] == [b"YES\r\n"]


def test_a_command_beyond_ascii_needs_smtputf8() -> None:
    script = "< 220\n> EHLO a\n< 250\n> MAIL FROM:<grüße@example.org> SMTPUTF8\n"
    session = saying("220 hi", "250-mx\n250 SMTPUTF8")
    assert hold(script, session).unmet == ()
    assert session.sent[1] == "MAIL FROM:<grüße@example.org> SMTPUTF8\r\n".encode()
    assert hold(script, saying("220 hi", "250 mx", "221 bye")).unmet[0].got == "not offered"
    inside = saying("354 go on")
    assert hold("> DATA\n< 354\n> Subject: grüße\n", inside).unmet == ()


def test_a_script_cannot_run_for_ever(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(conversing, "MOST_STATEMENTS", 500)
    session = saying("221 bye")
    held = hold("repeat 1000 {\nrepeat 1000 {\n# nothing\n}\n}\n", session)
    assert held.unmet == (Unmet(3, "the script's end within 500 statements", "it was still here"),)


def test_a_script_has_a_longest_time() -> None:
    class Slow(FakeSession):
        async def listen(self, seconds: float, *, line: int = 0) -> None:  # noqa: ARG002 - as the protocol has it
            async with asyncio.timeout(self.seconds):
                await asyncio.sleep(seconds)

    session = Slow()
    held = hold("> NOOP\nwait 1m\n", session, longest=0.05)
    assert held.unmet == (Unmet(2, "the script's end within 0.05s", "it was still here"),)


AUTH = "set user ?= us=er,x\nauth {} in clear\n< 235\n"


def authenticate(mechanism: str, *replies: str, **variables: str) -> tuple[FakeSession, Held]:
    session = saying(*replies)
    given = {name: (value,) for name, value in variables.items()}
    held = hold(AUTH.format(mechanism), session, variables=given)
    transcript = b"".join(entry.data for entry in held.conceal(session.entries))
    for secret in SECRETS.values():
        assert secret.encode() not in transcript
        for around in (f"\0us=er,x\0{secret}", secret):
            assert b64encode(around.encode()) not in transcript
    return session, held


def test_plain() -> None:
    session, held = authenticate("PLAIN", "235 ok")
    assert session.sent == [b"AUTH PLAIN " + b64encode(b"\0us=er,x\0hunter2-very-secret") + b"\r\n"]
    assert session.entries[0].data == b"AUTH PLAIN <secret:password>\r\n"
    assert held.unmet == ()


def test_login() -> None:
    session, held = authenticate("LOGIN", "334 VXNlcm5hbWU6", "334 UGFzc3dvcmQ6", "235 ok")
    assert session.sent == [
        b"AUTH LOGIN\r\n",
        b64encode(b"us=er,x") + b"\r\n",
        b64encode(b"hunter2-very-secret") + b"\r\n",
    ]
    assert session.entries[4].data == b"<secret:password>\r\n"
    assert held.unmet == ()


def test_cram_md5_as_its_rfc_has_it(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(SECRETS, "password", "tanstaaftanstaaf")  # RFC 2195 §2
    challenge = "PDE4OTYuNjk3MTcwOTUyQHBvc3RvZmZpY2UucmVzdG9uLm1jaS5uZXQ+"
    session, held = authenticate("CRAM-MD5", f"334 {challenge}", "235 ok", user="tim")
    assert session.sent[1] == b"dGltIGI5MTNhNjAyYzdlZGE3YTQ5NWI0ZTZlNzMzNGQzODkw\r\n"
    assert session.entries[2].data == b"<secret:password>\r\n"
    assert held.unmet == ()


def test_xoauth2_and_its_error() -> None:
    session, held = authenticate("XOAUTH2", "334 eyJzdGF0dXMiOiI0MDAifQ==", "535 5.7.8 no")
    assert (
        session.sent[0]
        == b"AUTH XOAUTH2 " + b64encode(b"user=us=er,x\1auth=Bearer ya29.very-secret-token\1\1") + b"\r\n"
    )
    assert session.sent[1] == b"\r\n"
    assert session.entries[0].data == b"AUTH XOAUTH2 <secret:token>\r\n"
    assert held.unmet == (Unmet(3, "235", "535 5.7.8 no"),)


def test_oauthbearer_and_its_error() -> None:
    session, _ = authenticate("OAUTHBEARER", "334 e30=", "535 no", host="mx.example", port="587")
    whole = b"n,a=us=3Der=2Cx,\1host=mx.example\1port=587\1auth=Bearer ya29.very-secret-token\1\1"
    assert session.sent[:2] == [b"AUTH OAUTHBEARER " + b64encode(whole) + b"\r\n", b"AQ==\r\n"]


def test_a_long_initial_response_waits_for_its_challenge(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(SECRETS, "token", "t" * 600)
    session, held = authenticate("XOAUTH2", "334 ", "235 ok")
    assert session.sent[0] == b"AUTH XOAUTH2\r\n"
    assert session.entries[2].data == b"<secret:token>\r\n"
    assert held.unmet == ()


def test_a_mechanism_that_is_asked_too_much_gives_up() -> None:
    session, held = authenticate("PLAIN", "334 ", "501 given up", "221 bye")
    assert session.sent[1:] == [b"*\r\n", QUIT]
    assert held.unmet == (Unmet(3, "235", "501 given up"),)


def test_endless_challenges_end() -> None:
    session, held = authenticate("LOGIN", *["334 more"] * 50)
    assert len(session.sent) == 9
    assert held.unmet == (Unmet(3, "235", "334 more"),)


def test_a_secret_that_the_host_says_back_is_not_told() -> None:
    whole = b64encode(b"\0us=er,x\0hunter2-very-secret").decode()
    _, held = authenticate("CRAM-MD5", "500 what is hunter2-very-secret", "221 bye")
    assert held.unmet[0].got == "500 what is <secret:password>"
    session, held = authenticate("PLAIN", f"500 unknown: AUTH PLAIN {whole}", "221 bye")
    assert held.unmet[0].got == "500 unknown: AUTH PLAIN <secret:password>"
    assert held.conceal(session.entries)[1].data == b"500 unknown: AUTH PLAIN <secret:password>\r\n"


@pytest.mark.parametrize("mechanism", ["PLAIN", "LOGIN", "XOAUTH2", "OAUTHBEARER"])
def test_pieces_of_a_secret_that_the_host_says_back_are_not_told(mechanism: str) -> None:
    name = "token" if mechanism.endswith(("2", "R")) else "password"
    secret = SECRETS[name].encode()
    hexed, alone = secret.hex(), b64encode(secret).decode()
    within = [b64encode(b"u" * shift + secret + b"xyz").decode() for shift in range(3)]
    said = f"500 what is {alone[:-3]} {alone[2:]} {hexed} {hexed[5:].upper()} {' '.join(within)} ENHANCEDSTATUSCODES"
    session, held = (
        authenticate(mechanism, said, "221 bye")
        if mechanism != "LOGIN"
        else authenticate(mechanism, "334 u", "334 p", said, "221 bye")
    )
    told = b"".join(entry.data for entry in held.conceal(session.entries)).decode() + held.unmet[-1].got
    words = [word for word in said.split() if len(word) > 20 or word in {alone[:-3], alone[2:]}]
    for piece in {word[at : at + 8] for word in words for at in range(4, len(word) - 12)}:
        assert piece not in told
    assert told.count(f"<secret:{name}>") >= 14
    assert "ENHANCEDSTATUSCODES" in told


def test_a_cut_response_that_the_host_says_back_is_not_told() -> None:
    whole = b64encode(b"\0us=er,x\0hunter2-very-secret").decode()
    _, held = authenticate("PLAIN", f"500 unknown: AUTH PLAIN {whole[:-5]}", "221 bye")
    assert held.unmet[0].got == "500 unknown: AUTH PLAIN <secret:password>"
    _, held = authenticate("PLAIN", f"500 unknown: AUTH PLAIN {whole[:7]}", "221 bye")
    assert held.unmet[0].got == f"500 unknown: AUTH PLAIN {whole[:7]}"


@pytest.mark.parametrize("mechanism", ["PLAIN", "LOGIN", "XOAUTH2", "OAUTHBEARER"])
def test_no_password_goes_out_in_the_clear_unasked(mechanism: str) -> None:
    session = saying("221 bye")
    held = hold(f"set user = u\nauth {mechanism}\n", session)
    assert session.sent == [QUIT]
    assert held.unmet[0].wanted.startswith("trusted TLS before a ")


def test_inside_tls_it_does() -> None:
    session = saying("235 ok")
    assert hold("set user = u\ntls\nauth PLAIN\n< 235\n", session).unmet == ()


def test_unknown_mechanisms_and_control_characters() -> None:
    assert authenticate("NTLM", "221 bye")[1].unmet[0].got == "NTLM"
    session, held = authenticate("PLAIN", "221 bye", user="a\0b")
    assert session.sent == [QUIT]
    assert held.unmet[0].wanted == "user and secret without control characters"


def test_secrets_in_lines_are_tokens_in_the_transcript() -> None:
    session = saying()
    hold('> PASS {secret:password}\n>! "X{secret:token}\\n"\npipeline {\n> P {secret:password}\n}\n', session)
    assert b"hunter2-very-secret" in session.wire
    assert session.transcript == b"PASS <secret:password>\r\nX<secret:token>\nP <secret:password>\r\n"


def test_a_host_that_keeps_to_the_standards_is_understood() -> None:
    session = ServerSession()
    held = hold("< 220\n> EHLO a\n< 250\nstarttls\n> EHLO a\n< 250\n> QUIT\n< 221\n", session)
    assert held.unmet == ()
    assert heard(session.entries) == ["220", "250", "220", "250", "221"]

"""What ``deliverkit smtp`` is given to send, and what of it cannot be used."""

from __future__ import annotations

import pytest

from tests.sending import ENDS, command, send


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (("--dkim-selector", "s1"), "needs a key and its selector"),
        (("--dkim-domain", "a.example"), "needs a key and its selector"),
        (("--dkim-key", ""), "needs a key and its selector"),
        (("--message", ""), " cannot be read"),
        (("--template", ""), " cannot be read"),
        (("--html", ""), "--html: there is nothing in it"),
        (("--subject", "a\r\nBcc: x@y.example"), "the header Subject has a line break in it"),
        (("--header", "X: a\nY: b"), "the header X has a line break in it"),
        (("--header", "no header"), "is no header"),
        (("--to", "c@c.example\r\nRCPT TO:<x@y.example>", "--subject", "x"), "give one address"),
        (("--message", "-", "--subject", "x"), "--message is the whole message: leave --subject out"),
        (("--message", "/no/such"), "/no/such cannot be read"),
        (("--attach", "/no/such"), "/no/such cannot be read"),
        (("--body", "@/no/such"), "/no/such cannot be read"),
        (("--dkim-selector", "s1", "--subject", "x"), "needs a key and its selector"),
        (("--set", "from=c@a.example"), "--from and --set from=… give the same"),
        (("--set", "rcpt=c@b.example"), "--to and --set rcpt=… give the same"),
        (("--helo", "a.example", "--set", "helo=b.example"), "--helo and --set helo=… give the same"),
        (("--dsn", "often"), "write never, or one or more of"),
        (("--user", "ada"), "the script deliver has no use for --user"),
        (("--source", "192.0.2.1"), "this machine cannot speak from there"),
        (("--source", "x"), "is no IP address"),
        (("--source", "::1"), "--source ::1 is of IPv6, and nobody connects from there to 127.0.0.1"),
        (("--log", "/no/such/folder/log"), "cannot be written"),
        (("--record", "/no/such/folder/record"), "there is no folder"),
        (("--record", "/"), "it is a folder"),
        (("--save", "/no/such/folder/case"), "there is no folder"),
        (("--quit-after", "VRFY"), "no step VRFY"),
        (("--quit-after", "DATA"), "waits for a message"),
        (("--quit-after", "RCPT", "--drop-after", "RCPT"), "exclude each other"),
        (("--quit-after", "BDAT"), "with these options the script deliver does not come to BDAT"),
        (("--drop-after", "DATA", "--chunking"), "with these options the script deliver does not come to DATA"),
        (("--quit-after", "quit"), "QUIT is the end already"),
        (("--to", "nobody"), "give an address, such as ada@example.com; --set rcpt=… sends what is none"),
        (("--to", ""), "give an address"),
        (("--to", "@b.example"), "give an address"),
        (("--from", "a@b@c"), "give an address, such as ada@example.com; --set from=… sends what is none"),
        (("--from", ""), "the null sender is '<>'"),
        (("--helo", "a b"), "--set helo=… sends what is none"),
        (("--helo", ""), "give one name"),
        (("--mail-parameter", "X\r\nRCPT"), "write KEYWORD or KEYWORD=VALUE, on one line"),
        (("--rcpt-parameter", "X\n"), "write KEYWORD or KEYWORD=VALUE, on one line"),
    ],
)
def test_what_cannot_be_used_is_told_before_anything_is_sent(arguments: tuple[str, ...], words: str) -> None:
    ended = send("--script", "deliver", *ENDS, *arguments)
    assert (ended.code, ended.deliveries) == (2, [])
    assert words in ended.err


def test_odd_addresses_that_are_right_are_sent() -> None:
    odd = ('"a@b"@b.example', "Postmaster", "ada@[192.0.2.1]")
    options = [word for one in odd for word in ("--to", one)]
    ended = send("--script", "deliver", "--from", "<a@a.example>", *options)
    assert [one.recipients for one in ended.deliveries] == [odd]
    anyway = send("--script", "deliver", "--from", "a@a.example", "--set", "rcpt=nobody", recipients=["b@b.example"])
    assert (anyway.code, "> RCPT TO:<nobody>" in anyway.out) == (1, True)


@pytest.mark.parametrize("script", ["deliver", "probe"])
def test_recipients_are_read_from_standard_input(script: str) -> None:
    for more in (("-",), ()):
        ended = command(
            "--script", script, "--from", "a@a.example", "--lab", "smtp-good", "-q", *more, stdin=b"ada@good.example\n"
        )
        assert (ended.code, ended.err) == (0, "")
    ended = command("-", "--script", script, "--from", "a@a.example", "--lab", "smtp-good", stdin=b"good.example\n")
    assert (ended.code, "needs rcpt: give --to ADDRESS" in ended.err) == (2, True)


def test_a_script_from_standard_input_can_be_cut_short() -> None:
    ended = send("--script", "-", "--quit-after", "EHLO", stdin=b"< 220\n> EHLO {helo}\n< 250\n> NOOP\n< 250\n")
    assert (ended.code, "NOOP" in ended.out, "> QUIT" in ended.out) == (0, False, True)


def test_a_line_break_in_an_address_is_never_sent() -> None:
    sending = ("--script", "deliver", "--from", "a@a.example")
    refused = send(*sending, "--to", "b@b.example>\r\nRCPT TO:<x@y.example")
    assert (refused.code, refused.deliveries) == (2, [])
    ended = send(*sending, "--set", "rcpt=b@b.example>\r\nRCPT TO:<x@y.example")
    assert (ended.code, ended.out, ended.deliveries) == (2, "", [])
    assert "--set rcpt has a line break in it, and line 87 of the script deliver" in ended.err


def test_an_option_for_which_the_script_has_no_use_is_refused() -> None:
    ended = send("--subject", "x")
    assert ended.code == 2
    assert "the script greet has no use for a message: choose another with --script" in ended.err

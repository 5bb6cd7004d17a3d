"""The script language: read with every fault told, written back line for line."""

from __future__ import annotations

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from deliverkit.errors import ScriptError
from deliverkit.script import format_script, parse_script, syntax
from deliverkit.script.syntax import Secret, Template, Variable

AES, CHACHA = "TLS_AES_128_GCM_SHA256", "TLS_CHACHA20_POLY1305_SHA256"


def faults(text: str) -> list[str]:
    with pytest.raises(ScriptError) as caught:
        parse_script(text)
    return [str(fault) for fault in caught.value.faults]


def only(text: str) -> syntax.Statement:
    (statement,) = parse_script(text).statements
    return statement


def test_a_line_is_sent_as_it_stands() -> None:
    assert only("> MAIL FROM:<{from}> x  ") == syntax.Send(1, Template(("MAIL FROM:<", Variable("from"), "> x  ")))
    assert only(">") == syntax.Send(1, Template(()))
    assert only("> @@home {{}} \\r\\n") == syntax.Send(1, Template(("@home {} \\r\\n",)))
    assert only("> PASS {secret:password}") == syntax.Send(1, Template(("PASS ", Secret("password"))))


def test_raw_octets_have_escapes() -> None:
    assert only(r'>! "a\r\n\0\t\\\"\x41\xc3\xa4\xff{x}"') == syntax.SendRaw(
        1, Template(('a\r\n\0\t\\"Aä\udcff', Variable("x")))
    )


def test_an_expectation() -> None:
    expected = only('<+ 250|25x|5xx 5.7.*|4.1.1 "queued \\"as\\"" /^[A-Z]+\\/$/ within 500ms')
    assert isinstance(expected, syntax.Expect)
    assert expected.codes == ("250", "25x", "5xx")
    assert expected.enhanced == ("5.7.*", "4.1.1")
    assert [getattr(text, "text", None) or text for text in expected.texts] == [Template(('queued "as"',)), "^[A-Z]+/$"]
    assert (expected.within, expected.manner) == (0.5, syntax.Manner.COUNTS)


def test_blocks_and_conditions() -> None:
    script = parse_script("if not offered AUTH PLAIN {\n  > A\n} else {\n  repeat 2 {\n    close\n  }\n}\n")
    statement = script.statements[0]
    assert isinstance(statement, syntax.If)
    assert statement.condition == syntax.Condition(syntax.Offered("AUTH", "PLAIN"), is_negated=True)
    assert [one.line for one in (*statement.then, *(statement.otherwise or ()))] == [2, 4]


def test_for_each_with_a_block_and_without() -> None:
    assert isinstance(only("for each mx"), syntax.EachConversation)
    assert only('for each eod in a "\\n.\\n" {\n}') == syntax.ForEach(
        1, "eod", (Template(("a",)), Template(("\n.\n",))), ()
    )


EVERY_STATEMENT = r"""# every statement, in the normal form
#   a comment keeps its indentation

restricted
for each mx
set helo = "a "
set x ?= mail.example.com "quoted" \
set empty = ""
> EHLO {helo}
> @@sign
> @{message}
>
>! "NOOP\r\n\xff\0\"\\{x}{secret:token}"
< 250
<? 2xx|354 5.7.* "text {x}" /a\/b|c+/ within 1.5s
<+ xxx within 10m
if offered STARTTLS {
  starttls
} else {
  tls
}
if not reply 4xx|550 {
  if set x {
    auth PLAIN
    auth {mechanism} in clear
  }
}
repeat 3 {
  wait 0.2s
}
for each rcpt keep {
  > RCPT TO:<{rcpt}>
}
for each eod in "\n.\n" "ä" {
  bdat @message.eml by 4096
  bdat "text\r\n"
}
pipeline {
  > MAIL FROM:<>
  # and
  < 250
}
close
given rcpt = "a@example.org" "b\r\n{{}}"
"""


def test_printing_what_was_read_gives_the_normal_form_back() -> None:
    assert format_script(parse_script(EVERY_STATEMENT)) == EVERY_STATEMENT


def test_other_forms_become_the_normal_form_line_for_line() -> None:
    loose = (
        '\r\n\t>  x\r\n  <250   "a"\r\n  if   set  x{\r\n# c\r\n wait 1500ms \r\n wait 1m\r\n}\r\n'
        " set y=  b c \r\nfor each z in p q{\r\n}"
    )
    text = format_script(parse_script(loose))
    assert text == (
        '\n>  x\n< 250 "a"\nif set x {\n  # c\n  wait 1.5s\n  wait 1m\n}\nset y = b c\nfor each z in "p" "q" {\n}\n'
    )
    assert text.count("\n") == loose.count("\n") + 1


@pytest.mark.parametrize(
    ("text", "fault"),
    [
        (
            "> EHLO {helo",
            "line 1, column 8: expected {name}, {secret:name}, or {{ and }} for the signs themselves, found '{helo'",
        ),
        ("< 25", "line 1, column 3: expected a reply code such as 250, 2xx or 250|251, found '25'"),
        ("<", "line 1, column 2: expected a reply code such as 250, 2xx or 250|251, found the end of the line"),
        ("\n< 250 5.7", "line 2, column 7: expected an enhanced status code such as 5.7.1 or 5.7.*, found '5.7'"),
        ('< 250 "a', "line 1, column 7: expected a closing \", found '\"a'"),
        ("< 250 /a(b/", "line 1, column 9: expected a closing bracket after it, found none"),
        (
            "< 250 ok",
            'line 1, column 7: expected an enhanced code, "text", /pattern/, within, or the end of the line',
        ),
        ("wait 5h", "line 1, column 6: expected a time such as 2s, 500ms or 1m, found '5h'"),
        ("wait 11m", "line 1, column 6: expected a time above 0 and up to 600s, found '11m'"),
        (
            "if x {\n}",
            "line 1, column 4: expected reply, offered or set, with not before it for the contrary, found 'x {'",
        ),
        ("repeat 1001 {\n}", "line 1, column 8: expected how often, from 1 to 1000, found '1001 {'"),
        ("repeat 2 {\n> x", "line 2, column 4: expected } to close the block of line 1, found the end of the line"),
        (
            "auth plai",
            "line 1, column 6: expected a mechanism in capitals, such as PLAIN, offered, or a {variable}, found 'plai'",
        ),
        (
            "set a = {secret:b}",
            "line 1, column 9: expected no {secret:name} here: it may only be sent, found '{secret:b}'",
        ),
        ("> a\x07", "line 1, column 4: expected no control characters: they stand as escapes in quotes, found '\\x07'"),
        (
            "> a\rMAIL",
            "line 1, column 4: expected no control characters: they stand as escapes in quotes, found 'MAIL'",
        ),
        (">EHLO", "line 1, column 2: expected a space after >, found 'EHLO'"),
        ("}", "line 1, column 1: expected a statement: "),
        (
            "pipeline {\nstarttls\n}",
            "line 2, column 1: expected only > >! < and for each inside pipeline, found another",
        ),
        (
            "> x\nfor each mx",
            "line 2, column 12: expected {, or this line before every other statement, found the end of the line",
        ),
        ("repeat 2 {\ngiven x = y\n}", "line 2, column 1: expected this outside of every block, found 'given x = y'"),
    ],
)
def test_a_fault_says_where_what_was_expected_and_what_stood_there(text: str, fault: str) -> None:
    assert [found[: len(fault)] for found in faults(text)] == [fault]


def test_every_fault_is_told_at_once() -> None:
    found = faults("< 1\nif foo {\n  < 2\n} else {\n  bogus\n}\n< 250\nwait never\n")
    assert [re.match(r"line (\d+)", fault)[1] for fault in found] == ["1", "2", "3", "5", "8"]  # type: ignore[index]


def test_a_script_is_bounded() -> None:
    assert "at most 65536 characters" in faults("#" * 70_000)[0]
    assert "at most 65536 characters" in faults("\n" * 3_000)[0]
    assert "at most 8 blocks in one another" in faults("repeat 2 {\n" * 1_999)[0]


def test_one_fault_of_a_block_makes_no_others() -> None:
    deep = "".join([*["repeat 2 {\n"] * 100, "if reply 2xx {\n", "> {{\n", "} else {\n", "}\n", *["}\n"] * 100])
    assert faults(deep) == ["line 9, column 1: expected at most 8 blocks in one another, found another block"]
    assert len(faults(f"{deep}hello\n")) == 2
    assert faults("if reply 2xx {\n> x\n}\nelse {\n> y\n}\n> z\n") == [
        "line 4, column 1: expected } else { on one line, where the block of its if ends, found 'else {'"
    ]
    assert "at most 8 blocks" in faults("repeat 2 {\n" * 9 + "}\n" * 9)[0]
    assert parse_script("repeat 2 {\n" * 8 + "}\n" * 8)


LINES = st.sampled_from(
    [
        *EVERY_STATEMENT.splitlines(),
        "}",
        "} else {",
        "if",
        "for each",
        "< 2",
        "> {",
        "repeat 2 {",
        '>! "\\x4"',
        "< 250 /(/",
    ]
)


def read(text: str) -> syntax.Script | ScriptError:
    try:
        return parse_script(text)
    except ScriptError as error:
        return error


@given(st.lists(LINES | st.text(max_size=20), max_size=12).map("\n".join))
def test_any_text_is_read_or_refused_and_reads_the_same_again(text: str) -> None:
    script = read(text)
    if isinstance(script, ScriptError):
        assert all(fault.line >= 1 and fault.column >= 1 and fault.expected and fault.found for fault in script.faults)
    else:
        printed = format_script(script)
        assert parse_script(printed) == script
        assert printed.count("\n") == len(text.removesuffix("\n").split("\n")) * bool(text)


@given(st.text(), st.lists(st.text(), min_size=1, max_size=3))
def test_any_value_is_written_so_that_it_reads_the_same(value: str, given_values: list[str]) -> None:
    script = syntax.Script(
        (
            syntax.Set(1, "x", Template((value,) if value else ())),
            syntax.Given(2, "y", tuple(given_values)),
        )
    )
    assert parse_script(format_script(script)) == script


@pytest.mark.parametrize("version", ["", " 1.0", " 1.3"])
@pytest.mark.parametrize(("word", "kind"), [("starttls", syntax.StartTls), ("tls", syntax.Tls)])
def test_a_handshake_may_name_the_one_version_to_speak(
    word: str, kind: type[syntax.StartTls | syntax.Tls], version: str
) -> None:
    script = parse_script(f"{word}{version}\n")
    assert script.statements == (kind(1, version.strip()),)
    assert format_script(script) == f"{word}{version}\n"


@pytest.mark.parametrize("text", ["starttls 1.4\n", "starttls 1.2.3\n", "starttls TLSv1.2\n", "tls 1.4\n"])
def test_what_is_no_version_is_refused(text: str) -> None:
    with pytest.raises(ScriptError):
        parse_script(text)


@pytest.mark.parametrize(
    ("text", "hello"),
    [
        ("hello 1.2", syntax.Hello(1, "1.2")),
        ("hello ssl3", syntax.Hello(1, "ssl3")),
        (f"hello 1.3 with {AES} {CHACHA}", syntax.Hello(1, "1.3", (AES, CHACHA))),
        (f"hello 1.3 without {AES}", syntax.Hello(1, "1.3", (AES,), is_without=True)),
    ],
)
def test_a_hello_offers_all_suites_or_these_or_all_but_these(text: str, hello: syntax.Hello) -> None:
    script = parse_script(f"{text}\nclose\n")
    assert script.statements == (hello, syntax.Close(2))
    assert format_script(script) == f"{text}\nclose\n"


@pytest.mark.parametrize(
    ("text", "fault"),
    [
        ("hello", "line 1, column 6: expected a version of TLS, as 1.2, or ssl3, found "),
        ("hello 2.0", "line 1, column 7: expected a version of TLS, as 1.2, or ssl3, found '2.0'"),
        ("hello 1.2 with", "line 1, column 15: expected a cipher suite of TLS 1.2, by its name in the registry"),
        ("hello 1.2 with RC4", "line 1, column 16: expected a cipher suite of TLS 1.2, by its name in the registry"),
        (f"hello 1.2 with {AES}", "line 1, column 16: expected a cipher suite of TLS 1.2, by its name in the registry"),
        (f"hello 1.3 with {AES} {AES}", "column 39: expected each cipher suite once"),
        (f"hello 1.3 {AES}", "line 1, column 11: expected with or without and cipher suites, or the end of the line"),
        (
            "hello 1.3\n> QUIT",
            "line 2, column 1: expected close, or the end of the script, after hello, found '> QUIT'",
        ),
        ("hello 1.3\n\n# x\nwait 1s", "line 4, column 1: expected close, or the end of the script, after hello"),
        ("if offered X {\n  hello 1.3\n}\n< 250", "line 4, column 1: expected close, or the end of the script"),
        ("if offered X {\n} else {\n  hello 1.3\n}\n< 250", "line 5, column 1: expected close, or the end of"),
        ("repeat 2 {\n  hello 1.3\n}", "line 1, column 1: expected close after hello, which a connection takes once"),
        ("pipeline {\n  hello 1.3\n}", "line 2, column 1: expected only > >! < and for each inside pipeline"),
    ],
)
def test_what_a_hello_cannot_offer_and_where_it_cannot_stand(text: str, fault: str) -> None:
    with pytest.raises(ScriptError) as raised:
        parse_script(text)
    assert fault in str(raised.value)


@pytest.mark.parametrize(
    "text",
    [
        "hello 1.3\n\n# the end\n",
        "hello 1.3\nclose\ngiven a = b\n",
        "if offered X {\n  hello 1.3\n  close\n}\n> QUIT\n< 221\n",
        "repeat 2 {\n  hello 1.3\n  close\n}\n",
    ],
)
def test_where_a_hello_can_stand(text: str) -> None:
    assert format_script(parse_script(text)).count("hello 1.3") == 1

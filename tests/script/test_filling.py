"""What is given to a script, what it still needs, and what it does to others."""

from __future__ import annotations

import pytest

from deliverkit.errors import ScriptError
from deliverkit.script import fill, find_needs, format_script, is_for_each_host, load, parse_script, shipped, text_of
from deliverkit.script.judging import is_restricted, rcpt_probes
from deliverkit.script.walking import count_lines

GREETED = "< 220\n"


def test_what_is_given_stands_after_the_last_line() -> None:
    (script,) = fill(parse_script("> {a} {b}\nif set x {\n}\n"), {"b": ("1", "\r\n{"), "a": ("x",), "c": ()})
    assert format_script(script) == '> {a} {b}\nif set x {\n}\ngiven a = "x"\ngiven b = "1" "\\r\\n{{"\n'
    assert parse_script(format_script(script)) == script


@pytest.mark.parametrize("name", shipped())
def test_a_filled_script_is_what_its_text_would_be_read_as(name: str) -> None:
    given = {"mx": ("mx.example",), "helo": ('a "b" \\ {c}',), "rcpt": ("ada@good.example", "zoë@good.example", "")}
    for script in fill(load(name).script, given):
        text = text_of(script)
        assert parse_script(text) is script
        assert parse_script(text.replace("\n", "\r\n")) == script  # another text, which nobody remembers


@pytest.mark.parametrize("name", shipped())
def test_lines_are_counted_as_they_are_written(name: str) -> None:
    script = load(name).script
    assert count_lines(script.statements) == format_script(script).count("\n")


def test_what_the_script_gives_itself_is_given_anew_in_its_place() -> None:
    (script,) = fill(parse_script("given a = 1\n> {a}\ngiven b = 2\n"), {"a": ("3",)})
    assert format_script(script) == 'given a = "3"\n> {a}\ngiven b = "2"\n'


def test_each_value_is_a_conversation_of_its_own_and_lines_stay() -> None:
    first, second = fill(parse_script('# x\nfor each eod in "\\n.\\n" "{a}"\n>! "{eod}"\n'), {"a": ("1",)})
    assert format_script(first) == '# x\nset eod = "\\n.\\n"\n>! "{eod}"\ngiven a = "1"\n'
    assert format_script(second) == '# x\nset eod = {a}\n>! "{eod}"\ngiven a = "1"\n'


def test_for_each_mx_takes_what_is_given() -> None:
    script = parse_script("for each mx\n< 220\n")
    assert is_for_each_host(script)
    assert not is_for_each_host(parse_script("for each x in a\n"))
    assert not is_for_each_host(parse_script("for each mx {\n}\n"))
    assert [format_script(one).splitlines()[0] for one in fill(script, {"mx": ("a.example", "b.example")})] == [
        "set mx = a.example",
        "set mx = b.example",
    ]
    assert fill(script, {}) == ()


@pytest.mark.parametrize(
    ("text", "variables"),
    [
        ("> {a} {{b}}", {"a"}),
        ("set a = {b}\n> {a}", {"b"}),
        ("> {a}\nset a = 1", {"a"}),
        ("if set a {\n> {a} {b}\n} else {\n> {c}\n}", {"b", "c"}),
        ("if not set a {\n> {c}\n} else {\n> {a}\n}", {"c"}),
        ("if set a {\n} else {\n> {c}\n}\ngiven a = 1", set()),
        ("for each a {\n> {a}\n}", {"a"}),
        ("for each a in 1 {\n> {a}\n}\n> {a}", {"a"}),
        ("for each a in 1\n> {a}", set()),
        ('< 250 "{a}"\npipeline {\n>! "{b}"\n}\nbdat "{c}"', {"a", "b", "c"}),
        ("auth {m}", {"m", "user"}),
    ],
)
def test_which_variables_are_needed(text: str, variables: set[str]) -> None:
    assert find_needs(parse_script(text)).variables == variables


def test_which_secrets_and_messages_are_needed() -> None:
    needs = find_needs(parse_script("auth PLAIN\nauth XOAUTH2\n> {secret:pin}\n> @a.eml\nbdat @b.eml\n> @{c}\n"))
    assert needs.secrets == {"password", "token", "pin"}
    assert needs.messages == {"a.eml", "b.eml"}
    assert needs.variables == {"user", "c"}


@pytest.mark.parametrize(
    ("text", "count"),
    [
        ("> RCPT TO:<a>", 1),
        ("> rcpt to:<a>\n> VRFY x\n> Expn y\n> NOOP", 3),
        ("repeat 3 {\nrepeat 2 {\n> RCPT TO:<a>\n}\n}", 6),
        ("if set x {\n> VRFY a\n> VRFY b\n} else {\n> VRFY c\n}", 2),
        ("for each a in 1 2 3 {\n> RCPT TO:<{a}>\n}", 3),
        ("for each rcpt {\n> RCPT TO:<{rcpt}>\n}\ngiven rcpt = a b", 2),
        ("for each rcpt {\n> RCPT TO:<{rcpt}>\n}", 1),
        ("for each x in 1 2\n> RCPT TO:<a>\n> VRFY b", 4),
        ("pipeline {\n> RCPT TO:<a>\n> RCPT TO:<b>\n}", 2),
        ('>! "RCPT TO:<a>\\r\\nVRFY b\\r\\n"', 2),
        ('set x = "RCPT TO:<a>\\r\\nVRFY b\\r\\n"\n>! "{x}{x}EXPN"', 5),
        ('>! "{x}"\ngiven x = "NOOP" "VRFY a"', 1),
        ("> {command}", 1),
        ("> R{rest}", 1),
        ("> {a}CPT x\ngiven a = R", 1),
        ("> {a} x\ngiven a = NOOP", 0),
        ("set a = RCPT\n> {a} x\ngiven a = NOOP", 1),
        ("> MAIL FROM:<{a}>", 0),
        ("> Subject: RCPT", 0),
        (">", 0),
    ],
)
def test_how_many_recipients_are_tried(text: str, count: int) -> None:
    assert rcpt_probes(parse_script(text)) == count


@pytest.mark.parametrize(
    ("text", "is_so"),
    [
        (GREETED + "> EHLO a", False),
        (GREETED + "> EHLO a\nrestricted", True),
        (GREETED + '>! "x"', True),
        (GREETED + 'if set x {\nrepeat 2 {\npipeline {\n>! "x"\n}\n}\n}', True),
        (GREETED + "> XCLIENT NAME=a", True),
        (GREETED + "> xforward NAME=a", True),
        (GREETED + "> {verb}", True),
        (GREETED + "> {verb} x\ngiven verb = NOOP", False),
        ("> EHLO a\n< 220", True),
        ("wait 1s\nset x = y\n# c\n> EHLO a", True),
        ("tls\n< 220\n> EHLO a", False),
        ("tls\n> EHLO a", True),
        ("starttls", True),
        ("if set x {\n< 220\n}\n> EHLO a", True),
        ("if set x {\n< 220\n} else {\n< 2xx\n}\n> EHLO a", False),
        ("if set x {\ntls\n}\n< 220\n> EHLO a", False),
        ("if set x {\n> EHLO a\n} else {\n< 220\n}", True),
        ("", False),
    ],
)
def test_which_scripts_are_for_ones_own_hosts_only(text: str, is_so: bool) -> None:  # noqa: FBT001 - a table
    assert is_restricted(parse_script(text)) is is_so


@pytest.mark.parametrize("values", [("x",) * 101, ("x" * 70_000,)])
def test_what_is_given_is_bounded(values: tuple[str, ...]) -> None:
    with pytest.raises(ScriptError, match="at most 100 values and 65536 characters for rcpt"):
        fill(parse_script("> {rcpt}\n"), {"rcpt": values})

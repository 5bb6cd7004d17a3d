"""docs/scripts.md: every example is what it says."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from deliverkit.errors import ScriptError
from deliverkit.script import find_needs, format_script, parse_script, syntax
from deliverkit.script.judging import is_restricted
from tests.clients.smtp.test_conversing import hold
from tests.smtp_sessions import saying

PAGE = (Path(__file__).resolve().parents[2] / "docs" / "scripts.md").read_text("utf-8")
BLOCKS = re.findall(r"^```(\w+)(?: (\w+))?\n(.*?)^```$", PAGE, re.MULTILINE | re.DOTALL)
EXAMPLES = [text for language, _, text in BLOCKS if language == "smtp"]


def block(name: str) -> str:
    (text,) = (text for _, found, text in BLOCKS if found == name)
    return str(text)


@pytest.mark.parametrize("text", EXAMPLES)
def test_each_example_is_in_the_normal_form(text: str) -> None:
    assert format_script(parse_script(text)) == text


def test_only_the_example_that_says_so_is_restricted() -> None:
    restricted = [text for text in EXAMPLES if is_restricted(parse_script(text)) and text.startswith("restricted")]
    assert len(restricted) == 1


def test_every_statement_has_an_example() -> None:
    shown = "\n".join(EXAMPLES)
    for word in ("starttls", "tls", "auth", "bdat", "wait", "close", "set", "if", "for each", "pipeline", "restricted"):
        assert re.search(rf"^ *{word}\b", shown, re.MULTILINE), word


def test_what_is_told_of_expectations_that_are_not_met() -> None:
    session = saying(*block("replies").splitlines())
    held = hold(block("unmet"), session, variables={"helo": ("a.example",)})
    told = [f"line {line}: wanted {wanted}, got {got}" for line, wanted, got, _ in held.unmet]
    assert told == block("told").splitlines()
    assert session.sent[-1] == b"QUIT\r\n"


def test_what_is_told_of_faults() -> None:
    with pytest.raises(ScriptError) as caught:
        parse_script(block("faulty"))
    assert str(caught.value) == block("faults").rstrip("\n")


def test_the_bounds_are_those_that_are_told() -> None:
    text = " ".join(PAGE.split())
    assert f"{syntax.MOST_CHARACTERS:,} characters on {syntax.MOST_LINES:,} lines" in text
    assert f"{syntax.MOST_NESTED} blocks in one another, {syntax.MOST_REPEATS:,} repeats" in text
    assert f"{syntax.MOST_VALUES} values in a list" in text
    assert syntax.MOST_SECONDS == 600


def test_statements_in_the_tables_can_be_read() -> None:
    for cell in re.findall(r"^\| (`.+?) \|", PAGE, re.MULTILINE):
        opened = [one for one in re.findall(r"`([^`]+)`", cell) if one.startswith((">", "bdat", "<", "auth", "wait"))]
        for statement in opened:
            assert parse_script(statement).statements
            assert find_needs(parse_script(statement)).variables <= {"user", "mechanism"}

"""Hostile text, times, underlines, terminals."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from deliverkit.checks.wording import format_duration
from deliverkit.render.look import Look
from deliverkit.render.text import escape, wrap


@given(st.text())
def test_nothing_that_a_terminal_could_obey_comes_through(text: str) -> None:
    assert escape(text).isprintable()


@given(st.text(alphabet=st.characters(categories=["L", "N", "P"])))
def test_what_can_be_read_stays_as_it_is(text: str) -> None:
    assert escape(text) == text


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("\x1b[2J", "\\x1b[2J"),
        ("a\r\nb", "a\\r\\nb"),
        ("\x9b31m", "\\x9b31m"),
        ("abc\u202edef", "abc\\u202edef"),
        ("zero\u200bwidth", "zero\\u200bwidth"),
        ("\U000e0041", "\\U000e0041"),
        ("münchen ✓", "münchen ✓"),
    ],
)
def test_hostile_characters_are_spelt_out(text: str, shown: str) -> None:
    assert escape(text) == shown


@pytest.mark.parametrize(
    ("seconds", "said"),
    [
        (0, "0 s"),
        (0.1284, "128 ms"),
        (1, "1 s"),
        (5.04, "5.0 s"),
        (12.6, "13 s"),
        (60, "1 min"),
        (300, "5 min"),
        (3600, "1 h"),
        (3599, "59 min 59 s"),
        (5400, "90 min"),
        (86400, "1 d"),
        (604800, "7 d"),
        (90061, "25 h 1 min"),
    ],
)
def test_times_are_said_for_people(seconds: float, said: str) -> None:
    assert format_duration(seconds) == said


def test_prose_wraps_on_a_terminal_and_never_in_a_pipe() -> None:
    text = "word " * 50
    assert max(map(len, wrap(text, 60, rest="  ").splitlines())) <= 60
    assert "\n" not in wrap(text, None)


def test_colour_only_where_it_is_wanted() -> None:
    assert Look(has_colour=True).paint("x", "error") == "\x1b[31mx\x1b[0m"
    assert Look().paint("x", "error") == "x"
    assert Look(has_colour=True).paint("", "error") == ""


def test_wide_terminals_get_no_longer_lines_of_prose() -> None:
    assert Look(width=300).columns == 100
    assert Look(width=80).columns == 80
    assert Look().columns is None


@pytest.mark.parametrize("columns", range(40, 60))
def test_no_line_begins_with_a_percent_sign(columns: int) -> None:
    lines = wrap("weighted by your audience 18 % (7–41 %), you asked for 70 %: missed, and 9 % more", columns).split(
        "\n"
    )
    assert not any(line.startswith("%") for line in lines)
    assert "\N{NO-BREAK SPACE}" not in "".join(lines)

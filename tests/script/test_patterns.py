"""Patterns: the everyday part of regular expressions, in time linear in the text."""

from __future__ import annotations

import re
import time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from deliverkit.script.patterns import MOST_TEXT, Pattern, PatternFaultError, compile_pattern


@pytest.mark.parametrize(
    ("pattern", "line", "is_in"),
    [
        ("^SIZE( |$)", "SIZE", True),
        ("^SIZE( |$)", "SIZE 1000", True),
        ("^SIZE( |$)", "SIZES", False),
        ("queued as [0-9A-F]{4,}$", "Ok: queued as 4F2A1", True),
        ("queued as [0-9A-F]{6,}$", "Ok: queued as 4F2A1", False),
        (r"\d{3}\.\d", "v 123.4", True),
        (r"a|b(c|d)*e", "xbcdcde", True),
        ("postfix", "ESMTP Postfix", True),
        ("[]x]", "]", True),
        ("", "anything", True),
        ("^$", "x", False),
        (".", "", False),
    ],
)
def test_what_is_in_a_line(pattern: str, line: str, is_in: bool) -> None:  # noqa: FBT001 - a table
    assert Pattern(pattern).is_in(line) is is_in


@pytest.mark.parametrize(
    "pattern",
    [
        "(",
        ")",
        "*a",
        "a{3,1}",
        "[a",
        "[z-a]",
        "a\\",
        "{",
        "a" * 201,
        "((a{99}){99}){99}",
        "((){999}){999}",
        "(" * 50 + ")" * 50,
        "\\1",
        "[[a]]",
    ],
)
def test_what_cannot_be_read_is_a_fault(pattern: str) -> None:
    with pytest.raises(PatternFaultError):
        compile_pattern(pattern)


@pytest.mark.parametrize("pattern", ["(a*)*b", "(a|aa)+$b", "a*a*a*a*a*a*a*a*b", "(a?){30}a{30}b"])
def test_no_pattern_takes_long_over_a_hostile_text(pattern: str) -> None:
    started = time.monotonic()
    assert not Pattern(pattern).is_in("a" * MOST_TEXT * 10)
    assert time.monotonic() - started < 5


ATOMS = st.sampled_from(["a", "b", ".", "[ab]", "[^a]", r"\d", "^", "$"])
PATTERNS = st.recursive(
    ATOMS,
    lambda inner: st.one_of(
        st.lists(inner, min_size=1, max_size=3).map("".join),
        st.tuples(inner, inner).map("|".join),
        st.tuples(inner.map("({})".format), st.sampled_from(["*", "+", "?", "{2}", "{1,2}", "{0,}"])).map("".join),
    ),
    max_leaves=6,
)


@given(PATTERNS, st.text("ab1", max_size=6))
def test_it_agrees_with_pythons_own(pattern: str, line: str) -> None:
    assert Pattern(pattern).is_in(line) is bool(re.search(pattern.replace("$", r"\Z"), line))

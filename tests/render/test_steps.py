"""The columns of a matrix stand in the order of the conversations."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from deliverkit.render.steps import Step, in_order, steps_of
from tests.spoken import GREETED, LEFT, spoken


def steps(text: str) -> list[Step]:
    """``EHLO EHLO MAIL``, each counted among its kind; ``-`` is the greeting."""
    counts: dict[str, int] = {}
    found = []
    for word in text.split():
        verb = "" if word == "-" else word
        counts[verb] = counts.get(verb, 0) + 1
        found.append((verb, counts[verb]))
    return found


_WHOLE = "- EHLO STARTTLS EHLO MAIL RCPT DATA . QUIT"


@pytest.mark.parametrize(
    ("conversations", "order"),
    [
        ((), "-"),
        ((_WHOLE,), _WHOLE),
        (("- EHLO MAIL QUIT", "- EHLO MAIL RCPT"), "- EHLO MAIL RCPT QUIT"),  # hung up after RCPT
        (("- EHLO MAIL RCPT", "- EHLO MAIL QUIT"), "- EHLO MAIL RCPT QUIT"),
        (("", "- EHLO STARTTLS EHLO MAIL RCPT DATA", "- EHLO STARTTLS EHLO MAIL RCPT QUIT"), _WHOLE.replace(" .", "")),
        (("- QUIT", _WHOLE), _WHOLE),
        (("- EHLO MAIL RCPT DATA . QUIT", _WHOLE), _WHOLE),
        ((_WHOLE, "- EHLO HELO MAIL QUIT"), "- EHLO HELO STARTTLS EHLO MAIL RCPT DATA . QUIT"),
        ((_WHOLE, "- EHLO MAIL RCPT RCPT QUIT"), "- EHLO STARTTLS EHLO MAIL RCPT RCPT DATA . QUIT"),
        (("- EHLO MAIL RSET QUIT", "- EHLO MAIL RCPT RSET"), "- EHLO MAIL RCPT RSET QUIT"),
        (("- a b c d", "- a z", "- c z"), "- a b c z d"),
        (("- EHLO QUIT unasked", "- EHLO MAIL QUIT"), "- EHLO MAIL QUIT unasked"),
        (("- EHLO unasked MAIL QUIT", "- EHLO QUIT unasked"), "- EHLO unasked MAIL QUIT"),
        (("- a b", "- b a c"), "- b a c"),  # they contradict: the longer goes first
    ],
)
def test_the_orders_of_conversations_are_merged(conversations: tuple[str, ...], order: str) -> None:
    assert in_order([steps(one) for one in conversations]) == steps(order)


_CHOSEN = st.lists(st.sampled_from(_WHOLE.split()[:-1]), unique=True, max_size=6)


@given(st.lists(_CHOSEN, min_size=1, max_size=6))
def test_no_step_stands_before_one_that_it_follows(chosen: list[list[str]]) -> None:
    """Conversations that leave out steps of one script, each in its order, some with QUIT at their end."""
    script = _WHOLE.split()
    every = [[(verb, 1) for verb in sorted(one, key=script.index)] for one in chosen]
    every = [[*one, ("QUIT", 1)] if number % 2 else one for number, one in enumerate(every)]
    order = in_order(every)
    assert len(set(order)) == len(order)
    for one in every:
        assert [step for step in order if step in one] == one or not one
    assert ("QUIT", 1) not in order or order[-1] == ("QUIT", 1)


def test_what_came_early_is_no_step_of_its_own_and_quit_is_one_however_often_it_is_said() -> None:
    said = spoken((*GREETED, b"< 250 more", b"> QUIT", b"< 500 no", *LEFT))
    assert steps_of(said.exchanges) == [("", 1), ("EHLO", 1), ("unasked", 1), ("QUIT", 1), ("QUIT", 1)]

"""Seed tests one after another: what is chance, which was the last good one, what differed since."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

from deliverkit.facts.placement import Fate, PlacedCopy, Placement, placement_of
from deliverkit.facts.placement_history import Differing, PastTest, history_of

START = datetime(2026, 11, 1, tzinfo=UTC)


def placed(inbox: int, junk: int) -> Placement:
    fates = [Fate.INBOX] * inbox + [Fate.JUNK] * junk
    return placement_of("spring", [PlacedCopy(f"{at}@a.example", "A", fate) for at, fate in enumerate(fates)])


def past(day: int, inbox: int, junk: int, **traits: str) -> PastTest:
    return PastTest(f"t{day}", START + timedelta(days=day), placed(inbox, junk), tuple(traits.items()))


def test_a_change_is_told_from_chance() -> None:
    history = history_of([past(1, 23, 1), past(2, 21, 3), past(3, 5, 19)], 0.7)
    first, second, third = history.changes
    assert first is None
    assert second is not None
    assert second.is_chance
    assert third is not None
    assert not third.is_chance
    assert third.interval.low < third.rise < third.interval.high < 0


def test_tests_stand_in_the_order_of_time_and_one_without_a_rate_is_passed_over() -> None:
    history = history_of([past(3, 5, 5), past(2, 0, 0), past(1, 10, 0)], 0.7)
    assert [one.token for one in history.tests] == ["t1", "t2", "t3"]
    assert [change.rise if change else None for change in history.changes] == [None, None, -0.5]


def test_what_differs_since_the_last_good_one() -> None:
    good = past(2, 9, 1, message="aa", path="x", signed="")
    newest = past(4, 2, 8, message="bb", path="x", signed="shop.example")
    history = history_of([past(1, 9, 1, message="00"), good, past(3, 1, 9, message="bb"), newest], 0.7)
    assert history.good == good
    assert history.differing == (Differing("message", "aa", "bb"),)  # who signed then is not known


def test_the_newest_is_not_its_own_good_one() -> None:
    history = history_of([past(1, 1, 9), past(2, 10, 0)], 0.7)
    assert history.good is None
    assert history.differing == ()

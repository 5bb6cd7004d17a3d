"""Seed copies by provider and in total: what counts, what does not, and what the control says."""

from __future__ import annotations

import pytest

from deliverkit.errors import UsageError
from deliverkit.facts.placement import Control, Delays, Fate, PlacedCopy, delays_of, placement_of, shares_of


def copies(provider: str, *fates: Fate, is_control: bool = False) -> list[PlacedCopy]:
    return [PlacedCopy(f"{number}@{provider}.example", provider, fate, is_control) for number, fate in enumerate(fates)]


def test_what_is_not_settled_does_not_count() -> None:
    open_ends = [Fate.PENDING, Fate.DEFERRED, Fate.IN_DOUBT, Fate.UNSENT, Fate.UNREADABLE]
    placement = placement_of("spring", copies("one", Fate.INBOX, Fate.TAB, Fate.JUNK, Fate.MISSING, *open_ends))
    [one] = placement.providers
    assert (one.inbox, one.settled, len(one.copies)) == (2, 4, 9)
    assert placement.total is not None
    assert placement.total.rate == 0.5
    assert not placement.total.is_weighted


def test_without_a_copy_that_counts_there_is_no_rate() -> None:
    assert placement_of("spring", []).total is None
    assert placement_of("spring", copies("one", Fate.PENDING)).total is None


def test_the_audience_weighs() -> None:
    given = [*copies("one", Fate.JUNK, Fate.JUNK), *copies("two", *[Fate.INBOX] * 8), *copies("odd", Fate.JUNK)]
    placement = placement_of("spring", given, shares={"one": 0.6, "two": 0.2, "three": 0.2}, wanted=0.8)
    assert [one.provider for one in placement.providers] == ["one", "two", "odd"]
    total = placement.total
    assert total is not None
    assert total.rate == pytest.approx(0.25)  # 0.2 of 0.8: what is at three is not known, and odd is nobody's
    assert total.uncovered == pytest.approx(0.2)
    assert total.interval.low <= total.rate <= total.interval.high


def test_copies_that_are_unlike_the_campaign_are_apart() -> None:
    other = PlacedCopy("x@one.example", "one", Fate.INBOX, unlike="signed by another domain")
    placement = placement_of("spring", [*copies("one", Fate.JUNK), other])
    assert placement.unlike == (other,)
    assert placement.inbox == 0


def test_the_control_tells_content_from_sender() -> None:
    campaign = copies("one", Fate.JUNK, Fate.JUNK, Fate.INBOX, Fate.INBOX, Fate.PENDING)
    control = copies("one", Fate.INBOX, Fate.JUNK, Fate.TAB, Fate.REJECTED, Fate.INBOX, is_control=True)
    placement = placement_of("spring", [*campaign, *control])
    assert placement.control == Control(pairs=4, content=1, sender=1, reverse=1)
    assert placement_of("spring", campaign).control is None


def test_delays() -> None:
    found = [PlacedCopy("a", "one", Fate.INBOX, delay=float(n)) for n in range(1, 21)]
    assert delays_of([*found, PlacedCopy("b", "one", Fate.MISSING)]) == Delays(10.5, 19.0)
    assert delays_of([]) is None


def test_copies_that_are_still_open_can_turn_the_answer() -> None:
    placement = placement_of("spring", copies("one", *[Fate.INBOX] * 20, *[Fate.PENDING] * 20), wanted=0.7)
    assert placement.total is not None
    assert placement.at_worst is not None
    assert placement.at_best is not None
    assert placement.total.interval.low > 0.7 > placement.at_worst.interval.high - 0.1
    assert placement.at_best.rate == 1.0


def test_an_audience_without_a_seed_has_no_rate() -> None:
    assert placement_of("spring", copies("one", Fate.INBOX), shares={"two": 1.0}).total is None


def test_shares_are_parts_or_counts() -> None:
    assert shares_of({"one": 0.4, "two": 0.1}) == {"one": 0.4, "two": 0.1}
    assert shares_of({"one": 30, "two": 10}) == {"one": 0.75, "two": 0.25}
    assert shares_of({"one": 1, "two": 1}) == {"one": 0.5, "two": 0.5}
    assert sum(shares_of({"one": 0.51, "two": 0.5}).values()) == pytest.approx(1)
    assert shares_of({}) == {}


@pytest.mark.parametrize(
    ("numbers", "why"),
    [
        ({"one": 0.0}, "all shares are 0"),
        ({"one": 0.8, "two": 0.3}, "the parts add up to 1.10"),
        ({"one": 0.8, "two": 300}, "side by side"),
    ],
)
def test_shares_that_contradict_each_other_are_refused(numbers: dict[str, float], why: str) -> None:
    with pytest.raises(UsageError, match=why):
        shares_of(numbers)

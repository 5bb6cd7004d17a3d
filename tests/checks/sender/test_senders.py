"""Senders in good order, altered in one place at a time; and when they are looked at."""

from __future__ import annotations

from dataclasses import replace

import pytest

from deliverkit.lab.world import World, load, parse
from deliverkit.model import Outcome
from deliverkit.profiles import choose
from tests.judging import Judged, judge

GOOD = """
title = "Two senders, of IPv4 and of IPv6, that greet by one name"
profile = "sending"
target = "shop.example"
senders = ["11.0.1.25", "2a11:db8:1::25"]
helo = "out.shop.example"
areas = ["sender"]

[[zones]]
origin = "shop.example"
text = '''
out  A     11.0.1.25
out  AAAA  2a11:db8:1::25
mx   A     11.0.9.25
v4   A     11.0.1.25
11-0-1-25.pool  A  11.0.1.25
'''

[addresses]
"11.0.1.25" = "out.shop.example"
"2a11:db8:1::25" = "out.shop.example"
"""
REVERSE = '"11.0.1.25" = "out.shop.example"'
REVERSE_6 = '"2a11:db8:1::25" = "out.shop.example"'
HELO = 'helo = "out.shop.example"'

# What stands there now, what is put in its place, and what that yields.
ALTERED: tuple[tuple[str, str, list[str]], ...] = (
    (REVERSE, "", ["SND001"]),
    (REVERSE_6, "", ["SND001"]),
    (REVERSE_6, '"2a11:db8:1::25" = "v4.shop.example"', ["SND002", "SND005"]),
    (REVERSE, '"11.0.1.25" = "mx.shop.example"', ["SND002", "SND005"]),
    (REVERSE, '"11.0.1.25" = "gone.shop.example"', ["SND002", "SND005"]),
    (REVERSE, '"11.0.1.25" = "v4.shop.example"', ["SND005"]),
    (REVERSE, '"11.0.1.25" = "11-0-1-25.pool.shop.example"', ["SND003", "SND005"]),
    ("out  AAAA  2a11:db8:1::25", "", ["SND002"]),
    (HELO, "", []),
    (HELO, 'helo = "mx.shop.example"', ["SND004"]),
    (HELO, 'helo = "gone.shop.example"', ["SND004"]),
    (HELO, 'helo = "v4.shop.example"', ["SND005"]),
    ('"2a11:db8:1::25"]', '"10.0.0.1"]', []),
    (', "2a11:db8:1::25"]', "]", []),
    ('profile = "sending"', 'profile = "domain"', []),
)


def world(text: str = GOOD) -> World:
    return parse(text, name="senders")


def judged(text: str = GOOD) -> Judged:
    return judge(world(text))


def test_the_good_senders_have_no_fault() -> None:
    found = judged()
    assert {str(result.outcome) for result in found.report.results} == {"pass"}
    assert found.report.verdicts["sender"].sentence == "2 of 2 sending addresses have a reverse name that leads back."


@pytest.mark.parametrize(("old", "new", "codes"), ALTERED)
def test_altered_senders(old: str, new: str, codes: list[str]) -> None:
    assert GOOD.count(old) == 1
    assert judged(GOOD.replace(old, new)).codes == codes


def test_the_table_reaches_every_check() -> None:
    assert {code for *_, codes in ALTERED for code in codes} == {check.check.code for check in judged().report.results}


def test_both_are_asked_at_once_and_two_round_trips_do() -> None:
    otherwise = GOOD.replace(HELO, 'helo = "mx.shop.example"')  # what it greets by is asked about in the first
    assert max(one.depth for one in judged(otherwise).report.trace.asked) == 2


def test_a_silent_name_server_leaves_it_open() -> None:
    broken = GOOD.replace(
        "[[zones]]", '[[faults]]\nname = "25.1.0.11.in-addr.arpa"\ntype = "PTR"\ndo = "servfail"\n\n[[zones]]'
    )
    found = judged(broken)
    assert "SND001" in found.unknown
    assert "SND001" not in found.codes


def test_without_senders_nothing_is_judged_and_nothing_asked() -> None:
    found = judged(GOOD.replace('["11.0.1.25", "2a11:db8:1::25"]', "[]"))
    assert {result.outcome for result in found.report.results} == {Outcome.NOT_APPLICABLE}
    assert found.questions == []
    assert "sender" not in found.report.verdicts


def test_it_belongs_to_the_profile_of_domains_that_send() -> None:
    assert "sender" in choose("sending").kept_areas
    assert "sender" not in choose("domain").kept_areas
    assert "sender" not in choose("sending", only=["spf"]).kept_areas
    whole = judge(replace(load("good"), profile="sending", areas=(), senders=("11.0.1.25", "11.0.9.80")))
    assert [code for code in whole.codes if code.startswith("SND")] == ["SND001"]

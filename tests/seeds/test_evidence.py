"""What receivers wrote into the copies that arrived."""

from __future__ import annotations

import json
from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from deliverkit.facts.seed_evidence import Passage, Written
from deliverkit.seeds.evidence import MOST_FILTERS, MOST_NAME, MOST_NAMES, evidence_of, receivers_of
from deliverkit.standards.spam_headers.reasons import Reasons
from tests.seeds.arriving import arrival, copy, seed_test

HEADER = """\
X-Spam-Status: Yes, score=7.5 required=5.0 tests=BAYES_99
Authentication-Results: mx1.north.example; dkim=pass header.d=shop.example; spf=fail smtp.mailfrom=esp.example
Received: from a1.esp.example (a1.esp.example [11.7.0.1]) by mx1.north.example with ESMTPS;
 Wed, 25 Nov 2026 10:00:09 +0000
Authentication-Results: mx1.north.example; dmarc=pass header.from=shop.example
X-Spam-Flag: NO
Received: from app (app [11.7.0.9]) by a1.esp.example with ESMTP; Wed, 25 Nov 2026 10:00:02 +0000
X-Spam-Flag: YES
Authentication-Results: esp.example; dkim=pass header.d=forged.example
Subject: Spring sale"""


def written(header: str, **values: object) -> Written:
    (found,) = evidence_of(seed_test(replace(copy(), arrivals=(arrival(header),), **values)))  # type: ignore[arg-type]
    return found


def test_the_receiver_s_word_is_told_apart_from_what_a_sender_may_have_written() -> None:
    found = written(HEADER)
    assert [str(one) for one in found.results] == [
        "dkim=pass shop.example",
        "spf=fail esp.example",
        "dmarc=pass shop.example (unproved: the sender may have written it)",
    ]
    assert found.foreign == 1
    assert [(one.field, one.is_proved) for one in found.verdicts] == [("X-Spam-Status", True), ("X-Spam-Flag", False)]
    assert found.verdicts[0].words.startswith("X-Spam-Status: spam, score 7.5 of 5.0")
    assert found.blamed == (Reasons("X-Spam-Status", ("BAYES_99",)),)
    assert found.way == (Passage("a1.esp.example", None), Passage("mx1.north.example", 7.0))
    assert json.loads(json.dumps(found.to_plain()))["foreign"] == 1


RESULTS = "Authentication-Results: mx1.north.example;"
OWN = f"X-Deliverkit-Seed: {copy().token}"
BENEATH = HEADER.replace("X-Spam-Flag: NO\n", f"X-Spam-Flag: NO\n{OWN}\n")


def test_what_stands_above_the_token_of_a_copy_that_went_straight_there_is_the_receiver_s() -> None:
    found = written(BENEATH)
    assert [(str(one), one.is_proved) for one in found.results][2:] == [("dmarc=pass shop.example", True)]
    assert [(one.field, one.is_proved) for one in found.verdicts] == [("X-Spam-Status", True), ("X-Spam-Flag", True)]


@pytest.mark.parametrize(
    "header",
    [
        BENEATH.replace(copy().token, "dk" + "0" * 24),
        HEADER.replace(f"{RESULTS} dmarc", f"{OWN}\n{RESULTS} dmarc"),
    ],
)
def test_a_token_of_another_or_one_that_stands_above_proves_nothing(header: str) -> None:
    found = written(header)
    assert not found.results[2].is_proved


def test_what_a_relay_or_a_platform_had_in_between_is_not_proved_by_the_token() -> None:
    [sending] = copy().sendings
    for sendings in ((sending._replace(is_relayed=True),), ()):
        (found,) = evidence_of(seed_test(replace(copy(), arrivals=(arrival(BENEATH),), sendings=sendings)))
        assert not any(one.is_proved for one in found.results if "dmarc" in one.words)
        assert receivers_of(replace(copy(), sendings=sendings)) == ("north.example",)


def test_each_filter_is_blamed_once_and_with_bounds() -> None:
    rules = ",".join(f"{'A' * 90}{number}=2" for number in range(99))
    found = written(
        "X-Spam-Flag: YES\nX-Spam-Status: Yes, tests=ONE=3\n"
        f"X-Spam-Status: Yes, tests={rules}\nX-Spamd-Result: default: False [9.0 / 15.0]; LAST(9.0)[]\n{HEADER}"
    )
    assert [(one.filter, len(one.names)) for one in found.blamed] == [("X-Spam-Status", MOST_NAMES), ("rspamd", 1)]
    assert max(len(name) for one in found.blamed for name in one.names) <= MOST_NAME
    assert written(f"X-Spam-Flag: YES\n{BENEATH}").blamed[0].names == ("BAYES_99",)
    flags = "X-Spam-Flag: YES\nX-Spam: Yes\n"
    assert written(flags).blamed == (Reasons("X-Spam-Flag", ()), Reasons("X-Spam", ()))
    assert len(written(f"{flags}X-Gm-Spam: 1\nX-Gm-Phishy: 1\n").blamed) == MOST_FILTERS


def test_without_a_border_nothing_is_proved() -> None:
    found = written(HEADER.replace("by mx1.north.example", "by mx.elsewhere.example"))
    assert (found.results, found.foreign) == ((), 3)
    assert {one.is_proved for one in found.verdicts} == {False}


def test_clocks_that_run_backwards_give_no_delay() -> None:
    found = written(HEADER.replace("10:00:09", "09:00:00"))
    assert found.way[1] == Passage("mx1.north.example", None)


def test_a_provider_s_own_hosts_are_known() -> None:
    one = replace(copy(), provider="Gmail", sendings=())
    assert receivers_of(one) == ("north.example", "google.com")
    assert receivers_of(copy()) == ("north.example", "mx1.north.example")


def test_what_did_not_arrive_has_nothing_written_into_it() -> None:
    assert evidence_of(seed_test()) == ()


@given(st.text(max_size=300))
def test_whatever_stands_there_nothing_is_raised(text: str) -> None:
    hostile = text.encode("utf-8", "replace").decode()
    found = written(f"Authentication-Results: mx1.north.example; {hostile}\nX-Spam-Status: {hostile}\n{HEADER}")
    json.dumps(found.to_plain())

"""What receivers wrote into the copies that arrived."""

from __future__ import annotations

import json
from dataclasses import replace

from hypothesis import given
from hypothesis import strategies as st

from deliverkit.facts.seed_evidence import Passage, Written
from deliverkit.seeds.evidence import evidence_of, receivers_of
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
    assert found.way == (Passage("a1.esp.example", None), Passage("mx1.north.example", 7.0))
    assert json.loads(json.dumps(found.to_plain()))["foreign"] == 1


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

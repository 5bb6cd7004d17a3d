"""What the journal knows of a test's message and way."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

from deliverkit.observations.seeds import SeedTest
from deliverkit.seeds.history import past
from deliverkit.seeds.joining import Terms
from deliverkit.seeds.reporting import placement_in
from tests.seeds.arriving import HOUR, START, accepted, arrival, copy, esp_header, seed_test


def traits(test: SeedTest) -> dict[str, str]:
    placement = placement_in(test, START + HOUR, terms=Terms(timedelta(hours=2)))
    return dict(past(test, placement).traits)


def test_the_way_is_read_from_what_arrived() -> None:
    one = copy(arrivals=(arrival(esp_header()),))
    found = traits(seed_test(one, digest="ab" * 32))
    assert found == {
        "message": "abababababab",
        "subject": "Spring sale",
        "From domain": "shop.example",
        "handed over to": "the seeds' mail hosts",
        "sending addresses": "11.7.0.1",
        "signed by": "esp.example, shop.example",
        "Return-Path at": "esp.example",
        "providers": "North 1",
    }


def test_a_relay_is_one_host_for_several_providers() -> None:
    one, other = copy(), replace(copy(token=f"dk{'b' * 24}", address="b@south.example"), provider="South")
    assert traits(seed_test(one, other))["handed over to"] == "mx1.north.example"
    assert traits(seed_test(one, is_external=True))["handed over to"] == "your own platform"


def test_the_plain_message_s_way_is_not_the_campaign_s() -> None:
    control = copy(is_control=True, arrivals=(arrival(esp_header()),))
    assert traits(seed_test(copy(), control))["signed by"] == ""


def test_many_addresses_are_counted() -> None:
    header = esp_header()
    many = [
        copy(
            token=f"dk{n:024}",
            address=f"s{n}@north.example",
            sendings=(accepted(),),
            arrivals=(arrival(header.replace("11.7.0.1", f"11.7.0.{n + 1}")),),
        )
        for n in range(12)
    ]
    assert traits(seed_test(*many))["sending addresses"].endswith(" and 4 more")

"""Names that stand for others: what the checks look at in a name is there still, and whose it is is not."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from deliverkit.knowledge.providers import provider_of
from deliverkit.observations import Answer, ResourceRecord, Status
from deliverkit.probes.made_up import made_up_label
from deliverkit.redaction.addresses import Addresses
from deliverkit.redaction.names import Names
from deliverkit.redaction.tokens import Tokens
from deliverkit.standards.addresses import generic_part
from deliverkit.standards.mx import address_meant, form_of
from deliverkit.standards.names import is_within, parse_address

KEY = bytes(range(32))

LABEL = st.sampled_from(
    ["acme", "mail", "www", "mx1", "pool", "dsl-7", "a_b", "-x", "7", "com", "co", "uk", "example", "google", "xn--a"]
)
NAME = st.lists(LABEL, min_size=1, max_size=6).map(".".join)


def names(*answers: Answer) -> Names:
    return Names(Tokens(KEY), Addresses(KEY), answers)


def pointer(address: str, name: str) -> Answer:
    asked = parse_address(address)
    assert asked is not None
    record = ResourceRecord(asked.reverse_pointer, "PTR", 60, f"{name}.")
    return Answer(asked.reverse_pointer, "PTR", Status.NOERROR, records=(record,))


def token(text: str) -> str:
    return Tokens(KEY).word(text)


@pytest.mark.parametrize(
    ("name", "shown"),
    [
        ("acme.com", "{acme}.com"),
        ("www.acme.co.uk", "www.{acme}.co.uk"),
        ("shop.acme.co.uk.", "{shop}.{acme}.co.uk."),
        ("mail.com", "{mail}.com"),
        ("mail.acme.com.acme.com", "mail.{acme}.com.{acme}.com"),
        ("acme.ck", "{acme}.ck"),
        ("acme", "{acme}"),
        ("srv.acme-internal", "{srv}.{acme-internal}"),
        ("localhost", "localhost"),
        (".", "."),
        ("com", "com"),
        ("*.acme.com", "*.{acme}.com"),
        ("_dmarc.acme.com", "_dmarc.{acme}.com"),
        ("_acme.acme.com", "_{_acme}.{acme}.com"),
        ("acme-com.mail.protection.outlook.com", "{acme-com}.mail.protection.outlook.com"),
        ("aspmx.l.google.com.acme.com", "aspmx.l.google.com.{acme}.com"),
        ("cable7.acme.com", "pool-{cable7}.{acme}.com"),
        ('\\"mx.acme\\".acme.com', '\\"{mx}.{acme}\\".{acme}.com'),
        ("0-63.in-addr.arpa", "{0-63}.in-addr.arpa"),
    ],
)
def test_a_label_is_replaced_where_it_says_whose_the_name_is(name: str, shown: str) -> None:
    labels = ("acme", "shop", "mail", "srv", "acme-internal", "_acme", "acme-com", "cable7", "0-63", "mx")
    assert names().redact(name) == shown.format(**{label: token(label) for label in labels})


@given(NAME)
def test_what_the_checks_look_at_is_the_same(name: str) -> None:
    redacted = names().redact(name)
    assert redacted.count(".") == name.count(".")
    assert form_of(redacted) == form_of(name)
    assert provider_of(redacted) == provider_of(name)
    assert names().redact(name.upper()) == redacted


@given(st.lists(LABEL, min_size=20, max_size=60).map(".".join))
def test_a_name_of_many_labels_is_a_name_still(name: str) -> None:
    assert form_of(names().redact(name)) == form_of(name)


@given(NAME, st.sampled_from(["acme.com", "acme.co.uk", "shop.acme.example", "mail.example", "acme.test.lan", "acme"]))
def test_a_doubled_zone_is_doubled_still(name: str, zone: str) -> None:
    found, redacted = names().redact(f"{name}.{zone}"), names().redact(zone)
    assert is_within(found, redacted)
    doubled = names().redact(f"{name}.{zone}.{zone}")
    assert is_within(doubled.removesuffix(f".{redacted}"), redacted)


@pytest.mark.parametrize("text", ["11.0.1.25", "[11.0.1.25]", "2a11:db8::1", "[ipv6:2a11:db8::1]"])
def test_an_address_in_place_of_a_name_is_mapped_as_every_other(text: str) -> None:
    address = parse_address(text)
    assert address is not None
    mapped = Addresses(KEY).redact(address)
    assert parse_address(names().redact(text)) == mapped
    zone = names().redact("acme.com")
    assert address_meant(names().redact(f"{text}.acme.com"), zone) == mapped


@pytest.mark.parametrize("address", ["11.0.1.25", "2a11:db8:1::25"])
def test_a_reverse_name_is_that_of_the_address_that_stands_for_it(address: str) -> None:
    parsed = parse_address(address)
    assert parsed is not None
    mapped = Addresses(KEY).redact(parsed)
    assert names().redact(parsed.reverse_pointer) == mapped.reverse_pointer
    zone, mapped_zone = (found.reverse_pointer.split(".", 1)[1] for found in (parsed, mapped))
    shown = names().redact(zone)
    assert shown.count(".") == mapped_zone.count(".")
    assert shown.endswith(mapped_zone.split(".", 1)[1])


@pytest.mark.parametrize(
    ("address", "name"),
    [
        ("11.0.1.25", "11-0-1-25.acme.com"),
        ("11.0.1.25", "ip11-0-1-25.acme.com"),
        ("11.0.1.25", "host-011-000-001-025-static.dyn.acme.com"),
        ("11.0.1.25", "25.1.0.11.acme.com"),
        ("11.0.1.25", "11x0x1x25.acme.com"),
        ("11.0.1.25", "h0b000119.acme.com"),
        ("11.0.1.25", "cust.cable.acme.com"),
        ("11.0.1.25", "mail.acme.com"),
        ("11.0.1.25", "11-0-1-26.acme.com"),
        ("11.0.1.25", "pool.com"),
        ("2a11:db8:1::25", "2a11-0db8-0001-0000-0000-0000-0000-0025.acme.com"),
        ("2a11:db8:1::25", "x-2a11-db8-1-0-0-0-0-25.acme.com"),
        ("2a11:db8:1::25", "2a110db8000100000000000000000025.acme.com"),
    ],
)
def test_a_generic_reverse_name_is_generic_still_and_no_other_is(address: str, name: str) -> None:
    parsed = parse_address(address)
    assert parsed is not None
    shown = names(pointer(address, name)).redact(name)
    assert "acme" not in shown
    assert (generic_part(shown, Addresses(KEY).redact(parsed)) is None) == (generic_part(name, parsed) is None)


def test_a_label_that_a_probe_made_up_is_made_up_for_the_other_name() -> None:
    found = names(Answer("acme.com", "MX", Status.NOERROR))
    shown = found.redact("acme.com")
    assert found.redact(f"{made_up_label('acme.com')}.acme.com") == f"{made_up_label(shown)}.{shown}"
    assert found.redact(f"{made_up_label('acme.com')}.com") == f"{made_up_label(shown)}.com"
    assert made_up_label("acme.com") not in names().redact(f"{made_up_label('acme.com')}.com")

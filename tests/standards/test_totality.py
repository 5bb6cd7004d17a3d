"""Every reader of text takes any text: it never raises, gives the text back, and its spans tile what was written."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable
from contextlib import suppress

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from deliverkit.errors import UsageError
from deliverkit.model import Span
from deliverkit.standards.dkim.key_record import MOST, parse_key_record
from deliverkit.standards.dmarc.addresses import parse_addresses
from deliverkit.standards.dmarc.parse import parse
from deliverkit.standards.dmarc.record import Rules
from deliverkit.standards.names import MAX_NAME
from deliverkit.standards.senders import MAX_ADDRESS, parse_helo, parse_mail_from, parse_sender
from deliverkit.standards.spf.macros import LETTERS_OF_EXPLANATION, parse_macros
from deliverkit.standards.spf.parse import VERSION, is_spf, parse_spf
from deliverkit.standards.tags import parse_tags
from deliverkit.standards.txt import data_of, text_of

SPACE = " \t\r\n"
PIECES = [
    *(
        "v=spf1",
        "v=DKIM1",
        "v=DMARC1",
        "p=",
        "p=none",
        "k=rsa",
        "rua=",
        "redirect=a.example",
        "include:",
        "%{",
        "%{d2r-}",
    ),
    *(
        "mailto:",
        "ada@b.example",
        "<",
        ">",
        "!10m",
        "all",
        "ip4:",
        "11.0.0.0/8",
        "/33",
        "//",
        "[",
        "::1",
        "%eth0",
        "%40",
    ),
    *(
        "\x00",
        "\x1b[2J",
        "\u202e",
        "“",
        "\\",
        '"',
        ";",
        ",",
        "=",
        " ",
        "\t",
        "\r\n",
        ":",
        "@",
        ".",
        "xn--",
        "ß",
        "\x85",
    ),
]
TEXTS = st.one_of(
    st.text(max_size=60),
    st.binary(max_size=60).map(lambda octets: octets.decode("latin-1")),  # as TXT data arrives
    st.lists(st.sampled_from(PIECES), max_size=12).map("".join),
)
Readers = Callable[[str], object]


def assert_tiled(text: str, spans: Iterable[Span], between: str) -> None:
    """The spans follow each other, and nothing but these characters stands between them."""
    place = 0
    for span in sorted(spans, key=lambda span: span.start):
        assert place <= span.start <= span.end <= len(text)
        assert not text[place : span.start].strip(between)
        place = span.end
    assert not text[place:].strip(between)


@given(TEXTS)
def test_the_parts_of_a_tag_list_tile_it(text: str) -> None:
    found = parse_tags(text)
    assert str(found) == text
    assert_tiled(text, [*(tag.span for tag in found.tags), *(bad.span for bad in found.malformed)], f"{SPACE};")


@given(TEXTS.map(lambda text: f"v=spf1 {text}") | TEXTS)
def test_every_word_of_an_spf_record_is_a_term_or_holds_a_fault(text: str) -> None:
    found, place = parse_spf(text), len(VERSION) if is_spf(text) else 0
    assert str(found) == text
    terms = {(term.span.start, term.span.end): term.text for term in found.terms}
    for word in re.finditer("[^ ]+", text[place:]):
        start, end = word.start() + place, word.end() + place
        faults = [fault for fault in found.faults if start <= fault.span.start and fault.span.end <= end]
        assert (terms.pop((start, end), None) == word[0]) != bool(faults) or not is_spf(text)
    assert not terms


@given(TEXTS)
@example("%{d1000000000}")
def test_macros_are_read_and_expanded_whatever_they_are(text: str) -> None:
    found, faults = parse_macros(text)
    assert str(found) == text
    assert found.letters <= set(LETTERS_OF_EXPLANATION) or faults
    assert all(0 <= fault.span.start < fault.span.end <= len(text) for fault in faults)
    assert isinstance(found.expand(lambda _: text), str)
    assert len(found.name) <= MAX_NAME


@given(TEXTS.map(lambda text: f"v=DKIM1; p={text}") | TEXTS)
def test_the_parts_of_a_key_record_tile_it(text: str) -> None:
    found = parse_key_record(text)
    assert str(found) == text
    spans = [*(tag.span for tag in found.tags.tags), *(bad.span for bad in found.tags.malformed)]
    assert_tiled(text, spans, f"{SPACE};")
    assert all(0 <= defect.span.start <= defect.span.end <= len(text) for defect in found.defects)
    assert found.key is None or not found.is_revoked


@given(TEXTS)
def test_a_key_record_without_end_is_read_as_far_as_keys_go(text: str) -> None:
    found = parse_key_record(f"p=;{text * MOST}")
    assert all(defect.span.end <= max(MOST, len(str(found))) for defect in found.defects)
    assert all(tag.span.end <= MOST for tag in found.tags.tags)


@given(TEXTS.map(lambda text: f"v=DMARC1; p=none; {text}") | TEXTS, st.sampled_from(Rules))
def test_a_policy_record_is_given_back_and_its_defects_lie_in_it(text: str, rules: Rules) -> None:
    found = parse(text, rules=rules)
    assert str(found) == text
    assert all(0 <= defect.span.start <= defect.span.end <= len(text) for defect in found.defects)
    assert found.is_record or not found.applies


@given(TEXTS.map(lambda text: f"mailto:{text}") | TEXTS, st.integers(0, 9))
def test_the_addresses_for_reports_tile_their_value(text: str, start: int) -> None:
    found = parse_addresses(text, start)
    assert len(found) == text.count(",") + 1
    assert_tiled(f"{' ' * start}{text}", [address.span for address in found], f"{SPACE},")
    for address in found:
        assert (
            f"{address.text}{address.size and f'!{address.size}'}"
            == text[address.span.start - start :][: address.span.end - address.span.start]
        )
        assert address.is_valid == bool(address.domain)


@given(TEXTS)
def test_txt_data_gives_back_every_text_of_octets(text: str) -> None:
    octets = text.encode().decode("latin-1")
    assert text_of(data_of(octets)) == octets
    assert isinstance(text_of(text), str)


@pytest.mark.parametrize("read", [parse_mail_from, parse_helo, parse_sender])
@given(TEXTS)
def test_what_a_user_names_as_sender_is_read_or_refused(read: Readers, text: str) -> None:
    with suppress(UsageError):
        found = str(read(text))
        assert found.isprintable()
        assert len(found) <= MAX_ADDRESS + len("postmaster")
        assert str(read(found)) == found

"""Names as people type them."""

from __future__ import annotations

import string

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from deliverkit.errors import UsageError
from deliverkit.standards.names import (
    MAX_LABEL,
    MAX_NAME,
    is_host_name,
    is_within,
    parse_domain,
    relative_label,
    to_readable,
    to_unicode,
)

LABELS = st.text(string.ascii_lowercase + string.digits, min_size=1, max_size=MAX_LABEL)


@pytest.mark.parametrize(
    ("text", "domain"),
    [
        ("gmail.com", "gmail.com"),
        ("  GMAIL.Com. \n", "gmail.com"),
        ("ada@example.com", "example.com"),
        ("Ada Lovelace <ada@Example.com>", "example.com"),
        ('"odd@local part"@example.com', "example.com"),
        ("mailto:ada@example.com?subject=hello", "example.com"),
        ("https://www.example.com/contact?x=1#y", "example.com"),
        ("HTTPS://Shop.Example.com/", "shop.example.com"),
        ("//example.com/x", "example.com"),
        ("imap://mail.example.com", "mail.example.com"),
        ("mastodon.example/@ada", "mastodon.example"),
        ("https://www.example", "www.example"),
        ("www.example.com", "www.example.com"),
        ("☕.example", "xn--53h.example"),
        ("http://user:secret@example.com:8080/", "example.com"),
        ("example.com/path", "example.com"),
        ("example.com:25", "example.com"),
        ("münchen.example", "xn--mnchen-3ya.example"),
        ("MÜNCHEN。example", "xn--mnchen-3ya.example"),
        ("ада@пример.рф", "xn--e1afmkfd.xn--p1ai"),
        ("xn--mnchen-3ya.example", "xn--mnchen-3ya.example"),
        ("museum", "museum"),
        ("_odd.example.com", "_odd.example.com"),
    ],
)
def test_the_domain_that_is_meant(text: str, domain: str) -> None:
    assert parse_domain(text) == domain


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        ("", "is empty"),
        ("   ", "is empty"),
        (".", "DNS root"),
        ("a..b", "empty label"),
        (".example.com", "empty label"),
        ("two words.example", "a space"),
        ("a" * 300, "300 octets"),
        (f"{'a' * 64}.example", "64 octets"),
        ("exa\x1b[31mmple.com", "U+001B"),
        ("exa\nmple.com", "U+000A"),
        ("exam\u202eple.com", "U+202E"),
        ("192.0.2.1", "is an IP address"),
        ("[192.0.2.1]", "is an IP address"),
        ("ada@[IPv6:2001:db8::1]", "is an IP address"),
        ("2001:db8::1", "is an IP address"),
        ("-a.example", "hyphen"),
        ("a-.example", "hyphen"),
        ("exa!mple.com", "'!'"),
        ("ada@", "no domain stands in it"),
        ("https://", "no domain stands in it"),
        ("https://[::1", "no URL"),
        ("a\u2488com.example", "internationalised"),
        ("“example.com”", "internationalised"),
    ],
)
def test_what_cannot_be_a_domain_is_refused_with_the_reason(text: str, reason: str) -> None:
    with pytest.raises(UsageError, match=r"^[^\x00-\x1f]*$") as refusal:
        parse_domain(text)
    assert reason in str(refusal.value)


@given(st.text())
@example("xn--a")
@example("xn--.example")
@example("ß.example")
def test_parsing_is_total(text: str) -> None:
    try:
        domain = parse_domain(text)
    except UsageError:
        return
    assert 0 < len(domain) <= MAX_NAME
    assert parse_domain(domain) == domain
    assert domain.isascii()


@given(st.lists(LABELS, min_size=2, max_size=4))
def test_a_plain_name_is_itself_in_every_dress(labels: list[str]) -> None:
    domain = ".".join([*labels[:-1], f"{labels[-1][:60]}x"])
    if len(domain) > MAX_NAME:
        return
    assert {parse_domain(dress.format(domain)) for dress in ("{}", "{}.", "ada@{}", "https://{}/")} == {domain}


def test_readable_names_show_both_forms() -> None:
    assert to_unicode("xn--mnchen-3ya.example") == "münchen.example"
    assert to_readable("xn--mnchen-3ya.example") == "münchen.example (xn--mnchen-3ya.example)"
    assert to_readable("good.example") == "good.example"


@pytest.mark.parametrize("name", ["xn--", "xn--a.example", "xn--" + "0" * 70])
def test_an_invalid_a_label_stays_as_it_is(name: str) -> None:
    assert to_unicode(name) == name


def test_labels_are_relative_to_the_zone() -> None:
    assert relative_label("good.example", "good.example") == "@"
    assert relative_label("mx1.good.example", "good.example") == "mx1"


def test_within_means_whole_labels() -> None:
    assert is_within("mx.good.example", "good.example")
    assert is_within("good.example", "good.example")
    assert not is_within("nogood.example", "good.example")


@pytest.mark.parametrize(("name", "verdict"), [("mx1.a-b.example", True), ("mx_1.example", False), ("-a.b", False)])
def test_host_names_have_letters_digits_and_hyphens(name: str, verdict: bool) -> None:  # noqa: FBT001
    assert is_host_name(name) is verdict

"""Record data and free text: structure and public words stay."""

from __future__ import annotations

import time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from deliverkit.redaction.addresses import Addresses
from deliverkit.redaction.names import Names
from deliverkit.redaction.texts import Texts
from deliverkit.redaction.tokens import Tokens
from deliverkit.standards.names import parse_address

KEY = bytes(range(32))


def texts() -> Texts:
    tokens, addresses = Tokens(KEY), Addresses(KEY)
    return Texts(tokens, addresses, Names(tokens, addresses, ()))


def token(text: str) -> str:
    return Tokens(KEY).word(text)


def mapped(text: str) -> str:
    address = parse_address(text)
    assert address is not None
    return str(Addresses(KEY).redact(address))


@pytest.mark.parametrize(
    ("rdtype", "data", "shown"),
    [
        ("MX", "10 mx1.acme.com.", "10 mx1.{acme}.com."),
        ("MX", "0 .", "0 ."),
        ("MX", "ten acme.com.", "{ten} {acme}.com."),
        ("CNAME", "acme.com.", "{acme}.com."),
        ("A", "11.0.1.25", "{11.0.1.25}"),
        ("A", "acme", "{acme}"),
        ("SRV", "0 5 25 mx1.acme.com.", "0 5 25 mx1.{acme}.com."),
        ("TLSA", "3 1 1 zzz", "3 1 1 {zzz}"),
        ("TXT", '"v=spf1 include:_spf.acme.com " "-all"', '"v=spf1 include:_spf.{acme}.com -all"'),
        ("TXT", '"v=spf1 ip4:11.0.1.25/24 ?a:acme.com ~all"', '"v=spf1 ip4:{11.0.1.25}/24 ?a:{acme}.com ~all"'),
        (
            "TXT",
            '"v=spf1 ip6:2a11:db8::1 mx exists:%{{i}}.acme.com"',
            '"v=spf1 ip6:{2a11:db8::1} mx exists:%{{i}}.{acme}.com"',
        ),
        (
            "TXT",
            '"v=DMARC1; p=none; rua=mailto:ada@acme.com!10m"',
            '"v=DMARC1; p=none; rua=mailto:{ada}@{acme}.com!10m"',
        ),
        ("TXT", '"v=DKIM1; k=rsa; n=acme; p="', '"v=DKIM1; k=rsa; n={acme}; p="'),
        ("TXT", '"acme-verification=abc123"', '"{acme-verification}={abc123}"'),
        ("TXT", '"say \\"acme\\" \\195\\164"', '"{say} \\"{acme}\\" {Ã¤}"'),
        ("TXT", '"2a11:db8::x fo=0:1:d:s"', '"{2a11}:{db8}::{x} fo=0:1:d:s"'),
        ("TXT", '""', '""'),
    ],
)
def test_data_keeps_its_structure(rdtype: str, data: str, shown: str) -> None:
    words = {word: token(word) for word in ("acme", "ten", "ada", "abcdef", "MIGf", "acme-verification", "abc123")}
    words |= {word: token(word) for word in ("say", "Ã¤", "2a11", "db8", "x", "zzz")}
    for address in ("11.0.1.25", "2a11:db8::1"):
        words[address] = mapped(address)
    expected = shown.replace("{{", "\0").replace("}}", "\1")
    for word, replacement in words.items():
        expected = expected.replace(f"{{{word}}}", replacement)
    assert texts().data(rdtype, data.replace("{{", "{").replace("}}", "}")) == expected.replace("\0", "{").replace(
        "\1", "}"
    )


def test_a_long_text_is_cut_into_strings() -> None:
    data = texts().data("TXT", f'"{"p=none; " * 60}"')
    assert [len(part) for part in data[1:-1].split('" "')] == [255, 225]


def test_a_serial_number_is_another_but_the_same_for_the_same() -> None:
    data = [texts().data("SOA", f"ns1.acme.com. ada.acme.com. {serial} 1 2 3 4") for serial in (7, 7, 8)]
    serials = [found.split()[2] for found in data]
    assert serials[0] == serials[1] != serials[2]
    assert serials[0].isdigit()
    assert data[0].endswith(" 1 2 3 4")


@given(st.sampled_from(["MX", "SOA", "TXT", "A", "CNAME", "TYPE65280"]), st.text(max_size=40))
def test_any_data_is_taken(rdtype: str, data: str) -> None:
    assert isinstance(texts().data(rdtype, data), str)


@given(st.text(alphabet='acmeg.:-@/%{}"\\ 1_é', max_size=30).map(lambda text: f"{text} secretword {text}"))
def test_no_word_is_left_whatever_stands_beside_it(text: str) -> None:
    assert "secretword" not in texts().text(text)


@pytest.mark.parametrize("unit", ["a/", "a.", "1.", "1:", "a*", "1.1.1.1.", "a=", "%{"])
def test_the_longest_text_takes_no_time(unit: str) -> None:
    """A hostile TXT record has 65,000 octets: what takes the square of them would never end."""
    started = time.process_time()
    shown = texts().data("TXT", f'"{unit * (65000 // len(unit))}"')
    assert time.process_time() - started < 10
    assert shown.startswith('"')

"""Key records and the signatures that name them: total, with the place of every fault."""

from __future__ import annotations

from base64 import b64encode

import pytest
from cryptography.hazmat.primitives.asymmetric.rsa import RSAPublicNumbers
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat
from hypothesis import given
from hypothesis import strategies as st

from deliverkit.standards.dkim.key_record import MOST, DefectKind, KeyRecord, parse_key_record, without_quotes
from deliverkit.standards.dkim.signature import MOST_SIGNATURES, SignedBy, parse_selector, selector_at, signatures_of

ED25519 = b64encode(bytes(range(32))).decode()
ED25519_IN_DER = b64encode(bytes.fromhex("302a300506032b6570032100") + bytes(range(32))).decode()


def rsa(bits: int, form: PublicFormat = PublicFormat.SubjectPublicKeyInfo) -> str:
    """A key of that size: any odd number passes for its modulus."""
    key = RSAPublicNumbers(65537, (1 << bits) - 1).public_key()
    return b64encode(key.public_bytes(Encoding.DER, form)).decode()


KEY = rsa(2048)


def kinds(text: str) -> list[DefectKind]:
    return [defect.kind for defect in parse_key_record(text).defects]


def marked(record: KeyRecord) -> str:
    [defect] = record.defects
    return str(record)[defect.span.start : defect.span.end]


@pytest.mark.parametrize("bits", [512, 1023, 1024, 2048, 4096, 8192])
@pytest.mark.parametrize("form", [PublicFormat.SubjectPublicKeyInfo, PublicFormat.PKCS1])
def test_the_size_of_an_rsa_key(bits: int, form: PublicFormat) -> None:
    record = parse_key_record(f"v=DKIM1; k=rsa; p={rsa(bits, form)}")
    assert record.key is not None
    assert (record.key.type, record.key.bits, str(record.key)) == ("rsa", bits, f"RSA-{bits}")
    assert record.defects == ()


def test_an_ed25519_key_is_raw() -> None:
    record = parse_key_record(f"v=DKIM1; k=ed25519; p={ED25519}")
    assert str(record.key) == "Ed25519"
    assert record.defects == ()


def test_an_ed25519_key_that_begins_like_der_is_not_taken_for_a_cut_one() -> None:
    key = b64encode(b"\x30\x82\x01\x22" + bytes(28)).decode()
    assert parse_key_record(f"k=ed25519; p={key}").defects == ()


def test_the_tags_and_what_stands_in_for_them() -> None:
    record = parse_key_record(f"k=rsa; h=sha1:sha256; s=email : tlsrpt; t=y:s; n=note; p={KEY}")
    assert record.hashes == ("sha1", "sha256")
    assert record.services == ("email", "tlsrpt")
    assert record.flags == ("y", "s")
    bare = parse_key_record(f"p={KEY}")
    assert (bare.key_type, bare.hashes, bare.services, bare.flags) == ("rsa", (), ("*",), ())
    assert bare.is_meant
    assert bare.key is not None


def test_an_empty_key_is_revoked_and_no_fault() -> None:
    record = parse_key_record("v=DKIM1; p=")
    assert record.is_revoked
    assert (record.key, record.defects) == (None, ())


@pytest.mark.parametrize(
    ("text", "kind", "part"),
    [
        (f"v=DKIM2; p={KEY}", DefectKind.VERSION, "DKIM2"),
        (f"v=dkim1; p={KEY}", DefectKind.VERSION, "dkim1"),
        (f"k=rsa; v=DKIM1; p={KEY}", DefectKind.VERSION, "v=DKIM1"),
        (f"v=DKIM1; p={KEY[:40]}#{KEY[40:]}", DefectKind.BASE64, "#"),
        (f"v=DKIM1; k=ed25519; p={ED25519[:-1]}", DefectKind.BASE64, ED25519[-2]),
        (f"v=DKIM1; k=dsa; p={KEY}", DefectKind.TYPE, "dsa"),
        (f"v=DKIM1; k=ed25519; p={KEY}", DefectKind.TYPE, "ed25519"),
        (f"v=DKIM1; p={ED25519}", DefectKind.TYPE, ED25519),
        (f"v=DKIM1; k=ed25519; p={ED25519_IN_DER}", DefectKind.KEY, ED25519_IN_DER),
        ("v=DKIM1; p=AAAA", DefectKind.KEY, "AAAA"),
        (f"v=DKIM1; rsa; p={KEY}", DefectKind.TAG, "rsa"),
        (f"v=DKIM1; p={KEY}; p={KEY}", DefectKind.TAG, f"p={KEY}"),
        ("v=DKIM1; k=rsa", DefectKind.TAG, ""),
    ],
)
def test_every_fault_has_its_kind_and_its_place(text: str, kind: DefectKind, part: str) -> None:
    record = parse_key_record(text)
    assert kinds(text) == [kind]
    assert marked(record) == part


@pytest.mark.parametrize("end", range(60, 390, 7))
def test_a_key_that_is_cut_is_told_from_bad_base64(end: int) -> None:
    record = parse_key_record(f"v=DKIM1; p={KEY[:end]}")
    assert [defect.kind for defect in record.defects] == [DefectKind.CUT]
    assert record.defects[0].reason == f"ends after {end} characters, 392 are needed"


@pytest.mark.parametrize("quote", ['"', "\\", "\u201c", "\xe2\x80\x9c"])
def test_pasted_quotes_are_found(quote: str) -> None:
    assert DefectKind.QUOTE in kinds(f"{quote}v=DKIM1; p={KEY}{quote}")


def test_spaces_in_the_key_are_allowed_and_told() -> None:
    text = f"v=DKIM1; p={KEY[:60]} {KEY[60:]}"
    record = parse_key_record(text)
    assert record.defects == ()
    assert [(span.start, span.end) for span in record.spaces] == [(71, 72)]


def test_what_is_no_key_record_is_not_taken_for_one() -> None:
    assert not parse_key_record("v=spf1 -all").is_meant
    assert not parse_key_record("v=DMARC1; p=none").is_meant
    assert parse_key_record("v=DKIM2; p=x").is_meant
    assert parse_key_record('"v=DKIM1; p=x"').is_meant


def test_a_record_beyond_all_measure_is_not_read() -> None:
    assert DefectKind.TAG in kinds("v=DKIM1; p=" + "A" * MOST * 4)


@given(st.text(alphabet='vkpths=;: "DKIM1rsaA+/#\\\u201c', max_size=60) | st.text(max_size=60))
def test_any_text_is_parsed_and_given_back(text: str) -> None:
    record = parse_key_record(text)
    assert str(record) == text
    for defect in record.defects:
        assert 0 <= defect.span.start <= defect.span.end <= len(text)


@given(st.binary(max_size=400))
def test_any_octets_are_read_as_a_key_or_not(octets: bytes) -> None:
    record = parse_key_record(f"p={b64encode(octets).decode()}")
    assert record.key is None or record.key.octets == octets


MESSAGE = b"""Received: by mx\r
DKIM-Signature: v=1; a=rsa-sha256; d=Good.example; i=a=40b@News.good. example;\r
\ts=lon\r
 don.s1; h=from; bh=x=; b=y=\r
dkim-signature : v=1; d=esp.example; s=k1\r
Subject: s=no; d=no\r
\r
DKIM-Signature: d=body.example; s=body\r
"""


def test_the_selectors_of_a_message() -> None:
    assert signatures_of(MESSAGE) == (
        SignedBy("london.s1", "good.example", "news.good.example"),
        SignedBy("k1", "esp.example"),
    )
    assert signatures_of(MESSAGE.replace(b"\r\n", b"\n")) == signatures_of(MESSAGE)


def test_internationalised_names_are_asked_for_as_a_labels() -> None:
    found = signatures_of("DKIM-Signature: d=b\u00fccher.example; s=k\u00f6ln\n\n".encode())
    assert found == (SignedBy("xn--kln-sna", "xn--bcher-kva.example"),)


@pytest.mark.parametrize(
    "body", [b"", b"d=x", b"s=a..b; d=x", b"s=\xff; d=x", b"s=" + b"a" * 70 + b"; d=x", b"s=$(id); d=x"]
)
def test_what_names_no_key_is_left_out(body: bytes) -> None:
    assert signatures_of(b"DKIM-Signature: " + body + b"\n\n") == ()


def test_a_message_of_signatures_alone_is_bounded() -> None:
    many = b"".join(b"DKIM-Signature: d=x.example; s=s%d\n" % number for number in range(5000))
    assert len(signatures_of(many)) == MOST_SIGNATURES


@given(st.binary(max_size=200))
def test_any_octets_are_a_message(octets: bytes) -> None:
    for signed in signatures_of(b"DKIM-Signature: s=" + octets):
        assert parse_selector(signed.selector) == signed.selector


@pytest.mark.parametrize(
    ("text", "selector"),
    [
        ("s1", "s1"),
        (" S1.London. ", "s1.london"),
        ("s1._domainkey", "s1"),
        ("s1._domainkey.good.example", "s1"),
        ("s1._domainkey.Good.example.", "s1"),
        ("s1._domainkey.other.example", ""),
        ("", ""),
        ("a b", ""),
        ("x" * 63 + "." + "y" * 63 + "." + "z" * 63 + "." + "w" * 50, ""),
    ],
)
def test_a_selector_is_given_alone_or_as_the_name_of_its_record(text: str, selector: str) -> None:
    assert selector_at(text, "good.example") == selector


def test_pasted_quotes_are_taken_away_with_what_joined_the_strings() -> None:
    assert without_quotes('"v=DKIM1; p=AA" "BB"') == "v=DKIM1; p=AABB"
    assert without_quotes("\u201cv=DKIM1\\; p=AA\u201d") == "v=DKIM1; p=AA"


@pytest.mark.parametrize(
    ("text", "why"),
    [
        (f"p={KEY}", ""),
        (f"p={rsa(1024)}; h=sha1:sha256; s=email", ""),
        (f"p={rsa(768)}", "too short"),
        (f"k=ed25519; p={ED25519}", ""),
        (f"h=sha1; p={KEY}", "for SHA-1 alone"),
        (f"s=tlsrpt; p={KEY}", "not for e-mail"),
    ],
)
def test_why_verifiers_cannot_use_a_key(text: str, why: str) -> None:
    assert parse_key_record(text).hindrance == why

"""Public keys that stand for others are judged as these are."""

from __future__ import annotations

from base64 import b64decode, b64encode

import pytest
from cryptography.hazmat.primitives.asymmetric.rsa import RSAPublicNumbers
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat
from hypothesis import given
from hypothesis import strategies as st

from deliverkit.redaction.keys import Keys
from deliverkit.standards.dkim.key_record import parse_key_record

KEYS = Keys(bytes(range(32)))


def rsa(bits: int, form: PublicFormat) -> str:
    key = RSAPublicNumbers(65537, (1 << bits) - 159).public_key()
    return b64encode(key.public_bytes(Encoding.DER, form)).decode()


def judged(text: str) -> list[str]:
    record = parse_key_record(f"v=DKIM1; k=rsa; p={text}")
    return [str(record.key), *(defect.kind for defect in record.defects)]


@pytest.mark.parametrize("bits", [512, 768, 1023, 1024, 2041, 2048, 4096, 4608])
@pytest.mark.parametrize("form", [PublicFormat.SubjectPublicKeyInfo, PublicFormat.PKCS1])
def test_an_rsa_key_becomes_another_of_its_size_and_form(bits: int, form: PublicFormat) -> None:
    text = rsa(bits, form)
    shown = KEYS.redact(text)
    assert judged(shown) == judged(text) == [f"RSA-{bits}"]
    assert len(shown) == len(text)
    same = sum(one == other for one, other in zip(b64decode(text), b64decode(shown), strict=True))
    assert same < 60 + bits // 64
    assert shown == KEYS.redact(text) != Keys(bytes(32)).redact(text)


@pytest.mark.parametrize("end", range(4, 392, 5))
def test_a_key_that_is_cut_is_cut_at_the_same_place(end: int) -> None:
    text = rsa(2048, PublicFormat.SubjectPublicKeyInfo)[:end]
    assert judged(KEYS.redact(text)) == judged(text)


@given(st.binary(min_size=32, max_size=32))
def test_an_ed25519_key_becomes_another(octets: bytes) -> None:
    shown = parse_key_record(f"k=ed25519; p={KEYS.redact(b64encode(octets).decode())}")
    assert str(shown.key) == "Ed25519"
    assert shown.key is not None
    assert shown.key.octets != octets


@given(st.text(alphabet='AZaz09+/= "-\u201c', max_size=60))
def test_what_is_no_base64_stays_where_it_is(text: str) -> None:
    shown = KEYS.redact(text)
    letters = set("AZaz09+/")
    assert len(shown) == len(text)
    assert [c for c in text if c not in letters] == [b for a, b in zip(text, shown, strict=True) if a not in letters]

"""Certificates as hosts show them, hostile ones too."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.serialization import Encoding
from cryptography.x509.oid import NameOID
from hypothesis import given
from hypothesis import strategies as st

from deliverkit.standards.certificates import bears, parse_certificate

_ALTERNATIVE_NAMES, _UNKNOWN = bytes.fromhex("0603551d11"), bytes.fromhex("0603551d63")


def certificate(*, is_repeated: bool = False) -> bytes:
    """A certificate for mx1.good.example, its names' extension once more where that is wanted."""
    key, name = ec.generate_private_key(ec.SECP256R1()), x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "mx1")])
    builder = (
        x509.CertificateBuilder()
        .subject_name(name)
        .issuer_name(name)
        .public_key(key.public_key())
        .serial_number(7)
        .not_valid_before(datetime(2026, 11, 1, tzinfo=UTC))
        .not_valid_after(datetime(2026, 12, 1, tzinfo=UTC))
        .add_extension(x509.SubjectAlternativeName([x509.DNSName("mx1.good.example")]), critical=False)
        .add_extension(x509.UnrecognizedExtension(x509.ObjectIdentifier("2.5.29.99"), b"\0"), critical=False)
    )
    octets = builder.sign(key, hashes.SHA256()).public_bytes(Encoding.DER)
    return octets.replace(_UNKNOWN, _ALTERNATIVE_NAMES) if is_repeated else octets


def test_what_a_certificate_says() -> None:
    found = parse_certificate(certificate())
    assert found is not None
    assert (found.names, found.key, found.signature) == (("mx1.good.example",), "EC-256", "sha256")
    assert (found.is_for("MX1.good.example."), found.is_for("mx2.good.example")) == (True, False)
    assert found.is_self_signed
    assert found.is_valid_at(datetime(2026, 11, 22, tzinfo=UTC))
    assert not found.is_valid_at(datetime(2026, 12, 2, tzinfo=UTC))


def test_one_whose_names_stand_twice_is_for_nobody() -> None:
    found = parse_certificate(certificate(is_repeated=True))
    assert found is not None
    assert (found.names, found.is_for("mx1.good.example"), found.key) == ((), False, "EC-256")


def test_one_whose_names_are_of_no_kind_that_is_known_is_for_nobody() -> None:
    names = bytes.fromhex("82") + bytes([len("mx1.good.example")]) + b"mx1.good.example"  # RFC 5280 §4.2.1.6: dNSName
    found = parse_certificate(certificate().replace(names, b"\xa3" + names[1:]))  # x400Address
    assert found is not None
    assert found.names == ()


def test_one_whose_key_is_of_no_kind_that_is_known_cannot_be_read() -> None:
    curve, key = bytes.fromhex("2a8648ce3d0201"), bytes.fromhex("2a8648ce3d0277")
    assert parse_certificate(certificate().replace(curve, key)) is None


@pytest.mark.parametrize(
    ("presented", "host", "is_so"),
    [
        ("mx1.good.example", "mx1.good.example", True),
        ("*.good.example", "mx1.good.example", True),
        ("*.good.example", "a.mx1.good.example", False),
        ("*.good.example", "good.example", False),
        ("*.", "localhost", False),
        ("mx*.good.example", "mx1.good.example", False),
    ],
)
def test_a_wildcard_is_the_whole_first_label(presented: str, host: str, *, is_so: bool) -> None:
    assert bears(presented, host) is is_so


@given(st.binary(max_size=200))
def test_any_octets_are_read_or_are_none(octets: bytes) -> None:
    assert parse_certificate(octets) is None

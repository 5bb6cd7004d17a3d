"""TLSA records beside certificates that were made for them (RFC 6698, RFC 7671, RFC 7672)."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from hashlib import sha256, sha512

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat
from cryptography.x509.oid import NameOID
from hypothesis import given
from hypothesis import strategies as st

from deliverkit.standards.dane import DaneOutcome, judge, matches, parse_tlsa

NOW = datetime(2026, 11, 22, tzinfo=UTC)
DAY = timedelta(days=1)
HOST = "mx1.good.example"
ROOT_KEY, HOST_KEY, OTHER_KEY = (ec.generate_private_key(ec.SECP256R1()) for _ in range(3))


def certificate(
    name: str, key: ec.EllipticCurvePrivateKey, issuer: ec.EllipticCurvePrivateKey, *, issuer_name: str, until: datetime
) -> bytes:
    def named(text: str) -> x509.Name:
        return x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, text)])

    builder = (
        x509.CertificateBuilder()
        .subject_name(named(name))
        .issuer_name(named(issuer_name))
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(until - 90 * DAY)
        .not_valid_after(until)
        .add_extension(x509.SubjectAlternativeName([x509.DNSName(name)]), critical=False)
    )
    return builder.sign(issuer, hashes.SHA256()).public_bytes(Encoding.DER)


ROOT = certificate("root", ROOT_KEY, ROOT_KEY, issuer_name="root", until=NOW + DAY)
OWN = certificate(HOST, HOST_KEY, ROOT_KEY, issuer_name="root", until=NOW + DAY)
EXPIRED = certificate(HOST, HOST_KEY, ROOT_KEY, issuer_name="root", until=NOW - DAY)
WILD = certificate("*.good.example", HOST_KEY, ROOT_KEY, issuer_name="root", until=NOW + DAY)
OTHER_NAME = certificate("www.other.example", HOST_KEY, ROOT_KEY, issuer_name="root", until=NOW + DAY)
STRANGER = certificate(HOST, OTHER_KEY, OTHER_KEY, issuer_name="root", until=NOW + DAY)
CHAIN = (OWN, ROOT)


def spki(key: ec.EllipticCurvePrivateKey) -> bytes:
    return key.public_key().public_bytes(Encoding.DER, PublicFormat.SubjectPublicKeyInfo)


def record(parameters: str, octets: bytes) -> str:
    hashed = {"0": octets.hex(), "1": sha256(octets).hexdigest(), "2": sha512(octets).hexdigest()}
    return f"{parameters} {hashed[parameters[-1]]}"


def verdict(*records: str, chain: tuple[bytes, ...] = CHAIN, name: str = HOST) -> DaneOutcome:
    return judge(map(parse_tlsa, records), chain, [name], NOW)


@pytest.mark.parametrize("matching", "012")
@pytest.mark.parametrize("selector", "01")
@pytest.mark.parametrize(("usage", "key", "der"), [("3", HOST_KEY, OWN), ("2", ROOT_KEY, ROOT)])
def test_every_kind_of_record_matches_what_it_names(
    usage: str, key: ec.EllipticCurvePrivateKey, der: bytes, selector: str, matching: str
) -> None:
    tlsa = parse_tlsa(record(f"{usage} {selector} {matching}", der if selector == "0" else spki(key)))
    assert tlsa.is_usable
    assert tlsa.parameters == f"{usage} {selector} {matching}"
    assert matches(tlsa, CHAIN)
    assert not matches(tlsa, (STRANGER,))
    assert judge([tlsa], CHAIN, [HOST], NOW) is DaneOutcome.MATCHES
    assert judge([tlsa], (STRANGER, STRANGER), [HOST], NOW) is DaneOutcome.DIFFERS


def test_the_hosts_own_certificate_may_be_expired_and_for_another_name() -> None:
    own = record("3 1 1", spki(HOST_KEY))
    assert verdict(own, chain=(EXPIRED,)) is DaneOutcome.MATCHES
    assert verdict(own, chain=(OTHER_NAME,)) is DaneOutcome.MATCHES
    assert verdict(record("3 1 1", spki(OTHER_KEY)), own) is DaneOutcome.MATCHES  # while keys are rolled over


def test_an_authority_needs_chain_name_and_dates() -> None:
    root = record("2 1 1", spki(ROOT_KEY))
    assert verdict(root, chain=(WILD, ROOT)) is DaneOutcome.MATCHES
    assert verdict(root, chain=(EXPIRED, ROOT)) is DaneOutcome.DATES
    assert verdict(root, chain=(OTHER_NAME, ROOT)) is DaneOutcome.NAME
    assert verdict(root, chain=(WILD, ROOT), name="a.b.good.example") is DaneOutcome.NAME
    assert verdict(root, chain=(STRANGER, ROOT)) is DaneOutcome.CHAIN
    assert verdict(root, chain=(OWN,)) is DaneOutcome.DIFFERS  # the authority was not sent


def test_records_of_usage_0_and_1_and_broken_ones_are_not_usable() -> None:
    assert verdict(record("1 1 1", spki(HOST_KEY)), record("0 0 1", ROOT)) is DaneOutcome.UNUSABLE
    assert verdict() is DaneOutcome.UNUSABLE
    assert verdict(record("1 1 1", spki(HOST_KEY)), record("3 1 1", spki(OTHER_KEY))) is DaneOutcome.DIFFERS


@pytest.mark.parametrize(
    "data",
    [
        "",
        "3",
        "3 1 1",
        "3 1 1 00",
        f"3 1 2 {'00' * 32}",
        f"3 2 1 {'00' * 32}",
        f"4 1 1 {'00' * 32}",
        "3 1 3 00",
        "3 1 0 zz",
        f"-1 1 1 {'00' * 32}",
        "3 1 0 000",
    ],
)
def test_what_cannot_be_used_says_why(data: str) -> None:
    assert parse_tlsa(data).malformed
    assert not matches(parse_tlsa(data), CHAIN)


def test_data_may_stand_in_pieces() -> None:
    whole = sha256(spki(HOST_KEY)).hexdigest().upper()
    assert matches(parse_tlsa(f"3 1 1 {whole[:20]} {whole[20:]}"), CHAIN)


@given(st.lists(st.binary(max_size=40), max_size=3), st.text(max_size=20))
def test_whatever_was_sent_and_published_there_is_an_answer(chain: list[bytes], data: str) -> None:
    records = [parse_tlsa(data), parse_tlsa("2 1 1 " + "00" * 32), parse_tlsa("3 1 1 " + "00" * 32)]
    assert judge(records, [*chain, ROOT], [HOST], NOW) is DaneOutcome.DIFFERS

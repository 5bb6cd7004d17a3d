"""The table of cipher suites, held against OpenSSL's, and what follows from a suite's name."""

from __future__ import annotations

import subprocess

import pytest

from deliverkit.standards.tls.suites import BY_NAME, BY_NUMBER, SUITES, VERSIONS, chosen, suite_name, suites_for
from tests.servers import missing

SHARED_BEFOREHAND = ("PSK", "SRP")


@pytest.mark.skipif(bool(missing("openssl")), reason="openssl is not there")
def test_numbers_and_names_are_those_that_openssl_knows() -> None:
    command = ["openssl", "ciphers", "-V", "-stdname", "ALL:COMPLEMENTOFALL:@SECLEVEL=0"]
    lines = subprocess.run(command, capture_output=True, text=True, check=True).stdout.splitlines()
    theirs = {int(fields[0].replace(",0x", ""), 16): fields[2] for fields in map(str.split, lines)}
    assert len(theirs) > 100
    for number, name in theirs.items():
        if not any(word in name for word in SHARED_BEFOREHAND) and number in BY_NUMBER:
            assert BY_NUMBER[number].name == name
    ours = {one.number for one in SUITES}
    untold = {name for number, name in theirs.items() if number not in ours}
    assert {name for name in untold if not any(word in name for word in SHARED_BEFOREHAND)} == {
        f"TLS_DHE_DSS_WITH_{cipher}"
        for cipher in ("ARIA_128_GCM_SHA256", "ARIA_256_GCM_SHA384")
        if f"TLS_DHE_DSS_WITH_{cipher}" in untold
    }


def test_each_stands_there_once() -> None:
    assert len(BY_NAME) == len(BY_NUMBER) == len(SUITES) == 133


@pytest.mark.parametrize(("version", "count"), [("ssl3", 56), ("1.0", 56), ("1.1", 56), ("1.2", 128), ("1.3", 5)])
def test_how_many_each_version_may_be_offered(version: str, count: int) -> None:
    assert len(suites_for(version)) == count


def test_all_versions_are_counted() -> None:
    assert VERSIONS == ("ssl3", "1.0", "1.1", "1.2", "1.3")


@pytest.mark.parametrize(
    ("name", "weaknesses"),
    [
        ("TLS_AES_256_GCM_SHA384", ()),
        ("TLS_ECDHE_RSA_WITH_AES_128_GCM_SHA256", ()),
        ("TLS_DH_anon_WITH_AES_256_CBC_SHA", ()),
        ("TLS_RSA_WITH_SEED_CBC_SHA", ()),
        ("TLS_RSA_WITH_NULL_MD5", ("NULL", "MD5")),
        ("TLS_RSA_EXPORT_WITH_RC4_40_MD5", ("EXPORT", "RC4", "MD5")),
        ("TLS_RSA_EXPORT_WITH_DES40_CBC_SHA", ("EXPORT", "DES")),
        ("TLS_RSA_WITH_DES_CBC_SHA", ("DES",)),
        ("TLS_DHE_RSA_WITH_3DES_EDE_CBC_SHA", ("3DES",)),
        ("TLS_ECDHE_ECDSA_WITH_RC4_128_SHA", ("RC4",)),
        ("TLS_RSA_EXPORT_WITH_RC2_CBC_40_MD5", ("EXPORT", "RC2", "MD5")),
    ],
)
def test_what_makes_a_suite_weak(name: str, weaknesses: tuple[str, ...]) -> None:
    assert BY_NAME[name].weaknesses == weaknesses


@pytest.mark.parametrize(
    ("name", "secrecy", "authenticated", "aead"),
    [
        ("TLS_AES_128_CCM_8_SHA256", True, True, True),
        ("TLS_ECDHE_RSA_WITH_CHACHA20_POLY1305_SHA256", True, True, True),
        ("TLS_DHE_DSS_WITH_AES_128_CBC_SHA", True, True, False),
        ("TLS_RSA_WITH_AES_256_CCM", False, True, True),
        ("TLS_RSA_WITH_AES_256_CBC_SHA", False, True, False),
        ("TLS_ECDH_anon_WITH_AES_256_CBC_SHA", True, False, False),
    ],
)
def test_what_follows_from_a_name(name: str, secrecy: bool, authenticated: bool, aead: bool) -> None:  # noqa: FBT001
    one = BY_NAME[name]
    assert (one.has_forward_secrecy, one.is_authenticated, one.is_aead) == (secrecy, authenticated, aead)


def test_what_is_chosen_of_a_version() -> None:
    first, *others = suites_for("1.3")
    assert chosen("1.3", (), without=False) == chosen("1.3", (), without=True) == (first, *others)
    assert chosen("1.3", (first.name,), without=True) == tuple(others)
    assert chosen("1.3", (others[1].name, first.name), without=False) == (others[1], first)


def test_what_is_no_suite_of_ours_has_its_number_for_a_name() -> None:
    assert (suite_name(0x1301), suite_name(0xCACA)) == ("TLS_AES_128_GCM_SHA256", "the suite 0xCACA")

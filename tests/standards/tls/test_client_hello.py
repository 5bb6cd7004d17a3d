"""A client's hello, octet by octet, and before a real server of TLS."""

from __future__ import annotations

import ssl

import pytest

from deliverkit.lab.authority import Authority
from deliverkit.standards.tls.client_hello import ENTROPY, ClientHello
from deliverkit.standards.tls.server_answer import AnswerReader
from deliverkit.standards.tls.suites import BY_NUMBER, suites_for
from tests.talking import CLOCK

BY_CHANCE = bytes(range(ENTROPY))
NAME = "mx.good.example"


def hello_of(version: str) -> ClientHello:
    return ClientHello(version, tuple(one.number for one in suites_for(version)))


def extensions_of(record: bytes) -> dict[int, bytes]:
    at = 5 + 4 + 2 + 32
    at += 1 + record[at]
    at += 2 + int.from_bytes(record[at : at + 2], "big")
    at += 1 + record[at]
    rest, found = record[at + 2 :], {}
    assert len(rest) == int.from_bytes(record[at : at + 2], "big")
    while rest:
        number, size = int.from_bytes(rest[:2], "big"), int.from_bytes(rest[2:4], "big")
        found[number], rest = rest[4 : 4 + size], rest[4 + size :]
    return found


@pytest.mark.parametrize(
    ("version", "outer", "inner"),
    [
        ("ssl3", 0x0300, 0x0300),
        ("1.0", 0x0301, 0x0301),
        ("1.1", 0x0301, 0x0302),
        ("1.2", 0x0301, 0x0303),
        ("1.3", 0x0301, 0x0303),
    ],
)
def test_which_version_stands_where(version: str, outer: int, inner: int) -> None:
    record = hello_of(version).octets(NAME, BY_CHANCE)
    assert (record[0], record[5]) == (22, 1)
    assert (int.from_bytes(record[1:3], "big"), int.from_bytes(record[9:11], "big")) == (outer, inner)
    assert int.from_bytes(record[3:5], "big") == len(record) - 5
    assert int.from_bytes(record[6:9], "big") == len(record) - 9


def test_ssl3_has_no_extensions_and_says_so_in_a_suites_place() -> None:
    record = ClientHello("ssl3", (5,)).octets(NAME, BY_CHANCE)
    assert record[43:] == b"\0" + b"\0\4\0\5\0\xff" + b"\1\0"


def test_the_extensions_of_a_version() -> None:
    old, new = (extensions_of(hello_of(version).octets(NAME, BY_CHANCE)) for version in ("1.2", "1.3"))
    assert old[0] == new[0] == b"\0\x12\0\0\x0f" + NAME.encode()
    assert set(old) - {21} == {0, 10, 13, 11, 22, 23, 0xFF01}
    assert set(new) - {21} == {0, 10, 13, 43, 51}
    assert new[43] == b"\2\3\4"
    assert new[51] == b"\0\x24\0\x1d\0\x20" + BY_CHANCE[64:]


@pytest.mark.parametrize(
    "name", ["11.0.1.25", "2a11:db8::25", "/run/mail.sock", "", "a" * 64, "mx..example", "ü.example"]
)
def test_what_is_no_name_is_not_asked_for(name: str) -> None:
    assert 0 not in extensions_of(hello_of("1.2").octets(name, BY_CHANCE))


def test_no_hello_has_a_length_on_which_servers_hang() -> None:
    suites = tuple(one.number for one in suites_for("1.2"))
    for count in range(1, len(suites) + 1):
        length = len(ClientHello("1.2", suites[:count]).octets(NAME, BY_CHANCE)) - 5
        assert not 256 <= length <= 511


def test_a_random_key_is_one_that_a_server_takes_and_every_choice_is_read() -> None:
    """Each suite that this machine's library has for a key of the lab's, offered alone and taken."""
    taken = set()
    for version in ("1.2", "1.3"):
        for one in suites_for(version):
            hello = ClientHello(version, (one.number,))
            answer = AnswerReader(hello).take(_served(hello.octets(NAME, BY_CHANCE)))
            assert answer is not None
            assert answer.failure in {"", "the host sent the alert handshake failure"}
            if not answer.failure:
                assert (answer.version, answer.suite) == (version, one.number)
                taken.add(one.name)
    assert taken == _known_to_openssl()


def test_old_versions_are_answered_in_themselves_or_refused() -> None:
    for version, failure in (("1.0", ""), ("1.1", ""), ("ssl3", "the host sent the alert handshake failure")):
        hello = hello_of(version)
        answer = AnswerReader(hello).take(_served(hello.octets(NAME, BY_CHANCE)))
        assert answer is not None
        assert answer.failure == failure
        assert answer.version == ("" if failure else version)


def _context() -> ssl.SSLContext:
    context = Authority(CLOCK).serving(NAME, "right", "every")
    context.set_ciphers("ALL:COMPLEMENTOFALL:@SECLEVEL=0")
    return context


def _served(octets: bytes, context: ssl.SSLContext = _context()) -> bytes:  # noqa: B008 - keys take their time
    incoming, outgoing = ssl.MemoryBIO(), ssl.MemoryBIO()
    server = context.wrap_bio(incoming, outgoing, server_side=True)
    incoming.write(octets)
    try:
        server.do_handshake()
    except ssl.SSLWantReadError:
        pass
    except ssl.SSLError:
        assert outgoing.pending
    return outgoing.read()


def _known_to_openssl() -> set[str]:
    """What the library takes with an elliptic key: no RSA, no DSA."""
    ids = {one["id"] & 0xFFFF for one in _context().get_ciphers()}
    names = {BY_NUMBER[number].name for number in ids if number in BY_NUMBER}
    unfit = ("TLS_RSA_", "TLS_DHE_RSA_", "TLS_DHE_DSS_", "TLS_ECDHE_RSA_", "TLS_DH_anon_")  # it has no group for DH
    return {name for name in names if not name.startswith(unfit)}

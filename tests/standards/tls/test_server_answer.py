"""What a server answers a hello, and what it should not: nothing is believed, kept or waited for without a bound."""

from __future__ import annotations

import random
import tracemalloc
from hashlib import sha256

import pytest

from deliverkit.observations.smtp import HelloAnswer
from deliverkit.standards.tls.client_hello import ClientHello
from deliverkit.standards.tls.server_answer import MOST_OCTETS, AnswerReader
from deliverkit.standards.tls.suites import VERSIONS, suites_for
from tests.tls_answers import RANDOM, alert, body, extension, message, record, taking

NOT_TLS = "what the host sent is not TLS: "
SUITE = {"ssl3": 5, "1.0": 0x2F, "1.1": 0x2F, "1.2": 0xC02F, "1.3": 0x1302}


def reader(version: str = "1.2") -> AnswerReader:
    return AnswerReader(ClientHello(version, tuple(one.number for one in suites_for(version))))


def read(octets: bytes, version: str = "1.2") -> HelloAnswer | None:
    return reader(version).take(octets)


@pytest.mark.parametrize("version", VERSIONS)
def test_the_version_and_the_suite_that_are_taken(version: str) -> None:
    assert read(taking(version, SUITE[version]), version) == HelloAnswer(version, SUITE[version])


@pytest.mark.parametrize("version", VERSIONS)
def test_octet_by_octet_it_is_the_same_and_nothing_before_the_last(version: str) -> None:
    octets, reading = taking(version, SUITE[version]), reader(version)
    answers = [reading.take(octets[at : at + 1]) for at in range(len(octets))]
    assert answers == [None] * (len(octets) - 1) + [HelloAnswer(version, SUITE[version])]


def test_a_hello_split_over_records() -> None:
    whole = message(body(0x0303, 0xC02F, extension(0xFF01, b"\0")))
    octets = b"".join(record(whole[at : at + 3]) for at in range(0, len(whole), 3))
    assert read(octets) == HelloAnswer("1.2", 0xC02F)


def test_what_stands_behind_it_in_its_record_is_not_looked_at() -> None:
    assert read(record(message(body(0x0303, 0xC02F)) + message(b"x" * 900, 11))) == HelloAnswer("1.2", 0xC02F)


def test_a_wish_for_another_hello_takes_a_suite_too() -> None:
    wish = sha256(b"HelloRetryRequest").digest()
    versions = extension(43, b"\3\4") + extension(51, b"\0\x17")
    assert read(record(message(body(0x0303, 0x1302, versions, random=wish))), "1.3") == HelloAnswer("1.3", 0x1302)
    assert read(record(message(body(0x0303, 0x1302, random=wish))), "1.3") == HelloAnswer("1.3", 0x1302)


@pytest.mark.parametrize(
    ("octets", "words"),
    [
        (alert(40), "handshake failure"),
        (alert(70), "protocol version"),
        (alert(40, level=1), "handshake failure"),
        (alert(99), "number 99"),
        (alert(112, level=1) + alert(40), "handshake failure"),
        (alert(40) + b"250 ok\r\n", "handshake failure"),
    ],
)
def test_alerts_are_told_by_their_names(octets: bytes, words: str) -> None:
    assert read(octets) == HelloAnswer(failure=f"the host sent the alert {words}")


def test_after_the_warning_that_the_name_is_not_known_it_goes_on() -> None:
    assert read(alert(112, level=1) + taking("1.2", 0xC02F)) == HelloAnswer("1.2", 0xC02F)


def test_closing_is_no_refusal() -> None:
    assert read(alert(0, level=1)) == HelloAnswer(failure="the host closed TLS during the handshake")


@pytest.mark.parametrize(
    ("octets", "asked", "words"),
    [
        (taking("1.0", 0x2F), "1.2", "TLS 1.0"),
        (taking("1.2", 0xC02F), "1.3", "TLS 1.2"),
        (taking("ssl3", 5), "1.0", "SSL 3.0"),
        (record(message(body(0x0309, 0xC02F))), "1.2", "0x0309"),
        (taking("1.3", 0x1301), "1.2", "TLS 1.3"),
    ],
)
def test_another_version_than_was_offered(octets: bytes, asked: str, words: str) -> None:
    assert read(octets, asked) == HelloAnswer(failure=f"the host answered in {words}")


@pytest.mark.parametrize(
    ("suite", "words"), [(0x1301, "TLS_AES_128_GCM_SHA256"), (0xBEEF, "the suite 0xBEEF"), (0, "the suite 0x0000")]
)
def test_a_suite_that_was_not_offered(suite: int, words: str) -> None:
    assert read(taking("1.2", suite)) == HelloAnswer("1.2", suite, f"the host took {words}, which was not offered")


@pytest.mark.parametrize(
    ("octets", "words"),
    [
        (b"250 ok\r\n", "no record of TLS"),
        (b"2", "no record of TLS"),
        (b"\x80\x2e\x01", "no record of TLS"),
        (b"\x16\x02", "no version of TLS in its record"),
        (b"\x16\x03\x03\x40\x01", "a record of 16,385 octets"),
        (b"\x16\x03\x03\xff\xff", "a record of 65,535 octets"),
        (record(b""), "a record of 0 octets"),
        (record(b"\2\xff\xff\xff"), "a hello of 16,777,215 octets"),
        (record(message(b"", 14)), "another message in place of a server's hello"),
        (record(message(b"", 0)), "another message in place of a server's hello"),
        (record(b"\2" * 3, 21), "an alert that is none"),
        (record(b"\2\0") + alert(40), "an alert that is none"),
        (record(message(b"")), "a hello that is cut short"),
        (record(message(body(0x0303, 1)[:-4])), "a hello that is cut short"),
        (record(message(body(0x0303, 1, b"\0\x2b\0\xff"))), "a hello that is cut short"),
        (record(message(body(0x0303, 1, extension(43, b"\3")))), "a hello that is cut short"),
        (record(message(body(0x0303, 1) + b"x")), "octets behind a hello"),
        (record(message(body(0x0303, 1, session=b"x" * 33))), "a session's name of more than 32 octets"),
        (record(b"\1\0\0\0", 23), "no record of TLS"),
    ],
)
def test_what_is_no_answer_is_told_in_words(octets: bytes, words: str) -> None:
    assert read(octets) == HelloAnswer(failure=f"{NOT_TLS}{words}")


def test_a_host_that_warns_for_ever_is_given_up() -> None:
    reading, warning = reader(), alert(112, level=1)
    answer, count = None, 0
    while answer is None:
        answer, count = reading.take(warning), count + 1
    assert count == -(-MOST_OCTETS // len(warning))
    assert answer == HelloAnswer(failure=f"{NOT_TLS}more than {MOST_OCTETS:,} octets without an answer")


def test_a_flood_is_not_kept() -> None:
    reading = reader()
    piece = record(message(b"x" * 16_000)[:9])[:5] + b"\2\0\x3e\x80"
    tracemalloc.start()
    reading.take(piece + b"x" * 10_000_000)
    kept, _ = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    assert kept < 1_000_000


@pytest.mark.parametrize("seed", range(40))
def test_spoilt_answers_are_answers_or_words_however_they_are_cut(seed: int) -> None:
    chance = random.Random(seed)  # noqa: S311 - no secret
    for _ in range(250):
        version = chance.choice(VERSIONS)
        octets = bytearray(chance.choice([taking(version, SUITE[version]), alert(40), _split(chance)]))
        for _ in range(chance.randrange(4)):
            octets[chance.randrange(len(octets))] = chance.randrange(256)
        spoilt = bytes(octets[: chance.randrange(len(octets) + 1)]) + chance.randbytes(chance.choice([0, 0, 3, 40]))
        whole, pieces, at = read(spoilt, version), reader(version), 0
        cut = None
        while at < len(spoilt) and cut is None:
            size = chance.randrange(1, 9)
            cut, at = pieces.take(spoilt[at : at + size]), at + size
        assert cut == whole
        assert whole is None or bool(whole.failure) is not bool(whole.version and not whole.failure)


def _split(chance: random.Random) -> bytes:
    whole = message(body(0x0303, 0xC02F, extension(23, b""), session=RANDOM))
    at = chance.randrange(1, len(whole))
    return record(whole[:at]) + record(whole[at:])

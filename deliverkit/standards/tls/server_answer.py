"""What a server answers a hello: a version and a cipher suite, or an alert (RFC 8446 §4.1.3, §6; RFC 5246 §7.4.1.3).

Nothing of it is trusted: lengths are bounded before anything is kept, and whatever is no answer is told in words.
"""

from __future__ import annotations

from hashlib import sha256

from deliverkit.observations.smtp import ALERT, ANOTHER_VERSION, BROKEN_OFF, NOT_TLS, HelloAnswer
from deliverkit.standards.tls.client_hello import ClientHello
from deliverkit.standards.tls.suites import NUMBERS, suite_name, version_name

MOST_RECORD = 2**14  # octets (RFC 8446 §5.1)
MOST_MESSAGE = 2**14  # of a server's hello, which has a hundred of them
MOST_OCTETS = 2**16  # that are read of an answer in all
_ALERT, _HANDSHAKE = 21, 22
_HEADER = 5  # octets of a record's
_SERVER_HELLO = 2
_WARNING = 1
_CLOSE_NOTIFY = 0
_GOING_ON = frozenset({100, 112})  # warnings after which a server goes on: RFC 5746 §4.5, RFC 6066 §3
_MAJOR = 3  # of the version in each record, from SSL 3.0 to TLS 1.3
_SUPPORTED_VERSIONS = 43  # RFC 8446 §4.2.1
_RETRY = sha256(b"HelloRetryRequest").digest()  # RFC 8446 §4.1.3
# RFC 8446 §6, and what older versions had
_ALERTS = {
    10: "unexpected message", 20: "bad record mac", 21: "decryption failed", 22: "record overflow",
    30: "decompression failure", 40: "handshake failure", 41: "no certificate", 42: "bad certificate",
    43: "unsupported certificate", 44: "certificate revoked", 45: "certificate expired", 46: "certificate unknown",
    47: "illegal parameter", 48: "unknown ca", 49: "access denied", 50: "decode error", 51: "decrypt error",
    60: "export restriction", 70: "protocol version", 71: "insufficient security", 80: "internal error",
    86: "inappropriate fallback", 90: "user cancelled", 100: "no renegotiation", 109: "missing extension",
    110: "unsupported extension", 111: "certificate unobtainable", 112: "unrecognized name",
    113: "bad certificate status response", 115: "unknown psk identity", 116: "certificate required",
    120: "no application protocol",
}  # fmt: skip


class _SpoiltError(Exception):
    """What came is no answer in TLS. It never leaves this module."""


class AnswerReader:
    """What came of an answer to a hello so far."""

    def __init__(self, hello: ClientHello) -> None:
        self._hello = hello
        self._octets = bytearray()
        self._message = bytearray()  # of the handshake, which may be split over records
        self._count = 0

    def take(self, data: bytes) -> HelloAnswer | None:
        """Take octets; the answer, once it is there."""
        self._octets += data[: MOST_OCTETS - self._count]
        self._count += len(data)
        try:
            answer = self._read()
        except _SpoiltError as error:
            return HelloAnswer(failure=f"{NOT_TLS}: {error}")
        if answer is None and self._count >= MOST_OCTETS:
            return HelloAnswer(failure=f"{NOT_TLS}: more than {MOST_OCTETS:,} octets without an answer")
        return answer

    def _read(self) -> HelloAnswer | None:
        while record := self._record():
            kind, content = record
            answer = self._alert(content) if kind == _ALERT else self._handshake(content)
            if answer:
                return answer
        return None

    def _record(self) -> tuple[int, bytes] | None:
        """The next whole record: its type, and what is in it; what cannot begin one is told at once."""
        octets = self._octets
        if octets and octets[0] not in {_ALERT, _HANDSHAKE}:
            raise _SpoiltError("no record of TLS")
        if len(octets) > 1 and octets[1] != _MAJOR:
            raise _SpoiltError("no version of TLS in its record")
        if len(octets) < _HEADER:
            return None
        length = int.from_bytes(octets[3:_HEADER], "big")
        if not 0 < length <= MOST_RECORD:  # RFC 8446 §5.1
            raise _SpoiltError(f"a record of {length:,} octets")
        if len(octets) < _HEADER + length:
            return None
        record = octets[0], bytes(octets[_HEADER : _HEADER + length])
        del octets[: _HEADER + length]
        return record

    def _alert(self, content: bytes) -> HelloAnswer | None:
        if len(content) != 2 or self._message:  # RFC 8446 §5.1: one, and not in the middle of a message
            raise _SpoiltError("an alert that is none")
        level, number = content
        if number == _CLOSE_NOTIFY:
            return HelloAnswer(failure=f"the host closed TLS{BROKEN_OFF}")
        if level == _WARNING and number in _GOING_ON:
            return None
        return HelloAnswer(failure=f"{ALERT}{_ALERTS.get(number, f'number {number}')}")

    def _handshake(self, content: bytes) -> HelloAnswer | None:
        message = self._message
        message += content
        if message[0] != _SERVER_HELLO:
            raise _SpoiltError("another message in place of a server's hello")
        length = int.from_bytes(message[1:4], "big") if len(message) >= 4 else 0
        if length > MOST_MESSAGE:
            raise _SpoiltError(f"a hello of {length:,} octets")
        if len(message) < 4 or len(message) < 4 + length:
            return None
        return self._judged(*_parse_server_hello(bytes(message[4 : 4 + length])))

    def _judged(self, version: int, suite: int) -> HelloAnswer:
        """The answer; one that takes what was not offered is a failure."""
        hello = self._hello
        spoken = next((name for name, number in NUMBERS.items() if number == version), "")
        if spoken != hello.version:
            return HelloAnswer(failure=f"{ANOTHER_VERSION}{version_name(spoken) if spoken else f'0x{version:04X}'}")
        if suite not in hello.suites:
            return HelloAnswer(spoken, suite, f"the host took {suite_name(suite)}, which was not offered")
        return HelloAnswer(spoken, suite)


class _Fields:
    """Octets, read from the front."""

    def __init__(self, data: bytes) -> None:
        self._data = data
        self._at = 0

    @property
    def is_at_end(self) -> bool:
        return self._at == len(self._data)

    def octets(self, count: int) -> bytes:
        found = self._data[self._at : self._at + count]
        if len(found) < count:
            raise _SpoiltError("a hello that is cut short")
        self._at += count
        return found

    def number(self, size: int) -> int:
        return int.from_bytes(self.octets(size), "big")

    def vector(self, size: int) -> bytes:
        return self.octets(self.number(size))


def _parse_server_hello(body: bytes) -> tuple[int, int]:
    """The version and the suite that the server's hello, or its wish for another hello, takes."""
    fields = _Fields(body)
    version, random = fields.number(2), fields.octets(32)
    if len(fields.vector(1)) > 32:  # RFC 5246 §7.4.1.3: the session
        raise _SpoiltError("a session's name of more than 32 octets")
    suite = fields.number(2)
    fields.octets(1)  # the method of compression
    extensions = _Fields(b"" if fields.is_at_end else fields.vector(2))
    if not fields.is_at_end:
        raise _SpoiltError("octets behind a hello")
    while not extensions.is_at_end:
        number, data = extensions.number(2), extensions.vector(2)
        if number == _SUPPORTED_VERSIONS:
            return _Fields(data).number(2), suite
    return (NUMBERS["1.3"] if random == _RETRY else version), suite

"""What a server of TLS answers a hello, written out octet by octet."""

from __future__ import annotations

from deliverkit.standards.tls.suites import NUMBERS

RANDOM = bytes(range(32))
SUPPORTED_VERSIONS = 43


def record(content: bytes, kind: int = 22, version: int = 0x0303) -> bytes:
    return bytes([kind]) + version.to_bytes(2, "big") + len(content).to_bytes(2, "big") + content


def message(body: bytes, kind: int = 2) -> bytes:
    return bytes([kind]) + len(body).to_bytes(3, "big") + body


def extension(number: int, data: bytes) -> bytes:
    return number.to_bytes(2, "big") + len(data).to_bytes(2, "big") + data


def body(
    version: int, suite: int, extensions: bytes | None = b"", *, session: bytes = b"", random: bytes = RANDOM
) -> bytes:
    """A server's hello; without extensions where there are none in its version."""
    fields = version.to_bytes(2, "big") + random + bytes([len(session)]) + session + suite.to_bytes(2, "big") + b"\0"
    return fields if extensions is None else fields + len(extensions).to_bytes(2, "big") + extensions


def taking(version: str, suite: int) -> bytes:
    """The server's hello that takes the suite in that version."""
    number = NUMBERS[version]
    if version == "1.3":
        return record(message(body(0x0303, suite, extension(SUPPORTED_VERSIONS, number.to_bytes(2, "big")))))
    return record(message(body(number, suite, None if version == "ssl3" else b"")))


def alert(number: int, level: int = 2) -> bytes:
    return record(bytes([level, number]), 21)

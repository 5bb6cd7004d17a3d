"""A client's hello, as octets (RFC 8446 §4.1.2, RFC 5246 §7.4.1.2)."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence

from deliverkit.classes import Frozen
from deliverkit.regexes import regex
from deliverkit.standards.tls.suites import NUMBERS

ENTROPY = 96  # octets by chance that a hello takes
_HANDSHAKE, _CLIENT_HELLO = 22, 1
_GROUPS = (29, 23, 24, 25, 30, 256, 257, 258)  # RFC 8446 §4.2.7: x25519, secp256r1 …, x448, ffdhe2048 …
_X25519 = 29
# RFC 8446 §4.2.3: ECDSA, EdDSA, RSA-PSS and RSA; with SHA-1 and DSA, as hosts with such certificates are to be found
_SCHEMES = (0x0403, 0x0503, 0x0603, 0x0807, 0x0808, 0x0804, 0x0805, 0x0806, 0x0809, 0x080A, 0x080B, 0x0401, 0x0501,
            0x0601, 0x0203, 0x0201, 0x0402, 0x0202)  # fmt: skip
_SCSV = 0x00FF  # RFC 5746 §3.3: what says in a suite's place what SSL 3.0 has no extension for
_HOST_NAME = regex(r"(?=.{1,253}\Z)(?:[A-Za-z0-9_-]{1,63}\.)*(?=[A-Za-z0-9-]*[A-Za-z])[A-Za-z0-9-]{1,63}")
_HANGING = range(256, 512)  # octets of a hello that some servers wait on for ever (RFC 7685 §1)


class ClientHello(Frozen):
    """A hello of one version that offers these suites, by number, in this order."""

    version: str
    suites: tuple[int, ...]

    def octets(self, host: str, entropy: bytes) -> bytes:
        """The record. ``host``: the name to ask for, where it is one (RFC 6066 §3); `ENTROPY` octets by chance."""
        number = NUMBERS[self.version]
        is_ssl3, is_1_3 = self.version == "ssl3", self.version == "1.3"
        suites = (*self.suites, *((_SCSV,) if is_ssl3 else ()))
        fields = (
            _pairs([min(number, 0x0303)]),  # RFC 8446 §4.1.2: legacy_version
            entropy[:32],
            _vector(1, entropy[32:64] if is_1_3 else b""),  # RFC 8446 §D.4: a session to resume, as of old
            _vector(2, _pairs(suites)),
            _vector(1, b"\0"),  # no compression
        )
        body = b"".join(fields)
        if not is_ssl3:  # RFC 6101 §5.6.1.2 knows no extensions
            body += _vector(2, _padded(b"".join(self._extensions(host, entropy[64:])), len(body)))
        message = bytes([_CLIENT_HELLO]) + _vector(3, body)
        return bytes([_HANDSHAKE]) + _pairs([min(number, 0x0301)]) + _vector(2, message)  # RFC 8446 §5.1

    def _extensions(self, host: str, share: bytes) -> Iterator[bytes]:
        if _HOST_NAME.fullmatch(host):
            yield _extension(0, _vector(2, b"\0" + _vector(2, host.encode("ascii"))))
        yield _extension(10, _vector(2, _pairs(_GROUPS)))
        if self.version in {"1.2", "1.3"}:
            yield _extension(13, _vector(2, _pairs(_SCHEMES)))
        if self.version == "1.3":
            yield _extension(43, _vector(1, _pairs([NUMBERS["1.3"]])))
            # RFC 8446 §4.2.8; RFC 7748 §5: any 32 octets are a key of x25519
            yield _extension(51, _vector(2, _pairs([_X25519]) + _vector(2, share)))
            return
        yield _extension(11, _vector(1, b"\0"))  # RFC 8422 §5.1.2: uncompressed points
        yield _extension(22, b"")  # RFC 7366: encrypt, then MAC
        yield _extension(23, b"")  # RFC 7627: extended master secret
        yield _extension(0xFF01, _vector(1, b""))  # RFC 5746 §3.4


def _padded(extensions: bytes, before: int) -> bytes:
    """The extensions, longer where the hello would have a length on which some servers hang (RFC 7685 §4)."""
    length = 4 + before + 2 + len(extensions)
    if length not in _HANGING:
        return extensions
    return extensions + _extension(21, b"\0" * max(0, _HANGING.stop - length - 4))


def _extension(number: int, data: bytes) -> bytes:
    return _pairs([number]) + _vector(2, data)


def _vector(size: int, data: bytes) -> bytes:
    """The octets with their count before them, in so many octets (RFC 8446 §3.4)."""
    return len(data).to_bytes(size, "big") + data


def _pairs(numbers: Iterable[int] | Sequence[int]) -> bytes:
    return b"".join(number.to_bytes(2, "big") for number in numbers)

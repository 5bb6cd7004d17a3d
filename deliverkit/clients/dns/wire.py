"""Reading a DNS packet from front to back: names, records, options, each octet checked."""

from __future__ import annotations

import struct
from collections.abc import Callable, Iterator
from functools import lru_cache
from socket import AF_INET6, inet_ntoa, inet_ntop

from deliverkit.observations import ExtendedError

TYPES = {"A": 1, "NS": 2, "CNAME": 5, "SOA": 6, "PTR": 12, "MX": 15, "TXT": 16, "AAAA": 28}

_OPT, _IN = 41, 1
_EDE = 15  # the option code of extended errors, RFC 8914 §2
_BARE_OPT = b"\0\0\x29"  # the root, type OPT
_unpack_rr = struct.Struct("!HHIH").unpack_from
_unpack_soa = struct.Struct("!IIIII").unpack_from
_SPECIAL = frozenset(b'"().;\\@$')

# A record as it stands in a section: owner, type, TTL, data. Plain tuples, because there are so many of them.
Row = tuple[str, int, int, str]

MOST_TEXT = 253  # characters of a name that surely has no more than 255 octets (RFC 1035 §2.3.4)


class BadPacketError(ValueError):
    """The packet is not a well-formed answer to the question."""


class Reader:
    """A place in a packet, and how to read on from it. ``names`` holds those read so far, by their place."""

    __slots__ = ("at", "names", "packet")

    def __init__(self, packet: bytes, at: int) -> None:
        self.packet = packet
        self.at = at
        self.names: dict[int, str] = {}

    def read_rows(self, count: int) -> list[Row]:
        """The records of a section, those of types that are not known left out."""
        packet, names, at = self.packet, self.names, self.at
        rows = []
        for _ in range(count):
            # nearly every owner is a pointer to a name that was read before, most often that of the question
            owner = names.get(packet[at + 1]) if packet[at] == 0xC0 and packet[at + 1] < at else None
            if owner is None:
                owner, at = self.name(at)
            else:
                at += 2
            rdtype, rdclass, ttl, size = _unpack_rr(packet, at)
            at += 10
            end = at + size
            if end > len(packet):
                raise BadPacketError("a record is longer than the packet")
            if rdclass == _IN and rdtype in _DATA:
                data = _DATA[rdtype](self, at, end)
                # RFC 2181 §8: the top bit set means zero
                rows.append((owner.lower(), rdtype, ttl if ttl <= 0x7FFFFFFF else 0, data))
            at = end
        self.at = at
        return rows

    def read_additional(self, count: int, code: int) -> tuple[int, tuple[ExtendedError, ...]]:
        """The response code with its upper bits, and the extended errors, from the OPT record."""
        errors: tuple[ExtendedError, ...] = ()
        packet, at = self.packet, self.at
        if count == 1 and len(packet) == at + 11 and packet[at : at + 3] == _BARE_OPT and packet.endswith(b"\0\0"):
            self.at = at + 11  # an OPT record without options: nearly every answer
            return code | packet[at + 5] << 4, errors
        for _ in range(count):
            owner, at = self.name(self.at)
            rdtype, _, ttl, size = _unpack_rr(self.packet, at)
            at += 10
            self.at = at + size
            if self.at > len(self.packet):
                raise BadPacketError("a record is longer than the packet")
            if rdtype == _OPT:
                if owner != ".":
                    raise BadPacketError("an OPT record that is not at the root")
                code |= ttl >> 24 << 4  # RFC 6891 §6.1.3
                errors = tuple(_extended_errors(self.packet, at, self.at))
        return code, errors

    def name(self, at: int) -> tuple[str, int]:
        """The name at that place, in master-file form without the final dot, and the place behind it."""
        packet, names = self.packet, self.names
        length = packet[at]
        behind = at + 1 + length
        if length < 64 and packet[behind] == 0xC0 and packet[behind + 1] in names:
            # one label before a name that was read already: most names in data
            rest = names[packet[behind + 1]]
            text = f"{_text_of_label(packet[at + 1 : behind])}.{rest}"
            if length and rest != "." and packet[behind + 1] < at and len(text) <= MOST_TEXT:
                names[at] = text
                return text, behind + 2
        return self._whole_name(at)

    def _whole_name(self, at: int) -> tuple[str, int]:
        packet = self.packet
        start, limit, end, size = at, at, 0, 1
        parts: list[str] = []
        while length := packet[at]:
            if length < 0xC0:
                parts.append(self._label(at, length))
                at += length + 1
                size += length + 1
                if size > 255:  # RFC 1035 §2.3.4
                    raise BadPacketError("a name of more than 255 octets")
                continue
            target = (length & 0x3F) << 8 | packet[at + 1]  # RFC 1035 §4.1.4
            end = end or at + 2
            if not parts:
                if target in self.names:
                    return self.names[target], end
                start = target
            if target >= limit:  # only backwards, so it must end
                raise BadPacketError("a compressed name that leads forward")
            limit = at = target
        text = ".".join(parts) or "."
        self.names[start] = text
        return text, end or at + 1

    def _label(self, at: int, length: int) -> str:
        label = self.packet[at + 1 : at + 1 + length]
        if length > 63 or len(label) != length:
            raise BadPacketError("a label of a wrong length")
        return _text_of_label(label)

    def whole_name(self, at: int, end: int) -> str:
        """The name that fills the data up to its end, with its final dot."""
        text, behind = self.name(at)
        if behind != end:
            raise BadPacketError("octets are left behind a name")
        return text if text == "." else f"{text}."


def _read_a(reader: Reader, at: int, end: int) -> str:
    if end - at != 4:
        raise BadPacketError("an A record that has not 4 octets")
    return inet_ntoa(reader.packet[at:end])


def _read_aaaa(reader: Reader, at: int, end: int) -> str:
    if end - at != 16:
        raise BadPacketError("an AAAA record that has not 16 octets")
    return inet_ntop(AF_INET6, reader.packet[at:end])


def _read_mx(reader: Reader, at: int, end: int) -> str:
    packet = reader.packet
    return f"{packet[at] << 8 | packet[at + 1]} {reader.whole_name(at + 2, end)}"


def _read_txt(reader: Reader, at: int, end: int) -> str:
    strings = []
    while at < end:
        behind = at + 1 + reader.packet[at]
        if behind > end:
            raise BadPacketError("a character string is longer than its record")
        strings.append(f'"{_quoted(reader.packet[at + 1 : behind])}"')
        at = behind
    if not strings:
        raise BadPacketError("a TXT record without a string")
    return " ".join(strings)


def _read_soa(reader: Reader, at: int, end: int) -> str:
    primary, at = reader.name(at)
    mailbox, at = reader.name(at)
    if end - at != 20:
        raise BadPacketError("a SOA record of a wrong length")
    serial, refresh, retry, expire, minimum = _unpack_soa(reader.packet, at)
    primary = primary if primary == "." else f"{primary}."
    mailbox = mailbox if mailbox == "." else f"{mailbox}."
    return f"{primary} {mailbox} {serial} {refresh} {retry} {expire} {minimum}"


_DATA: dict[int, Callable[[Reader, int, int], str]] = {
    TYPES["A"]: _read_a,
    TYPES["AAAA"]: _read_aaaa,
    TYPES["MX"]: _read_mx,
    TYPES["TXT"]: _read_txt,
    TYPES["SOA"]: _read_soa,
    TYPES["NS"]: Reader.whole_name,
    TYPES["PTR"]: Reader.whole_name,
    TYPES["CNAME"]: Reader.whole_name,
}


def _extended_errors(packet: bytes, at: int, end: int) -> Iterator[ExtendedError]:
    while at < end:
        code, size = struct.unpack_from("!HH", packet, at)
        at += 4
        if at + size > end or (code == _EDE and size < 2):
            raise BadPacketError("an option is longer than its record")
        if code == _EDE:
            text = packet[at + 2 : at + size].decode("utf-8", "replace").rstrip("\0")
            yield ExtendedError(int.from_bytes(packet[at : at + 2]), text)
        at += size


@lru_cache(maxsize=8192)
def _text_of_label(label: bytes) -> str:
    """A label in master-file form (RFC 1035 §5.1)."""
    return "".join(
        f"\\{chr(octet)}" if octet in _SPECIAL else chr(octet) if 0x20 < octet < 0x7F else f"\\{octet:03d}"
        for octet in label
    )


def _quoted(text: bytes) -> str:
    """A character string between its quotes (RFC 1035 §5.1)."""
    if text.isascii() and b'"' not in text and b"\\" not in text:
        plain = text.decode("ascii")
        if plain.isprintable():
            return plain
    return "".join(
        f"\\{chr(octet)}" if octet in b'"\\' else chr(octet) if 0x20 <= octet < 0x7F else f"\\{octet:03d}"
        for octet in text
    )

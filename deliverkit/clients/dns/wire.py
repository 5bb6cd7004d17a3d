"""Reading a DNS packet from front to back: names, records, options, each octet checked."""

from __future__ import annotations

import struct
from collections.abc import Callable, Iterator
from socket import AF_INET6, inet_ntoa, inet_ntop

from deliverkit.observations import ExtendedError, ResourceRecord

TYPES = {"A": 1, "NS": 2, "CNAME": 5, "SOA": 6, "PTR": 12, "MX": 15, "TXT": 16, "AAAA": 28}

_OPT, _IN = 41, 1
_EDE = 15  # the option code of extended errors, RFC 8914 §2
_BARE_OPT = b"\0\0\x29"  # the root, type OPT
_unpack_rr = struct.Struct("!HHIH").unpack_from
_unpack_soa = struct.Struct("!IIIII").unpack_from
_SPECIAL = frozenset(b'"().;\\@$')
_PLAIN = bytes(octet for octet in range(0x21, 0x7F) if octet not in _SPECIAL)

HEADER = 12  # octets, RFC 1035 §4.1.1
MOST_TEXT = 253  # characters of a name that surely has no more than 255 octets (RFC 1035 §2.3.4)


class BadPacketError(ValueError):
    """The packet is not a well-formed answer to the question."""


class Reader:
    """A place in a packet, and how to read on from it.

    ``names`` holds those read so far, by their place; ``seen`` has a bit for the number of each type that was met.
    ``asked`` is the name in the question, as it stands in the packet without any escapes; else empty.
    """

    __slots__ = ("asked", "at", "names", "packet", "seen")

    def __init__(self, packet: bytes, at: int, asked: str = "") -> None:
        self.packet = packet
        self.at = at
        self.asked = asked
        self.names = {HEADER: asked} if asked else {}
        self.seen = 0

    def read_records(self, count: int) -> list[ResourceRecord]:
        """The records of a section, those of types that are not known left out."""
        packet, at = self.packet, self.at
        records = []
        for _ in range(count):
            # most owners are a pointer to the name in the question
            if packet[at] == 0xC0 and packet[at + 1] == HEADER and self.asked:
                owner = self.asked
                at += 2
            else:
                owner, at = self.name(at)
            rdtype, rdclass, ttl, size = _unpack_rr(packet, at)
            at += 10
            end = at + size
            if end > len(packet):
                raise BadPacketError("a record is longer than the packet")
            known = _DATA.get(rdtype)
            if known is not None and rdclass == _IN:
                self.seen |= 1 << rdtype
                kind, read = known
                # RFC 2181 §8: the top bit set means zero
                records.append(ResourceRecord(owner.lower(), kind, ttl if ttl < 1 << 31 else 0, read(self, at, end)))
            at = end
        self.at = at
        return records

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
        packet = self.packet
        length = packet[at]
        behind = at if length == 0xC0 else at + 1 + length
        if not length or (length > 63 and length != 0xC0) or packet[behind] != 0xC0:
            return self._any_name(at)
        # a pointer, or one label before a pointer, to what was read already: nearly every name
        target = packet[behind + 1]
        rest = self.names.get(target) or self._rest_of_asked(target)
        if target >= at or not rest:
            return self._any_name(at)
        if behind == at:
            return rest, at + 2
        label = packet[at + 1 : behind]
        if rest == "." or len(rest) > 189 or label.translate(None, _PLAIN):
            return self._any_name(at)
        text = self.names[at] = f"{label.decode('ascii')}.{rest}"
        return text, behind + 2

    def _rest_of_asked(self, target: int) -> str:
        """What of the name in the question begins at that place: an octet of it is a character of its text."""
        start = target - HEADER
        if 0 < start < len(self.asked) and self.asked[start - 1] == ".":
            rest = self.names[target] = self.asked[start:]
            return rest
        return ""

    def _any_name(self, at: int) -> tuple[str, int]:
        packet, names = self.packet, self.names
        start, limit, end, rest = at, at, 0, ""
        labels: list[bytes] = []
        jumps: list[tuple[int, int]] = []  # where a pointer led, and how many labels stood before
        while length := packet[at]:
            if length < 64:
                labels.append(packet[at + 1 : at + 1 + length])
                at += length + 1
                continue
            if length < 0xC0:
                raise BadPacketError("a label of a wrong length")
            target = (length & 0x3F) << 8 | packet[at + 1]  # RFC 1035 §4.1.4
            end = end or at + 2
            if target >= limit:  # only backwards, so it must end
                raise BadPacketError("a compressed name that leads forward")
            if target in names:
                rest = names[target]
                break
            jumps.append((target, len(labels)))
            limit = at = target
        text = _text_of(labels, rest)
        if len(text) > MOST_TEXT:
            self._check_size(start)
        names[start] = text
        for place, before in jumps:
            names[place] = _text_of(labels[before:], rest)
        return text, end or at + 1

    def _check_size(self, at: int) -> None:
        """Refuse a name of more than 255 octets (RFC 1035 §2.3.4); that its pointers lead backwards is known."""
        size = 1
        while length := self.packet[at]:
            if length >= 0xC0:
                at = (length & 0x3F) << 8 | self.packet[at + 1]
                continue
            size += length + 1
            at += length + 1
        if size > 255:
            raise BadPacketError("a name of more than 255 octets")

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


_DATA: dict[int, tuple[str, Callable[[Reader, int, int], str]]] = {
    TYPES[kind]: (kind, read)
    for kind, read in {
        "A": _read_a,
        "AAAA": _read_aaaa,
        "MX": _read_mx,
        "TXT": _read_txt,
        "SOA": _read_soa,
        "NS": Reader.whole_name,
        "PTR": Reader.whole_name,
        "CNAME": Reader.whole_name,
    }.items()
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


def _text_of(labels: list[bytes], rest: str) -> str:
    """The labels in master-file form (RFC 1035 §5.1), and the name that they stand before (empty: the root)."""
    if not labels:
        return rest or "."
    joined = b".".join(labels)
    if len(joined.translate(None, _PLAIN)) == len(labels) - 1:  # the dots between them, and nothing to be escaped
        text = joined.decode("ascii")
    else:
        text = ".".join(map(_text_of_label, labels))
    return f"{text}.{rest}" if rest and rest != "." else text


def _text_of_label(label: bytes) -> str:
    """A label in master-file form."""
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

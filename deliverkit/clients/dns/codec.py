"""A minimal DNS codec for the fast road: questions, and answers of the few types that mail needs.

It is held against dnspython's by tests. It believes nothing: a packet that is not exactly well-formed raises
`BadPacketError`, whatever its bytes, and never anything else.
"""

from __future__ import annotations

import struct
from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from functools import lru_cache
from socket import AF_INET6, inet_ntoa, inet_ntop

from deliverkit.observations import Answer, ExtendedError, ResourceRecord, Status

TYPES = {"A": 1, "NS": 2, "CNAME": 5, "SOA": 6, "PTR": 12, "MX": 15, "TXT": 16, "AAAA": 28}
PAYLOAD = 1232  # octets of UDP answer that pass everywhere (DNS flag day 2020)
MAX_ALIASES = 16  # links of a CNAME chain; resolvers stop at about as many
HEADER = 12  # octets, RFC 1035 §4.1.1

_OPT, _IN, _NS, _CNAME, _SOA = 41, 1, 2, 5, 6
_EDE = 15  # the option code of extended errors, RFC 8914 §2
_QR, _TC, _AA, _AD, _CD, _RD = 0x8000, 0x0200, 0x0400, 0x0020, 0x0010, 0x0100
_OPCODE = 0x7800
_BARE_OPT = b"\0\0\x29"  # the root, type OPT
_OPT_RECORD = struct.pack("!BHHIH", 0, _OPT, PAYLOAD, 0, 0)  # RFC 6891 §6.1.2
_HEADER = struct.Struct("!HHHHH")  # without the id
_RR = struct.Struct("!HHIH")
_HEADS = {  # RFC 6840 §5.7: AD in a question asks for AD in the answer
    disabled: _HEADER.pack(_RD | _AD | (_CD if disabled else 0), 1, 0, 0, 1) for disabled in (False, True)
}
_TAILS = {rdtype: struct.pack("!HH", number, _IN) for rdtype, number in TYPES.items()}
_SPECIAL = frozenset(b'"().;\\@$')
_STATUS = {
    0: Status.NOERROR,
    1: Status.FORMERR,
    2: Status.SERVFAIL,
    3: Status.NXDOMAIN,
    4: Status.NOTIMP,
    5: Status.REFUSED,
}


class BadPacketError(ValueError):
    """The packet is not a well-formed answer to the question."""


class BadNameError(ValueError):
    """The name is none that the DNS can carry."""


@dataclass(frozen=True, slots=True)
class Question:
    """A question ready to be sent: all octets behind the id, and those that the answer has to echo."""

    name: str
    rdtype: str
    checking_disabled: bool
    wire: bytes
    echo: bytes


# A record as it stands in a section: owner, type, TTL, data. Plain tuples, because there are so many of them.
_Row = tuple[str, int, int, str]


def encode(name: str, rdtype: str, *, checking_disabled: bool = False) -> Question:
    """The question for the name and type, with EDNS.

    Raises:
        BadNameError: the DNS cannot carry the name.
        KeyError: the codec does not know the type.
    """
    echo = _encode_name(name) + _TAILS[rdtype]
    wire = _HEADS[checking_disabled] + echo + _OPT_RECORD
    return Question(name, rdtype, checking_disabled, wire, echo.lower())


def without_edns(question: Question) -> Question:
    """The same question for a server that does not understand EDNS (RFC 6891 §7)."""
    flags = question.wire[:2]
    return replace(question, wire=flags + b"\0\1\0\0\0\0\0\0" + question.wire[10 : -len(_OPT_RECORD)])


def is_echo(packet: bytes, question: Question) -> bool:
    """Whether the packet echoes the question, letter case aside."""
    end = HEADER + len(question.echo)
    return packet[4:6] == b"\0\1" and packet[HEADER:end].lower() == question.echo


def decode(packet: bytes, question: Question, *, server: str, elapsed: float = 0.0) -> Answer:
    """What the packet answers to the question.

    Raises:
        BadPacketError: it is not well-formed, or answers something else.
    """
    try:
        return _decode(packet, question, server, elapsed)
    except (IndexError, struct.error):
        raise BadPacketError("the packet ends too early") from None


def _decode(packet: bytes, question: Question, server: str, elapsed: float) -> Answer:
    flags, _, answers, authorities, additionals = _HEADER.unpack_from(packet, 2)
    if not flags & _QR or flags & _OPCODE or not is_echo(packet, question):
        raise BadPacketError("the packet answers something else")
    reader = _Reader(packet, HEADER + len(question.echo))
    if packet.startswith(question.echo, HEADER):
        reader.names[HEADER] = question.name
    rows = reader.read_rows(answers)
    authority = reader.read_rows(authorities)
    code, errors = reader.read_additional(additionals, flags & 0xF)
    if reader.at != len(packet):
        raise BadPacketError("octets are left behind the last record")
    if flags & _TC:
        return Answer(question.name, question.rdtype, Status.TRUNCATED, server=server, elapsed=elapsed)
    aliases = _aliases(rows, question)
    end = aliases[-1].data.lower().removesuffix(".") or "." if aliases else question.name
    records = _records(rows, end, question.rdtype)
    soa = _soa(rows) or _soa(authority)
    status = _STATUS.get(code, Status.OTHER)
    if status is Status.NOERROR and not records:
        is_referral = soa is None and (aliases or any(row[1] == _NS for row in authority))
        status = Status.REFERRAL if is_referral else Status.NODATA
    return Answer(
        question.name,
        question.rdtype,
        status,
        records,
        aliases,
        soa,
        flags & _AA != 0,
        flags & _AD != 0,
        question.checking_disabled,
        errors,
        server,
        elapsed,
    )


class _Reader:
    """A place in a packet, and how to read on from it."""

    __slots__ = ("at", "names", "packet")

    def __init__(self, packet: bytes, at: int) -> None:
        self.packet = packet
        self.at = at
        self.names: dict[int, str] = {}

    def read_rows(self, count: int) -> list[_Row]:
        """The records of a section, those of types that are not known left out."""
        packet = self.packet
        rows = []
        for _ in range(count):
            owner, at = self.name(self.at)
            rdtype, rdclass, ttl, size = _RR.unpack_from(packet, at)
            at += 10
            self.at = end = at + size
            if end > len(packet):
                raise BadPacketError("a record is longer than the packet")
            read = _DATA.get(rdtype)
            if read is None or rdclass != _IN:
                continue
            if ttl > 0x7FFFFFFF:  # RFC 2181 §8: the top bit set means zero
                ttl = 0
            rows.append((owner.lower(), rdtype, ttl, read(self, at, end)))
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
            rdtype, _, ttl, size = _RR.unpack_from(self.packet, at)
            at += _RR.size
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
        if packet[at] == 0xC0 and packet[at + 1] in self.names and packet[at + 1] < at:  # most names are seen already
            return self.names[packet[at + 1]], at + 2
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


def _read_a(reader: _Reader, at: int, end: int) -> str:
    if end - at != 4:
        raise BadPacketError("an A record that has not 4 octets")
    return inet_ntoa(reader.packet[at:end])


def _read_aaaa(reader: _Reader, at: int, end: int) -> str:
    if end - at != 16:
        raise BadPacketError("an AAAA record that has not 16 octets")
    return inet_ntop(AF_INET6, reader.packet[at:end])


def _read_mx(reader: _Reader, at: int, end: int) -> str:
    preference = int.from_bytes(reader.packet[at : at + 2])
    return f"{preference} {reader.whole_name(at + 2, end)}"


def _read_txt(reader: _Reader, at: int, end: int) -> str:
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


def _read_soa(reader: _Reader, at: int, end: int) -> str:
    primary, at = reader.name(at)
    mailbox, at = reader.name(at)
    if end - at != 20:
        raise BadPacketError("a SOA record of a wrong length")
    numbers = struct.unpack_from("!IIIII", reader.packet, at)
    names = (name if name == "." else f"{name}." for name in (primary, mailbox))
    return " ".join((*names, *map(str, numbers)))


_DATA: dict[int, Callable[[_Reader, int, int], str]] = {
    TYPES["A"]: _read_a,
    TYPES["AAAA"]: _read_aaaa,
    TYPES["MX"]: _read_mx,
    TYPES["TXT"]: _read_txt,
    TYPES["SOA"]: _read_soa,
    TYPES["NS"]: _Reader.whole_name,
    TYPES["PTR"]: _Reader.whole_name,
    TYPES["CNAME"]: _Reader.whole_name,
}


def _records(rows: list[_Row], owner: str, rdtype: str) -> tuple[ResourceRecord, ...]:
    """The records of that owner and type: with the smallest TTL, and each data once (RFC 2181 §5)."""
    wanted = TYPES[rdtype]
    found = [(ttl, data) for name, kind, ttl, data in rows if kind == wanted and name == owner]
    if len(found) < 2:
        return tuple([ResourceRecord(owner, rdtype, ttl, data) for ttl, data in found])
    smallest = min(found)[0]
    if rdtype in {"CNAME", "SOA"}:  # there may be but one: the last counts
        return (ResourceRecord(owner, rdtype, smallest, found[-1][1]),)
    once = {data if rdtype == "TXT" else data.lower(): data for _, data in reversed(found)}
    return tuple([ResourceRecord(owner, rdtype, smallest, data) for data in reversed(once.values())])


def _aliases(rows: list[_Row], question: Question) -> tuple[ResourceRecord, ...]:
    """The chain of CNAME records that leads away from the name."""
    links = [row for row in rows if row[1] == _CNAME]
    if not links or question.rdtype == "CNAME":
        return ()
    aliases: list[ResourceRecord] = []
    name = question.name
    while len(aliases) < MAX_ALIASES:
        at = [(ttl, data) for owner, _, ttl, data in links if owner == name]
        if not at:
            break
        aliases.append(ResourceRecord(name, "CNAME", min(at)[0], at[-1][1]))
        name = at[-1][1].lower().removesuffix(".") or "."
    return tuple(aliases)


def _soa(rows: list[_Row]) -> ResourceRecord | None:
    found = [row for row in rows if row[1] == _SOA]
    if not found:
        return None
    owner = found[0][0]
    same = [(ttl, data) for name, _, ttl, data in found if name == owner]
    return ResourceRecord(owner, "SOA", min(same)[0], same[-1][1])


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


def _encode_name(name: str) -> bytes:
    if name == ".":
        return b"\0"
    if "\\" in name:
        return _encode_escaped(name)
    try:
        labels = name.encode("ascii").split(b".")
    except UnicodeEncodeError:
        raise BadNameError(name) from None
    wire = b"".join([bytes((len(label),)) + label for label in labels if 0 < len(label) < 64]) + b"\0"
    if len(wire) > 255 or len(wire) != len(name) + 2:  # a label was empty or too long
        raise BadNameError(name)
    return wire


def _encode_escaped(name: str) -> bytes:
    """A name with escapes (RFC 1035 §5.1), by dnspython: such names are rare."""
    import dns.exception
    import dns.name

    try:
        return dns.name.from_text(name).to_wire() or b"\0"
    except (dns.exception.DNSException, UnicodeError, ValueError):
        raise BadNameError(name) from None


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

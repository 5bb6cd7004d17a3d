"""A minimal DNS codec for the fast road: questions, and answers of the few types that mail needs.

It is held against dnspython's by tests. It believes nothing: a packet that is not exactly well-formed raises
`BadPacketError`, whatever its bytes, and never anything else.
"""

from __future__ import annotations

import struct
from collections.abc import Sequence
from typing import NamedTuple

from deliverkit.clients.dns.wire import HEADER, TYPES, BadPacketError, Reader
from deliverkit.observations import CHOSEN, Answer, ResourceRecord, Status

PAYLOAD = 1232  # octets of UDP answer that pass everywhere (DNS flag day 2020)
MAX_ALIASES = 16  # links of a CNAME chain; resolvers stop at about as many

_OPT, _IN = 41, 1
_QR, _TC, _AA, _AD, _CD, _RD = 0x8000, 0x0200, 0x0400, 0x0020, 0x0010, 0x0100
_OPCODE = 0x7800
_OPT_RECORD = struct.pack("!BHHIH", 0, _OPT, PAYLOAD, 0, 0)  # RFC 6891 §6.1.2
_HEADER = struct.Struct("!HHHHH")  # without the id
_unpack_header = _HEADER.unpack_from
_HEADS = {  # by checking disabled, recursive; RFC 6840 §5.7: AD in a question asks for AD in the answer
    disabled: {
        recursive: _HEADER.pack(_AD | (_RD if recursive else 0) | (_CD if disabled else 0), 1, 0, 0, 1)
        for recursive in (False, True)
    }
    for disabled in (False, True)
}
_SEEN_CNAME, _SEEN_SOA = 1 << TYPES["CNAME"], 1 << TYPES["SOA"]
_TAILS = {rdtype: struct.pack("!HH", number, _IN) for rdtype, number in TYPES.items()}
_LENGTHS = [bytes((length,)) for length in range(64)]
_STATUS = {
    0: Status.NOERROR,
    1: Status.FORMERR,
    2: Status.SERVFAIL,
    3: Status.NXDOMAIN,
    4: Status.NOTIMP,
    5: Status.REFUSED,
}


class BadNameError(ValueError):
    """The name is none that the DNS can carry."""


class Question(NamedTuple):
    """A question ready to be sent: all octets behind the id, and those that the answer has to echo."""

    name: str
    rdtype: str
    checking_disabled: bool
    wire: bytes
    echo: bytes


def encode(name: str, rdtype: str, *, checking_disabled: bool = False, recursive: bool = True) -> Question:
    """The question for the name and type, with EDNS.

    Raises:
        BadNameError: the DNS cannot carry the name.
        KeyError: the codec does not know the type.
    """
    echo = _encode_name(name) + _TAILS[rdtype]
    wire = _HEADS[checking_disabled][recursive] + echo + _OPT_RECORD
    return Question(name, rdtype, checking_disabled, wire, echo.lower())


def without_edns(question: Question) -> Question:
    """The same question for a server that does not understand EDNS (RFC 6891 §7)."""
    flags = question.wire[:2]
    return question._replace(wire=flags + b"\0\1\0\0\0\0\0\0" + question.wire[10 : -len(_OPT_RECORD)])


def cut_short(answer: Answer) -> Answer:
    """What came over TCP after an answer that was cut short; TRUNCATED where TCP does not deliver it (RFC 7766 §5)."""
    is_lost = answer.status in {Status.TIMEOUT, Status.UNREACHABLE}
    return answer._replace(status=Status.TRUNCATED) if is_lost else answer


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
    flags, questions, answers, authorities, additionals = _unpack_header(packet, 2)
    echo = question.echo
    at = HEADER + len(echo)
    echoed = packet[HEADER:at]
    if flags & (_QR | _OPCODE) != _QR or questions != 1 or (echoed != echo and echoed.lower() != echo):
        raise BadPacketError("the packet answers something else")
    name, rdtype = question.name, question.rdtype
    reader = Reader(packet, at, name if echoed == echo and "\\" not in name and name != "." else "")
    rows = reader.read_records(answers) if answers else []
    authority = reader.read_records(authorities) if authorities else []
    behind = reader.at
    code, errors = reader.read_additional(additionals, flags & 0xF)
    if reader.at != len(packet):
        raise BadPacketError("octets are left behind the last record")
    if flags & _TC:
        return Answer(name, rdtype, Status.TRUNCATED, server=server, elapsed=elapsed)
    aliases = _aliases(rows, question) if reader.seen & _SEEN_CNAME else ()
    records = _records(rows, aliases[-1].data.lower().removesuffix(".") or "." if aliases else name, rdtype)
    soa = _soa(rows) or _soa(authority) if reader.seen & _SEEN_SOA else None
    status = _STATUS.get(code) or Status.OTHER
    referral: tuple[ResourceRecord, ...] = ()
    if code == 0 and not records:
        status = Status.NODATA
        if soa is None and (aliases or any(record.rdtype == "NS" for record in authority)):
            reader.at = behind
            status, referral = Status.REFERRAL, (*authority, *reader.read_records(additionals))
    return Answer(
        name,
        rdtype,
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
        CHOSEN,
        referral,
    )


def _records(rows: list[ResourceRecord], owner: str, rdtype: str) -> tuple[ResourceRecord, ...]:
    """The records of that owner and type: with the smallest TTL, and each data once (RFC 2181 §5)."""
    found = [record for record in rows if record[1] == rdtype and record[0] == owner]
    if len(found) < 2:
        return tuple(found)
    if rdtype in {"CNAME", "SOA"}:  # there may be but one: the last counts
        return (_last(found),)
    fold = str if rdtype == "TXT" else str.lower
    if len({record[2] for record in found}) == 1 and len({fold(record[3]) for record in found}) == len(found):
        return tuple(found)
    smallest = min(record[2] for record in found)
    once: dict[str, ResourceRecord] = {}
    for record in found:
        once.setdefault(fold(record[3]), record._replace(ttl=smallest))
    return tuple(once.values())


def _last(same: Sequence[ResourceRecord]) -> ResourceRecord:
    """The last of several records of one owner and type, with the smallest TTL."""
    return same[-1]._replace(ttl=min(record.ttl for record in same)) if len(same) > 1 else same[0]


def _aliases(rows: list[ResourceRecord], question: Question) -> tuple[ResourceRecord, ...]:
    """The chain of CNAME records that leads away from the name."""
    if question.rdtype == "CNAME":
        return ()
    aliases: list[ResourceRecord] = []
    name = question.name
    while len(aliases) < MAX_ALIASES:
        at = [record for record in rows if record[1] == "CNAME" and record[0] == name]
        if not at:
            break
        aliases.append(_last(at))
        name = at[-1].data.lower().removesuffix(".") or "."
    return tuple(aliases)


def _soa(records: list[ResourceRecord]) -> ResourceRecord | None:
    found = [record for record in records if record[1] == "SOA"]
    return _last([record for record in found if record[0] == found[0][0]]) if found else None


def _encode_name(name: str) -> bytes:
    if name == ".":
        return b"\0"
    if "\\" in name:
        return _encode_escaped(name)
    try:
        labels = name.encode("ascii").split(b".")
    except UnicodeEncodeError:
        raise BadNameError(name) from None
    wire = b"".join([_LENGTHS[len(label)] + label for label in labels if 0 < len(label) < 64]) + b"\0"
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

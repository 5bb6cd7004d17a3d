"""Our codec against dnspython's, in both directions, and against packets that are not what they should be."""

from __future__ import annotations

import os
import random
from typing import Any

import dns.exception
import dns.flags
import dns.message
import dns.name
import dns.rcode
import dns.rdatatype
import dns.rrset
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from deliverkit.clients.dns import codec
from deliverkit.clients.dns.codec import BadNameError
from deliverkit.clients.dns.decode import decode as decode_by_dnspython
from deliverkit.clients.dns.full import make_question
from deliverkit.clients.dns.wire import TYPES, BadPacketError
from deliverkit.observations import Answer, Place, Query, Status

MUTATIONS = int(os.environ.get("DELIVERKIT_FUZZ", "50000"))  # `make fuzz` runs twenty times as many

LABELS = st.binary(min_size=1, max_size=63)
PLAIN = st.text("abcdefghijklmnopqrstuvwxyz0123456789-_", min_size=1, max_size=20).map(str.encode)


@st.composite
def names(draw: st.DrawFn) -> dns.name.Name:
    labels = draw(st.lists(st.one_of(PLAIN, PLAIN, LABELS), max_size=5))
    while sum(len(label) + 1 for label in labels) > 250:
        labels.pop()
    return dns.name.Name([*labels, b""])


TTLS = st.integers(0, 2**31 - 1)
STRINGS = st.binary(max_size=255)


def quoted(text: bytes) -> str:
    return '"' + "".join(f"\\{octet:03d}" for octet in text) + '"'


DATA: dict[str, st.SearchStrategy[str]] = {
    "A": st.ip_addresses(v=4).map(str),
    "AAAA": st.ip_addresses(v=6).map(str),
    "MX": st.builds("{} {}".format, st.integers(0, 65535), names().map(str)),
    "NS": names().map(str),
    "CNAME": names().map(str),
    "PTR": names().map(str),
    "TXT": st.lists(STRINGS, min_size=1, max_size=4).map(lambda parts: " ".join(map(quoted, parts))),
    "SOA": st.builds(
        "{} {} {} {} {} {} {}".format, names().map(str), names().map(str), *[st.integers(0, 2**32 - 1)] * 5
    ),
}


@st.composite
def rrsets(draw: st.DrawFn, owner: dns.name.Name, rdtype: str) -> dns.rrset.RRset:
    most = 1 if rdtype in {"CNAME", "SOA"} else 4
    data = draw(st.lists(DATA[rdtype], min_size=1, max_size=most))
    return dns.rrset.from_text_list(owner, draw(TTLS), "IN", rdtype, data)


@st.composite
def responses(draw: st.DrawFn) -> tuple[codec.Question, dns.message.QueryMessage, bytes]:
    """A question and a response to it, with aliases, other records beside, errors and flags."""
    name = draw(names())
    rdtype = draw(st.sampled_from(sorted(TYPES)))
    text = name.to_text(omit_final_dot=True).lower() if name != dns.name.root else "."
    query = make_question(Query(text, rdtype, draw(st.booleans()), Place(recursive=draw(st.booleans()))))
    response = dns.message.make_response(query, recursion_available=True)
    owner = query.question[0].name
    for _ in range(draw(st.integers(0, 3))):
        target = draw(names())
        response.answer.append(dns.rrset.from_text(owner, draw(TTLS), "IN", "CNAME", str(target)))
        owner = target
    for kind in draw(st.lists(st.sampled_from([rdtype, *sorted(TYPES)]), max_size=2, unique=True)):
        if kind != "CNAME":
            response.answer.append(draw(rrsets(owner, kind)))
    if draw(st.booleans()):
        response.authority.append(draw(rrsets(draw(names()), draw(st.sampled_from(["SOA", "NS"])))))
    for kind in draw(st.lists(st.sampled_from(["A", "AAAA"]), max_size=2, unique=True)):
        response.additional.append(draw(rrsets(draw(names()), kind)))
    response.set_rcode(dns.rcode.Rcode(draw(st.sampled_from([0, 0, 0, 2, 3, 5, 9, 23]))))
    response.flags |= draw(st.sampled_from([0, dns.flags.AA, dns.flags.AD, dns.flags.AA | dns.flags.AD]))
    question = codec.encode(text, rdtype, checking_disabled=bool(query.flags & dns.flags.CD))
    return question, query, response.to_wire(max_size=65535, want_shuffle=False)


def by_dnspython(wire: bytes, query: dns.message.QueryMessage) -> Answer:
    return decode_by_dnspython(dns.message.from_wire(wire), query, server="s")


@settings(max_examples=int(os.environ.get("DELIVERKIT_EXAMPLES", "200")))
@given(responses())
def test_both_read_the_same_answer(drawn: tuple[codec.Question, dns.message.QueryMessage, bytes]) -> None:
    question, query, wire = drawn
    assert codec.decode(wire, question, server="s") == by_dnspython(wire, query)


@given(names(), st.sampled_from(sorted(TYPES)), st.booleans(), st.booleans())
def test_dnspython_reads_our_question(name: dns.name.Name, rdtype: str, disabled: bool, recursive: bool) -> None:  # noqa: FBT001
    text = name.to_text(omit_final_dot=True) if name != dns.name.root else "."
    question = codec.encode(text, rdtype, checking_disabled=disabled, recursive=recursive)
    read = dns.message.from_wire(b"\x12\x34" + question.wire)
    assert [(q.name, q.rdtype) for q in read.question] == [(name, dns.rdatatype.from_text(rdtype))]
    assert bool(read.flags & dns.flags.CD) is disabled
    assert bool(read.flags & dns.flags.RD) is recursive
    assert (read.edns, read.payload) == (0, codec.PAYLOAD)
    bare = dns.message.from_wire(b"\x12\x34" + codec.without_edns(question).wire)
    assert (bare.edns, bare.question) == (-1, read.question)


@pytest.mark.parametrize("name", ["", "a..b", ".a", "a.", "x" * 64, "a." * 127 + "ab", "münchen.example", "a\\"])
def test_a_name_that_dns_cannot_carry_is_refused(name: str) -> None:
    with pytest.raises(BadNameError):
        codec.encode(name, "A")


@given(st.binary(max_size=600))
def test_noise_is_refused(noise: bytes) -> None:
    with pytest.raises(BadPacketError):
        codec.decode(noise, codec.encode("good.example", "MX"), server="s")


def packets() -> list[tuple[codec.Question, bytes]]:
    """Well-formed answers of every kind, to be spoilt."""
    made = []
    for rdtype, data in {
        "MX": ["10 mx1.good.example.", "20 mx2.good.example."],
        "TXT": ['"v=spf1 -all" "more"'],
        "AAAA": ["2a11:db8::1"],
        "SOA": ["ns.good.example. h.good.example. 1 2 3 4 5"],
        "PTR": ["mx1.good.example."],
    }.items():
        query = make_question(Query("www.good.example", rdtype))
        response = dns.message.make_response(query)
        response.answer = [
            dns.rrset.from_text("www.good.example.", 60, "IN", "CNAME", "good.example."),
            dns.rrset.from_text("good.example.", 60, "IN", rdtype, *data),
        ]
        response.authority = [dns.rrset.from_text("good.example.", 60, "IN", "NS", "ns.good.example.")]
        made.append((codec.encode("www.good.example", rdtype), response.to_wire()))
    return made


def spoilt(wire: bytes, chance: random.Random) -> bytes:
    octets = bytearray(wire)
    for _ in range(chance.randint(1, 4)):
        at = chance.randrange(2, len(octets))
        match chance.randrange(5):
            case 0:
                octets[at] ^= 1 << chance.randrange(8)
            case 1:
                octets[at] = chance.choice([0, 0x3F, 0x40, 0x80, 0xC0, 0xFF, chance.randrange(256)])
            case 2:
                del octets[at : at + chance.randint(1, 8)]
            case 3:
                octets[at:at] = chance.randbytes(chance.randint(1, 8))
            case _:
                octets[at : at + 2] = (0xC000 | chance.randrange(len(octets))).to_bytes(2)
        if len(octets) < 3:
            break
    return bytes(octets)


def test_spoilt_packets_raise_nothing_but_our_own_and_end() -> None:
    """What is still read must be an answer to the question, of bounded size."""
    chance = random.Random(20261122)  # noqa: S311 - a repeatable run
    seeds = packets()
    read = 0
    for _ in range(MUTATIONS):
        question, wire = chance.choice(seeds)
        try:
            answer = codec.decode(spoilt(wire, chance), question, server="s")
        except BadPacketError:
            continue
        read += 1
        assert (answer.name, answer.rdtype) == (question.name, question.rdtype)
        assert len(answer.aliases) <= codec.MAX_ALIASES
        assert all(str(record).isprintable() for record in (*answer.records, *answer.aliases))
    assert read > MUTATIONS // 100


def pointing(at: int, target: int, wire: bytes) -> bytes:
    return wire[:at] + (0xC000 | target).to_bytes(2) + wire[at + 2 :]


@pytest.mark.parametrize("target", [0, 5, 29, 30, 31, 400, 0x3FFF])
def test_compression_that_loops_or_leads_nowhere_ends(target: int) -> None:
    query = make_question(Query("good.example", "MX"))
    response = dns.message.make_response(query)
    response.answer = [dns.rrset.from_text("good.example.", 60, "IN", "MX", "10 mx1.good.example.")]
    question = codec.encode("good.example", "MX")
    wire = pointing(30, target, response.to_wire())
    try:
        answer = codec.decode(wire, question, server="s")
    except BadPacketError:
        return
    assert not answer.records


@pytest.mark.parametrize(
    ("change", "reason"),
    [
        (lambda wire: wire[:-1], "ends too early|longer"),
        (lambda wire: wire + b"\0", "left behind"),
        (lambda wire: wire[:2] + bytes([wire[2] & 0x7F]) + wire[3:], "something else"),
        (lambda wire: wire[:5] + b"\2" + wire[6:], "something else"),
        (lambda wire: wire.replace(b"\x04good", b"\x04evil", 1), "something else"),
    ],
)
def test_what_is_wrong_is_named(change: Any, reason: str) -> None:
    query = make_question(Query("good.example", "A"))
    response = dns.message.make_response(query)
    response.answer = [dns.rrset.from_text("good.example.", 60, "IN", "A", "11.0.0.1")]
    with pytest.raises(BadPacketError, match=reason):
        codec.decode(change(response.to_wire()), codec.encode("good.example", "A"), server="s")


def test_another_letter_case_in_the_echo_is_the_same_question() -> None:
    query = make_question(Query("good.example", "A"))
    response = dns.message.make_response(query)
    response.answer = [dns.rrset.from_text("good.example.", 60, "IN", "A", "11.0.0.1")]
    wire = response.to_wire().replace(b"\x04good", b"\x04GoOd")
    answer = codec.decode(wire, codec.encode("good.example", "A"), server="s")
    assert (answer.status, answer.records[0].name) == (Status.NOERROR, "good.example")


@settings(max_examples=30)
@given(st.integers(0, 65535), st.text(max_size=40))
def test_extended_errors_are_kept(code: int, text: str) -> None:
    import dns.edns

    query = make_question(Query("good.example", "A"))
    response = dns.message.make_response(query)
    response.set_rcode(dns.rcode.SERVFAIL)
    text = text.rstrip("\0")
    response.use_edns(options=[dns.edns.EDEOption(dns.edns.EDECode.make(code), text or None)])
    answer = codec.decode(response.to_wire(), codec.encode("good.example", "A"), server="s")
    assert [(error.code, error.text) for error in answer.extended_errors] == [(code, text)]

"""From a DNS message to an `Answer`: the chain of aliases followed, the records as master-file text."""

from __future__ import annotations

from collections.abc import Iterator

import dns.edns
import dns.flags
import dns.message
import dns.name
import dns.rcode
import dns.rdataclass
import dns.rdatatype
import dns.rrset
from dns.rdtypes.ANY.TLSA import TLSA

from deliverkit.clients.dns.codec import MAX_ALIASES
from deliverkit.clients.dns.wire import TYPES
from deliverkit.observations import Answer, ExtendedError, ResourceRecord, Status

# A TLSA record whose digest has a wrong length is to be told of, and must not take its whole answer with it.
TLSA._cert_length_by_mtype = {}  # noqa: SLF001
_STATUS = {
    dns.rcode.NXDOMAIN: Status.NXDOMAIN,
    dns.rcode.SERVFAIL: Status.SERVFAIL,
    dns.rcode.REFUSED: Status.REFUSED,
    dns.rcode.FORMERR: Status.FORMERR,
    dns.rcode.NOTIMP: Status.NOTIMP,
}


def decode(message: dns.message.Message, question: dns.message.QueryMessage, *, server: str) -> Answer:
    """What the message answers to the question."""
    name, rdtype = question.question[0].name, dns.rdatatype.to_text(question.question[0].rdtype)
    if message.flags & dns.flags.TC:  # RFC 2181 §9: what is cut short is not used
        disabled = bool(question.flags & dns.flags.CD)
        return Answer(text_of(name), rdtype, Status.TRUNCATED, checking_disabled=disabled, server=server)
    aliases = tuple(_aliases(message, name))
    end = dns.name.from_text(aliases[-1].data) if aliases else name
    records = tuple(_records(message, end, rdtype)) if rdtype != "CNAME" else aliases[:1]
    soa = _soa(message)
    status = _status(message, has_records=bool(records))
    if status is Status.NODATA and soa is None and (aliases or _has_ns(message)):
        status = Status.REFERRAL
    return Answer(
        name=text_of(name),
        rdtype=rdtype,
        status=status,
        records=records,
        aliases=() if rdtype == "CNAME" else aliases,
        soa=soa,
        authoritative=bool(message.flags & dns.flags.AA),
        authenticated=bool(message.flags & dns.flags.AD),
        checking_disabled=bool(question.flags & dns.flags.CD),
        extended_errors=tuple(_extended_errors(message)),
        server=server,
        referral=tuple(_referral(message)) if status is Status.REFERRAL else (),
    )


def text_of(name: dns.name.Name) -> str:
    """The name as deliverkit writes it: lower case, no final dot, the root as ``.``."""
    return name.to_text(omit_final_dot=True).lower() if name != dns.name.root else "."


def _status(message: dns.message.Message, *, has_records: bool) -> Status:
    code = message.rcode()
    if code == dns.rcode.NOERROR:
        return Status.NOERROR if has_records else Status.NODATA
    return _STATUS.get(code, Status.OTHER)


def _rrset(message: dns.message.Message, name: dns.name.Name, rdtype: str) -> dns.rrset.RRset | None:
    wanted = dns.rdatatype.from_text(rdtype)
    for rrset in message.answer:
        if rrset.rdtype == wanted and rrset.rdclass == dns.rdataclass.IN and rrset.name == name:
            return rrset
    return None


def _records(message: dns.message.Message, name: dns.name.Name, rdtype: str) -> Iterator[ResourceRecord]:
    rrset = _rrset(message, name, rdtype)
    for rdata in rrset or ():
        assert rrset is not None
        yield ResourceRecord(text_of(name), rdtype, rrset.ttl, rdata.to_text())


def _aliases(message: dns.message.Message, name: dns.name.Name) -> Iterator[ResourceRecord]:
    for _ in range(MAX_ALIASES):
        link = next(_records(message, name, "CNAME"), None)
        if link is None:
            return
        yield link
        name = dns.name.from_text(link.data)


def _soa(message: dns.message.Message) -> ResourceRecord | None:
    """The SOA record: at its owner is the apex of the zone that answered (RFC 2308 §3)."""
    for rrset in (*message.answer, *message.authority):
        if rrset.rdtype == dns.rdatatype.SOA and rrset.rdclass == dns.rdataclass.IN:
            return ResourceRecord(text_of(rrset.name), "SOA", rrset.ttl, rrset[0].to_text())
    return None


def _referral(message: dns.message.Message) -> Iterator[ResourceRecord]:
    for rrset in (*message.authority, *message.additional):
        if rrset.rdclass == dns.rdataclass.IN and dns.rdatatype.to_text(rrset.rdtype) in TYPES:
            for rdata in rrset:
                yield ResourceRecord(
                    text_of(rrset.name), dns.rdatatype.to_text(rrset.rdtype), rrset.ttl, rdata.to_text()
                )


def _has_ns(message: dns.message.Message) -> bool:
    return any(rrset.rdtype == dns.rdatatype.NS for rrset in message.authority)


def _extended_errors(message: dns.message.Message) -> Iterator[ExtendedError]:
    for option in message.options:
        if isinstance(option, dns.edns.EDEOption):  # RFC 8914 §2
            yield ExtendedError(int(option.code), option.text or "")

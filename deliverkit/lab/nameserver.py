"""A DNS server of a world, on loopback over UDP and TCP, that can misbehave for each name."""

from __future__ import annotations

import asyncio
import ssl
import struct
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field

import dns.edns
import dns.exception
import dns.flags
import dns.message
import dns.name
import dns.rcode
import dns.rdatatype
import dns.rrset

from deliverkit.lab.world import Fault, Nameserver
from deliverkit.lab.zones import TTL, Names

TCP_SIZE = 65_535  # octets of a message at most (RFC 1035 §4.2.2)
UDP_SIZE = 512  # octets, where the question announces nothing else (RFC 1035 §4.2.1)
_RCODES = {"servfail": dns.rcode.SERVFAIL, "refused": dns.rcode.REFUSED}


@dataclass(frozen=True, slots=True)
class Question:
    """A question as the server saw it; one that is sent again because no answer came bears the same id."""

    name: str
    rdtype: str
    checking_disabled: bool
    transport: str
    number: int
    server: str


@dataclass(slots=True)
class DnsServer:
    """Answers questions about the names of a world and keeps a log of them; where it has ``zones``, of these alone."""

    names: Names
    manner: Nameserver
    faults: tuple[Fault, ...] = ()
    zones: frozenset[dns.name.Name] = frozenset()
    delegations: Mapping[str, list[str]] = field(default_factory=dict)
    log: list[Question] = field(default_factory=list)

    async def start(self, host: str) -> DnsEndpoints:
        """Listen on a free port of the host, the same for UDP and TCP."""
        loop = asyncio.get_running_loop()
        for _ in range(20):
            tcp = await asyncio.start_server(self._serve_stream, host, 0)
            port: int = tcp.sockets[0].getsockname()[1]
            try:
                udp, _ = await loop.create_datagram_endpoint(lambda: _Datagrams(self), (host, port))
            except OSError:  # somebody else's UDP port: take another
                tcp.close()
                continue
            return DnsEndpoints(host, port, tcp, udp)
        raise OSError(f"no port of {host} is free for both UDP and TCP")

    async def start_over_tls(self, host: str, context: ssl.SSLContext) -> asyncio.Server:
        """Listen on a free port of the host, over TLS (RFC 7858)."""
        return await asyncio.start_server(self._serve_stream, host, 0, ssl=context)

    def packets(self, wire: bytes, transport: str) -> Iterator[tuple[float, bytes]]:
        """The packets to send for a question, each after so many seconds."""
        try:
            query = dns.message.from_wire(wire)
            [asked] = query.question
        except (dns.exception.DNSException, ValueError):
            return
        self._note(query, transport)
        fault = self._fault(asked.name, dns.rdatatype.to_text(asked.rdtype))
        if fault is None:
            yield 0.0, self._sized(query, self._respond(query), transport)
            return
        yield from self._misbehave(query, fault, transport)

    def _note(self, query: dns.message.Message, transport: str) -> None:
        asked = query.question[0]
        name = asked.name.to_text(omit_final_dot=True).lower()
        disabled = bool(query.flags & dns.flags.CD)
        self.log.append(
            Question(name, dns.rdatatype.to_text(asked.rdtype), disabled, transport, query.id, self.manner.address)
        )

    def _fault(self, name: dns.name.Name, rdtype: str) -> Fault | None:
        for fault in self.faults:
            if fault.type in {None, rdtype} and (fault.name == "*" or dns.name.from_text(fault.name) == name):
                return fault
        return None

    def _respond(self, query: dns.message.Message) -> dns.message.Message:
        asked = query.question[0]
        if self.zones and self.names.zone_of(asked.name) not in self.zones:
            return self._refer(query)
        response = dns.message.make_response(query, recursion_available=not self.manner.authoritative)
        response.flags &= ~dns.flags.AD
        found = self.names.look_up(asked.name, asked.rdtype, within=self.zones)
        zone = self.names.apexes[self.names.zone_of(asked.name)]
        validates = self.manner.validating and not self.manner.authoritative
        if zone.bogus and validates and not query.flags & dns.flags.CD:
            response.set_rcode(dns.rcode.SERVFAIL)
            response.use_edns(
                options=[dns.edns.EDEOption(dns.edns.EDECode.DNSSEC_BOGUS, "DNSSEC Bogus")]
            )  # RFC 8914 §4.7
            return response
        response.set_rcode(found.rcode)
        response.answer = found.answer
        response.authority = [] if self.manner.bare_denials else found.authority
        if self.manner.authoritative:
            response.flags |= dns.flags.AA
        elif zone.signed and validates and self.manner.authenticated and query.flags & (dns.flags.AD | dns.flags.CD):
            response.flags |= dns.flags.AD  # RFC 6840 §5.7
        return response

    def _refer(self, query: dns.message.Message) -> dns.message.Message:
        """What a server says of a name outside its zones: who has it, or that it will not say (RFC 1034 §4.3.2)."""
        response = dns.message.make_response(query)
        cut = self.names.cut_below(self.zones, query.question[0].name)
        if cut is None:
            response.set_rcode(dns.rcode.REFUSED)
            return response
        named = self.delegations.get(cut.to_text(omit_final_dot=True))
        if named is None:
            own = self.names.look_up(cut, dns.rdatatype.NS).answer
            named = [rdata.to_text() for rrset in own for rdata in rrset]
        if named:
            targets = [dns.name.from_text(name) for name in named]
            response.authority = [dns.rrset.from_text_list(cut, TTL, "IN", "NS", [str(target) for target in targets])]
            response.additional = [rrset for target in targets for rrset in self.names.addresses_of(target)]
        return response

    def _sized(self, query: dns.message.Message, response: dns.message.Message, transport: str) -> bytes:
        # what the question announces is about UDP alone (RFC 6891 §6.2.3)
        size = TCP_SIZE if transport == "tcp" else max(UDP_SIZE, query.payload)
        try:
            return response.to_wire(max_size=size)
        except dns.exception.TooBig:
            return _cut(response).to_wire()

    def _misbehave(self, query: dns.message.Message, fault: Fault, transport: str) -> Iterator[tuple[float, bytes]]:
        good = self._respond(query)
        match fault.do:
            case "servfail" | "refused":
                yield 0.0, _refusal(query, fault).to_wire()
            case "silent":
                return
            case "delayed":
                yield fault.seconds, self._sized(query, good, transport)
            case "truncated" | "no-tcp" if transport == "udp":
                yield 0.0, _cut(good).to_wire()
            case "no-tcp":
                return
            case "wrong-id" | "wrong-question" | "malformed" | "several" if transport == "udp":
                yield from _forged(good, fault)
                yield fault.seconds, good.to_wire()
            case _:
                yield 0.0, self._sized(query, good, transport)

    async def _serve_stream(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        try:
            while True:
                (size,) = struct.unpack("!H", await reader.readexactly(2))
                for delay, packet in self.packets(await reader.readexactly(size), "tcp"):
                    await asyncio.sleep(delay)
                    writer.write(struct.pack("!H", len(packet)) + packet)
                    await writer.drain()
        except (asyncio.IncompleteReadError, ConnectionError):
            return
        finally:
            writer.close()


@dataclass(frozen=True, slots=True)
class DnsEndpoints:
    """Where a server listens."""

    host: str
    port: int
    tcp: asyncio.Server
    udp: asyncio.DatagramTransport

    def close(self) -> None:
        """Stop listening."""
        self.tcp.close()
        self.udp.close()


class _Datagrams(asyncio.DatagramProtocol):
    def __init__(self, server: DnsServer) -> None:
        self.server = server
        self.transport: asyncio.DatagramTransport | None = None

    def connection_made(self, transport: asyncio.DatagramTransport) -> None:  # type: ignore[override]
        self.transport = transport

    def datagram_received(self, data: bytes, addr: tuple[str, int]) -> None:
        assert self.transport is not None
        for delay, packet in self.server.packets(data, "udp"):
            if delay:
                asyncio.get_running_loop().call_later(delay, self._send, packet, addr)
            else:
                self.transport.sendto(packet, addr)

    def _send(self, packet: bytes, addr: tuple[str, int]) -> None:
        if self.transport is not None and not self.transport.is_closing():
            self.transport.sendto(packet, addr)


def _refusal(query: dns.message.Message, fault: Fault) -> dns.message.Message:
    response = dns.message.make_response(query, recursion_available=True)
    response.set_rcode(_RCODES[fault.do])
    if fault.text:
        response.use_edns(
            options=[dns.edns.EDEOption(dns.edns.EDECode.NO_REACHABLE_AUTHORITY, fault.text)]
        )  # RFC 8914 §4.23
    return response


def _cut(response: dns.message.Message) -> dns.message.Message:
    response.answer, response.authority, response.additional = [], [], []
    response.flags |= dns.flags.TC
    return response


def _forged(good: dns.message.Message, fault: Fault) -> Iterator[tuple[float, bytes]]:
    """Packets that must not be believed, sent before the good one."""
    wire = good.to_wire()
    if fault.do in {"wrong-id", "several"}:
        yield 0.0, bytes([wire[0] ^ 0xFF]) + wire[1:]
    if fault.do in {"wrong-question", "several"}:
        other = dns.message.make_response(dns.message.make_query("forged.example.", "MX", id=good.id))
        other.answer = [dns.rrset.from_text("forged.example.", 60, "IN", "MX", "1 forged.example.")]
        yield 0.0, other.to_wire()
    if fault.do in {"malformed", "several"}:
        yield 0.0, wire[:12] + b"\xc0\x0c" * 20

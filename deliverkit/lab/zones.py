"""The names of a world: zone texts read by dnspython, and the lookup of a name server (RFC 1034 §4.3.2)."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field

import dns.exception
import dns.name
import dns.rcode
import dns.rdatatype
import dns.reversename
import dns.rrset
import dns.zonefile
from dns.rdtypes.ANY.TLSA import TLSA

from deliverkit.errors import LabError
from deliverkit.lab.world import Server, World, Zone

TLSA._cert_length_by_mtype = {}  # noqa: SLF001 - a digest of a wrong length is a fault that a world may have
TTL = 3600  # seconds, for records that give none
MAX_ALIASES = 16
_PIECE = re.compile(r'"(?:[^"\\]|\\.)*"|\\.|;[^\n]*|[^";\\()\n]+|.', re.DOTALL)  # a quoted text, an escape, a comment
_CNAME = dns.rdatatype.CNAME
ROOT_SERVER = "11.0.0.1"
_ROOT = "@ SOA ns.root. hostmaster.root. 1 7200 900 1209600 300\n@ NS ns.root.\n"
_ROOT_ADDRESS = f"ns.root. A {ROOT_SERVER}\n"  # where there are authoritative servers that it leads to
_SOA = "@ SOA ns hostmaster 1 7200 900 1209600 300\n"


@dataclass(slots=True)
class Found:
    """What a lookup found: the response code, the answer section, the SOA record of a negative answer."""

    rcode: dns.rcode.Rcode
    answer: list[dns.rrset.RRset]
    authority: list[dns.rrset.RRset]
    zone: dns.name.Name


@dataclass(slots=True)
class Names:
    """All the names of a world, in one tree with zone cuts."""

    records: dict[dns.name.Name, list[dns.rrset.RRset]] = field(default_factory=dict)
    apexes: dict[dns.name.Name, Zone] = field(default_factory=dict)
    parents: set[dns.name.Name] = field(default_factory=set)

    @classmethod
    def of(cls, world: World) -> Names:
        """The names of a world, its removed records left out.

        Raises:
            LabError: a zone cannot be read, or a record to remove is not there.
        """
        names = cls()
        names._add_zone(Zone(".", f"{_ROOT}{_ROOT_ADDRESS if world.servers else ''}"), world.name)
        try:
            names._lay(world)
        except (dns.exception.DNSException, AttributeError, TypeError, ValueError) as error:
            raise LabError(f"world {world.name}: {error}") from None
        names._note_parents()
        return names

    def vary(self, server: Server, world: str) -> None:
        """Make them the names as one server has them.

        Raises:
            LabError: a record to remove is not there, or one to add cannot be read.
        """
        for line in server.remove:
            self._remove(line, world)
        if server.add:
            self._add_zone(Zone(self._first_origin(), server.add), world)
        if server.serial is not None:
            at = self.records[dns.name.from_text(self._first_origin())]
            [place] = [place for place, rrset in enumerate(at) if rrset.rdtype == dns.rdatatype.SOA]
            soa = at[place][0].replace(serial=server.serial)
            at[place] = dns.rrset.from_rdata(at[place].name, at[place].ttl, soa)

    def look_up(
        self,
        name: dns.name.Name,
        rdtype: dns.rdatatype.RdataType,
        *,
        within: frozenset[dns.name.Name] = frozenset(),
    ) -> Found:
        """The answer of a server that follows aliases from zone to zone, or stays in the zones that it is given."""
        answer: list[dns.rrset.RRset] = []
        for _ in range(MAX_ALIASES):
            zone = self.zone_of(name)
            rrsets = self._at(name)
            wanted = [rrset for rrset in rrsets or () if rrset.rdtype == rdtype]
            alias = next((rrset for rrset in rrsets or () if rrset.rdtype == _CNAME), None)
            if wanted or alias is None or rdtype == _CNAME:
                break
            answer.append(alias)
            name = alias[0].target
            if within and self.zone_of(name) not in within:
                return Found(dns.rcode.NOERROR, answer, [], zone)
        rcode = dns.rcode.NOERROR if rrsets is not None else dns.rcode.NXDOMAIN
        soa = [rrset for rrset in self.records[zone] if rrset.rdtype == dns.rdatatype.SOA]
        authority = [] if wanted else soa
        return Found(rcode, [*answer, *wanted], authority, zone)

    def zone_of(self, name: dns.name.Name) -> dns.name.Name:
        """The apex of the zone that holds the name."""
        while name not in self.apexes:
            name = name.parent()
        return name

    def cut_below(self, zones: frozenset[dns.name.Name], name: dns.name.Name) -> dns.name.Name | None:
        """The zone cut on the way from one of the zones down to the name; None where none of them is above it."""
        cut = self.zone_of(name)
        while cut != dns.name.root:
            above = self.zone_of(cut.parent())
            if above in zones:
                return cut
            cut = above
        return None

    def addresses_of(self, name: dns.name.Name) -> list[dns.rrset.RRset]:
        """The address records at the name."""
        return [rrset for rrset in self._at(name) or () if rrset.rdtype in {dns.rdatatype.A, dns.rdatatype.AAAA}]

    def lines(self) -> list[str]:
        """Every record but SOA and NS as a zone line, in the order of the texts."""
        skipped = {dns.rdatatype.SOA, dns.rdatatype.NS}
        return [
            line
            for rrsets in self.records.values()
            for rrset in rrsets
            if rrset.rdtype not in skipped
            for line in rrset.to_text().split("\n")
        ]

    def _at(self, name: dns.name.Name) -> list[dns.rrset.RRset] | None:
        """The records at the name, a wildcard's among them; None where the name does not exist."""
        if name in self.records:
            return self.records[name]
        if name in self.parents:
            return []
        encloser = name.parent()
        while encloser not in self.records and encloser not in self.parents:
            encloser = encloser.parent()
        wildcard = self.records.get(dns.name.Name((b"*", *encloser.labels)))  # RFC 4592 §3.3.1
        if wildcard is None:
            return None
        return [_renamed(rrset, name) for rrset in wildcard]

    def _lay(self, world: World) -> None:
        """What the world says, over what its base says."""
        if world.base is not None:
            self._lay(world.base)
        for line in world.remove:
            self._remove(line, world.name)
        zones = list(world.zones)
        if world.add:
            zones.append(Zone(self._first_origin(), world.add))
        for zone in zones:
            self._add_zone(zone, world.name)
        self._add_addresses(world.addresses, world.name)

    def _first_origin(self) -> str:
        """The apex of the first zone after the root's."""
        return next((zone.origin for zone in self.apexes.values() if zone.origin != "."), ".")

    def _add_zone(self, zone: Zone, world: str) -> None:
        origin = dns.name.from_text(zone.origin)
        is_new = origin not in self.apexes
        if is_new or zone.signed or zone.bogus:
            self.apexes[origin] = zone
        for rrset in _read(zone.text, origin, world):
            self._add(rrset)
        if is_new and not any(rrset.rdtype == dns.rdatatype.SOA for rrset in self.records.get(origin, ())):
            for rrset in _read(_SOA, origin, world):
                self._add(rrset)

    def _add(self, rrset: dns.rrset.RRset) -> None:
        at = self.records.setdefault(rrset.name, [])
        for place, other in enumerate(at):
            if other.rdtype == rrset.rdtype:
                at[place] = dns.rrset.from_rdata_list(rrset.name, other.ttl, [*other, *rrset])
                return
        at.append(rrset)

    def _remove(self, line: str, world: str) -> None:
        [rrset] = _read(line, dns.name.root, world)
        at = self.records.get(rrset.name, [])
        for place, other in enumerate(at):
            if other.rdtype == rrset.rdtype and rrset[0] in other:
                left = [rdata for rdata in other if rdata != rrset[0]]
                at[place : place + 1] = [dns.rrset.from_rdata_list(rrset.name, other.ttl, left)] if left else []
                break
        else:
            raise LabError(f"world {world}: there is no record to remove: {line}")
        if not at:
            del self.records[rrset.name]

    def _add_addresses(self, addresses: Mapping[str, str], world: str) -> None:
        """For each address its PTR record, and its name's address where no zone of the world holds the name."""
        for address, name in addresses.items():
            lines = [f"{dns.reversename.from_address(address)} PTR {name}."]
            if self.zone_of(dns.name.from_text(name)) == dns.name.root:
                lines.append(f"{name}. {'AAAA' if ':' in address else 'A'} {address}")
            for line in lines:
                for rrset in _read(line, dns.name.root, world):
                    self._add(rrset)

    def _note_parents(self) -> None:
        """Names without records of their own that lie above names that have some (RFC 4592 §2.2.2)."""
        for name in self.records:
            parent = name
            while parent != dns.name.root:
                parent = parent.parent()
                self.parents.add(parent)


def _entries(text: str) -> Iterator[str]:
    """The entries of master-file text: lines without comments, those in parentheses as one (RFC 1035 §5.1)."""
    entry, depth = "", 0
    for found in _PIECE.finditer(f"{text}\n"):
        piece = found[0]
        depth += {"(": 1, ")": -1}.get(piece, 0)
        if piece == "\n" and depth <= 0:
            if entry.strip():
                yield entry.strip()
            entry = ""
        elif not piece.startswith(";"):
            entry += piece


def _read(text: str, origin: dns.name.Name, world: str) -> list[dns.rrset.RRset]:
    """The records of a text with one record a line; dnspython passes over those that lie outside the zone."""
    try:
        rrsets = dns.zonefile.read_rrsets(text, rdclass=None, origin=origin, default_ttl=TTL, rfc2308_ttl=False)
    except dns.exception.DNSException as error:
        raise LabError(f"world {world}, zone {origin}: {error}") from None
    lines = set(_entries(text))
    if sum(map(len, rrsets)) != len(lines):
        raise LabError(f"world {world}, zone {origin}: a record lies outside the zone, or stands there twice")
    return rrsets


def _renamed(rrset: dns.rrset.RRset, name: dns.name.Name) -> dns.rrset.RRset:
    """A wildcard's records under the name that was asked for (RFC 4592 §2.1.1)."""
    return dns.rrset.from_rdata_list(name, rrset.ttl, list(rrset))

"""Proposed records: a zone file, or the difference that a fix prints, read for a domain.

A line that begins with ``-`` takes one record away, one that begins with ``+`` adds one. All other lines are
master-file text (RFC 1035 §5.1, with $ORIGIN and $TTL; names are relative to the domain): together they take the place
of what is published at the same name and type.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator

import dns.exception
import dns.name
import dns.rdataclass
import dns.rdatatype
import dns.tokenizer
import dns.zonefile

from deliverkit.classes import Frozen, field
from deliverkit.clients.dns.decode import text_of
from deliverkit.errors import UsageError
from deliverkit.observations import ResourceRecord

TTL = 3600  # seconds, for records that give none

Place = tuple[str, str]  # name, type


class Proposal(Frozen):
    """What takes the place of a whole set, what is added to one, what is taken from one."""

    replaced: dict[Place, list[ResourceRecord]] = field(default_factory=dict)
    added: dict[Place, list[ResourceRecord]] = field(default_factory=dict)
    removed: dict[Place, list[ResourceRecord]] = field(default_factory=dict)

    @property
    def places(self) -> frozenset[Place]:
        """Every name and type at which it changes what stands there."""
        return frozenset({*self.replaced, *self.added, *self.removed})

    @property
    def names(self) -> frozenset[str]:
        """Every name that it speaks of."""
        return frozenset(name for name, _ in self.places)

    def touches(self, place: Place) -> bool:
        """Whether it changes what stands there."""
        return any(place in places for places in (self.replaced, self.added, self.removed))

    def puts_data_at(self, name: str) -> bool:
        """Whether the name will hold a record of the proposal that is no CNAME."""
        places = (*self.replaced, *self.added)
        return any(owner == name and rdtype != "CNAME" for owner, rdtype in places)

    def changed(self, place: Place, published: Iterable[ResourceRecord]) -> list[ResourceRecord]:
        """What stands there once it is published."""
        if place in self.replaced:
            return list(self.replaced[place])
        gone = {_identity(record) for record in self.removed.get(place, ())}
        kept = [record for record in published if _identity(record) not in gone]
        known = {_identity(record) for record in kept}
        return [*kept, *(record for record in self.added.get(place, ()) if _identity(record) not in known)]

    def is_published(self, place: Place, published: Iterable[ResourceRecord]) -> bool:
        """Whether publishing it would change nothing there any more."""
        standing = list(published)
        return {record.compared for record in self.changed(place, standing)} == {one.compared for one in standing}


def parse_proposal(text: str, domain: str) -> Proposal:
    """The proposal that the text makes for a domain.

    Raises:
        UsageError: it cannot be read; says which line.
    """
    proposal = Proposal()
    whole: list[str] = []
    for number, line in enumerate(text.splitlines(), 1):
        stripped = line.strip()
        sign = stripped[:2].strip()
        if sign in {"+", "-"} and stripped[1:2].isspace():
            places = proposal.added if sign == "+" else proposal.removed
            _file(places, _read(stripped[1:].strip(), domain, number))
            whole.append("")
        else:
            whole.append(line)
    _file(proposal.replaced, _read("\n".join(whole), domain, 0))
    if not proposal.names:
        raise UsageError("no record is proposed: give zone lines, or a fix's - and + lines")
    return proposal


def _file(places: dict[Place, list[ResourceRecord]], records: Iterable[ResourceRecord]) -> None:
    for record in records:
        places.setdefault((record.name, record.rdtype), []).append(record)


def _read(text: str, domain: str, number: int) -> Iterator[ResourceRecord]:
    """The records of master-file text; ``number`` is the line of a single one, 0 for the whole file."""
    manager = dns.zonefile.RRSetsReaderManager(dns.name.root, relativize=False)
    tokens = dns.tokenizer.Tokenizer(f"{text}\n", "line")
    try:
        with manager.writer(replacement=True) as transaction:  # type: ignore[no-untyped-call]
            reader = dns.zonefile.Reader(tokens, dns.rdataclass.IN, transaction, default_ttl=TTL, rfc2308_ttl=False)
            reader.current_origin = dns.name.from_text(domain)
            reader.read()
    except (dns.exception.DNSException, ValueError) as error:
        what = str(error).partition(": ")[2] or str(error)
        where = f"line {number}: {what}" if number else error
        raise UsageError(f"the proposed records cannot be read: {where}") from None
    for rrset in manager.rrsets:
        rdtype = dns.rdatatype.to_text(rrset.rdtype)
        for rdata in rrset:
            yield ResourceRecord(text_of(rrset.name), rdtype, rrset.ttl, rdata.to_text())


def _identity(record: ResourceRecord) -> tuple[str, str, str]:
    return record.name, record.rdtype, record.compared

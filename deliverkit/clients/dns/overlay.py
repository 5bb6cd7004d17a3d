"""Proposed records laid over what a source answers: the DNS as it will be once they are published."""

from __future__ import annotations

from collections.abc import Iterable

from deliverkit.classes import Frozen
from deliverkit.clients.dns.codec import MAX_ALIASES
from deliverkit.clients.dns.proposal import Proposal
from deliverkit.clients.dns.wire import TYPES
from deliverkit.observations import CHOSEN, Answer, Place, Resolver, ResourceRecord, Status

SERVER = "proposed records"


class Overlay(Frozen):
    """A resolver that answers from the proposal where that speaks of a name, and from the source where not."""

    proposal: Proposal
    source: Resolver

    async def query(self, name: str, rdtype: str, *, checking_disabled: bool = False, at: Place = CHOSEN) -> Answer:
        """The answer; aliases are followed from the one into the other. Servers named ``at`` say what they say."""
        if at != CHOSEN:
            return await self.source.query(name, rdtype, checking_disabled=checking_disabled, at=at)
        aliases: list[ResourceRecord] = []
        end = name
        while True:
            published = await self.source.query(end, rdtype, checking_disabled=checking_disabled)
            owner = await self._owner(end, published)
            links = self._links(end, rdtype, owner, published)
            if not links or len(aliases) >= MAX_ALIASES:
                break
            aliases.extend(links)
            end = _target(links[-1])
        if owner is not None:
            answer = self._answer(end, rdtype, owner, published)
            if not answer.records and answer.status.is_definite and await self._is_gone(owner):
                answer = answer._replace(status=Status.NXDOMAIN)
        else:
            answer = published
        if answer.status is Status.NXDOMAIN and self._is_above_proposal(end):
            answer = answer._replace(status=Status.NODATA)  # RFC 8020 §2: something will be below it
        return answer._replace(name=name, aliases=(*aliases, *answer.aliases))

    async def _owner(self, name: str, published: Answer) -> str | None:
        """The name of the proposal that speaks for this one: itself, or its wildcard (RFC 4592 §3.3.1)."""
        if name in self.proposal.names:
            return name
        between = [name]
        while "." in between[-1]:
            parent = between[-1].partition(".")[2]
            wildcard = f"*.{parent}"
            if wildcard in self.proposal.names:
                covered = [await self._is_covered(each, wildcard, published.rdtype) for each in between]
                return wildcard if all(covered) else None
            if parent in self.proposal.names:
                return None
            between.append(parent)
        return None

    async def _is_covered(self, name: str, wildcard: str, rdtype: str) -> bool:
        """Whether the name exists by the wildcard alone: it is denied, or answered as the published wildcard is."""
        published = await self.source.query(name, rdtype)
        if published.status is Status.NXDOMAIN:
            return True
        own = await self.source.query(wildcard, rdtype)
        return (own.status, _data(own.records)) == (published.status, _data(published.records))

    async def _is_gone(self, owner: str) -> bool:
        """Whether the proposal takes away the last record of the name."""
        if self.proposal.puts_data_at(owner):
            return False
        for rdtype in TYPES:
            published = await self.source.query(owner, rdtype)
            if not published.status.is_definite:
                return False
            own = [record for record in (*published.aliases[:1], *published.records) if record.name == owner]
            kind = "CNAME" if published.aliases else rdtype
            if self.proposal.changed((owner, kind), own):
                return False
        return True

    def _is_above_proposal(self, name: str) -> bool:
        return any(other.endswith(f".{name}") for other in self.proposal.names)

    def _links(self, at: str, rdtype: str, owner: str | None, published: Answer) -> list[ResourceRecord]:
        """The aliases to follow from here to the next name that the proposal may speak of."""
        if rdtype == "CNAME":
            return []
        if owner is not None:
            here = self._aliases_at(at, owner, published)
            return [here[0]._replace(name=at)] if here else []
        for place, alias in enumerate(published.aliases, 1):
            if _target(alias) in self.proposal.names:
                return list(published.aliases[:place])
        return []

    def _aliases_at(self, at: str, owner: str, published: Answer) -> list[ResourceRecord]:
        """The CNAME there, once the proposal is published: beside other records there is none (RFC 1034 §3.6.2)."""
        place = (owner, "CNAME")
        standing = [alias for alias in published.aliases[:1] if alias.name == at]
        if not self.proposal.touches(place) and self.proposal.puts_data_at(owner):
            return []
        return self.proposal.changed(place, [alias._replace(name=owner) for alias in standing])

    def _answer(self, at: str, rdtype: str, owner: str, published: Answer) -> Answer:
        """The answer for a name that the proposal speaks of."""
        place = (owner, rdtype)
        if not published.status.is_definite and place not in self.proposal.replaced:
            return published
        if rdtype == "CNAME":
            changed = self._aliases_at(at, owner, published._replace(aliases=published.records))
        else:
            standing = () if published.aliases else published.records
            changed = self.proposal.changed(place, (record._replace(name=owner) for record in standing))
        records = tuple(record._replace(name=at) for record in changed)
        return Answer(
            at,
            rdtype,
            Status.NOERROR if records else Status.NODATA,
            records=records,
            soa=published.soa,
            authoritative=published.authoritative,
            checking_disabled=published.checking_disabled,
            server=SERVER if self.proposal.touches(place) else published.server,
            elapsed=published.elapsed,
        )


def _target(alias: ResourceRecord) -> str:
    return alias.data.lower().removesuffix(".") or "."


def _data(records: Iterable[ResourceRecord]) -> set[str]:
    return {record.data.lower() for record in records}

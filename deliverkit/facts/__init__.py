"""Facts: what the observations mean, by type. A check names the facts that it needs by their types.

A report has one target, so a fact is found by its type alone; those about several hosts hold them in order.
"""

from __future__ import annotations

from ipaddress import ip_address
from typing import TYPE_CHECKING, Any

from deliverkit.classes import Frozen
from deliverkit.model import Absent
from deliverkit.observations import Answer, ResourceRecord, Status
from deliverkit.standards.addresses import Address

if TYPE_CHECKING:  # what is said of one host has no exchangers
    from deliverkit.facts.provider import Provider
    from deliverkit.standards.mx import MxRecord, PreferenceGroup

_WHY = {
    Status.TRUNCATED: "the whole answer does not come over TCP",
    Status.UNASKED: "one target may cost no more questions",
    Status.ILLEGAL: "no question can carry the name",
}
DEFAULT_TTL = 3600  # seconds, for records that we propose where none stands


class Lookup(Frozen):
    """An answer, and where it was SERVFAIL the answer to the same question with checking disabled."""

    answer: Answer
    unchecked: Answer | None = None

    @property
    def is_bogus(self) -> bool:
        """Whether DNSSEC validation is what failed: the data is there once checking is off."""
        if self.answer.status is not Status.SERVFAIL or self.is_withheld:
            return False
        # RFC 4035 §3.2.2: with CD set the resolver hands out what it could not validate
        is_there = self.unchecked is not None and self.unchecked.status.is_definite
        return is_there or any(error.is_dnssec for error in self.answer.extended_errors)

    @property
    def is_dead(self) -> bool:
        """Whether the name servers are what failed: SERVFAIL with checking and without."""
        unchecked = self.unchecked
        is_both = unchecked is not None and self.answer.status is unchecked.status is Status.SERVFAIL
        return is_both and not self.is_bogus and not self.is_withheld

    @property
    def is_withheld(self) -> bool:
        """Whether the resolver's operator keeps the answer back: it says nothing of the name then."""
        return any(error.is_filtered for error in self.answer.extended_errors)

    @property
    def is_failing(self) -> bool:
        """Whether name servers answer SERVFAIL, for whatever reason of theirs."""
        return self.answer.status is Status.SERVFAIL and not self.is_withheld

    @property
    def failure(self) -> str:
        """Why there is no definite answer, in words; empty where there is one."""
        question = f"{self.answer.name} {self.answer.rdtype}"
        if self.is_withheld:
            reason = next(error for error in self.answer.extended_errors if error.is_filtered)
            return f"{question}: {self.answer.status}, but the resolver withholds the answer: {reason}"
        if self.answer.status.is_definite:
            return ""
        why = "its signatures are broken (DNSSEC)" if self.is_bogus else _WHY.get(self.answer.status, "")
        return f"{question}: {self.answer.status}{why and f', {why}'}"


class DomainLookup(Frozen):
    """A question for records of a domain's own, whatever came of it.

    ``zone`` is the apex of the domain's zone where the DNS told it. ``resolver_fails`` says that the
    resolver fails for an unrelated name too, so that its word says nothing of the domain.
    """

    domain: str
    lookup: Lookup
    zone: str | None
    resolver_fails: bool = False

    @property
    def failure(self) -> str:
        """Why it is not known what the domain publishes, in words; empty where it is known."""
        if self.resolver_fails:
            answer = self.lookup.answer
            return f"{answer.name} {answer.rdtype}: {answer.status}, but the resolver fails for an unrelated name too"
        return self.lookup.failure


class MxLookup(DomainLookup, Frozen):
    """The question for a domain's MX records."""


class MxSet(Frozen):
    """The MX records that a domain publishes, be it none.

    ``records`` and ``resource_records`` are the same ones, in the same order: parsed, and as the DNS gave them.
    ``left_out`` counts those past the bound that are not looked at.
    """

    domain: str
    zone: str | None
    answer: Answer
    records: tuple[MxRecord, ...]
    resource_records: tuple[ResourceRecord, ...]
    order: tuple[PreferenceGroup, ...]
    left_out: int = 0

    @property
    def is_null(self) -> bool:
        """Whether the domain declares that it takes no mail."""
        from deliverkit.standards.mx import is_null_mx

        return is_null_mx(self.records)

    @property
    def ttl(self) -> int:
        """The TTL in seconds for a record that takes the place of one of these."""
        seen = self.answer.ttl or DEFAULT_TTL
        return seen if self.answer.authoritative else max(seen, DEFAULT_TTL)  # a cache counts down


class ReverseName(Frozen):
    """The PTR names of an address, and which of them lead back to it (forward-confirmed)."""

    lookup: Lookup
    names: tuple[str, ...] = ()
    confirmed: tuple[str, ...] = ()
    unresolved: tuple[Lookup, ...] = ()


class HostAddress(Frozen):
    """An address of a host with its reverse name; Absent for an address that has no public one."""

    address: Address
    record: ResourceRecord
    reverse: ReverseName | Absent


class MailHost(Frozen):
    """A host that a sender would try; ``left_out`` counts the addresses past the bound that are not looked at."""

    host: str
    ipv4: Lookup
    ipv6: Lookup
    addresses: tuple[HostAddress, ...]
    provider: Provider | None
    left_out: int = 0

    @property
    def lookups(self) -> tuple[Lookup, Lookup]:
        """The questions for its IPv4 and its IPv6 addresses."""
        return self.ipv4, self.ipv6

    @property
    def aliases(self) -> tuple[ResourceRecord, ...]:
        """The chain of CNAME records that leads from the host's name to its addresses."""
        return self.ipv4.answer.aliases or self.ipv6.answer.aliases

    @property
    def does_not_exist(self) -> bool:
        """Whether the DNS says that there is no such name; an address says that there is one."""
        denied = [lookup for lookup in self.lookups if lookup.answer.status is Status.NXDOMAIN]
        return not self.addresses and any(not lookup.is_withheld for lookup in denied)

    @property
    def is_large_provider(self) -> bool:
        """Whether it belongs to a provider whose one name is many machines."""
        return self.provider is not None and self.provider.is_large

    @property
    def is_resolved(self) -> bool:
        """Whether both address questions have a definite answer."""
        return not any(lookup.failure for lookup in self.lookups)


class MailHosts(Frozen):
    """The hosts that a sender would try, in sending order; ``is_implicit``: the domain itself, without MX.

    ``left_out`` counts the exchangers past the bound that were not looked up.
    """

    mx: MxSet
    hosts: tuple[MailHost, ...]
    is_implicit: bool
    left_out: int = 0

    @property
    def failures(self) -> tuple[str, ...]:
        """What could not be found out of the addresses, in words."""
        failures = [lookup.failure for host in self.hosts for lookup in host.lookups if lookup.failure]
        more = f"{self.left_out} exchanger{'' if self.left_out == 1 else 's'} past the bound"
        return (*failures, more) if self.left_out else tuple(failures)

    def host(self, exchange: str) -> MailHost | None:
        """The host of that name; None where it was not looked up."""
        return next((host for host in self.hosts if host.host == exchange), None)


class WildcardMx(Frozen):
    """What the DNS answers for the MX of a name below the domain that nobody made."""

    lookup: Lookup
    records: tuple[ResourceRecord, ...]


class WebHosts(Frozen):
    """The addresses of the domain itself and of its www name."""

    addresses: tuple[ResourceRecord, ...]
    lookups: tuple[Lookup, ...]


class MisplacedMx(Frozen):
    """MX records found where people put them by mistake when the domain itself has none."""

    records: tuple[ResourceRecord, ...]
    lookups: tuple[Lookup, ...]


class Expectations(Frozen):
    """What the user or the profile expects of the target.

    ``selectors`` and those of a message: selectors, or whole names of key records. ``signing_key``: the public half of
    a private key that is signed with, in base64 as a key record holds it. ``signing_identities``: the domains that
    stand in i= of signatures.
    ``senders`` are the addresses that should send for it, ``mail_from`` and ``helo`` what these say in SMTP.
    """

    takes_mail: bool = True
    private_addresses: bool = False
    sends: bool = False  # as senders in bulk do, by the rules of large providers
    selectors: tuple[str, ...] = ()
    message_selectors: tuple[str, ...] = ()
    signing_key: str = ""
    signing_identities: tuple[str, ...] = ()
    senders: tuple[Address, ...] = ()
    mail_from: str = ""
    helo: str = ""

    @property
    def is_parked(self) -> bool:
        """Whether it is to neither take nor send mail."""
        return not (self.takes_mail or self.sends or self.senders)

    @property
    def kept(self) -> dict[str, Any]:
        """What a case file keeps of it, by the case's own names: what was given of signing and of the senders."""
        return {
            "selectors": (*self.selectors, *self.message_selectors),
            "signing_key": self.signing_key,
            "signing_identities": self.signing_identities,
            "senders": self.senders,
            "mail_from": self.mail_from,
            "helo": self.helo,
        }


def addresses_of(lookup: Lookup) -> tuple[tuple[Address, ResourceRecord], ...]:
    """The addresses that an A or AAAA answer holds, each with its record."""
    return tuple((ip_address(record.data), record) for record in lookup.answer.records)

"""What the DNS says of a domain's DMARC policy and of where its reports go."""

from __future__ import annotations

from collections.abc import Mapping

from deliverkit.classes import Frozen
from deliverkit.facts import DEFAULT_TTL, Lookup
from deliverkit.observations import ResourceRecord, Status
from deliverkit.standards.dmarc.addresses import ReportAddress
from deliverkit.standards.dmarc.effective import Effective, Scope, effective_policy, policy_by_list
from deliverkit.standards.dmarc.parse import parse
from deliverkit.standards.dmarc.record import DmarcRecord, looks_like_dmarc
from deliverkit.standards.dmarc.tree_walk import TreeWalk
from deliverkit.standards.mx import is_null_mx, parse_mx


class DmarcText(Frozen):
    """A TXT record and the text that its strings make."""

    resource_record: ResourceRecord
    text: str

    @property
    def record(self) -> DmarcRecord:
        """The text read as a DMARC record, be it none."""
        return parse(self.text)


class DmarcLookup(Frozen):
    """The questions for TXT at ``_dmarc.`` before every name that the tree walk may ask for, whatever came of them."""

    domain: str
    lookups: Mapping[str, Lookup]

    @property
    def failures(self) -> tuple[str, ...]:
        """What could not be found out, in words."""
        return tuple(found.failure for found in self.lookups.values() if found.failure)


class DmarcDiscovery(Frozen):
    """What the tree walk from the domain found. ``exists``: whether the domain itself does.

    ``texts`` holds every TXT record at ``_dmarc.`` before the names that the walk may ask for, those above its end
    among them as far as they are known.
    """

    domain: str
    zone: str | None
    exists: bool
    walk: TreeWalk
    texts: Mapping[str, tuple[DmarcText, ...]]

    @property
    def policy_domain(self) -> str:
        """The domain whose record applies; empty where there is none."""
        step = self.walk.policy_step
        return step.name if step is not None else ""

    @property
    def is_inherited(self) -> bool:
        """Whether the record that applies is that of a domain above."""
        return self.policy_domain not in {"", self.domain}

    @property
    def published(self) -> DmarcText | None:
        """The record that applies, as it was published."""
        found = [text for text in self.texts.get(self.policy_domain, ()) if text.record.is_record]
        return found[0] if found else None

    @property
    def meant(self) -> tuple[DmarcText, ...]:
        """What was meant as a DMARC record at the domain itself; else at its Organizational Domain."""
        for name in (self.domain, self.walk.organizational_domain):
            found = tuple(text for text in self.texts.get(name, ()) if looks_like_dmarc(text.text))
            if found:
                return found
        return ()

    @property
    def ttl(self) -> int:
        """The TTL for a record that takes the place of what is there."""
        return max([text.resource_record.ttl for text in self.meant] or [DEFAULT_TTL])

    def effective(self, scope: Scope) -> Effective:
        """The policy that holds by RFC 9989."""
        return effective_policy(self.domain, self.plain, scope, exists=self.exists)

    def by_list(self, scope: Scope) -> Effective | None:
        """The policy that receivers by RFC 7489 and the Public Suffix List find; None where that is not known."""
        return policy_by_list(self.domain, self.plain, scope)

    @property
    def plain(self) -> dict[str, tuple[str, ...]]:
        """The texts alone, by the names before which they stand."""
        return {name: tuple(found.text for found in texts) for name, texts in self.texts.items()}


class ReportDestination(Frozen):
    """An address for reports: whether its domain takes them, as far as the DNS says.

    ``authorization`` answers whether the domain wants them; None where it belongs to the policy's own.
    """

    tag: str
    address: ReportAddress
    authorization: Lookup | None
    authorization_name: str
    mx: Lookup
    hosts: tuple[Lookup, ...]
    is_authorized: bool

    @property
    def is_external(self) -> bool:
        """Whether the domain has to say that it wants the reports (RFC 9990 §4)."""
        return self.authorization is not None

    @property
    def is_null(self) -> bool:
        """Whether the domain declares that it takes no mail (RFC 7505)."""
        return is_null_mx([found for record in self.mx.answer.records if (found := parse_mx(record.data))])

    @property
    def takes_mail(self) -> bool:
        """Whether it has an exchanger, or an address in its place (RFC 5321 §5.1)."""
        return not self.is_null and any(lookup.answer.records for lookup in (self.mx, *self.hosts))

    @property
    def does_not_exist(self) -> bool:
        """Whether there is no such domain."""
        return self.mx.answer.status is Status.NXDOMAIN

    @property
    def failures(self) -> tuple[str, ...]:
        """Why it is not known whether its domain takes mail."""
        return tuple(lookup.failure for lookup in (self.mx, *self.hosts) if lookup.failure)


class ReportDestinations(Frozen):
    """Where reports about the policy domain go. ``left_out`` counts the addresses past the bound."""

    policy_domain: str
    destinations: tuple[ReportDestination, ...]
    left_out: int = 0


class MisplacedDmarc(Frozen):
    """DMARC records found where people put them by mistake; only looked for where the domain has none."""

    found: tuple[DmarcText, ...]
    lookups: tuple[Lookup, ...]

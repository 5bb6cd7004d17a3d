"""What a domain says of TLS to its exchangers: the MTA-STS record, and the policy behind it."""

from __future__ import annotations

from deliverkit.classes import Frozen
from deliverkit.facts import DEFAULT_TTL, Lookup, MxSet
from deliverkit.observations import ResourceRecord
from deliverkit.observations.https import HttpEnd, HttpExchange
from deliverkit.standards.mta_sts.policy import Mode, StsPolicy, parse_policy
from deliverkit.standards.mta_sts.record import StsRecord, parse_record

LABEL = "_mta-sts"
PATH = "/.well-known/mta-sts.txt"  # RFC 8461 §3.3


def policy_host(domain: str) -> str:
    """The host that has the domain's policy (RFC 8461 §3.3)."""
    return f"mta-sts.{domain}"


class StsText(Frozen):
    """A TXT record and the text that its strings make."""

    resource_record: ResourceRecord
    text: str

    @property
    def record(self) -> StsRecord:
        """The text read as an MTA-STS record, be it none."""
        return parse_record(self.text)


class MtaStsLookup(Frozen):
    """The questions for the record and for the addresses of the policy's host, whatever came of them."""

    domain: str
    record: Lookup
    ipv4: Lookup
    ipv6: Lookup

    @property
    def addresses(self) -> tuple[Lookup, Lookup]:
        """The questions for the addresses."""
        return self.ipv4, self.ipv6


class MtaStsRecords(Frozen):
    """The TXT records at ``_mta-sts`` that were meant as MTA-STS; ``zone`` is the apex of the domain's zone."""

    domain: str
    zone: str | None
    texts: tuple[StsText, ...]

    @property
    def published(self) -> tuple[StsText, ...]:
        """Those that begin with the version: senders look at no others (RFC 8461 §3.1)."""
        return tuple(text for text in self.texts if text.record.is_record)

    @property
    def valid(self) -> StsText | None:
        """The one that senders act on; None where there is none, or more than one (RFC 8461 §3.1)."""
        found = self.published
        return found[0] if len(found) == 1 and found[0].record.is_valid else None

    @property
    def ttl(self) -> int:
        """The TTL for a record that takes the place of what is there."""
        return max([text.resource_record.ttl for text in self.texts] or [DEFAULT_TTL])


class MtaStsPolicy(Frozen):
    """What came of fetching the policy; no ``exchange``: its host has no address, or that is not known."""

    domain: str
    lookup: MtaStsLookup
    exchange: HttpExchange | None

    @property
    def failure(self) -> str:
        """Why it is not known whether there is a policy, in words; empty where it is known."""
        if self.exchange is None:
            return next((lookup.failure for lookup in self.lookup.addresses if lookup.failure), "")
        if self.exchange.end in {HttpEnd.TIMEOUT, HttpEnd.UNREACHABLE, HttpEnd.UNRECORDED}:
            return f"{self.exchange.request.url}: {self.exchange.end}, and port 443 may be closed from here"
        return ""

    @property
    def policy(self) -> StsPolicy | None:
        """The policy as it was read; None where the host did not give a file in good order."""
        exchange = self.exchange
        if exchange is None or exchange.end is not HttpEnd.DONE or exchange.code != 200:
            return None
        return parse_policy(exchange.body)

    @property
    def valid(self) -> StsPolicy | None:
        """The policy, where senders can use it."""
        policy = self.policy
        return policy if policy is not None and policy.is_valid else None

    @property
    def is_there(self) -> bool:
        """Whether the host gives a file that was meant as a policy."""
        policy = self.policy
        return policy is not None and any(entry.value.startswith("STSv") for entry in policy.entries)


class MtaStsMatch(Frozen):
    """The policy that senders act on, beside the exchangers of the domain."""

    domain: str
    policy: StsPolicy
    mode: Mode
    exchanges: tuple[str, ...]

    @property
    def unmatched(self) -> tuple[str, ...]:
        """The exchangers that the policy does not name."""
        return tuple(exchange for exchange in self.exchanges if not self.policy.matches(exchange))


def exchanges_of(mx: MxSet) -> tuple[str, ...]:
    """The exchangers in sending order; the domain itself where there is no MX (RFC 5321 §5.1)."""
    named = tuple(exchange for group in mx.order for exchange in group.exchanges)
    return named if mx.records else (mx.domain,)

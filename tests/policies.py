"""DMARC facts built by hand, in the shape that the probes give them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from deliverkit.facts import Lookup
from deliverkit.facts.dmarc import (
    DmarcDiscovery,
    DmarcText,
    MisplacedDmarc,
    ReportDestination,
    ReportDestinations,
)
from deliverkit.observations import ResourceRecord, Status
from deliverkit.standards.dmarc.addresses import parse_addresses
from deliverkit.standards.dmarc.tree_walk import names_of_walk, walk
from deliverkit.standards.txt import data_of
from tests.building import DOMAIN, TTL, lookup

REPORTS = "rua=mailto:dmarc@good.example"


def text(content: str, name: str = f"_dmarc.{DOMAIN}") -> DmarcText:
    """A TXT record with that text."""
    return DmarcText(ResourceRecord(name, "TXT", TTL, data_of(content)), content)


def discovery(
    *records: str,
    domain: str = DOMAIN,
    above: Mapping[str, Sequence[str]] | None = None,
    exists: bool = True,
) -> DmarcDiscovery:
    """What the walk found: these at the domain, those ``above`` at other names."""
    at: dict[str, Sequence[str]] = {domain: records, **(above or {})}
    found = walk(domain, lambda name: at.get(name, ()))
    texts = {
        name: tuple(text(content, f"_dmarc.{name}") for content in at.get(name, ())) for name in names_of_walk(domain)
    }
    return DmarcDiscovery(domain, DOMAIN, exists, found, texts)


def misplaced(*texts: DmarcText, lookups: Sequence[Lookup] = ()) -> MisplacedDmarc:
    """What was found beside the place."""
    return MisplacedDmarc(texts, tuple(lookups))


def destination(
    uri: str, *, mx: Lookup, leave: Lookup | None = None, hosts: Sequence[Lookup] = (), is_authorized: bool = False
) -> ReportDestination:
    """Where a report goes; ``leave`` is the answer to whether it may."""
    [address] = parse_addresses(uri, 0)
    name = leave.answer.name if leave else ""
    return ReportDestination("rua", address, leave, name, mx, tuple(hosts), is_authorized or leave is None)


def destinations(*found: ReportDestination) -> ReportDestinations:
    """Where the reports about the domain go."""
    return ReportDestinations(DOMAIN, found)


def receiving(domain: str = DOMAIN) -> Lookup:
    """The MX of a domain that takes mail."""
    return lookup(domain, "MX", f"10 mx1.{domain}.")


def silent(name: str, rdtype: str) -> Lookup:
    """A question without answer."""
    return lookup(name, rdtype, status=Status.TIMEOUT)

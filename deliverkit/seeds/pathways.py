"""Whether a copy took the campaign's way: its address pool, its signing domain, its Return-Path.

A copy that did not says nothing of the campaign: the platform has a pool for tests, or the relay is another.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from ipaddress import ip_network

from deliverkit.checks.wording import listed
from deliverkit.classes import Frozen
from deliverkit.errors import UsageError
from deliverkit.standards.addresses import Address
from deliverkit.standards.dkim.signature import signatures_of
from deliverkit.standards.header import HeaderField, SplitMessage, split_message
from deliverkit.standards.names import is_within
from deliverkit.standards.received import journey


class CampaignPath(Frozen):
    """What the campaign's mail shows: sending ``networks`` in CIDR form, d= of its signatures, Return-Path's domains.

    What is empty is not compared.
    """

    networks: tuple[str, ...] = ()
    signers: tuple[str, ...] = ()
    return_domains: tuple[str, ...] = ()

    def __post_init__(self) -> None:
        for network in self.networks:
            try:
                ip_network(network)
            except ValueError:
                raise UsageError(f"{network!r} is neither an address nor a network (192.0.2.0/24)") from None


ANY_PATH = CampaignPath()


def unlike(header: bytes, path: CampaignPath) -> str:
    """Why the copy with this header does not stand for the campaign, as clauses; empty: it does."""
    split = split_message(header)
    return "; ".join([*_other_network(split.fields, path), *_other_signer(header, path), *_other_return(split, path)])


def _other_network(fields: Sequence[HeaderField], path: CampaignPath) -> Iterator[str]:
    """Any host on the way counts, for which of them is the receiver's first is not always told."""
    clients = journey(fields).external
    if path.networks and clients and not any(_is_in(client, path.networks) for client in clients):
        yield f"it came from {clients[0]}, which is not among the campaign's addresses"


def _is_in(address: Address, networks: Sequence[str]) -> bool:
    return any(address in ip_network(network) for network in networks)


def _other_signer(header: bytes, path: CampaignPath) -> Iterator[str]:
    if not path.signers:
        return
    signers = list(dict.fromkeys(signed.domain for signed in signatures_of(header)))
    if not set(signers) & set(path.signers):
        found = f"it is signed by {listed(signers)}" if signers else "it is not signed"
        yield f"{found}, and the campaign by {listed(path.signers)}"


def return_domain(split: SplitMessage) -> str:
    """The domain of its Return-Path in lower case; empty where there is none."""
    return split.get("Return-Path").strip().strip("<>").rpartition("@")[2].lower()


def _other_return(split: SplitMessage, path: CampaignPath) -> Iterator[str]:
    """A Return-Path that its server did not write is not compared (RFC 5321 §4.4: it writes one)."""
    domain = return_domain(split)
    if path.return_domains and domain and not any(is_within(domain, one) for one in path.return_domains):
        yield f"its Return-Path is at {domain}, and the campaign's at {listed(path.return_domains)}"

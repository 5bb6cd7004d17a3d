"""Whether the domains that a domain's mail is expected to be authenticated as are aligned with it.

Only what lies within the Organizational Domain is walked from: no other walk can end there (RFC 9989 §4.10.2).
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from functools import partial

from deliverkit.clients import Clients
from deliverkit.clients.trace import together
from deliverkit.facts import Expectations, MxLookup
from deliverkit.facts.alignment import (
    AlignedDomains,
    AlignmentRule,
    ExpectedIdentifier,
    IdentifierKind,
    SigningEvidence,
)
from deliverkit.facts.dmarc import DmarcDiscovery
from deliverkit.model import Absent, not_applicable, unknown
from deliverkit.observations import Status
from deliverkit.probes.dkim import learn_dkim_keys, learn_selector_ground
from deliverkit.probes.looking_up import look_up, texts_of
from deliverkit.standards.dmarc.effective import Scope, domain_by_list, is_aligned, record_by_list
from deliverkit.standards.dmarc.record import Alignment
from deliverkit.standards.dmarc.tree_walk import TreeWalk, names_of_walk
from deliverkit.standards.names import is_host_name, is_within

MAX_EXPECTED = 8  # a walk from each may ask for seven names more
Texts = Mapping[str, Sequence[str]]


async def learn_aligned_domains(
    domain: str, clients: Clients, found: DmarcDiscovery, expected: Expectations
) -> AlignedDomains | Absent:
    """What is aligned with the domain; Absent where no DMARC record applies."""
    if found.published is None:
        return not_applicable(f"no DMARC record applies to {domain}")
    rule = AlignmentRule(found.walk.organizational_domain, found.published.record)
    older = _older_rule(found)
    wanted = list(dict.fromkeys(_wanted(domain, expected)))[:MAX_EXPECTED]
    within = [name for _, name in wanted if is_within(name, rule.organizational_domain)]
    texts = await _texts_for(within, found, clients)
    judged = (
        ExpectedIdentifier(
            kind,
            name,
            _by_walk(domain, name, rule.mode(kind), texts),
            None if isinstance(older, Absent) else is_aligned(domain, name, older.mode(kind), domain_by_list),
        )
        for kind, name in wanted
    )
    return AlignedDomains(domain, rule, older, tuple(judged))


async def learn_signing_evidence(
    domain: str, clients: Clients, aligned: AlignedDomains, mx: MxLookup, expected: Expectations
) -> SigningEvidence:
    """The domain's DKIM keys, which are not looked for where DMARC does not rest on one that they may tell of."""
    if not aligned.is_signer_untold:
        return SigningEvidence(not_applicable("DMARC does not rest on a key of which nobody has told"))
    ground = await learn_selector_ground(domain, clients)
    return SigningEvidence(await learn_dkim_keys(domain, clients, mx, ground, expected))


def _wanted(domain: str, expected: Expectations) -> Iterator[tuple[IdentifierKind, str]]:
    """The domain of MAIL FROM, and the d= of each selector: the domain itself where it names no other."""
    mail_from = expected.mail_from.rpartition("@")[2].lower()
    if is_host_name(mail_from):
        yield IdentifierKind.MAIL_FROM, mail_from
    for text in (*expected.selectors, *expected.message_selectors):
        signing = text.lower().removesuffix(".").partition("._domainkey.")[2] or domain
        if is_host_name(signing):
            yield IdentifierKind.DKIM, signing


def _older_rule(found: DmarcDiscovery) -> AlignmentRule | Absent:
    by_list = record_by_list(found.domain, found.plain, Scope.DOMAIN)
    if by_list is None:
        return unknown("what older receivers find could not be looked up")
    _, record = by_list
    if record is None:
        return not_applicable("older receivers find no record")
    return AlignmentRule(domain_by_list(found.domain), record)


async def _texts_for(names: Sequence[str], found: DmarcDiscovery, clients: Clients) -> Texts:
    """What stands at the names of the walks from these, as far as it is known."""
    lacking = sorted({name for start in names for name in names_of_walk(start)} - set(found.texts))
    lookups = await together(partial(look_up, clients.resolver, f"_dmarc.{name}", "TXT") for name in lacking)
    answered = {
        name: tuple(text for _, text in texts_of(lookup))
        for name, lookup in zip(lacking, lookups, strict=True)
        if not lookup.failure or lookup.answer.status is Status.ILLEGAL
    }
    return found.plain | answered


def _by_walk(domain: str, name: str, mode: Alignment, texts: Texts) -> bool | None:
    """Whether the name is aligned; None where a step of the walk from it is not known."""
    own = _organizational_domain(domain, texts)
    other = _organizational_domain(name, texts) if own is None or is_within(name, own) else name
    if mode is Alignment.RELAXED and (own is None or other is None):
        return None
    return is_aligned(domain, name, mode, {name: other or name, domain: own or domain}.__getitem__)


def _organizational_domain(start: str, texts: Texts) -> str | None:
    walk = TreeWalk(start)
    while (name := walk.next_name) is not None:
        if name not in texts:
            return None
        walk = walk.take(texts[name])
    return walk.organizational_domain

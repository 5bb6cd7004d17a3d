"""What the DNS holds at the selectors for which there is evidence, and at those that many use.

A made-up selector and ``_domainkey`` itself are asked first, beside the MX; then all selectors at once, but for those
that nobody sets up alone; these last, where they can be.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from functools import partial

from deliverkit.classes import replace
from deliverkit.clients import Clients
from deliverkit.clients.trace import together
from deliverkit.facts import Expectations, Lookup, MxLookup
from deliverkit.facts.dkim import Candidate, DkimKeys, SelectorGround, SelectorKey, is_alike
from deliverkit.knowledge.dkim_selectors import (
    Signer,
    dashed_selectors,
    generic_selectors,
    signers,
    signers_at,
    signers_behind,
)
from deliverkit.knowledge.providers import provider_of
from deliverkit.model import Absent, not_applicable, unknown
from deliverkit.observations import Resolver, Status
from deliverkit.probes.appended import appended_zones
from deliverkit.probes.looking_up import look_up
from deliverkit.probes.made_up import made_up_label
from deliverkit.regexes import regex
from deliverkit.standards.dkim.key_record import parse_key_record
from deliverkit.standards.dkim.signature import parse_selector, selector_at
from deliverkit.standards.mx import ROOT, parse_mx
from deliverkit.standards.txt import text_of

MAX_SELECTORS = 120  # of all that are tried
MAX_EXPECTED = 32  # of those that are given
MAX_RECORDS = 16  # TXT records at one selector that are read
MAX_EXCHANGERS = 32
_INCLUDE = regex(r"(?:include:|redirect=)([a-z0-9._-]+)", re.IGNORECASE | re.ASCII)


async def learn_selector_ground(domain: str, clients: Clients) -> SelectorGround:
    """The questions before any selector."""
    made_up = f"{made_up_label(domain)}._domainkey.{domain}"
    names = (f"_domainkey.{domain}", made_up, domain)
    node, nobodys, apex = await together(partial(look_up, clients.resolver, name, "TXT") for name in names)
    return SelectorGround(node, nobodys, apex)


async def learn_dkim_keys(
    domain: str, clients: Clients, found: MxLookup, ground: SelectorGround, expected: Expectations
) -> DkimKeys | Absent:
    """The selectors with what stands there; Absent where the resolver fails, or there is no such domain."""
    if found.resolver_fails:
        return unknown(found.failure)
    if found.lookup.answer.status is Status.NXDOMAIN and not found.lookup.is_withheld:
        return not_applicable(f"{domain} does not exist")
    evident = _signers_by_reason(domain, found, ground.apex)
    every = _merged(_candidates(domain, expected, evident))
    kept = every[:MAX_SELECTORS]
    if not _is_time(found, ground):
        kept = [replace(one, beside=()) for one in kept]
    learn = partial(_learn_key, clients.resolver, domain, ground.made_up)
    keys = _by_selector(await together(partial(learn, one) for one in _at_first(kept, ground)))
    works = [partial(learn, one) for one in _after(kept, keys, ground)]
    zones = appended_zones(domain, found.zone)
    lacking = [key for key in keys.values() if key.candidate.is_expected and not key.lookup.answer.records]
    works += [partial(_look_beside, clients.resolver, key, zones) for key in lacking]
    keys |= _by_selector(await together(works))
    is_wanting = not expected.is_parked and not any(key.is_there or key.candidate.is_expected for key in keys.values())
    return DkimKeys(
        domain=domain,
        zone=found.zone,
        ground=ground,
        keys=tuple(keys[one.selector] for one in kept if one.selector in keys),
        unguessable=tuple(dict.fromkeys(signer.name for signer, _ in evident if signer.is_unguessable)),
        left_out=0 if ground.is_bare else len(every) - len(kept),
        doubled=await _doubled_node(domain, clients.resolver, zones) if is_wanting else "",
    )


def _is_time(found: MxLookup, ground: SelectorGround) -> bool:
    """Whether some selectors may wait for others at no cost: the exchangers' reverse names lie as deep.

    Where a wildcard answers for selectors most are not there, and to wait would be for nothing.
    """
    exchanges = (parsed.exchange for record in found.lookup.answer.records if (parsed := parse_mx(record.data)))
    return any(exchange != ROOT for exchange in exchanges) and not ground.made_up.answer.records


def _at_first(candidates: Iterable[Candidate], ground: SelectorGround) -> list[Candidate]:
    """Those to try whatever is found: by evidence alone where nothing stands below ``_domainkey``."""
    if ground.is_bare or ground.failure:
        return [one for one in candidates if one.is_evident]
    return [one for one in candidates if not one.beside]


def _after(
    candidates: Iterable[Candidate], found: Mapping[str, SelectorKey], ground: SelectorGround
) -> list[Candidate]:
    """The others for which there is reason after what was found."""
    others = [one for one in candidates if one.selector not in found]
    is_any = any(key.is_there for key in found.values())
    if ground.is_bare or ground.failure:  # a server that denies what has names below it is belied by one of them
        return others if is_any else []
    there = {selector for selector, key in found.items() if key.is_there or key.lookup.failure}
    return [one for one in others if not is_any or not there.isdisjoint(one.beside)]


def _signers_by_reason(domain: str, found: MxLookup, apex: Lookup) -> list[tuple[Signer, str]]:
    """The signers that MX and SPF give away, each with how."""
    exchanges = (parsed.exchange for r in found.lookup.answer.records[:MAX_EXCHANGERS] if (parsed := parse_mx(r.data)))
    providers = (provider for name in (*exchanges, domain) if (provider := provider_of(name)))
    by_mx = [(signer, f"MX at {provider.name}") for provider in providers for signer in signers_at(provider.name)]
    names = dict.fromkeys(name.lower() for name in _included(apex))
    by_spf = [(signer, f"SPF includes {signer.name}") for name in names for signer in signers_behind(name)]
    return list(dict.fromkeys([*by_mx, *by_spf]))


def _included(apex: Lookup) -> Iterator[str]:
    """The names that the domain's SPF record leads to itself (RFC 7208 §5.2, §6.1)."""
    for record in apex.answer.records[:MAX_RECORDS]:
        text = text_of(record.data)
        if text[:6].lower() == "v=spf1":
            yield from _INCLUDE.findall(text[:4096])


def _candidates(domain: str, expected: Expectations, evident: Iterable[tuple[Signer, str]]) -> Iterator[Candidate]:
    """Every selector to try, the best founded first."""
    for texts, why in ((expected.selectors, "given"), (expected.message_selectors, "in a message")):
        selectors = [selector for text in texts if (selector := selector_at(text, domain))]
        yield from (Candidate(selector, (why,), is_expected=True) for selector in selectors[:MAX_EXPECTED])
    for selector, signer in dashed_selectors(domain).items():
        yield from (Candidate(one, (f"by the dash rule of {signer.name}",), is_likely=True) for one in _fit(selector))
    for signer, why in evident:
        yield from (Candidate(selector, (why,), is_likely=True) for selector in signer.selectors)
    yield from (Candidate(selector, ("widely used",)) for selector in generic_selectors())
    for signer in signers():
        if not signer.is_for_its_own:
            yield from (_usual(selector, signer) for selector in signer.selectors)


def _usual(selector: str, signer: Signer) -> Candidate:
    """A selector for which nothing but the signer's habit speaks."""
    first = signer.beside.get(selector)
    return Candidate(selector, (f"used by {signer.name}",), beside=(first,) if first else ())


def _fit(selector: str) -> Iterator[str]:
    """The selector, where a label can be that long."""
    if parse_selector(selector):
        yield selector


def _merged(candidates: Iterable[Candidate]) -> list[Candidate]:
    """Each selector once, with all its reasons; what is merely usual is no reason beside evidence."""
    found: dict[str, Candidate] = {}
    for one in candidates:
        known = found.setdefault(one.selector, one)
        if one.is_evident or not known.is_evident:
            found[one.selector] = replace(
                known,
                reasons=tuple(dict.fromkeys((*known.reasons, *one.reasons))),
                is_likely=known.is_likely or one.is_likely,
                beside=(*known.beside, *one.beside) if known.beside and one.beside else (),
            )
    return list(found.values())


def _by_selector(keys: Iterable[SelectorKey]) -> dict[str, SelectorKey]:
    return {key.selector: key for key in keys}


async def _learn_key(resolver: Resolver, domain: str, made_up: Lookup, candidate: Candidate) -> SelectorKey:
    name = f"{candidate.selector}._domainkey.{domain}"  # RFC 6376 §3.6.2.1
    lookup = await look_up(resolver, name, "TXT")
    published = sorted(lookup.answer.records[:MAX_RECORDS], key=lambda record: record.data)  # servers shuffle them
    parsed = [(parse_key_record(text_of(record.data)), record) for record in published]
    meant = [pair for pair in parsed if pair[0].is_meant]
    return SelectorKey(
        candidate=candidate,
        name=name,
        lookup=lookup,
        records=tuple(record for record, _ in meant),
        resource_records=tuple(source for _, source in meant),
        others=len(parsed) - len(meant),
        is_by_wildcard=is_alike(lookup, made_up),
    )


async def _look_beside(resolver: Resolver, key: SelectorKey, zones: Sequence[str]) -> SelectorKey:
    """The same with the key records at the names to which a form appended one of these zones (RFC 1035 §5.1)."""
    lookups = await together(partial(look_up, resolver, f"{key.name}.{zone}", "TXT") for zone in zones)
    records = (r for one in lookups if not one.answer.aliases for r in one.answer.records[:MAX_RECORDS])
    return replace(key, misplaced=tuple(r for r in records if parse_key_record(text_of(r.data)).is_meant))


async def _doubled_node(domain: str, resolver: Resolver, zones: Sequence[str]) -> str:
    """``_domainkey`` with one of these zones appended, where something stands there or below; else empty.

    That is a name that exists while one beside it, which nobody made, does not: no wildcard answers for both.
    """
    for zone in zones:
        names = (f"_domainkey.{domain}.{zone}", f"{made_up_label(domain)}.{domain}.{zone}")
        node, nobodys = await together(partial(look_up, resolver, name, "TXT") for name in names)
        is_there = node.answer.status in {Status.NOERROR, Status.NODATA} and not node.answer.aliases
        if is_there and nobodys.answer.status is Status.NXDOMAIN:
            return names[0]
    return ""

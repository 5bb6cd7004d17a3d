"""Which policy holds for a domain, for a subdomain that exists, and for one that does not; and what is aligned."""

from __future__ import annotations

import enum
from collections.abc import Callable, Mapping, Sequence

from deliverkit.classes import Frozen
from deliverkit.standards.dmarc.parse import parse
from deliverkit.standards.dmarc.public_suffix import registered_domain
from deliverkit.standards.dmarc.record import Alignment, DefectKind, DmarcRecord, Policy, Rules
from deliverkit.standards.dmarc.tree_walk import walk


class Scope(enum.StrEnum):
    """For whom a policy holds."""

    DOMAIN = "the domain"
    SUBDOMAIN = "an existing subdomain"
    MISSING = "a missing subdomain"


class Effective(Frozen):
    """The policy that receivers act on: None where no DMARC applies.

    ``at`` is the domain whose record says so, ``tag`` the tag. ``percent``: of how many messages in a hundred.
    """

    policy: Policy | None
    at: str = ""
    tag: str = ""
    is_lowered: bool = False
    percent: int = 100


NO_POLICY = Effective(None)
Texts = Mapping[str, Sequence[str]]


def effective_policy(domain: str, texts: Texts, scope: Scope, *, exists: bool = True) -> Effective:
    """The policy by RFC 9989, from the TXT records at ``_dmarc.`` before each name of the walk.

    ``exists`` is about the domain itself. A subdomain is one label longer, and has no record of its own.
    """
    start = domain if scope is Scope.DOMAIN else f"{_child_of(domain, texts)}.{domain}"
    found = walk(start, lambda name: texts.get(name, ()))
    step = found.policy_step
    if step is None or step.record is None:
        return NO_POLICY
    is_missing = scope is Scope.MISSING or (scope is Scope.DOMAIN and not exists)
    return _by_record(step.record, step.name, is_own=step.name == start, is_missing=is_missing)


def policy_by_list(domain: str, texts: Texts, scope: Scope) -> Effective | None:
    """The policy by RFC 7489 §6.6.3 and the Public Suffix List: no np, no t, no walk.

    None where ``texts`` does not say what stands at a name that it depends on.
    """
    found = record_by_list(domain, texts, scope)
    if found is None:
        return None
    at, record = found
    if record is None:
        return NO_POLICY
    is_own = scope is Scope.DOMAIN and at == domain
    tags = ("p",) if is_own else ("sp", "p")
    return Effective(_older_policy(record, tags), at, _tag_of(record, tags), percent=record.percent)


def record_by_list(domain: str, texts: Texts, scope: Scope) -> tuple[str, DmarcRecord | None] | None:
    """Where receivers by RFC 7489 §6.6.3 look in the end, and the record that they find there, or None.

    None alone where ``texts`` does not say what stands at a name that it depends on.
    """
    organizational = domain_by_list(domain)
    names = [domain, organizational] if scope is Scope.DOMAIN else [organizational]
    for name in dict.fromkeys(names):
        if name not in texts:
            return None
        found = [parse(text, rules=Rules.RFC7489) for text in texts[name]]
        kept = [one for one in found if one.is_record]
        if kept:  # RFC 7489 §6.6.3: several end the search
            return name, kept[0] if len(kept) == 1 else None
    return organizational, None


def domain_by_list(domain: str) -> str:
    """The Organizational Domain by the Public Suffix List; a public suffix is its own (RFC 7489 §3.2)."""
    return registered_domain(domain) or domain


def _older_policy(record: DmarcRecord, tags: Sequence[str]) -> Policy | None:
    """What an older receiver makes of the record; RFC 7489 §6.3 lets it ignore bad values of the lesser tags."""
    if record.of(DefectKind.REPEATED) or (record.falls_back and not record.valid_rua):
        return None
    return Policy.NONE if record.falls_back else record.policies[_tag_of(record, tags)]


def _by_record(record: DmarcRecord, at: str, *, is_own: bool, is_missing: bool) -> Effective:
    tags = ("p",) if is_own else ("np", "sp", "p") if is_missing else ("sp", "p")  # RFC 9989 §4.7
    policy = record.policy(*tags)
    if policy is None:
        return NO_POLICY
    lowered = policy.lowered if record.is_testing else policy  # RFC 9989 §4.7: t=y
    return Effective(lowered, at, _tag_of(record, tags), is_lowered=lowered is not policy)


def _tag_of(record: DmarcRecord, tags: Sequence[str]) -> str:
    return "" if record.falls_back else next((tag for tag in tags if tag in record.policies), "p")


def _child_of(domain: str, texts: Texts) -> str:
    """A label below the domain at which nothing is known to stand."""
    return next(label for label in ("sub", "sub2", "sub3", "sub4") if f"{label}.{domain}" not in texts)


def is_aligned(author: str, identifier: str, mode: Alignment, organizational_domain: Callable[[str], str]) -> bool:
    """Whether an authenticated domain belongs to the Author Domain (RFC 9989 §4.4).

    ``organizational_domain`` walks from the domain that it is given.
    """
    if author == identifier or mode is Alignment.STRICT:
        return author == identifier
    return organizational_domain(author) == organizational_domain(identifier)

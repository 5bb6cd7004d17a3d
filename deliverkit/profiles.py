"""Profiles: which checks run, how much each matters, and what is expected of the target."""

from __future__ import annotations

import difflib
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass, field, replace
from types import MappingProxyType
from typing import Any

from deliverkit.checks.registry import checks, checks_in
from deliverkit.errors import UsageError
from deliverkit.facts import Expectations
from deliverkit.facts.smtp import Conversing
from deliverkit.model import Check, Severity, Waiver

# Areas that cost more than they tell on most days: run when they are named.
AREAS = ("resolver", "mx", "ns", "propagation", "smtp", "spf", "dkim", "dmarc")  # in the order in which they are read
OPT_IN = frozenset({"ns", "propagation", "resolver"})


@dataclass(frozen=True, slots=True)
class Profile:
    """A named selection of checks. ``severities`` overrides the checks' own, by code.

    ``only`` holds the codes that are kept (None: all), ``areas`` those of `OPT_IN` that are wanted, ``conversing`` what
    is said to mail hosts. ``read``: the areas in which all of them stand; none: wherever they stand.
    """

    name: str
    description: str
    expectations: Expectations = field(default_factory=Expectations)
    severities: Mapping[str, Severity] = field(default_factory=lambda: MappingProxyType({}))
    only: frozenset[str] | None = None
    skip: frozenset[str] = frozenset()
    areas: frozenset[str] = frozenset()
    waivers: tuple[Waiver, ...] = ()
    conversing: Conversing = field(default_factory=Conversing)
    read: frozenset[str] = frozenset()

    def selected(self) -> tuple[Check, ...]:
        """The checks to run, ordered by code."""
        read = [check for area in self.read for check in checks_in(area)]
        found = sorted(read, key=lambda check: check.code) if self.read else checks()
        return tuple(check for check in found if self._keeps(check) and check.code not in self.skip)

    def expecting(self, expected: Mapping[str, object]) -> Profile:
        """The profile with these fields of its expectations, but for those that are empty."""
        given: dict[str, Any] = {name: value for name, value in expected.items() if value}
        return replace(self, expectations=replace(self.expectations, **given))

    def _keeps(self, check: Check) -> bool:
        if check.area in self.areas:
            return True
        return check.area not in OPT_IN if self.only is None else check.code in self.only

    def severity_of(self, check: Check) -> Severity:
        """How much a fault of the check matters here."""
        return self.severities.get(check.code, check.severity)

    def waiver_of(self, check: Check, domain: str) -> Waiver | None:
        """The waiver of the check for the domain; of several the one that lasts longest."""
        found = [one for one in self.waivers if one.code == check.code and one.domain in {"", domain}]
        return max(found, key=lambda one: one.until, default=None)


_NULL_MX = "MX005"
_NO_DMARC = "DMARC001"
_POLICY_NONE = "DMARC009"
_NO_KEY, _ED25519_ALONE = "DKIM002", "DKIM013"
_NO_SPF_RECORD = "SPF001"

PROFILES = {
    profile.name: profile
    for profile in (
        Profile("domain", "a domain that receives mail"),
        Profile(
            "sending",
            "a domain that stands in From or Return-Path: it has to be answerable",
            expectations=Expectations(sends=True),
            severities=MappingProxyType(
                dict.fromkeys((_NULL_MX, _NO_SPF_RECORD, _NO_DMARC, _NO_KEY, _ED25519_ALONE), Severity.ERROR)
            ),
        ),
        Profile(
            "parked",
            "a domain that neither sends nor receives",
            expectations=Expectations(takes_mail=False),
            severities=MappingProxyType({_POLICY_NONE: Severity.WARNING}),
        ),
        Profile(
            "internal",
            "a domain inside a private network: private addresses are fine",
            expectations=Expectations(private_addresses=True),
        ),
        Profile(
            "resolver",
            "this machine's own resolvers and its way out, no domain",
            only=frozenset(),
            areas=frozenset({"resolver"}),
        ),
    )
}


def choose(name: str, *, only: Iterable[str] = (), skip: Iterable[str] = (), areas: Iterable[str] = ()) -> Profile:
    """The profile of that name, narrowed by codes, names or areas of checks, and widened by areas of `OPT_IN`.

    Raises:
        UsageError: no such profile, or no such check.
    """
    if name not in PROFILES:
        raise UsageError(f"there is no profile {name!r}: choose one of {', '.join(PROFILES)}")
    only = list(only)
    kept = [code for word in only for code in codes_of(word)]
    dropped = [code for word in skip for code in codes_of(word)]
    named, words = PROFILES[name], {word.strip().lower() for word in only}
    chosen = replace(
        named,
        only=frozenset(kept) if kept else named.only,
        skip=frozenset(dropped),
        areas=frozenset(areas) | (frozenset() if kept else named.areas),
        read=frozenset(words | set(areas)) if words and words <= set(AREAS) else frozenset(),
    )
    if not chosen.selected():
        raise UsageError("no check is left to run: --skip takes all that --only keeps")
    return chosen


def opted_in(*, authoritative: bool, compared: Collection[str], tried: Collection[str] = ()) -> tuple[str, ...]:
    """The areas of `OPT_IN` that are wanted: every name server is asked itself, resolvers are compared, or tried."""
    wanted = {"ns": authoritative, "propagation": compared, "resolver": tried}
    return tuple(area for area, is_wanted in wanted.items() if is_wanted)


def codes_of(word: str) -> list[str]:
    """The codes of the checks that a code, a name or an area means.

    Raises:
        UsageError: it means none.
    """
    wanted = word.strip().lower()
    if wanted in AREAS:
        return [check.code for check in checks_in(wanted)]
    found = [check.code for check in checks() if wanted in {check.code.lower(), check.name, check.area}]
    if not found:
        raise UsageError(f"there is no check or area {word!r}{suggestion(wanted)}")
    return found


def suggestion(word: str) -> str:
    """``: did you mean …?`` with the nearest names of checks, or where to find them."""
    known = [name for check in checks() for name in (check.code.lower(), check.name)]
    near = difflib.get_close_matches(word.lower(), known, n=3)
    codes = [name.upper() if name[-1].isdigit() else name for name in near]
    return f": did you mean {' or '.join(codes)}?" if codes else ": deliverkit explain --list shows them all"

"""Profiles: which checks run, how much each matters, and what is expected of the target."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from types import MappingProxyType
from typing import Any

from deliverkit.checks.registry import checks, checks_of
from deliverkit.classes import Frozen, field, replace
from deliverkit.errors import UsageError
from deliverkit.facts import Expectations
from deliverkit.facts.conversing import Conversing
from deliverkit.model import Check, Severity, Waiver

AREAS = (
    "resolver",
    "mx",
    "ns",
    "propagation",
    "smtp",
    "tls",
    "sender",
    "spf",
    "dkim",
    "dmarc",
    "mta-sts",
    "tls-rpt",
    "dane",
    "message",
    "placement",
)  # in the order of reading
TALKING = ("smtp", "tls")  # those for which mail hosts are spoken to
GIVEN = ("message", "placement")  # those whose facts a campaign gives
LISTENING = ("mta-sts", "dane")  # those that make use of it where they are
_LETTERS = {
    "STS": "MTA-STS",
    "RPT": "TLS-RPT",
    "MSG": "MESSAGE",
    "SND": "SENDER",
}  # with which the codes of these areas begin
# Areas that cost more than they tell on most days, or that talk to others: run when they are named, or by a profile.
OPT_IN = frozenset({"ns", "propagation", "resolver", "sender", *GIVEN, *TALKING})


class Profile(Frozen):
    """A named selection of checks. ``severities`` overrides the checks' own, by code.

    ``only`` holds the codes and areas that are kept (None: all), ``skip`` those that are left out, ``areas`` those of
    `OPT_IN` that are wanted, ``conversing`` what is said to mail hosts.
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

    @property
    def kept_areas(self) -> tuple[str, ...]:
        """The areas that the checks to run are of, in the order in which they are read: what no other check needs."""
        usual = set(AREAS) - OPT_IN if self.only is None else set(map(_area_of, self.only))
        return tuple(area for area in AREAS if area in usual | self.areas and area not in self.skip)

    def selected(self) -> tuple[Check, ...]:
        """The checks to run, ordered by code."""
        found = (check for area in self.kept_areas for check in checks_of(area))
        return tuple(sorted((check for check in found if self._keeps(check)), key=lambda check: check.code))

    def expecting(self, expected: Mapping[str, object]) -> Profile:
        """The profile with these fields of its expectations, but for those that are empty."""
        given: dict[str, Any] = {name: value for name, value in expected.items() if value}
        return replace(self, expectations=replace(self.expectations, **given))

    def _keeps(self, check: Check) -> bool:
        if check.code in self.skip:
            return False
        return self.only is None or check.area in self.areas or not self.only.isdisjoint({check.code, check.area})

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
_NOT_ALIGNED = "DMARC025"
_NO_KEY, _ED25519_ALONE = "DKIM002", "DKIM013"
_NO_SPF_RECORD = "SPF001"
_ASKED_OF_SENDERS = (_NULL_MX, _NO_SPF_RECORD, _NO_DMARC, _NO_KEY, _ED25519_ALONE, _NOT_ALIGNED)

PROFILES = {
    profile.name: profile
    for profile in (
        Profile("domain", "a domain that receives mail"),
        Profile(
            "sending",
            "a domain that stands in From or Return-Path: it has to be answerable",
            expectations=Expectations(sends=True),
            severities=MappingProxyType(dict.fromkeys(_ASKED_OF_SENDERS, Severity.ERROR)),
            areas=frozenset({"sender"}),
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
        Profile(
            "campaign",
            "a message and its way, before it goes out to many",
            only=frozenset(),
            areas=frozenset(GIVEN),
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
    kept = [name for word in only for name in _named(word)]
    dropped = [name for word in skip for name in _named(word)]
    named = PROFILES[name]
    chosen = replace(
        named,
        only=frozenset(kept) if kept else named.only,
        skip=frozenset(dropped),
        areas=frozenset(areas) | (frozenset() if kept else named.areas),
    )
    if dropped and not chosen.selected():
        raise UsageError("no check is left to run: --skip takes all that --only keeps")
    return chosen


def opted_in(
    *, authoritative: bool, compared: Collection[str], tried: Collection[str] = (), talking: bool = False
) -> tuple[str, ...]:
    """The areas of `OPT_IN` that are wanted.

    Every name server is asked itself, resolvers are compared, or tried, mail hosts are spoken to.
    """
    wanted = {"ns": authoritative, "propagation": compared, "resolver": tried, **dict.fromkeys(TALKING, talking)}
    return tuple(area for area, is_wanted in wanted.items() if is_wanted)


def _named(word: str) -> list[str]:
    """The area that the word is, or the codes that it means: for an area no check need be imported yet."""
    area = word.strip().lower()
    return [area] if area in AREAS else codes_of(word)


def _area_of(name: str) -> str:
    """The area that a code or an area is of: a code begins with its area's first letters, or as `_LETTERS` says."""
    letters = _LETTERS.get(name[:-3], name[:-3])
    return name if name in AREAS else next(area for area in AREAS if area.upper().startswith(letters))


def codes_of(word: str) -> list[str]:
    """The codes of the checks that a code, a name or an area means.

    Raises:
        UsageError: it means none.
    """
    wanted = word.strip().lower()
    found = [check.code for check in checks() if wanted in {check.code.lower(), check.name, check.area}]
    if not found:
        raise UsageError(f"there is no check or area {word!r}{suggestion(wanted)}")
    return found


def suggestion(word: str) -> str:
    """``: did you mean …?`` with the nearest names of checks, or where to find them."""
    import difflib

    known = [name for check in checks() for name in (check.code.lower(), check.name)]
    near = difflib.get_close_matches(word.lower(), known, n=3)
    codes = [name.upper() if name[-1].isdigit() else name for name in near]
    return f": did you mean {' or '.join(codes)}?" if codes else ": deliverkit explain --list shows them all"

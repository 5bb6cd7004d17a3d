"""SPF records as text and as terms (RFC 7208 §4.5, §4.6, §5, §6, §12).

`parse_spf` reads any text and never raises: what the grammar does not allow is kept as faults, all of them, each
with its place. A record that has one is a permerror for every sender (RFC 7208 §4.6).
"""

from __future__ import annotations

import re
from functools import cached_property, lru_cache
from ipaddress import ip_network
from itertools import groupby

from deliverkit.classes import Frozen, Slotted, field
from deliverkit.model import Span
from deliverkit.regexes import regex
from deliverkit.standards.addresses import Network
from deliverkit.standards.names import shorten
from deliverkit.standards.spf.macros import MacroString, SyntaxFault, parse_macros

VERSION = "v=spf1"
QUALIFIERS = "+-~?"
LOOKING_UP = frozenset({"include", "a", "mx", "ptr", "exists", "redirect"})  # RFC 7208 §4.6.4
MECHANISMS = frozenset({"all", "include", "a", "mx", "ptr", "ip4", "ip6", "exists"})

_VERSION = regex(r"v=spf1(?= |$)", re.IGNORECASE)
_TERM = regex(r"[^ ]+")
_MODIFIER = regex(r"([A-Za-z][A-Za-z0-9\-_.]*)=", re.ASCII)
_MECHANISM = regex(r"([+\-?~]?)([A-Za-z][A-Za-z0-9\-_.]*)(.*)", re.ASCII | re.DOTALL)
_CIDR = regex(r"(?:/(\d*))?(?://(\d*))?$", re.ASCII)
_TOP_LABEL = regex(  # RFC 7208 §7.1: toplabel, at the end of a domain-spec
    r"\.(?:[A-Za-z0-9]*[A-Za-z][A-Za-z0-9]*|[A-Za-z0-9]+-[A-Za-z0-9\-]*[A-Za-z0-9])\.?$", re.ASCII
)
_TAKES_CIDR = {"a", "mx"}
_NEEDS_DOMAIN = {"include", "exists"}
_MAX_LENGTH = {4: 32, 6: 128}


class Mechanism(Frozen):
    """A directive: qualifier and mechanism. ``domain`` is its domain-spec, ``network`` that of ip4 and ip6."""

    text: str
    span: Span
    qualifier: str
    name: str
    domain: MacroString | None = None
    network: Network | None = None
    ipv4_length: int = 32
    ipv6_length: int = 128

    def __str__(self) -> str:
        return self.text


class Modifier(Frozen):
    """``name=value``, the name in lower case."""

    text: str
    span: Span
    name: str
    value: MacroString

    def __str__(self) -> str:
        return self.text


Term = Mechanism | Modifier


class Networks:
    """Terms ip4 and ip6 that follow each other: most of a record is these, and one look-up compares them all."""

    __slots__ = ("_places", "terms")

    def __init__(self, terms: tuple[Mechanism, ...]) -> None:
        self.terms = terms
        places: dict[int, dict[int, dict[int, int]]] = {4: {}, 6: {}}  # by version, bits of the host, and prefix
        for place, term in enumerate(terms):
            network = term.network
            assert network is not None
            shift = network.max_prefixlen - network.prefixlen
            places[network.version].setdefault(shift, {}).setdefault(int(network.network_address) >> shift, place)
        self._places = {version: tuple(by_shift.items()) for version, by_shift in places.items()}

    def place_of(self, version: int, address: int) -> int:
        """The place of the first term that holds the address; behind the last where none does."""
        first = len(self.terms)
        for shift, places in self._places[version]:  # RFC 7208 §5.6
            first = min(first, places.get(address >> shift, first))
        return first


class Record(Frozen):
    """A record: the terms that could be read, in order, and the faults. ``str`` gives the text back."""

    text: str
    mechanisms: tuple[Mechanism, ...]
    modifiers: tuple[Modifier, ...]
    faults: tuple[SyntaxFault, ...]

    def __str__(self) -> str:
        return self.text

    @property
    def terms(self) -> tuple[Term, ...]:
        """Mechanisms and modifiers in the order in which they stand."""
        return tuple(sorted((*self.mechanisms, *self.modifiers), key=lambda term: term.span.start))

    def modifier(self, name: str) -> Modifier | None:
        """The first modifier of that name."""
        return next((found for found in self.modifiers if found.name == name), None)

    @cached_property
    def all(self) -> Mechanism | None:
        """The first ``all``, which matches every sender that comes so far."""
        return next((found for found in self.mechanisms if found.name == "all"), None)

    @cached_property
    def redirect(self) -> Modifier | None:
        """The redirect that is followed: none beside an ``all`` (RFC 7208 §6.1)."""
        return None if self.all else self.modifier("redirect")

    @cached_property
    def parts(self) -> tuple[Mechanism | Networks, ...]:
        """The mechanisms before the first ``all``, in their order, networks that follow each other as one."""
        before = self.mechanisms[: self.mechanisms.index(self.all)] if self.all else self.mechanisms
        grouped = groupby(before, key=lambda term: term.network is not None)
        return tuple(
            part for are_networks, terms in grouped for part in ([Networks(tuple(terms))] if are_networks else terms)
        )

    @cached_property
    def reached(self) -> tuple[Mechanism, ...]:
        """The mechanisms that a sender may come to: those up to the first ``all`` (RFC 7208 §5.1)."""
        last = self.all
        return self.mechanisms[: self.mechanisms.index(last) + 1] if last else self.mechanisms


def is_spf(text: str) -> bool:
    """Whether a TXT record is an SPF record: the version, then a space or the end (RFC 7208 §4.5)."""
    return _VERSION.match(text) is not None


@lru_cache(maxsize=4096)
def parse_spf(text: str) -> Record:
    """The record that the text is; never raises."""
    reading = _Reading()
    version = _VERSION.match(text)
    if version is None:
        reading.fault(0, min(len(text), len(VERSION)), "does not begin with v=spf1")
    for found in _TERM.finditer(text, version.end() if version else 0):  # RFC 7208 §4.6.1: only SP separates
        reading.term(found[0], found.start())
    return Record(text, tuple(reading.mechanisms), tuple(reading.modifiers), tuple(reading.faults))


class _Reading(Slotted):
    """What was read of a record so far."""

    mechanisms: list[Mechanism] = field(default_factory=list)
    modifiers: list[Modifier] = field(default_factory=list)
    faults: list[SyntaxFault] = field(default_factory=list)

    def fault(self, start: int, end: int, reason: str) -> None:
        self.faults.append(SyntaxFault(Span(start, end), reason))

    def term(self, text: str, start: int) -> None:
        before = len(self.faults)
        named = _MODIFIER.match(text)
        if named:
            modifier = self._modifier(text, start, named)
            if len(self.faults) == before:
                self.modifiers.append(modifier)
            return
        mechanism = self._mechanism(text, start)
        if mechanism is not None and len(self.faults) == before:
            self.mechanisms.append(mechanism)

    def _modifier(self, text: str, start: int, named: re.Match[str]) -> Modifier:
        name, at = named[1].lower(), start + named.end()
        span = Span(start, start + len(text))
        value, faults = parse_macros(text[named.end() :], at)
        self.faults += faults
        if name in {"redirect", "exp"}:
            if any(found.name == name for found in self.modifiers):  # RFC 7208 §6
                self.fault(span.start, span.end, f"{name} stands here a second time")
            self._domain(value, at, span, f"{name}=")
        return Modifier(text, span, name, value)

    def _mechanism(self, text: str, start: int) -> Mechanism | None:
        end = start + len(text)
        found = _MECHANISM.fullmatch(text)
        if found is None:
            self.fault(start, end, "is no term of SPF")
            return None
        qualifier, name, rest = found[1] or "+", found[2].lower(), found[3]
        if name not in MECHANISMS:
            self.fault(start, end, f"there is no mechanism {shorten(found[2])}")
            return None
        span, at = Span(start, end), start + found.start(3)
        if name in {"ip4", "ip6"}:
            return Mechanism(text, span, qualifier, name, network=self._network(name, rest, at))
        cidr = _CIDR.search(rest) if name in _TAKES_CIDR else None
        spec = rest[: cidr.start()] if cidr else rest
        lengths = (self._length(cidr, 4, at), self._length(cidr, 6, at)) if cidr else (32, 128)
        return Mechanism(text, span, qualifier, name, self._spec(name, spec, at, span), None, *lengths)

    def _spec(self, name: str, spec: str, at: int, span: Span) -> MacroString | None:
        """The domain-spec behind the colon, where the mechanism takes one."""
        if not spec and name not in _NEEDS_DOMAIN:
            return None
        if name == "all":
            self.fault(at, span.end, "nothing may follow all")
            return None
        if not spec.startswith(":"):
            reason = f"{name} needs a colon and a domain" if not spec else f"a colon has to follow {name}"
            self.fault(span.start, span.end, reason)
            return None
        value, faults = parse_macros(spec[1:], at + 1)
        self.faults += faults
        self._domain(value, at + 1, span, f"{name}:")
        return value

    def _domain(self, value: MacroString, at: int, span: Span, before: str) -> None:
        """A domain-spec ends in a macro, or in a dot and a top label (RFC 7208 §7.1: domain-end)."""
        if not value.text:
            self.fault(span.start, span.end, f"no domain follows {before}")
            return
        if not value.ends_in_macro and not _TOP_LABEL.search(value.text):
            self.fault(at, at + len(value.text), "is no full domain name: a dot and a top-level label must end it")

    def _length(self, cidr: re.Match[str], version: int, at: int) -> int:
        """The prefix length behind a slash, or behind two (RFC 7208 §5.6)."""
        group, most = (1 if version == 4 else 2), _MAX_LENGTH[version]
        text = cidr[group]
        if text is None:
            return most
        number = _prefix_length(text, most)
        if number is None:
            base = at + cidr.start(group)
            self.fault(base - 1, base + len(text), f"a prefix length of IPv{version} is a number from 0 to {most}")
        return most if number is None else number

    def _network(self, name: str, rest: str, at: int) -> Network | None:
        version = int(name[2])
        address, slash, length = rest[1:].partition("/")
        if not rest.startswith(":") or not address:
            self.fault(at - len(name), at + len(rest), f"{name} needs a colon and an address")
            return None
        number = _prefix_length(length, _MAX_LENGTH[version]) if slash else _MAX_LENGTH[version]
        if number is None:
            start = at + 1 + len(address)
            most = _MAX_LENGTH[version]
            self.fault(start, at + len(rest), f"a prefix length of IPv{version} is a number from 0 to {most}")
            return None
        try:
            network = ip_network(f"{address}/{number}", strict=False)
        except ValueError:
            network = None
        if network is None or network.version != version or "%" in address:
            self.fault(at + 1, at + 1 + len(address), f"is no IPv{version} address")
            return None
        return network


def _prefix_length(text: str, most: int) -> int | None:
    is_number = text.isascii() and text.isdigit() and len(text) <= 3 and (text == "0" or not text.startswith("0"))
    return int(text) if is_number and int(text) <= most else None

"""Reading a record by RFC 9989, which ignores what it does not know and falls back where it can (§4.8, §4.10.1)."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from functools import lru_cache
from typing import TypeVar

from deliverkit.model import Span
from deliverkit.regexes import regex
from deliverkit.standards.dmarc import rfc7489
from deliverkit.standards.dmarc.addresses import ReportAddress, parse_addresses
from deliverkit.standards.dmarc.record import (
    Alignment,
    Defect,
    DefectKind,
    DmarcRecord,
    Policy,
    Psd,
    Rules,
    defects_in_order,
)
from deliverkit.standards.tags import Tag, TagList, parse_tags

V = TypeVar("V")

# RFC 9989 §4.8: the name in any case, the value in capitals, first, and nothing behind it before the semicolon.
_VERSION = regex(r"[vV][ \t]*=[ \t]*DMARC1[ \t]*(?:;|\Z)", re.ASCII)
_POLICIES = {policy.word: policy for policy in Policy}
_POLICY_TAGS = ("p", "sp", "np")
_ADDRESS_TAGS = ("rua", "ruf")
_OBSOLETE = ("pct", "rf", "ri")  # RFC 9989 appendix C.5: removed
_FAILURE = regex(r"[01ds](?:[ \t]*:[ \t]*[01ds])*", re.IGNORECASE | re.ASCII)
_ALLOWED: dict[str, Callable[[str], bool]] = {
    "adkim": lambda value: value.lower() in {"r", "s"},
    "aspf": lambda value: value.lower() in {"r", "s"},
    "fo": lambda value: _FAILURE.fullmatch(value) is not None,
    "psd": lambda value: value.lower() in {"y", "n", "u"},
    "t": lambda value: value.lower() in {"y", "n"},
}
MAX_SLIP = 12  # letters
_KNOWN = ("v", *_POLICY_TAGS, *_ADDRESS_TAGS, *_ALLOWED)


@lru_cache(maxsize=256)  # a run looks at the same few records from many sides
def parse(text: str, *, rules: Rules = Rules.RFC9989) -> DmarcRecord:
    """The record; never raises, also where it is none. All defects are in it."""
    tags = parse_tags(text)
    first = _first_of_each(tags)
    addresses = {name: _addresses(first.get(name)) for name in _ADDRESS_TAGS}
    defects = [*_defects(tags, first), *(_address_defects(addresses) if rules is Rules.RFC9989 else ())]
    if rules is Rules.RFC7489:
        defects = rfc7489.judged(tags, addresses, defects)
    testing = _value(first, "t", {"y": True, "n": False}, False)
    return DmarcRecord(
        rules=rules,
        tags=tags,
        policies={
            name: _POLICIES[tag.value.lower()]
            for name in _POLICY_TAGS
            if (tag := first.get(name)) and tag.value.lower() in _POLICIES
        },
        adkim=_value(first, "adkim", {mode.value: mode for mode in Alignment}, Alignment.RELAXED),
        aspf=_value(first, "aspf", {mode.value: mode for mode in Alignment}, Alignment.RELAXED),
        rua=addresses["rua"],
        ruf=addresses["ruf"],
        psd=_value(first, "psd", {psd.value: psd for psd in Psd}, Psd.UNKNOWN),
        is_testing=testing and rules is Rules.RFC9989,
        percent=rfc7489.percent_of(first.get("pct")),
        defects=defects_in_order(defects),
    )


def _first_of_each(tags: TagList) -> dict[str, Tag]:
    found: dict[str, Tag] = {}
    for tag in tags.tags:
        found.setdefault(tag.name.lower(), tag)
    return found


def _value(tags: dict[str, Tag], name: str, values: dict[str, V], default: V) -> V:
    """What the tag says; the default where it is not there or says what it may not (RFC 9989 §4.8)."""
    tag = tags.get(name)
    return values.get(tag.value.lower(), default) if tag else default


def _addresses(tag: Tag | None) -> tuple[ReportAddress, ...]:
    return parse_addresses(tag.value, tag.value_span.start) if tag else ()


def _defects(tags: TagList, first: dict[str, Tag]) -> Iterator[Defect]:
    version = _VERSION.match(tags.text)
    if version is None:
        yield Defect(DefectKind.VERSION, *_version_defect(tags), tag="v", is_fatal=True)
    for bad in tags.malformed:
        yield Defect(DefectKind.MALFORMED, bad.span, bad.reason)
    seen: set[str] = set()
    for tag in tags.tags:
        name = tag.name.lower()
        if name in seen:  # RFC 6376 §3.2: the whole list is invalid
            yield Defect(DefectKind.REPEATED, tag.span, f"{name} stands there before", name, is_fatal=True)
        seen.add(name)
        yield from _tag_defects(tag, name)
    if "p" not in first and version is not None:
        yield Defect(DefectKind.NO_POLICY, Span(0, len(version[0].rstrip("; \t"))), "p is missing", "p")


def _version_defect(tags: TagList) -> tuple[Span, str]:
    """Where the version tag goes wrong, and how."""
    first = next((tag for tag in tags.tags if tag.name.lower() == "v"), None)
    if first is None:
        return Span(0, min(len(tags.text), 8)), "there is no v=DMARC1"
    if first.name_span.start > 0 and not tags.text[: first.name_span.start].strip():
        return Span(0, first.value_span.end), "there is space before v=DMARC1"
    if first.name_span.start > 0:
        return first.span, "v=DMARC1 is not the first tag"
    if first.value != "DMARC1" and first.value.upper() == "DMARC1":
        return first.value_span, "DMARC1 is written in capitals"
    if first.value.startswith("DMARC1"):
        return first.value_span, "nothing but a semicolon may follow DMARC1"
    return first.value_span, "the version is not DMARC1"


def _tag_defects(tag: Tag, name: str) -> Iterator[Defect]:
    if name in _POLICY_TAGS and tag.value.lower() not in _POLICIES:
        yield Defect(DefectKind.POLICY, tag.value_span, _policy_reason(tag.value), name)
    elif name in _ALLOWED and not _ALLOWED[name](tag.value):
        yield Defect(DefectKind.VALUE, tag.span, f"{tag.value or 'nothing'} is no value of {name}", name)
    elif name in _OBSOLETE:
        yield Defect(DefectKind.OBSOLETE, tag.span, f"{name} is gone from the standard", name)
    elif name not in _KNOWN:
        yield Defect(DefectKind.UNKNOWN, tag.span, f"{name} is no tag of DMARC{_hint(name, _KNOWN)}", name)


def _policy_reason(value: str) -> str:
    """What is wrong with a policy's value."""
    if not value:
        return "it is empty"
    word = next(iter(value.lower().split()), "")
    if word in _POLICIES and "=" in value:
        return f"a semicolon is missing after {word}"
    return f"it is none of none, quarantine, reject{_hint(value.lower(), tuple(_POLICIES))}"


@lru_cache(maxsize=256)
def _hint(word: str, known: tuple[str, ...]) -> str:
    """What may be meant; a word that is longer than any that is known is no slip of the pen."""
    import difflib

    near = difflib.get_close_matches(word, known, n=1) if len(word) <= MAX_SLIP else []
    return f": is {near[0]} meant?" if near else ""


def _address_defects(addresses: dict[str, tuple[ReportAddress, ...]]) -> Iterator[Defect]:
    for name, found in addresses.items():
        for address in found:
            if address.reason:
                yield Defect(DefectKind.ADDRESS, address.span, address.reason, name)
            elif address.size:
                yield Defect(DefectKind.SIZE, address.span, f"!{address.size} is ignored", name)

"""What RFC 7489 refuses beside: order, a semicolon after the version, and bad values of any tag (§6.3, §6.4).

Read to the letter of its grammar; its §6.3 lets receivers ignore bad values of the lesser tags, and many do.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping, Sequence

from deliverkit.classes import replace
from deliverkit.model import Span
from deliverkit.regexes import regex
from deliverkit.standards.dmarc.addresses import ReportAddress
from deliverkit.standards.dmarc.record import Defect, DefectKind
from deliverkit.standards.tags import Tag, TagList

_NOT_YET = {"np", "psd", "t"}  # RFC 9091 and RFC 9989 brought them
_SECONDS = regex(r"\d{1,10}", re.ASCII)
_KEYWORDS = regex(r"[a-z0-9](?:[a-z0-9-]*[a-z0-9])?(?:\s*:\s*[a-z0-9](?:[a-z0-9-]*[a-z0-9])?)*", re.IGNORECASE)
_LONGEST = 2**32 - 1  # RFC 7489 §6.3: ri is an unsigned number of 32 bits


def judged(tags: TagList, addresses: Mapping[str, Sequence[ReportAddress]], defects: Sequence[Defect]) -> list[Defect]:
    """The defects as RFC 7489 weighs them, with those that it alone knows."""
    has_address = any(address.is_valid for address in addresses["rua"])
    found = [
        replace(defect, is_fatal=defect.is_fatal or _is_fatal(defect, has_address=has_address))
        for defect in defects
        if defect.kind is not DefectKind.OBSOLETE and defect.tag not in _NOT_YET
    ]
    return [*found, *_own_defects(tags), *_address_defects(addresses)]


def percent_of(tag: Tag | None) -> int:
    """To how many of a hundred messages the policy applies (RFC 7489 §6.3); 100 where it does not say."""
    return int(tag.value) if tag and _is_percent(tag.value) else 100


def _is_fatal(defect: Defect, *, has_address: bool) -> bool:
    if defect.kind in {DefectKind.VALUE, DefectKind.MALFORMED}:
        return True
    # RFC 7489 §6.6.3: without p, or with a bad p or sp, only a report address saves the record
    return defect.kind in {DefectKind.NO_POLICY, DefectKind.POLICY} and not has_address


def _own_defects(tags: TagList) -> Iterator[Defect]:
    names = [tag.name.lower() for tag in tags.tags]
    if ";" not in tags.text:  # RFC 7489 §6.4
        yield Defect(DefectKind.MALFORMED, Span(0, len(tags.text)), "a semicolon is missing", is_fatal=True)
    if re.search(r";\s*;", tags.text):
        yield Defect(DefectKind.MALFORMED, Span(0, len(tags.text)), "a tag is missing", is_fatal=True)
    if "p" in names and names[:2] != ["v", "p"]:  # RFC 7489 §6.3: p is required to follow v
        tag = tags.tags[names.index("p")]
        yield Defect(DefectKind.ORDER, tag.span, "p does not follow v", "p", is_fatal=True)
    for tag in tags.tags:
        is_good = _ALLOWED.get(tag.name.lower())
        if is_good is not None and not is_good(tag.value):
            yield Defect(DefectKind.VALUE, tag.span, f"{tag.value!r} is no value", tag.name.lower(), is_fatal=True)


def _address_defects(addresses: Mapping[str, Sequence[ReportAddress]]) -> Iterator[Defect]:
    for name, found in addresses.items():
        for address in found:
            if address.reason:
                yield Defect(DefectKind.ADDRESS, address.span, address.reason, name, is_fatal=True)


def _is_percent(value: str) -> bool:
    return bool(_SECONDS.fullmatch(value)) and int(value) <= 100


def _is_interval(value: str) -> bool:
    return bool(_SECONDS.fullmatch(value)) and int(value) <= _LONGEST


_ALLOWED: dict[str, Callable[[str], bool]] = {
    "pct": _is_percent,
    "ri": _is_interval,
    "rf": lambda value: _KEYWORDS.fullmatch(value) is not None,
}

"""The DKIM-Signature fields of a message, as far as they name the key: selector and signing domain (RFC 6376 §3.5)."""

from __future__ import annotations

import re
from collections.abc import Iterable
from itertools import islice
from typing import NamedTuple

from deliverkit.errors import UsageError
from deliverkit.regexes import regex
from deliverkit.standards.header import HeaderField, split_message
from deliverkit.standards.names import MAX_LABEL, MAX_NAME, shorten
from deliverkit.standards.tags import parse_tags

MOST_SIGNATURES = 32
_SPACE = regex(r"[ \t\r\n]+")
_LABEL = regex(r"[a-z0-9_](?:[a-z0-9_-]*[a-z0-9_])?", re.ASCII)


class SignedBy(NamedTuple):
    """The key that a signature names, s= and d=, and the domain in i=, where it has one; as A-labels."""

    selector: str
    domain: str
    identity: str = ""


class Signature(NamedTuple):
    """What a signature says: the key, and the names of the header fields that it covers (h=), in lower case."""

    signed_by: SignedBy
    covered: tuple[str, ...]


def signatures_of(message: bytes) -> tuple[SignedBy, ...]:
    """What the signatures of the message name, each once, in order; never raises. What cannot be read is left out."""
    return tuple(dict.fromkeys(found.signed_by for found in signatures_in(split_message(message).fields)))


def signatures_in(fields: Iterable[HeaderField]) -> tuple[Signature, ...]:
    """What the signatures among these fields say, in order; never raises. What cannot be read is left out."""
    bodies = (field.body for field in fields if field.is_named("DKIM-Signature"))
    found = (_parse(body) for body in islice(bodies, MOST_SIGNATURES))
    return tuple(signature for signature in found if signature is not None)


def parse_selector(text: str) -> str:
    """The selector as labels in lower case (RFC 6376 §3.1: one or more of them); empty where it is none."""
    name = _to_a_labels(text.strip().rstrip(".").lower())
    labels = name.split(".")
    fits = len(name) <= MAX_NAME and all(len(label) <= MAX_LABEL and _LABEL.fullmatch(label) for label in labels)
    return name if fits else ""


def checked_selector(text: str) -> str:
    """The text, a selector or the whole name of a key record.

    Raises:
        UsageError: it is neither.
    """
    if not parse_selector(text.partition("._domainkey")[0]):
        raise UsageError(f"{shorten(text)!r} is no selector: it is what s= of a signature says, such as s1")
    return text


def selector_at(text: str, domain: str) -> str:
    """The selector that the text names at the domain: alone, or as the whole name of the key record; else empty."""
    selector, mark, place = text.strip().rstrip(".").partition("._domainkey")
    if mark and _to_a_labels(place.lower().removeprefix(".")) not in {"", domain}:
        return ""
    parsed = parse_selector(selector)
    return parsed if len(f"{parsed}._domainkey.{domain}") <= MAX_NAME else ""


def _parse(field: str) -> Signature | None:
    tags = parse_tags(field)
    bare = {tag.name: _SPACE.sub("", tag.value) for tag in tags.tags}  # RFC 6376 §3.5: FWS may stand in
    selector, domain = (parse_selector(bare.get(name, "")) for name in ("s", "d"))
    identity = parse_selector(bare.get("i", "").rpartition("@")[2])
    covered = tuple(bare.get("h", "").lower().split(":"))
    return Signature(SignedBy(selector, domain, identity), covered) if selector and domain else None


def _to_a_labels(name: str) -> str:
    """U-labels as they are asked for (RFC 8616 §5)."""
    if name.isascii():
        return name
    import idna

    try:
        return idna.encode(name, uts46=True).decode("ascii").lower()
    except (idna.IDNAError, UnicodeError):
        return ""

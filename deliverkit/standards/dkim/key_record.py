"""The key record, ``v=DKIM1; k=rsa; p=…`` at ``SELECTOR._domainkey.DOMAIN`` (RFC 6376 §3.6.1, RFC 8301, RFC 8463)."""

from __future__ import annotations

import binascii
import enum
from collections.abc import Iterator
from functools import lru_cache

from deliverkit.classes import Frozen
from deliverkit.model import Span
from deliverkit.regexes import regex
from deliverkit.standards.dkim.public_key import (
    ED25519_OCTETS,
    KEY_TYPES,
    RSA,
    PublicKey,
    is_ed25519_in_der,
    missing_octets,
    read_public_key,
)
from deliverkit.standards.tags import Tag, TagList, parse_tags

MOST = 4096  # characters of a record that are read: an RSA key of 16384 bits needs 2800
LEAST_BITS = 1024  # of an RSA key that verifiers accept (RFC 8301 §3.2)
_SPACE = regex(r"[ \t\r\n]+")
_OTHERS = ("spf", "dmarc", "tlsrpt", "sts", "bimi")  # versions of records that a wildcard puts here
_NO_BASE64 = regex(r"[^A-Za-z0-9+/]")
_FOREIGN = regex(r"[^A-Za-z0-9+/= \t\r\n]+")
_QUOTES = regex(r"[\"'\\`\u201c\u201d\u2018\u2019]|\xe2\x80[\x98\x99\x9c\x9d]")  # the last as octets of UTF-8
_JOINT = regex(r"[\"\u201c\u201d]\s+[\"\u201c\u201d]")


class DefectKind(enum.StrEnum):
    """What can be wrong with a key record."""

    QUOTE = "quote"
    TAG = "tag"
    VERSION = "version"
    BASE64 = "base64"
    CUT = "cut"
    KEY = "key"
    TYPE = "type"


class Defect(Frozen):
    """A fault of the record: its kind, where it stands, and a clause that says what is wrong there."""

    kind: DefectKind
    span: Span
    reason: str


class KeyRecord(Frozen):
    """A key record; ``str`` gives the text back. ``key`` is None where it is revoked or cannot be read."""

    tags: TagList
    key: PublicKey | None
    defects: tuple[Defect, ...]

    def __str__(self) -> str:
        return self.tags.text

    @property
    def is_meant(self) -> bool:
        """Whether somebody meant this text to be a key record."""
        is_other = self._value("v").lower().startswith(_OTHERS)
        return "DKIM1" in self.tags.text or (self.tags.get("p") is not None and not is_other)

    @property
    def is_revoked(self) -> bool:
        """Whether the key was withdrawn on purpose: an empty p= (RFC 6376 §3.6.1)."""
        found = self.tags.get("p")
        return found is not None and not found.value and not self.defects

    @property
    def key_type(self) -> str:
        """The type that k= announces, RSA without one (RFC 6376 §3.6.1)."""
        return self._value("k") or RSA

    @property
    def hashes(self) -> tuple[str, ...]:
        """The hash algorithms that h= accepts; empty: all."""
        return _words(self._value("h"))

    @property
    def services(self) -> tuple[str, ...]:
        """The services that s= names; ``*`` without one."""
        return _words(self._value("s")) or ("*",)

    @property
    def hindrance(self) -> str:
        """Why verifiers cannot use a key that can be read, in a word or two; empty where they can."""
        if self.key and self.key.type == RSA and self.key.bits < LEAST_BITS:
            return "too short"
        if self.hashes and "sha256" not in self.hashes:  # RFC 8301 §3.1
            return "for SHA-1 alone"
        return "" if {"*", "email"} & set(self.services) else "not for e-mail"  # RFC 6376 §3.6.1

    @property
    def flags(self) -> tuple[str, ...]:
        """The flags of t=: ``y`` for testing, ``s`` for no subdomains in i=."""
        return _words(self._value("t"))

    @property
    def spaces(self) -> tuple[Span, ...]:
        """White space inside the key: allowed (RFC 6376 §3.6.1), and a trace of pasting."""
        found = self.tags.get("p")
        start = found.value_span.start if found else 0
        matches = _SPACE.finditer(found.value) if found else ()
        return tuple(Span(start + match.start(), start + match.end()) for match in matches)

    def _value(self, name: str) -> str:
        found = self.tags.get(name)
        return found.value if found else ""


@lru_cache(maxsize=512)  # a wildcard answers each selector with the same text
def parse_key_record(text: str) -> KeyRecord:
    """The record with every defect in it; never raises."""
    tags = parse_tags(text[:MOST])
    key, defects = _read_key(tags)
    quotes = list(_quotes(tags))  # all else follows from them
    every = quotes or [*_bad_tags(tags), *_bad_version(tags), *defects]
    if len(text) > MOST:
        every.append(Defect(DefectKind.TAG, Span(MOST, MOST), f"is longer than {MOST} characters"))
    return KeyRecord(TagList(text, tags.tags, tags.malformed), key, tuple(every))


def without_quotes(text: str) -> str:
    """The text of a record without the quotes that were pasted into it, and without what joined its strings."""
    return _QUOTES.sub("", _JOINT.sub("", text)).strip()


def _words(value: str) -> tuple[str, ...]:
    """A colon-separated list."""
    return tuple(word.strip() for word in value.split(":") if word.strip())


def _quotes(tags: TagList) -> Iterator[Defect]:
    found = _QUOTES.search(tags.text)
    if found:
        yield Defect(DefectKind.QUOTE, Span(found.start(), found.end()), "is a character of the record itself")


def _bad_tags(tags: TagList) -> Iterator[Defect]:
    yield from (Defect(DefectKind.TAG, bad.span, bad.reason) for bad in tags.malformed)
    for tag in tags.repeated:  # RFC 6376 §3.2: a list with a tag given twice is invalid
        yield Defect(DefectKind.TAG, tag.span, f"gives {tag.name}= a second time")
    if tags.get("p") is None:  # RFC 6376 §3.6.1: p= is required
        yield Defect(DefectKind.TAG, Span(len(tags.text), len(tags.text)), "has no p= tag")


def _bad_version(tags: TagList) -> Iterator[Defect]:
    version = tags.get("v")
    if version is None:
        return
    if version.value != "DKIM1":  # RFC 6376 §3.6.1: compared character by character
        yield Defect(DefectKind.VERSION, version.value_span, "has to be DKIM1, in capitals")
    elif version != tags.tags[0]:  # RFC 6376 §3.6.1: if it is there it comes first
        yield Defect(DefectKind.VERSION, version.span, "has to come first")


def _read_key(tags: TagList) -> tuple[PublicKey | None, list[Defect]]:
    """The key in p=, and what is wrong with it; an empty p= has no key and no fault."""
    tag = tags.get("p")
    if tag is None or not tag.value:
        return None, []
    foreign = _FOREIGN.search(tag.value)
    if foreign:
        span = Span(tag.value_span.start + foreign.start(), tag.value_span.start + foreign.end())
        return None, [Defect(DefectKind.BASE64, span, f"{foreign[0][:8]!r} cannot stand in base64")]
    bare = _SPACE.sub("", tag.value)
    octets = decoded(bare)
    missing = 0 if len(octets) == ED25519_OCTETS else missing_octets(octets)
    if missing:
        end = Span(max(tag.value_span.start, tag.value_span.end - 8), tag.value_span.end)
        reason = f"ends after {len(bare)} characters, {-(-(len(octets) + missing) // 3) * 4} are needed"
        return None, [Defect(DefectKind.CUT, end, reason)]
    padding = _bad_padding(bare)
    if padding:
        return None, [Defect(DefectKind.BASE64, Span(tag.value_span.end - 1, tag.value_span.end), padding)]
    return _read_octets(octets, tags, tag)


def _read_octets(octets: bytes, tags: TagList, tag: Tag) -> tuple[PublicKey | None, list[Defect]]:
    """The key that the octets are, held against k=."""
    announced = tags.get("k")
    named = announced.value if announced and announced.value else RSA
    where = announced.value_span if announced else tag.value_span
    if named not in KEY_TYPES:
        return None, [Defect(DefectKind.TYPE, where, f"{named[:20]!r} is no key type that verifiers know")]
    if is_ed25519_in_der(octets):
        return None, [
            Defect(DefectKind.KEY, tag.value_span, "wraps the Ed25519 key in DER, the raw 32 octets belong here")
        ]
    key = read_public_key(octets)
    if key is None:
        return None, [Defect(DefectKind.KEY, tag.value_span, "is base64 of something that is no public key")]
    if key.type != named:
        said = f"k={named} is announced" if announced else "without k= it counts as RSA"
        return None, [Defect(DefectKind.TYPE, where, f"the key is {key}, but {said}")]
    return key, []


def decoded(text: str) -> bytes:
    """The octets of base64 text as far as it goes; what is none is passed over, what follows ``=`` is not read."""
    bare = _NO_BASE64.sub("", text.partition("=")[0])
    whole = bare[: len(bare) - 1] if len(bare) % 4 == 1 else bare
    return binascii.a2b_base64(whole + "=" * (-len(whole) % 4))


def _bad_padding(text: str) -> str:
    """What is wrong with the end of base64 text of good characters; empty where nothing is (RFC 4648 §3.2)."""
    bare = text.rstrip("=")
    if "=" in bare:
        return "has an equals sign inside"
    if len(text) % 4 or len(text) - len(bare) > 2:
        return f"has {len(text)} characters, base64 comes in fours"
    return ""

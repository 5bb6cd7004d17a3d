"""Domain names as people type them and as the DNS carries them.

Inside deliverkit a name is in A-label form, lower case, without the final dot; the root is ``.``.
"""

from __future__ import annotations

import ipaddress
import re

from deliverkit.errors import UsageError
from deliverkit.regexes import regex

MAX_NAME = 253  # RFC 1035 §2.3.4: 255 octets on the wire
MAX_LABEL = 63  # RFC 1035 §2.3.4
_LABEL = regex(r"[a-z0-9_](?:[a-z0-9_-]*[a-z0-9_])?", re.ASCII)
_HOST_LABEL = regex(r"[a-z0-9](?:[a-z0-9-]*[a-z0-9])?", re.ASCII)
_BRACKETED = regex(r"<([^<>]*)>\s*$")
_URL = regex(r"(?:[a-z][a-z0-9+.-]*:)?//", re.IGNORECASE | re.ASCII)
_PORT = regex(r":\d{1,5}$")


def parse_domain(text: str) -> str:
    """The mail domain that is meant by a domain, an e-mail address or a URL.

    Raises:
        UsageError: no domain can be read from it; says what is wrong and where.
    """
    stripped = text.strip()
    if not stripped:
        raise UsageError("the domain is empty: give a name such as example.com")
    _refuse_control_characters(stripped)
    part = _domain_part(stripped)
    _refuse_address(part)
    name = _to_a_labels(part.rstrip(".") if part != "." else part)
    _refuse_bad_labels(name, shown=shorten(stripped))
    return name


def to_unicode(name: str) -> str:
    """The name with its A-labels turned to U-labels where that is valid; the name itself where not."""
    if "xn--" not in name:
        return name
    import idna

    try:
        return idna.decode(name)
    except idna.IDNAError:
        return name


def to_a_label(name: str) -> str:
    """The name in lower case and in A-labels, where they can be made; else as it is."""
    try:
        return _to_a_labels(name)
    except UsageError:
        return name.lower()


def to_readable(name: str) -> str:
    """The name for people: in U-labels, with the A-labels behind where they differ."""
    readable = to_unicode(name)
    return name if readable == name else f"{readable} ({name})"


def relative_label(name: str, zone: str) -> str:
    """What to type into the form of the zone's DNS host: ``@`` for the zone, else the name without it."""
    if name == zone:
        return "@"
    return name.removesuffix(f".{zone}")


def is_within(name: str, domain: str) -> bool:
    """Whether the name is the domain or lies below it, by whole labels."""
    return name == domain or name.endswith(f".{domain}")


def is_host_name(name: str) -> bool:
    """Whether the name has the form of a host name: letters, digits, hyphens (RFC 1123 §2.1)."""
    labels = name.split(".")
    return len(name) <= MAX_NAME and all(len(label) <= MAX_LABEL and _HOST_LABEL.fullmatch(label) for label in labels)


def parse_address(text: str) -> ipaddress.IPv4Address | ipaddress.IPv6Address | None:
    """The IP address that the text is, without brackets; None where it is none."""
    try:
        return ipaddress.ip_address(text.removeprefix("[").removesuffix("]").lower().removeprefix("ipv6:"))
    except ValueError:
        return None


def _refuse_control_characters(text: str) -> None:
    for column, character in enumerate(text, 1):
        if not character.isprintable():
            raise UsageError(
                f"{shorten(text)!r}: character {column} is U+{ord(character):04X}, which no domain holds: remove it"
            )


def _domain_part(text: str) -> str:
    """What follows the last @ of an address, or the host of a URL, or the text itself."""
    if _URL.match(text):
        return _host_of_url(text)
    text = text.removeprefix("mailto:").partition("?")[0]
    bracketed = _BRACKETED.search(text)
    if bracketed:
        text = bracketed[1]
    before, slash, _ = text.partition("/")
    if slash and "@" not in before:
        return _host_of_url(f"https://{text}")
    text = text.rpartition("@")[2].strip()
    if not text.startswith("[") and text.count(":") == 1:
        text = _PORT.sub("", text)
    if not text:
        raise UsageError("no domain stands in it: give a name such as example.com or ada@example.com")
    return text


def _host_of_url(text: str) -> str:
    """The host of a URL, without the www that stands before a mail domain for its web site."""
    from urllib.parse import urlsplit

    try:
        host = urlsplit(text).hostname or ""
    except ValueError:
        raise UsageError(f"{shorten(text)!r} is no URL that can be read: give the domain alone") from None
    if not host:
        raise UsageError("no domain stands in it: give a name such as example.com or ada@example.com")
    return host.removeprefix("www.") if host.count(".") > 1 else host


def _refuse_address(text: str) -> None:
    if parse_address(text) is not None:
        raise UsageError(f"{text} is an IP address, and a domain is needed: give a name such as example.com")


def _to_a_labels(text: str) -> str:
    if text.isascii():
        return text.lower()
    import idna

    try:
        return idna.encode(text, uts46=True).decode("ascii").lower()
    except idna.IDNAError as error:
        older = _to_a_labels_of_2003(text)
        if older:
            return older
        raise UsageError(f"{shorten(text)!r} is no valid internationalised domain name: {error}") from None


def _to_a_labels_of_2003(text: str) -> str:
    """A-labels by the older rules of IDNA, under which symbols such as U+2615 were registered; empty where bad."""
    import unicodedata

    if not all(c.isascii() or c.isalpha() or unicodedata.category(c) == "So" for c in text):
        return ""
    try:
        name = text.encode("idna").decode("ascii").lower()
    except UnicodeError:
        return ""
    return name if all(label.startswith("xn--") or _LABEL.fullmatch(label) for label in name.split(".")) else ""


def _refuse_bad_labels(name: str, *, shown: str) -> None:
    if len(name) > MAX_NAME:
        raise UsageError(
            f"{shown!r} has {len(name)} octets, a domain name has at most {MAX_NAME}: check what was pasted"
        )
    if name == ".":
        raise UsageError("'.' is the DNS root, which takes no mail: give a name such as example.com")
    for label in name.split("."):
        if not label:
            raise UsageError(f"{shown!r} has an empty label (two dots in a row, or one in front): remove the dot")
        if len(label) > MAX_LABEL:
            raise UsageError(
                f"{shown!r}: the label {label[:20]}… has {len(label)} octets, a label has at most {MAX_LABEL}"
            )
        if not _LABEL.fullmatch(label):
            raise UsageError(f"{shown!r} is no domain name: {_what_is_wrong(label)}")


def _what_is_wrong(label: str) -> str:
    for character in label:
        if not re.match(r"[a-z0-9_-]", character):
            shown = "a space" if character == " " else repr(character)
            return f"{shown} cannot stand in one. Give a name such as example.com"
    return f"the label {label!r} begins or ends with a hyphen. Give a name such as example.com"


def shorten(text: str) -> str:
    """The text, or its beginning and its end where it is long."""
    return text if len(text) <= 60 else f"{text[:40]}…{text[-12:]}"

"""Quotation marks that became part of a text by mistake; each octet of the text is a character (RFC 1035 §5.1)."""

from __future__ import annotations

from deliverkit.regexes import regex

# Plain ones, curly ones, and the octets of curly ones in UTF-8.
_QUOTE = regex("[\"'\u2018\u2019\u201c\u201d\u201e]|\u00e2\u0080[\u0098\u0099\u009c-\u009e]")


def unquoted(text: str) -> str:
    """The text without quotation marks; without any, the text as it is."""
    found = _QUOTE.sub("", text)
    return found if found == text else found.strip()


def first_quote(text: str) -> tuple[int, int] | None:
    """Where the first quotation mark stands; None where there is none."""
    found = _QUOTE.search(text)
    return found.span() if found else None

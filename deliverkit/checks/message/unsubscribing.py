"""What the checks of unsubscribing share (RFC 2369, RFC 8058)."""

from __future__ import annotations

import re
from collections.abc import Iterator

from deliverkit.facts.message import CampaignMessage
from deliverkit.model import Absent, not_applicable

FIELD = "List-Unsubscribe"
POST = "List-Unsubscribe-Post"
ONE_CLICK = "List-Unsubscribe=One-Click"  # RFC 8058 §3.1
MOST_URIS = 100
_URI = re.compile(r"<([^<>]*+)>")  # RFC 2369 §2
_SPACE = re.compile(r"\s+")


def uris_of(value: str) -> tuple[str, ...]:
    """The URIs of a List-Unsubscribe field, in order."""
    found = (_SPACE.sub("", match[1]) for _, match in zip(range(MOST_URIS), _URI.finditer(value), strict=False))
    return tuple(uri for uri in found if uri)


def exempt(found: CampaignMessage) -> Iterator[Absent]:
    """Why nobody need be able to unsubscribe."""
    if not found.is_marketing:
        yield not_applicable("the campaign is transactional")


def without_field(found: CampaignMessage) -> Iterator[Absent]:
    """Why the form of the headers does not matter: nobody need unsubscribe, or there are none, which is told apart."""
    yield from exempt(found)
    if found.is_marketing and not found.message.all(FIELD):
        yield not_applicable(f"there is no {FIELD}")

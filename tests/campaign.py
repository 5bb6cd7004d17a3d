"""Campaigns as the pages of checks describe them: the message, or seed copies by provider as TOML.

    wanted = 0.8
    Gmail = { share = 0.44, inbox = 4, tab = 1, junk = 1 }

A provider's counts are those of `Fate`, with a hyphen where the word has a space; ``control`` has counts of its own,
mailbox by mailbox in the same order; ``unlike`` counts copies that do not stand for the campaign.
"""

from __future__ import annotations

import re
import tomllib
from collections.abc import Callable, Iterator, Mapping
from datetime import UTC, datetime
from typing import Any

from deliverkit.facts.message import CampaignMessage
from deliverkit.facts.placement import Fate, PlacedCopy, Placement, placement_of
from deliverkit.standards.message import parse_message

NOW = datetime(2026, 11, 25, 12, tzinfo=UTC)


def _placement(text: str) -> Mapping[type, object]:
    """The facts of a seed test."""
    table = tomllib.loads(text)
    wanted = table.pop("wanted", None)
    shares = {provider: counts["share"] for provider, counts in table.items() if "share" in counts}
    copies = [copy for provider, counts in table.items() for copy in _copies(provider, counts)]
    return {Placement: placement_of("spring", copies, shares=shares, wanted=wanted)}


def _copies(provider: str, counts: Mapping[str, Any]) -> Iterator[PlacedCopy]:
    fates = list(_fates(counts))
    for number, fate in enumerate(fates):
        yield PlacedCopy(f"seed{number}@{provider.lower()}.example", provider, fate, detail=counts.get("detail", ""))
    for number, fate in enumerate(_fates(counts.get("control", {}))):
        yield PlacedCopy(f"seed{number}@{provider.lower()}.example", provider, fate, is_control=True)
    for number in range(counts.get("unlike", 0)):
        address = f"other{number}@{provider.lower()}.example"
        yield PlacedCopy(address, provider, Fate.INBOX, unlike="signed by another domain")


def _fates(counts: Mapping[str, Any]) -> Iterator[Fate]:
    for fate in Fate:
        yield from [fate] * counts.get(fate.value.replace(" ", "-"), 0)


def _message(text: str) -> Mapping[type, object]:
    r"""The facts of a message whose octets are those of the text, ``\xNN`` being the octet of that number.

    ``\xNN{1000}`` is a thousand of it.
    """
    octets = _OCTET.sub(lambda found: bytes([int(found[1], 16)]) * int(found[2] or 1), text.encode())
    return {CampaignMessage: CampaignMessage("spring.eml", parse_message(octets), "news@shop.example")}


_OCTET = re.compile(rb"\\x([0-9a-f]{2})(?:\{(\d{1,8})\})?")
FACTS_OF: Mapping[str, Callable[[str], Mapping[type, object]]] = {"placement": _placement, "message": _message}

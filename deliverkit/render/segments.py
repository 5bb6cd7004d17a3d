"""The ends of seed copies as the segments of a bar, in the order in which a reader wants to know of them."""

from __future__ import annotations

from collections.abc import Iterable
from typing import NamedTuple

from deliverkit.facts.placement import Fate, PlacedCopy


class Segment(NamedTuple):
    """Ends that are drawn alike. ``key`` names its pattern, ``glyph`` stands for a copy in a bar of text."""

    key: str
    word: str
    fates: frozenset[Fate]
    glyph: str


SEGMENTS = (
    Segment("inbox", "inbox", frozenset({Fate.INBOX}), "█"),
    Segment("tab", "inbox tab", frozenset({Fate.TAB}), "▓"),
    Segment("junk", "junk", frozenset({Fate.JUNK}), "▒"),
    Segment("other", "other folder", frozenset({Fate.OTHER}), "░"),
    Segment("rejected", "rejected or bounced", frozenset({Fate.REJECTED, Fate.BOUNCED}), "x"),
    Segment("missing", "missing", frozenset({Fate.MISSING}), "?"),
    Segment("pending", "still open", frozenset(one for one in Fate if one.is_open), "."),
    Segment("untold", "not sent or not readable", frozenset({Fate.UNSENT, Fate.UNREADABLE}), "-"),
)


def counted(copies: Iterable[PlacedCopy]) -> list[tuple[Segment, int]]:
    """The segments that have a copy, with how many they have."""
    fates = [one.fate for one in copies]
    counts = [(segment, sum(fate in segment.fates for fate in fates)) for segment in SEGMENTS]
    return [(segment, count) for segment, count in counts if count]

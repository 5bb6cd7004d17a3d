"""Fixes of one record made one: published one after the other they would undo each other, or leave two records."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from itertools import pairwise

from deliverkit.classes import replace
from deliverkit.model import Fix, ZoneLine
from deliverkit.standards.txt import data_of, text_of

_ALONE = {"TXT", "CNAME"}  # of these a second record at the name spoils the first

Edit = tuple[int, int, tuple[str, ...]]


def together(fixes: Sequence[Fix]) -> Fix | None:
    """All of them as one fix, with the action of the first; None where one has to be published before another."""
    of_record: dict[tuple[str, ...], list[Fix]] = {}
    for fix in fixes:
        of_record.setdefault(fix.remove, []).append(fix)
    merged = [one for group in of_record.values() if (one := _merged(group)) is not None]
    remove = [line for one in merged for line in one.remove]
    add = tuple(dict.fromkeys(record for one in merged for record in one.add))
    alone = [(record.name, record.rdtype) for record in add if record.rdtype in _ALONE]
    is_whole = len(merged) == len(of_record) and len(remove) == len(set(remove)) and len(alone) == len(set(alone))
    return Fix(fixes[0].action, tuple(remove), add) if is_whole else None


def _merged(group: Sequence[Fix]) -> Fix | None:
    """The fixes that remove the same as one; what they add to one TXT record is merged word by word."""
    first = group[0]
    added = [record for fix in group for record in fix.add]
    if not first.remove or len(set(added)) == len(first.add):
        return replace(first, add=tuple(dict.fromkeys(added)))
    is_text = {(record.name, record.rdtype) for record in added} == {(added[0].name, "TXT")}
    if len(first.remove) != 1 or not is_text or any(len(fix.add) != 1 for fix in group):
        return None
    text = _merge(text_of(first.remove[0].split("  ", 4)[-1]), map(_text, added))
    return None if text is None else replace(first, add=(replace(added[0], data=data_of(text)),))


def _text(record: ZoneLine) -> str:
    return text_of(record.data)


def _merge(base: str, changed: Iterable[str]) -> str | None:
    """The base with what all of them change in its words; None where two change the same."""
    words = base.split(" ")
    edits = sorted({edit for text in changed for edit in _edits(words, text.split(" "))})
    is_spf = base.lower().startswith("v=spf1 ")  # terms that are put at one place may stand in any order there
    for (start, end, _), (begin, stop, _) in pairwise(edits):
        is_insertion = start == end == begin == stop
        if begin < end or ((start, end) == (begin, stop) and not (is_insertion and is_spf)):
            return None
    for start, end, new in reversed(edits):
        words[start:end] = new
    return " ".join(words)


def _edits(base: Sequence[str], changed: Sequence[str]) -> Iterator[Edit]:
    from difflib import SequenceMatcher

    matcher = SequenceMatcher(None, base, changed, autojunk=False)
    for kind, start, end, first, last in matcher.get_opcodes():
        if kind != "equal":
            yield start, end, tuple(changed[first:last])

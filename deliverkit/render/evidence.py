"""Evidence on a terminal: the part that matters underlined, and as much around it as a line holds."""

from __future__ import annotations

from collections.abc import Iterator

from deliverkit.model import Evidence
from deliverkit.render.look import Detail, Look
from deliverkit.render.text import cut_middle, escape

MARGIN = " " * 8
_AFTER = 12  # characters that are kept behind the part


def evidence_lines(evidence: Evidence, look: Look) -> Iterator[str]:
    """The source, the line below it that marks the part, and the note where there is room."""
    note, room = escape(evidence.note), _room(look)
    if evidence.span is None:
        text = escape(evidence.text)
        fits = room is None or len(f"{text}   {note}") <= room
        yield f"{MARGIN}{text if room is None else cut_middle(text, room)}{f'   {note}' if note and fits else ''}"
        yield from [f"{MARGIN}{note}"] if note and not fits else []
        return
    span = evidence.span
    before, part, after = _window(
        escape(evidence.text[: span.start]),
        escape(evidence.text[span.start : span.end]),
        escape(evidence.text[span.end :]),
        room,
    )
    yield f"{MARGIN}{before}{part}{after}"
    under = f"{MARGIN}{' ' * len(before)}{look.paint('^' * len(part), 'warning')}"
    fits = not note or look.columns is None or len(f"{MARGIN}{before}{part} {note}") <= look.columns
    yield f"{under} {note}".rstrip() if fits else f"{under}\n{MARGIN}{note}"


def _room(look: Look) -> int | None:
    """The columns of a line of evidence; None where it may be as long as it is."""
    return None if look.columns is None or look.detail is Detail.EVERYTHING else max(look.columns, 40) - len(MARGIN)


def _window(before: str, part: str, after: str, room: int | None) -> tuple[str, str, str]:
    """What stands before the part, the part and what stands behind it, cut to the room."""
    if room is None or len(before) + len(part) + len(after) <= room:
        return before, part, after
    part = cut_middle(part, room - 2)
    kept = min(len(after), _AFTER, room - len(part) - 1)
    if len(before) + len(part) + kept > room:
        lead = room - len(part) - kept - 1
        before = f"…{before[len(before) - lead :]}"
    left = room - len(before) - len(part)
    return before, part, after if len(after) <= left else f"{after[: left - 1]}…" if left else ""

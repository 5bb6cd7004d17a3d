"""A reply's meaning for a terminal: who says it, the cause, whose job it is, whether to try again, what to do."""

from __future__ import annotations

from collections.abc import Iterator

from deliverkit.knowledge.readings import by_standards, is_theirs_alone, readings, retry_words
from deliverkit.knowledge.replies import Meaning, Reading
from deliverkit.render.look import Look
from deliverkit.render.text import escape, wrap
from deliverkit.standards.smtp.enhanced_status import find_enhanced_status

_DEEDS = {
    0: "says",
    2: "took it",
    3: "waits for more",
    4: "put it off",
    5: "refused it for good",
}


def render_reading(reading: Reading, look: Look) -> str:
    """What the reply means, as text."""
    return look.finish("\n".join(_lines(reading, look)))


def _lines(reading: Reading, look: Look) -> Iterator[str]:
    deed = _DEEDS.get(reading.severity, "says")
    first, *others = readings(reading)
    if is_theirs_alone(reading):
        yield _headline(f"The host {deed}; if {first.speaker} said it: {first.meaning}.", look)
        yield wrap(f"{escape(reading.reply.enhanced)} is in no registry, and providers alone say it.", look.columns)
    elif reading.speaker and reading.proved:
        yield _headline(f"{reading.speaker} {deed}: {first.meaning}.", look)
    else:
        yield _headline(f"{reading.speaker or 'The host'} {deed}: {_cited(reading)}.", look)
    if reading.proved and not reading.speaker:
        yield wrap(f"Its text says: {first.meaning}.", look.columns)
    yield from _details(reading, first, look)
    for entry in others:
        yield wrap(f"If {entry.speaker} said it: {entry.meaning}.", look.columns)
        yield from _details(reading, entry, look)
    for defect in reading.reply.defects:
        yield from _field("note", defect, look)


def _headline(text: str, look: Look) -> str:
    return look.paint(wrap(text, look.columns), "bold")


def _details(reading: Reading, entry: Meaning, look: Look) -> Iterator[str]:
    """Whose job it is, whether to try again, what to do; and the source where no headline cites it."""
    is_refusal = reading.severity >= 4
    if is_refusal:
        yield from _field("whose job", entry.whose, look)
    yield from _field("retry", retry_words(reading, entry), look)
    if is_refusal:
        yield from _field("do", entry.do, look)
    if entry.as_of:
        source = wrap(entry.authority, look.columns, first=f"  {'source':<12}", rest=" " * 14)
        yield look.paint(source, "dim")


def _field(name: str, text: str, look: Look) -> Iterator[str]:
    yield wrap(text, look.columns, first=f"  {name:<12}", rest=" " * 14)


def _cited(reading: Reading) -> str:
    """The meaning that the standards give, and where they do."""
    reply, entry = reading.reply, by_standards(reading)
    status = find_enhanced_status(reply.enhanced)
    codes = [str(code) for code in (reply.code, status) if code]
    if status and not status.registered:
        return escape(f"{entry.meaning} ({status}, which is in no registry)")
    if status and status.registered and entry.meaning == status.registered[0]:
        return escape(f"{entry.meaning} ({status}, {entry.source})")
    return escape(f"{entry.meaning} ({', '.join(codes)})")

"""A reply's meaning for a terminal: who says it, the cause, whose job it is, whether to try again, what to do."""

from __future__ import annotations

from collections.abc import Iterator

from deliverkit.knowledge.replies import Meaning, Reading
from deliverkit.render.look import Look
from deliverkit.render.text import escape, wrap
from deliverkit.standards.smtp.enhanced_status import find_enhanced_status
from deliverkit.standards.smtp.reply import meaning

_DEEDS = {
    0: "says",
    2: "took it",
    3: "waits for more",
    4: "put it off",
    5: "refused it for good",
}
_RETRIES = {
    "no": "no: it fails again until the cause is mended",
    "now": "yes, at once, over another connection",
    "later": "yes: a mail server tries again by itself, for four to five days",
    "slower": "yes, but slower: it goes on until less is sent",
}
_BY_SUBJECT = {  # RFC 3463 §3.2 to §3.8
    1: "the sender's: the address",
    2: "the recipient's",
    3: "the receiving side's",
    5: "the sender's operator's",
    6: "the sender's: the message",
    7: "the sender's, mostly",
}
_BY_CLASS = {
    2: "nothing to try again: it is done",
    3: "nothing to try again: the command goes on",
    4: _RETRIES["later"],
    5: _RETRIES["no"],
}


def render_reading(reading: Reading, look: Look) -> str:
    """What the reply means, as text."""
    return look.finish("\n".join(_lines(reading, look)))


def _lines(reading: Reading, look: Look) -> Iterator[str]:
    deed = _DEEDS.get(reading.severity, "says")
    if reading.speaker and reading.meanings:
        yield _headline(f"{reading.speaker} {deed}: {reading.meanings[0].meaning}.", look)
        yield from _details(reading, reading.meanings[0], look)
    else:
        yield _headline(f"{reading.speaker or 'The host'} {deed}: {_by_the_standards(reading)}.", look)
        if not reading.meanings:
            if reading.severity >= 4:
                yield from _field("whose job", _whose(reading), look)
            yield from _field("retry", _BY_CLASS.get(reading.severity, "cannot tell"), look)
            if reading.severity >= 4:
                yield from _field("do", reading.advice, look)
    if not reading.speaker:
        for entry in reading.meanings:
            who = f"If {entry.speaker} said it" if entry.speaker else "Its text says"
            yield wrap(f"{who}: {entry.meaning}.", look.columns)
            yield from _details(reading, entry, look)
    for defect in reading.reply.defects:
        yield from _field("note", defect, look)


def _headline(text: str, look: Look) -> str:
    return look.paint(wrap(text, look.columns), "bold")


def _details(reading: Reading, entry: Meaning, look: Look) -> Iterator[str]:
    yield from _field("whose job", entry.whose, look)
    yield from _field("retry", _retry(reading, entry), look)
    yield from _field("do", entry.do, look)
    source = wrap(f"{entry.source}, as of {entry.as_of}", look.columns, first=f"  {'source':<12}", rest=" " * 14)
    yield look.paint(source, "dim")


def _field(name: str, text: str, look: Look) -> Iterator[str]:
    yield wrap(text, look.columns, first=f"  {name:<12}", rest=" " * 14)


def _whose(reading: Reading) -> str:
    """Whose job it mostly is, by what the reply is about."""
    if reading.remedy:
        return reading.remedy.whose
    status = find_enhanced_status(reading.reply.enhanced)
    return _BY_SUBJECT.get(status.subject if status else 0, "cannot tell from the reply")


def _retry(reading: Reading, entry: Meaning) -> str:
    """A code that says "for now" is tried again by every mail server, whatever the cause."""
    return _BY_CLASS[4] if reading.severity == 4 and entry.retry == "no" else _RETRIES[entry.retry]


def _by_the_standards(reading: Reading) -> str:
    """The meaning that the standards give, and the reply's own words where it has some."""
    reply = reading.reply
    status = find_enhanced_status(reply.enhanced)
    if status and status.registered:
        said = f"{status.registered[0]} ({status}, {status.registered[1]})"
    elif status:
        said = f"something about {status.about} ({status}, which is in no registry)"
    else:
        said = f"{meaning(reply.code)} ({reply.code})"
    return escape(said)

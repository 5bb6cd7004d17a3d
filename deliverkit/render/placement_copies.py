"""Seed copies one by one: where each is, what its receiver wrote, how long its way took, how it was handed over."""

from __future__ import annotations

from collections.abc import Iterator

from deliverkit.checks.wording import format_duration
from deliverkit.classes import replace
from deliverkit.facts.placement import PlacedCopy, Placement
from deliverkit.facts.seed_evidence import Passage, SeedEvidence, Written
from deliverkit.facts.smtp import Conversation
from deliverkit.facts.smtp_host import SmtpHost
from deliverkit.observations.smtp import Transcript
from deliverkit.render.dialogue import lay_out_dialogue, lines_of
from deliverkit.render.look import Detail, Look
from deliverkit.render.text import escape, wrap
from deliverkit.report import Report

_MARGIN = "      "


def copy_blocks(report: Report, look: Look) -> Iterator[str]:
    """A paragraph for each copy, with the conversations that handed it over."""
    placement, evidence = report.fact(Placement), report.fact(SeedEvidence)
    if not isinstance(placement, Placement):
        return
    for copy in placement.every:
        lines = [look.paint(f"  {head_of(copy)}", "bold")]
        lines += [wrap(text, look.columns, first=_MARGIN, rest=f"{_MARGIN}  ") for text in _told(copy, evidence)]
        for one in _conversations(copy, evidence):
            lines += [f"{_MARGIN}handed over to {escape(one.host.endpoint)}:"]
            lines += lay_out_dialogue(lines_of(one, Detail.USUAL), replace(look, detail=Detail.USUAL))
        yield "\n".join(lines)


def folded_of(report: Report) -> Iterator[tuple[str, list[str]]]:
    """The same as plain lines under a head each, for documents that fold them."""
    placement, evidence = report.fact(Placement), report.fact(SeedEvidence)
    if not isinstance(placement, Placement):
        return
    for copy in placement.every:
        lines = list(_told(copy, evidence))
        for one in _conversations(copy, evidence):
            lines += [f"handed over to {escape(one.host.endpoint)}:"]
            lines += [line.plain for line in lines_of(one, Detail.USUAL)]
        yield head_of(copy), lines


def head_of(copy: PlacedCopy) -> str:
    """The copy in a line: ``ada@gmail.example (Gmail): junk, [Gmail]/Spam, 8 s``."""
    what = ", plain message" if copy.is_control else ""
    delay = format_duration(round(copy.delay)) if copy.delay is not None else ""
    where = ", ".join(part for part in (copy.fate.value, copy.folder, delay) if part)
    return escape(f"{copy.address} ({copy.provider}{what}): {where}")


def _told(copy: PlacedCopy, evidence: object) -> Iterator[str]:
    if copy.detail:
        yield escape(copy.detail)
    if copy.unlike:
        yield escape(f"not representative: {copy.unlike}")
    if not isinstance(evidence, SeedEvidence):
        return
    written = evidence.written_into(copy.address, is_control=copy.is_control)
    if written is not None:
        yield from _written(written)


def _written(written: Written) -> Iterator[str]:
    """What stands in its header."""
    if written.results:
        yield escape(f"its receiver wrote: {'; '.join(map(str, written.results))}")
    if written.verdicts:
        yield escape(f"its filter wrote: {'; '.join(map(str, written.verdicts))}")
    if written.foreign:
        yield f"results that somebody else wrote, and that prove nothing: {written.foreign}"
    if written.way:
        yield escape(f"its way (Received): {' → '.join(map(_passage, written.way))}")


def _passage(one: Passage) -> str:
    return f"{one.host} ({format_duration(round(one.seconds))})" if one.seconds is not None else one.host


def _conversations(copy: PlacedCopy, evidence: object) -> Iterator[Conversation]:
    if isinstance(evidence, SeedEvidence):
        yield from map(_conversation, evidence.said_for(copy.address, is_control=copy.is_control))


def _conversation(transcript: Transcript) -> Conversation:
    call = transcript.call
    return Conversation(SmtpHost(call.host, call.address, call.port), transcript)

"""Conversations: one as a dialogue, several as a matrix of hosts and steps."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING

from deliverkit.facts.smtp import Conversation, Conversations
from deliverkit.render.dialogue import Line, lay_out_dialogue, lines_of
from deliverkit.render.findings import framed
from deliverkit.render.look import Detail, Look
from deliverkit.render.text import escape
from deliverkit.report import Report

if TYPE_CHECKING:  # one conversation needs no table
    from deliverkit.render.tables import Table


def render_smtp(report: Report, look: Look) -> str:
    """The report as the ``smtp`` command shows it: verdict, dialogue or matrix, findings, figures."""
    return framed(report, look, blocks_of(report, look))


def blocks_of(report: Report, look: Look) -> Iterator[str]:
    """The matrix where there are several conversations; the dialogue of one, or of each where all is to be said."""
    yield from conversations_shown(_held(report), look)


def conversations_shown(held: Sequence[Conversation], look: Look) -> Iterator[str]:
    """The same of conversations that no report is made of."""
    if len(held) > 1:
        from deliverkit.render.matrix import lay_out_matrix

        yield lay_out_matrix(held, look)
    if len(held) == 1 or look.detail is Detail.EVERYTHING:
        for name, one in zip(_names(held), held, strict=True):
            head = [look.paint(f"  {escape(name)}", "bold")] if len(held) > 1 else []
            yield "\n".join([*head, *lay_out_dialogue(lines_of(one, look.detail), look)])


def tables_of(report: Report) -> list[Table]:
    """The matrix, where there are several conversations."""
    from deliverkit.render.matrix import matrix

    held = _held(report)
    return [matrix(held)] if len(held) > 1 else []


def dialogues_of(report: Report) -> Iterator[tuple[str, list[Line]]]:
    """Each conversation, by the host's name and address, as lines."""
    held = _held(report)
    yield from zip(_names(held), (lines_of(one, Detail.USUAL) for one in held), strict=True)


def _names(held: Sequence[Conversation]) -> list[str]:
    """The host of each conversation; of several at one address with the value that tells them apart."""
    if len(held) < 2:
        return [one.host.endpoint for one in held]
    from deliverkit.checks.varied import varied

    name, values = varied(held)
    return [
        f"{one.host.endpoint}{f', {name} {value}' if name else ''}" for one, value in zip(held, values, strict=True)
    ]


def _held(report: Report) -> tuple[Conversation, ...]:
    found = report.fact(Conversations)
    return found.held if isinstance(found, Conversations) else ()

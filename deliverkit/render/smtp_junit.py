"""A script's expectations as test cases, so that a script is an acceptance test of a host."""

from __future__ import annotations

from collections.abc import Iterator
from typing import NamedTuple

from deliverkit.checks.in_place import came, replies_met
from deliverkit.checks.smtp.weighing import weight_of
from deliverkit.checks.smtp.wording import gathered
from deliverkit.facts.smtp import Conversation, Conversations
from deliverkit.model import Severity
from deliverkit.render.dialogue import lines_of
from deliverkit.render.look import Detail
from deliverkit.render.text import escape
from deliverkit.report import Report
from deliverkit.script import Script, every_statement, parse_script
from deliverkit.script.formatting import format_expectation
from deliverkit.script.syntax import Expect, Manner, StartTls, Tls


class Expected(NamedTuple):
    """An expectation of a script: with whom, at which line, what; ``got`` is what came where it was not met.

    ``is_reached``: the conversation came to it. ``severity``: how much it matters that it was not met. ``dialogue``:
    the whole conversation, where it is the first of it that was not.
    """

    endpoint: str
    line: int
    wanted: str
    got: str | None
    is_reached: bool
    severity: Severity
    dialogue: str


def expectations_of(report: Report) -> Iterator[Expected]:
    """Every expectation of every conversation, host by host in the script's order.

    None of the script that only asks what a host offers: the checks judge what it shows.
    """
    found = report.fact(Conversations)
    if isinstance(found, Conversations) and not found.conversing.is_greeting:
        for one in found.held:
            yield from _expectations(found, one)


def _expectations(found: Conversations, one: Conversation) -> Iterator[Expected]:
    transcript = one.transcript
    unmet = dict(gathered((met[0].line, met) for met in replies_met(one)))
    reached = {entry.line for entry in transcript.entries}
    wanted = dict(_wanted(parse_script(transcript.call.script)))
    wanted |= {line: each[0][0].wanted for line, each in unmet.items()}
    for line in sorted(wanted):
        missed = unmet.get(line, [])
        yield Expected(
            one.host.endpoint,
            line,
            wanted[line],
            "; ".join(came(each) for each, _ in missed) if missed else None,
            bool(missed) or line in reached,
            max((weight_of(found, one, *each) for each in missed), default=Severity.ERROR),
            dialogue_of(one) if missed and missed[0][0] is transcript.unmet[0] else "",
        )


def met_dialogues_of(report: Report) -> Iterator[str]:
    """Each conversation whose dialogue stands with no expectation."""
    found = report.fact(Conversations)
    if isinstance(found, Conversations):
        yield from (dialogue_of(one) for one in found.held if found.conversing.is_greeting or not one.transcript.unmet)


def dialogue_of(one: Conversation) -> str:
    """A conversation as plain lines, whom it was with above them."""
    return "\n".join([escape(one.host.endpoint), *(line.plain for line in lines_of(one, Detail.USUAL))])


def _wanted(script: Script) -> Iterator[tuple[int, str]]:
    """Each line that expects something, and what; an optional reply is not expected."""
    for statement in every_statement(script.statements):
        if isinstance(statement, Expect) and statement.manner is not Manner.OPTIONAL:
            yield statement.line, format_expectation(statement)
        elif isinstance(statement, (StartTls, Tls)):
            yield statement.line, "a TLS handshake"

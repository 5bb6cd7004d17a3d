"""The sending of a seed test on a terminal: what would go out, what went out, and what hosts said to it."""

from __future__ import annotations

from collections.abc import Sequence

from deliverkit.checks.wording import count, format_duration
from deliverkit.observations.seeds import Copy, SeedTest, Sending, Stage
from deliverkit.render.look import Detail, Look
from deliverkit.render.tables import Table, lay_out
from deliverkit.render.text import escape, wrap


def render_plan(test: SeedTest, copies: Sequence[Copy], look: Look) -> str:
    """What would be sent to whom."""
    rows = [(copy.address, copy.provider, "the control" if copy.is_control else "the message") for copy in copies]
    table = Table(("address", "provider", "gets"), tuple(rows), head=1)
    head = f"{escape(test.name)}: {count(len(copies), 'copy')} would go out; nothing is sent."
    return look.finish("\n\n".join([head, *([lay_out(table, look)] if rows else [])]))


def render_request(test: SeedTest, *, follows: str) -> str:
    """What whoever sends by a platform of their own is asked to do; ``follows`` is a clause on what comes then."""
    return (
        f"Send {escape(test.subject)!r} to {_these(len(test.copies))} with your own platform, as you send to "
        f"your audience; {follows}\nWhere it can add a header, X-Deliverkit-Seed: {test.token} finds the copies most "
        "surely."
    )


def _these(number: int) -> str:
    return "this address" if number == 1 else f"these {count(number, 'address')}"


def sent_line(copy: Copy, sending: Sending, look: Look) -> str:
    """One line on a copy whose try has ended."""
    mark, kind = _mark(sending)
    took = f", {format_duration((sending.ended - sending.begun).total_seconds())}" if sending.ended else ""
    what = f"{copy.address} (control)" if copy.is_control else copy.address
    return look.finish(
        wrap(f"{look.paint(mark, kind)} {what}  {escape(sending.said)}{took}", look.columns, rest="    ")
    )


def _mark(sending: Sending) -> tuple[str, str]:
    if sending.is_accepted:
        return "✓", "pass"
    return ("✗", "error") if sending.is_refused else ("?", "warning")


def render_sent(test: SeedTest, look: Look, *, follows: str) -> str:
    """What became of the sending, in one sentence, and what comes next, as ``follows`` says."""
    ends = [_end(copy) for copy in test.copies]
    counts = [f"{number} {word}" for word in _ENDS if (number := ends.count(word))]
    hints = [] if look.detail is Detail.VERDICT else [_HINTS[word].format(follows) for word in _HINTS if word in ends]
    if _is_silent(test):
        hints.insert(0, _SILENCE)
    head = f"{escape(test.name)}: of {count(len(test.copies), 'copy')} {', '.join(counts)}."
    return look.finish("\n".join(wrap(line, look.columns) for line in (head, *hints)))


_ACCEPTED, _REFUSED, _DOUBT, _WAITING = "accepted", "refused", "in doubt", "not taken yet"
_ENDS = (_ACCEPTED, _REFUSED, _DOUBT, _WAITING)
_HINTS = {
    _REFUSED: 'Refused: deliverkit explain "THE REPLY" says why, and whose job it is.',
    _DOUBT: "In doubt: the message was on its way and no reply came. deliverkit seed watch looks for them; "
    "--resend-in-doubt sends them again, and some readers may then get two.",
    _WAITING: "Not taken yet: the same command tries these again.",
    _ACCEPTED: "Accepted says that a host took the copy, not where it lands; {}",
}


_SILENCE = "No host said anything: is the relay right, or is the port blocked from here?"


def _is_silent(test: SeedTest) -> bool:
    """Whether every try ended before a host said a word."""
    tries = [one for copy in test.copies for one in copy.sendings]
    return bool(tries) and all(one.step == "connect" and not one.code for one in tries)


def _end(copy: Copy) -> str:
    if any(one.is_accepted for one in copy.sendings):
        return _ACCEPTED
    if any(one.is_refused for one in copy.sendings):
        return _REFUSED
    return _DOUBT if any(one.stage is Stage.DOT for one in copy.sendings) else _WAITING

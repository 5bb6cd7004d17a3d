"""Whether a reply is what a script expects, and what it was in words."""

from __future__ import annotations

from collections.abc import Sequence

from deliverkit.script.patterns import Pattern
from deliverkit.script.syntax import codes_like
from deliverkit.standards.smtp.reply import Reply

MOST_SHOWN = 300  # characters of a reply that is told


def has_code(code: int, patterns: tuple[str, ...]) -> bool:
    """Whether the code is one of these; an ``x`` stands for any digit."""
    return code in codes_like(patterns)


def has_enhanced(reply: Reply, wanted: Sequence[str]) -> bool:
    """Whether the reply has one of the enhanced status codes; ``*`` stands for any number. None wanted: it does."""
    if not wanted:
        return True
    numbers = reply.enhanced.split(".")
    return any(
        len(numbers) == 3 and all(want in {"*", is_} for want, is_ in zip(code.split("."), numbers, strict=True))
        for code in wanted
    )


def has_text(reply: Reply, wanted: str | Pattern) -> bool:
    """Whether a line of the reply, or all of them as one, holds the text; case is ignored."""
    lines = (*reply.text, " ".join(reply.text))
    if isinstance(wanted, Pattern):
        return any(wanted.is_in(line) for line in reply.text)
    return any(wanted.casefold() in line.casefold() for line in lines)


def describe(reply: Reply) -> str:
    """The reply on one line, its enhanced status code once, cut where it is long."""
    whole = " ".join(filter(None, (str(reply.code or ""), reply.enhanced, reply.joined)))
    return whole if len(whole) <= MOST_SHOWN else whole[: MOST_SHOWN - 1] + "…"

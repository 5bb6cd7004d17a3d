"""What a host said in place of what a script expects. Conversations that go well do without what this imports."""

from __future__ import annotations

from collections import Counter

from deliverkit.checks.smtp.wording import bounded
from deliverkit.facts.smtp import Conversation
from deliverkit.observations.smtp import Unmet
from deliverkit.script.matching import describe
from deliverkit.standards.smtp.dialogue import Exchange


def replies_met(one: Conversation) -> list[tuple[Unmet, Exchange | None]]:
    """Each expectation that was not met, with the reply that came in its place; None: none did."""
    said, every = _by_words(one), one.transcript.unmet
    alike = [unmet._replace(value="") for unmet in every]
    waiting = {unmet: _candidates(said.get(unmet.got, []), unmet)[-number:] for unmet, number in Counter(alike).items()}
    told = (waiting[unmet].pop(0) if waiting[unmet] else None for unmet in alike)
    return list(zip(every, told, strict=True))


def came(unmet: Unmet) -> str:
    """What came in place of what was wanted; of a loop also in which turn, where that says nothing of it."""
    got = bounded(unmet.got).strip()
    return got if unmet.value in unmet.got else f"{got} (for {bounded(unmet.value)})"


def _by_words(one: Conversation) -> dict[str, list[Exchange]]:
    """The replies by what is told of each."""
    found: dict[str, list[Exchange]] = {}
    for exchange in one.exchanges:
        found.setdefault(describe(exchange.reply), []).append(exchange)
    return found


def _candidates(same: list[Exchange], unmet: Unmet) -> list[Exchange]:
    """Of the replies that are what came in the expectation's place those that were read at its line, if some were."""
    return [found for found in same if found.line == unmet.line] or same


def refusal_met(one: Conversation, unmet: Unmet) -> Exchange | None:
    """The last refusal that came in place of what the script expects."""
    reply = next(reversed(_candidates(_by_words(one).get(unmet.got, []), unmet)), None)
    return reply if reply and reply.reply.severity > 3 else None

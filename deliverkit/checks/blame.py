"""Who is at fault where an expectation was not met, as far as that is known: the host, the script, or an option."""

from __future__ import annotations

from deliverkit.checks.misfits import misfit_in
from deliverkit.checks.offers import lack_behind
from deliverkit.checks.smtp.wording import came, refusal_met, refusing
from deliverkit.checks.tokens import refusing_token, token_refused
from deliverkit.checks.wrong_door import wrong_door
from deliverkit.facts.smtp import Conversation
from deliverkit.observations.smtp import Unmet


def told_of(one: Conversation, deed: str) -> str:
    """What a conversation comes to whose first unmet expectation is this, as a clause behind what the host did."""
    unmet = one.transcript.unmet[0]
    fault = _of_the_host(one, unmet)
    if fault and (one.has_delivered or not _is_refused(one, unmet)):
        return f"{deed}, but {fault}"
    return fault or f"{deed}; {_otherwise(one, unmet)}"


def _is_refused(one: Conversation, unmet: Unmet) -> bool:
    """Whether it is the refusal alone that matters."""
    return bool(one.early) or (refusal_met(one, unmet) is not None and lack_behind(one, unmet) is None)


def _of_the_host(one: Conversation, unmet: Unmet) -> str:
    """What the host does, where that is what went wrong; empty: it is not."""
    if one.early:
        return "says a reply that nothing had asked for"
    lack = lack_behind(one, unmet)
    if lack:
        return f"{lack.does}; {lack.without}" if lack.without else f"{lack.does}, which line {unmet.line} wants"
    elsewhere = wrong_door(one, unmet, "")
    if elsewhere:
        return elsewhere.does
    token = token_refused(one, unmet)
    if token:
        return refusing_token(token)
    no = refusal_met(one, unmet)
    return refusing(one, no) if no else ""


def _otherwise(one: Conversation, unmet: Unmet) -> str:
    """That the script is at fault, or what was wanted and what came."""
    misfit = misfit_in(one, unmet)
    if misfit:
        return f"the script is at fault: line {unmet.line} wants {unmet.wanted}, and {misfit} (RFC 5321 §4.3.2)"
    words = f"line {unmet.line} wants {unmet.wanted}, got {came(unmet)}"
    return f"the script itself cannot go on: {words}" if unmet.is_of_the_script else words

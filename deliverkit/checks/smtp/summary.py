"""What a domain's mail hosts say, in a sentence."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from deliverkit.checks.smtp.wording import codes, ending
from deliverkit.checks.wording import count, listed
from deliverkit.facts.smtp import Conversation, Conversations, WayOut
from deliverkit.model import Absent, Result, Verdict
from deliverkit.observations.smtp import End

NEEDS: tuple[type, ...] = (Conversations, WayOut)
_SENDING = frozenset({"deliver", "submit", "lmtp"})  # the scripts that send a message, where they are not cut short


def summarize(facts: Mapping[type, object | Absent], results: Sequence[Result]) -> Verdict:  # noqa: ARG001
    """The verdict on the hosts, from the facts in ``NEEDS``."""
    found, way_out = (facts[kind] for kind in NEEDS)
    if not isinstance(found, Conversations):
        return Verdict(f"No mail host was spoken to: {found.reason}." if isinstance(found, Absent) else "")
    if found.nobody:
        return Verdict(f"No mail host was spoken to: {found.nobody}.")
    if not found.held:
        return Verdict(f"Cannot tell what the mail hosts say: {'; '.join(found.reasons)}.")
    sentence = _tried(found) or _met(found) or (_one(found.held[0]) if len(found.held) == 1 else _several(found))
    return Verdict(sentence, _doubt(found, way_out))


def _tried(found: Conversations) -> str:
    """The first host that fails what a script puts it to, and how many do; empty: none, or the script is no test."""
    failing = [one for one in found.held if one.transcript.unmet]
    if not failing:
        return ""
    from deliverkit.checks.trials import trial_of  # which conversations that go well do without

    told = [(one, trial_of(found.conversing, one, one.transcript.unmet[0])) for one in failing]
    trials = [(one, trial) for one, trial in told if trial]
    if not trials:
        return ""
    one, trial = trials[0]
    rest = f", in {len(trials)} of {count(len(found.held), 'conversation')}" if len(found.held) > 1 else ""
    return f"{one.host.endpoint} {trial.does}{rest}."


def _met(found: Conversations) -> str:
    """That a script got all that it expects, which was not to deliver one message, nor to greet."""
    held, script = found.held, found.conversing
    if script.is_greeting or any(one.transcript.unmet or one.transcript.end is not End.CLOSED for one in held):
        return ""
    if any(one.has_delivered for one in held) and len({one.host for one in held}) == len(held):
        return ""
    if script.name in _SENDING:
        return f"{held[0].host.endpoint} answers, and no message was sent: {codes(held[0])}."
    if len(held) == 1:
        return f"{held[0].host.endpoint} answers as the script {script.name} expects: {codes(held[0])}."
    if len({one.host for one in held}) == 1:
        talks = count(len(held), "conversation")
        return f"{held[0].host.endpoint} answers as the script {script.name} expects, in {talks}."
    return f"{_answering(found).removesuffix('.')} as the script {script.name} expects."


def _one(found: Conversation) -> str:
    said = codes(found) if found.codes else ""
    return f"{found.host.endpoint} {ending(found)}{': ' if said else ''}{said}."


def _one_host(found: Conversations) -> str:
    """A host that was spoken to at several addresses."""
    name, number = found.held[0].host.name, len({one.host for one in found.held})
    well = len({one.host for one in found.held if one.answers})
    if number == 1:
        talks = count(len(found.held), "conversation")
        return f"{found.held[0].host.endpoint} {'answers' if well else 'takes no mail from here'}, in {talks}."
    if not well:
        return f"{name} takes no mail from here, at none of {count(number, 'address')}."
    return f"{name} answers at {f'all {number}' if well == number else f'{well} of {number}'} addresses."


def _refused_for_good(found: Conversations) -> Conversation | None:
    """The host that said no once a transaction had begun, which ends a sender's way through the exchangers."""
    return next((one for one in found.held if one.is_final and not one.has_delivered), None)


def _several(found: Conversations) -> str:
    delivered = sorted((one for one in found.held if one.has_delivered), key=lambda one: not one.transcript.unmet)
    if delivered:
        return f"{_one(delivered[0])}{_before(found, delivered)}"
    final = _refused_for_good(found)
    if final and final.transcript.unmet:
        return _one(final)
    return _failed(found) or _answering(found)


def _answering(found: Conversations) -> str:
    hosts = dict(found.by_host())
    return _one_host(found) if len(hosts) == 1 else _hosts(found, hosts)


def _failed(found: Conversations) -> str:
    """The first host that did not say what the script wants, and how many did not; empty: all did that answered.

    The script greet wants nothing of anybody: there it is said how many answer.
    """
    unmet = [one for one in found.held if one.answers and one.transcript.unmet]
    if not unmet or found.conversing.is_greeting:
        return ""
    whole = f"{len(unmet)} of {count(len(found.held), 'conversation')}"
    if all(one.transcript.unmet[0].is_of_the_script for one in unmet):
        return f"{_one(unmet[0])} In {whole} the script {found.conversing.name} itself could not go on."
    return f"{_one(unmet[0])} In {whole} a host did not say what the script {found.conversing.name} expects."


def _before(found: Conversations, delivered: Sequence[Conversation]) -> str:
    """Who did not take the message, before another did."""
    others = [one for one in found.held if one not in delivered]
    if not others:
        return ""
    more = f"; nor did {count(len(others) - 1, 'other')} take it" if len(others) > 1 else ""
    return f" Before that, {others[0].host.endpoint} {ending(others[0])}{more}."


def _hosts(found: Conversations, hosts: Mapping[str, Sequence[Conversation]]) -> str:
    """How many of several hosts answer."""
    well = [name for name, held in hosts.items() if any(one.answers for one in held)]
    if not well:
        return f"None of {count(len(hosts), 'mail host')} takes mail from here."
    if len(well) < len(hosts):
        silent = listed([name for name in hosts if name not in well])
        return f"{len(well)} of {count(len(hosts), 'mail host')} answer; {silent} does not take mail from here."
    answering = [one for one in found.held if one.answers]
    if len(answering) < len(found.held):
        return f"Every mail host answers, at {len(answering)} of {count(len(found.held), 'address')}."
    return f"All {count(len(found.held), 'address')} of {count(len(hosts), 'mail host')} answer."


def _doubt(found: Conversations, way_out: object) -> str:
    """What casts doubt on silence: that nobody else answers from here either."""
    if not isinstance(way_out, WayOut):
        return ""
    closed = [
        name
        for version, name in ((4, "IPv4"), (6, "IPv6"))
        if found.over(version) and way_out.is_open(version) is False
    ]
    if not closed:
        is_open = all(way_out.is_open(version) for version in (4, 6) if found.over(version))
        was_tried = way_out.tests is not None and is_open
        return "Unrelated mail hosts answer from this machine, so the silence is not ours." if was_tried else ""
    return f"Port 25 seems to be blocked from this machine over {' and '.join(closed)}: that says nothing of the hosts."

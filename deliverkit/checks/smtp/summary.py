"""What a domain's mail hosts say, in a sentence."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence

from deliverkit.checks.smtp.wording import SENDING, codes, doubt, ending, saying_no
from deliverkit.checks.wording import count, every, listed
from deliverkit.facts.smtp import Conversation, Conversations, WayOut
from deliverkit.model import Absent, Result, Verdict
from deliverkit.observations.smtp import End, Kind

NEEDS: tuple[type, ...] = (Conversations, WayOut)
_BLOCKED = "Port {} seems to be blocked {}: that says nothing of the hosts."
_UNTOLD = "Whether port {} is open {} is not known, so the silence may be our own."


def summarize(facts: Mapping[type, object | Absent], results: Sequence[Result]) -> Verdict:  # noqa: ARG001
    """The verdict on the hosts, from the facts in ``NEEDS``."""
    found, way_out = (facts[kind] for kind in NEEDS)
    if not isinstance(found, Conversations):
        return Verdict(f"No mail host was spoken to: {found.reason}." if isinstance(found, Absent) else "")
    if found.nobody:
        return Verdict(f"No mail host was spoken to: {found.nobody}.")
    if not found.held:
        return Verdict(f"Cannot tell what the mail hosts say: {'; '.join(found.reasons)}.")
    if all(one.transcript.end is End.UNTRIED for one in found.held):
        return Verdict(f"Cannot tell what the mail hosts say: {_untried(found)}")
    doubts = _doubts(found, way_out)
    if _is_all_in_doubt(found, doubts):
        return Verdict(_in_doubt(found, doubts))
    sentence = (
        _unexpecting(found)
        or _tried(found)
        or _met(found)
        or (_one(found.held[0]) if len(found.held) == 1 else _several(found))
    )
    untried = _untried(found)
    return Verdict(
        " ".join([sentence, *([untried] if untried else []), *_doubt_words(found, doubts)]),
        " ".join(filter(None, (_calm(found, way_out), _unasked(found)))),
    )


def _unasked(found: Conversations) -> str:
    """That a greeting says nothing of the recipient who was named, where a host was greeted; empty: none was named."""
    named = dict(found.conversing.variables).get("rcpt", ())
    if not (named and found.conversing.is_greeting and any(one.is_connected for one in found.held)):
        return ""
    return f"Nothing was asked about {listed(named)}: --script probe asks whether a host takes that recipient."


def _untried(found: Conversations) -> str:
    """Where nobody was spoken to because of the address to connect from, and why; empty: nowhere."""
    untried = [one for one in found.held if one.transcript.end is End.UNTRIED]
    if not untried:
        return ""
    places = listed(list(dict.fromkeys(one.host.endpoint for one in untried)))
    return f"{places} {'was' if len(untried) == 1 else 'were'} not tried, for {untried[0].transcript.detail}."


def _tried(found: Conversations) -> str:
    """The first host that fails what a script puts it to, and how many do; empty: none, or the script is no test."""
    failing = [one for one in found.held if one.transcript.unmet]
    if not failing:
        return ""
    from deliverkit.checks.trials import trial_of  # which conversations that go well do without
    from deliverkit.checks.varied import values_of

    told = [(one, trial_of(found.conversing, one, one.transcript.unmet[0])) for one in failing]
    trials = [(one, trial) for one, trial in told if trial]
    if not trials:
        return ""
    one, trial = trials[0]
    rest = f", in {len(trials)} of {count(len(found.held), 'conversation')}" if len(found.held) > 1 else ""
    values = values_of(found.held)
    which = listed(list(dict.fromkeys(values[each.transcript.call] for each, _ in trials))) if values else ""
    return f"{one.host.endpoint} {trial.does}{rest}{': ' if which else ''}{which}."


def _met(found: Conversations) -> str:
    """That a script got all that it expects, which was not to deliver one message, nor to greet."""
    held, script = found.held, found.conversing
    if script.is_greeting or any(one.transcript.unmet or one.transcript.end is not End.CLOSED for one in held):
        return ""
    is_delivery = any(one.has_delivered for one in held) and _addresses(held) == len(held)
    if script.name in SENDING:
        return "" if is_delivery else f"{held[0].host.endpoint} answers, and no message was sent: {codes(held[0])}."
    from deliverkit.checks.found_out import found_out  # which most conversations do without

    clause = found_out(script.name, held)
    return "" if is_delivery and not clause else _expected(found, clause)


def _expected(found: Conversations, clause: str) -> str:
    """That all was as expected, and the clause on what that shows."""
    held, name = found.held, found.conversing.name
    does = clause or f"answers as the script {name} expects"
    if len(held) == 1:
        return f"{held[0].host.endpoint} {does}: {codes(held[0])}."
    if _addresses(held) == 1:
        return f"{held[0].host.endpoint} {does}, in {count(len(held), 'conversation')}."
    names = {one.host.name for one in held}
    if clause and len(names) > 1 and not any(one.answers for one in held):  # it is the no that was wanted
        return f"Each of {count(len(names), 'mail host')} {clause}."
    rest = f": each {clause}" if clause else ""
    return f"{_answering(found).removesuffix('.')} as the script {name} expects{rest}."


def _unexpecting(found: Conversations) -> str:
    """What was done by a script that expects nothing: no reply was read."""
    reached = [one for one in found.held if one.is_connected]
    if not reached or any(
        one.exchanges or one.transcript.unmet or one.transcript.end is not End.CLOSED for one in reached
    ):
        return ""
    who, number = reached[0].host, _addresses(found.held)
    names = {one.host.name for one in found.held}
    whom = who.name if len(names) == 1 else f"{len(names)} mail hosts"
    took = f"{_addresses(reached)} of {count(number, 'address')} of {whom}"
    sent = sum(entry.data.count(b"\n") for entry in reached[0].transcript.entries if entry.kind is Kind.SENT)
    said = f"{count(sent, 'line')} {'was' if sent == 1 else 'were'} sent" if sent else "nothing was sent"
    subject = who.endpoint if number == 1 else took
    return f"{subject} took the connection and {said}; the script {found.conversing.name} expects nothing."


def _one(found: Conversation) -> str:
    said = codes(found) if found.codes else ""
    return f"{found.host.endpoint} {ending(found)}{': ' if said else ''}{said}."


def _one_host(found: Conversations) -> str:
    """A host that was spoken to at several addresses."""
    name, number = found.held[0].host.name, _addresses(found.held)
    well = _addresses([one for one in found.held if one.answers])
    if number == 1:
        talks = count(len(found.held), "conversation")
        return f"{found.held[0].host.endpoint} {'answers' if well else 'takes no mail from here'}, in {talks}."
    if not well:
        return f"{name} takes no mail from here, at none of {count(number, 'address')}."
    return f"{name} answers at {every(number, 'address') if well == number else f'{well} of {number} addresses'}."


def _addresses(held: Sequence[Conversation]) -> int:
    """At how many addresses these conversations were held: a host may have several, and be spoken to often."""
    return len({one.host for one in held})


def _refused_for_good(found: Conversations) -> Conversation | None:
    """The host that said no once a transaction had begun, which ends a sender's way through the exchangers."""
    return next((one for one in found.held if one.is_final and not one.has_delivered), None)


def _several(found: Conversations) -> str:
    delivered = sorted((one for one in found.held if one.has_delivered), key=lambda one: bool(one.transcript.unmet))
    if delivered:
        return f"{_one(delivered[0])}{_so_did(delivered)}{_but(found, delivered)}"
    final = _refused_for_good(found)
    if final and final.transcript.unmet and found.conversing.name in SENDING:
        return f"{_one(final)}{_but(found, [final])}"
    return _failed(found, final) or _answering(found)


def _so_did(delivered: Sequence[Conversation]) -> str:
    """That others took the message, too."""
    more = _addresses(delivered) - 1
    return f" So did {count(more, 'other address')}." if more else ""


def _answering(found: Conversations) -> str:
    hosts = dict(found.by_host())
    return _one_host(found) if len(hosts) == 1 else _hosts(found, hosts)


def _failed(found: Conversations, final: Conversation | None) -> str:
    """A host that did not say what the script wants, and how many did not; empty: all did that took the connection.

    A refusal for good goes before others, and a host that answers. The script greet wants nothing of anybody: there
    it is said how many answer.
    """
    unmet = [one for one in found.held if one.is_connected and one.transcript.unmet]
    is_asked_wrongly = any(one.greets_in_the_clear for one in unmet)
    if not unmet or (found.conversing.is_greeting and not is_asked_wrongly):
        return ""
    worst = final if final in unmet else next((one for one in unmet if one.answers), unmet[0])
    whole = f"{len(unmet)} of {count(len(found.held), 'conversation')}"
    return f"{_one(worst)} In {whole} {_in_common(found, unmet)}."


def _in_common(found: Conversations, unmet: Sequence[Conversation]) -> str:
    """What went wrong in all these conversations, as a clause."""
    from deliverkit.checks.in_place import replies_met  # which conversations that go well do without
    from deliverkit.checks.offers import lack_behind

    name, firsts = found.conversing.name, [(one, *replies_met(one)[0]) for one in unmet]
    if all(first.is_of_the_script for _, first, _ in firsts):
        return f"the script {name} itself could not go on"
    lacks = {lack.does if lack else "" for lack in (lack_behind(*each) for each in firsts)}
    only = lacks.pop() if len(lacks) == 1 else ""
    if only:
        return f"a host {only}"
    refused = {saying_no(reply) if reply and reply.reply.severity > 3 else "" for _, _, reply in firsts}
    common = refused.pop() if len(refused) == 1 else ""
    return f"a host {common}" if common else f"a host did not say what the script {name} expects"


def _but(found: Conversations, told: Sequence[Conversation]) -> str:
    """Who did not take the message: before another did, or beside it."""
    is_told = {id(one) for one in told}
    others = [one for one in found.held if id(one) not in is_told]
    if not others:
        return ""
    is_before = all(id(one) in is_told for one in found.held[len(others) :])
    first, more = others[0], _addresses(others) - 1
    rest = f"; nor did {count(more, 'other address')} take it" if more else ""
    return f" {'Before that,' if is_before else 'But'} {first.host.endpoint} {ending(first)}{rest}."


def _hosts(found: Conversations, hosts: Mapping[str, Sequence[Conversation]]) -> str:
    """How many of several hosts answer."""
    well = [name for name, held in hosts.items() if any(one.answers for one in held)]
    if not well:
        return f"None of {count(len(hosts), 'mail host')} takes mail from here."
    if len(well) < len(hosts):
        silent = [name for name in hosts if name not in well]
        do = f"answer{'s' if len(well) == 1 else ''}; {listed(silent)} {'does' if len(silent) == 1 else 'do'}"
        return f"{len(well)} of {count(len(hosts), 'mail host')} {do} not take mail from here."
    number, answering = _addresses(found.held), _addresses([one for one in found.held if one.answers])
    if answering < number:
        return f"Every mail host answers, at {answering} of {count(number, 'address')}."
    if number == len(hosts):
        return f"{every(number, 'mail host').capitalize()} answer."
    return f"All {count(number, 'address')} of {count(len(hosts), 'mail host')} answer."


def _doubts(found: Conversations, way_out: object) -> dict[int, bool | None]:
    """Over which versions of IP silence may be our own: False: port 25 seems to be blocked here, None: not known."""
    if not isinstance(way_out, WayOut) or any(one.is_unrecorded for one in found.held):
        return {}
    untried = {one.host.version for one in found.held if one.transcript.end is End.UNTRIED}
    tried = (version for version in (4, 6) if version not in untried and doubt(found, way_out, version))
    return {version: way_out.is_open(version) for version in tried}


def _is_all_in_doubt(found: Conversations, doubts: Mapping[int, bool | None]) -> bool:
    return not any(one.is_connected for one in found.held) and all(one.host.version in doubts for one in found.held)


def _in_doubt(found: Conversations, doubts: Mapping[int, bool | None]) -> str:
    """That nothing can be said of the hosts, which goes before all that they did not say."""
    words = " ".join(_doubt_words(found, doubts))
    if False in doubts.values():
        return words
    number = _addresses(found.held)
    silent = _one(found.held[0]) if number == 1 else f"None of {count(number, 'address')} takes a connection."
    return f"{silent} {words}"


def _doubt_words(found: Conversations, doubts: Mapping[int, bool | None]) -> Iterator[str]:
    """A sentence on what seems to be blocked, and one on what is not known."""
    for state in (False, None):
        versions = [version for version, is_open in doubts.items() if is_open is state]
        if versions:
            far = next(one.host for one in found.over(versions[0]) if not (one.is_connected or one.host.is_here))
            where = far.port, f"from this machine over {' and '.join(f'IPv{one}' for one in versions)}"
            told = _BLOCKED if state is False else _UNTOLD
            yield told.format(*where)


def _calm(found: Conversations, way_out: object) -> str:
    """That silence is the hosts' own, where unrelated ones were tried and answer."""
    if not isinstance(way_out, WayOut) or way_out.tests is None:
        return ""
    is_open = all(way_out.is_open(version) for version in (4, 6) if found.over(version))
    return "Unrelated mail hosts answer from this machine, so the silence is not ours." if is_open else ""

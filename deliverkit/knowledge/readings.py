"""All that a reply may mean: by who is proved to have said it; else by the standards, and by each provider beside them.

Every form says the same of a reply by these: ``explain``, the dialogue, the verdict, JSON.
"""

from __future__ import annotations

from deliverkit.knowledge.replies import ANYBODY, Meaning, Reading, whom_to_ask
from deliverkit.standards.smtp.enhanced_status import EnhancedStatus, find_enhanced_status
from deliverkit.standards.smtp.reply import Reply, meaning

ALONE = "-"  # what a reply answers, where that is not known
_BY_SUBJECT = {  # RFC 3463 §3.2 to §3.8
    1: "the sender's: the address",
    2: "the recipient's",
    3: "the receiving side's",
    5: "the sender's operator's",
    6: "the sender's: the message",
    7: "the sender's, mostly",
}
_VALID = (1, 5)  # said of a recipient that is taken: RFC 3463 §3.2
_DEFINED_BY = {  # codes that came after RFC 5321
    432: "RFC 4954",
    521: "RFC 7504",
    523: "RFC 5248",
    524: "RFC 5248",
    525: "RFC 5248",
    534: "RFC 4954",
    535: "RFC 4954",
    538: "RFC 4954",
    556: "RFC 7504",
}
_RETRIES = {
    4: {  # RFC 5321 §4.2.1: the client should try again
        "no": "yes: a mail server tries again by itself, for four to five days; in vain until the cause is mended",
        "now": "yes, at once, over another connection",
        "later": "yes: a mail server tries again by itself, for four to five days",
        "slower": "yes, but slower: it goes on until less is sent",
    },
    5: {  # RFC 5321 §4.2.1: the client should not repeat it
        "no": "no: it fails again until the cause is mended",
        "now": "not by itself: a mail server gives up at a 5xx; send it again, over another connection",
        "later": "not by itself: a mail server gives up at a 5xx; send it again once the cause is gone",
        "slower": "not by itself: a mail server gives up at a 5xx; send it again later, and less at a time",
    },
}
_NOTHING = {2: "nothing to try again: it is done", 3: "nothing to try again: the command goes on"}
_USUAL = {4: "later", 5: "no"}


def readings(reading: Reading, *, after: str = ALONE) -> tuple[Meaning, ...]:
    """What the reply to the verb ``after`` may mean, the likeliest first, each with whose job it is and what to do.

    What the standards say comes first unless something is proved, or only providers know the code.
    """
    if is_theirs_alone(reading):
        return reading.meanings
    first = reading.proved or by_standards(reading, after)
    return first, *(entry for entry in reading.meanings if entry is not first)


def is_theirs_alone(reading: Reading) -> bool:
    """Whether its code is in no registry, and providers alone are known to say it, none of whom is proved."""
    status = find_enhanced_status(reading.reply.enhanced)
    is_unknown = status is not None and not status.registered and reading.by_code is None
    return is_unknown and bool(reading.meanings) and reading.proved is None and not reading.speaker


def by_standards(reading: Reading, after: str = ALONE) -> Meaning:
    """What the registry of enhanced status codes says of the reply, else what its code says."""
    reply = reading.reply
    status = find_enhanced_status(reply.enhanced)
    registered = status.registered if status and _is_telling(status, reply) else None
    return Meaning(
        speaker=ANYBODY,
        codes=frozenset(),
        enhanced="",
        text=(),
        meaning=registered[0] if registered else _by_code(reply, status, after),
        whose=_whose(reading, status) if reading.severity >= 4 else "",
        retry=_USUAL.get(reading.severity, ""),
        do=(reading.by_code.do if reading.by_code else whom_to_ask(reading.parties, reading.severity)),
        source=registered[1] if registered else _DEFINED_BY.get(reply.code, "RFC 5321"),
        as_of=None,
    )


def _is_telling(status: EnhancedStatus, reply: Reply) -> bool:
    """Whether the enhanced status code says more than the code: one of success, or with the detail 0, does not."""
    if status.severity == 2:
        return (status.subject, status.detail) != _VALID and not reply.code
    return bool(status.detail) or not reply.code


def _by_code(reply: Reply, status: EnhancedStatus | None, after: str) -> str:
    """What the code says, or what the enhanced status code is about where nobody has registered it."""
    if status and status.severity == 2 and reply.code in {0, 250}:
        is_valid = (status.subject, status.detail) == _VALID
        return meaning(250, after="RCPT" if is_valid and after == ALONE else after)
    return f"something about {status.about}" if status and not status.registered else meaning(reply.code, after=after)


def _whose(reading: Reading, status: EnhancedStatus | None) -> str:
    if reading.by_code:
        return reading.by_code.whose
    return _BY_SUBJECT.get(status.subject if status else 0, "cannot tell from the reply")


def retry_words(reading: Reading, entry: Meaning) -> str:
    """Whether to try again: by the class of the code, since no mail server comes back after a 5xx."""
    words = _RETRIES.get(reading.severity, {})
    return words.get(entry.retry) or _NOTHING.get(reading.severity, "cannot tell")


def speaking(reading: Reading, entry: Meaning) -> str:
    """The meaning with who says it: ``Gmail says: …``; ``if Gmail says it: …`` where it is not proved."""
    if not entry.speaker:
        return entry.meaning
    who = f"{reading.speaker} says" if reading.speaker else f"if {entry.speaker} says it"
    return f"{who}: {entry.meaning}"


def told(reading: Reading, *, after: str = ALONE) -> str:
    """Them as one clause: what several say in the same words once, and nothing that plain words have said before."""
    first = readings(reading, after=after)[0]
    return "; ".join(dict.fromkeys(speaking(reading, entry) for entry in (first, *reading.otherwise)))


def behind(reading: Reading, *, after: str = ALONE) -> tuple[str, ...]:
    """For each of them whether to try again, and who says so, as of when."""
    return tuple(_behind(reading, entry) for entry in readings(reading, after=after))


def _behind(reading: Reading, entry: Meaning) -> str:
    lead = f"if {entry.speaker} says it, " if entry.speaker and not reading.speaker else ""
    return f"{lead}retry {retry_words(reading, entry)} ({entry.authority})"

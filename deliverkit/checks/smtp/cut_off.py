"""That a host ended a conversation before it was over: in words, with what to do about it."""

from __future__ import annotations

from deliverkit.facts.smtp import Conversation
from deliverkit.observations.smtp import ALERT, End, Unmet
from deliverkit.standards.smtp.dialogue import GREETING, MESSAGE, PART

ENDS = {
    End.HUNG_UP: "hung up",
    End.RESET: "reset the connection",
    End.SILENT: "fell silent",
    End.STUCK: "stopped reading",
    End.FLOODED: "said more than a conversation may hold",
    End.TLS_FAILED: "fails in the TLS handshake",
    End.INTERRUPTED: "was left from here",
    End.REFUSED: "takes no connection",
    End.TIMEOUT: "gives no answer",
    End.UNREACHABLE: "cannot be reached from here",
    End.UNTRIED: "was not tried",
    End.UNRECORDED: "is not in the case file",
}
NOTHING = "nothing"  # how it begins what came where nothing did
BEFORE = "before it greets"
_AFTER = {
    GREETING: "before anything was said to it",
    MESSAGE: "after the whole message",
    PART: "in the middle of the message",
    "QUIT": "at QUIT",
    "?": "after a line that is no command",
}
IN_THE_CLEAR = "speaks plain SMTP at that port, where the script begins with TLS"
# RFC 5321 §4.5.3.2.6, RFC 1047: who gets no answer sends it again
MAYBE_TAKEN = "it may have taken the message"
NOT_TAKEN = "it has not got the whole message, so it takes none"  # RFC 5321 §4.1.1.4: the end makes it one
_SAID_ALREADY = frozenset({"the host closed the connection", "the connection was reset"})  # details that say no more
ENDING = {
    End.HUNG_UP: "hangs up",
    End.RESET: "resets the connection",
    End.SILENT: "falls silent",
    End.STUCK: "stops reading",
}
_WORDS = {**ENDING, End.TLS_FAILED: "breaks TLS off"}
_TOLD_ELSEWHERE = frozenset({End.FLOODED, End.TLS_FAILED, End.INTERRUPTED})
_BROKEN_OFF = "broke TLS off"


def where(one: Conversation) -> str:
    """How far a conversation had come when it ended: ``after RCPT``, ``before it greets``."""
    verb = one.last_sent.verb
    if verb == GREETING and one.greeting is None:
        return BEFORE
    return _AFTER.get(verb, f"after {verb}")


def whose_message(one: Conversation) -> str:
    """Who has the message of a conversation that ended before the host said what becomes of it; empty: nobody."""
    if one.last_sent.verb == PART:
        return NOT_TAKEN
    return MAYBE_TAKEN if one.may_have_taken else ""


def parting(one: Conversation) -> str:
    """``hung up after MAIL``: how a conversation ended that we did not end, and what that may mean for the message."""
    end = one.transcript.end
    if not one.is_connected or (end is End.TLS_FAILED and not one.has_lost_tls):
        return ENDS[end]
    place = where(one).replace("greets", "greeted")
    words = _BROKEN_OFF if one.has_lost_tls else ENDS[end]
    words = words if end is End.FLOODED and one.greeting is None else f"{words} {place}"
    return _with_message(words, one)


def _with_message(words: str, one: Conversation) -> str:
    whose = whose_message(one)
    return f"{words} ({whose})" if whose else words


def not_answering(one: Conversation) -> str:
    """How a conversation ended that did not come to its end, or in which no host greeted."""
    transcript = one.transcript
    if one.greets_in_the_clear:
        return IN_THE_CLEAR
    if transcript.end is not End.CLOSED:
        detail = "" if transcript.detail in _SAID_ALREADY else transcript.detail
        return f"{parting(one)}: {detail}" if detail else parting(one)
    if one.greeting:
        return "does not greet as a mail host"
    return "said nothing" if transcript.unmet else "takes the connection; no reply was waited for"


def how_it_ended(one: Conversation) -> str:
    """``hung up: the host closed the connection``, where it is seen how far it had come."""
    transcript = one.transcript
    if one.greets_in_the_clear or transcript.end is End.CLOSED:
        return not_answering(one)
    words = _BROKEN_OFF if one.has_lost_tls else ENDS[transcript.end]
    words = f"{words}: {transcript.detail}" if transcript.detail else words
    return _with_message(words, one)


def cutting_off(one: Conversation) -> str:
    """``hangs up after MAIL``, and what that may mean for the message."""
    taken = f"; {MAYBE_TAKEN}, and a sender sends it again" if one.may_have_taken else ""
    return f"{_WORDS[one.transcript.end]} {where(one)}{taken}"


def is_cut_off_at(one: Conversation, unmet: Unmet) -> bool:
    """Whether the expectation was not met because the host ended the conversation there."""
    return one.is_cut_off and _is_where_it_ends(one, unmet)


def is_left_at(one: Conversation, unmet: Unmet) -> bool:
    """Whether it was not met because the host ended the conversation where it is to answer QUIT."""
    return one.was_leaving and one.transcript.end not in _TOLD_ELSEWHERE and _is_where_it_ends(one, unmet)


def broken_off(one: Conversation, unmet: Unmet) -> str:
    """How it ended there otherwise, of which another check says what is to be done; empty: it did not."""
    is_so = one.transcript.end in _TOLD_ELSEWHERE and _is_where_it_ends(one, unmet)
    return parting(one) if is_so else ""


def _is_where_it_ends(one: Conversation, unmet: Unmet) -> bool:
    return unmet == one.transcript.unmet[-1] and unmet.got.startswith(NOTHING)


def what_to_do(one: Conversation, slow: str = "") -> str:
    """What to look at; ``slow`` says how the script gives a host more time, where it does that itself."""
    if one.transcript.detail == f"{ALERT}certificate required":  # RFC 8446 §6.2
        return (
            "it demands a certificate of senders, which few have: have it demand none (Postfix: smtpd_tls_req_ccert = "
            "no); --client-cert shows it one"
        )
    if one.transcript.end is not End.SILENT:
        return "look in the host's log for why it ends: a crash, a limit, or a firewall that reads along"
    # RFC 5321 §4.5.3.2: a sender waits for 5 minutes at most steps, and for 10 after the message
    more = slow or "with --patience 300 as senders have"
    return f"see whether it is only slow, {more}; look in the host's log for why"

"""That a host ended a conversation before it was over: in words, with what to do about it."""

from __future__ import annotations

from deliverkit.checks.smtp.wording import ENDS, MAYBE_TAKEN, where
from deliverkit.facts.smtp import Conversation
from deliverkit.observations.smtp import ALERT, End, Unmet

_WORDS = {
    End.HUNG_UP: "hangs up",
    End.RESET: "resets the connection",
    End.SILENT: "falls silent",
    End.STUCK: "stops reading",
    End.TLS_FAILED: "breaks TLS off",
}
_TOLD_ELSEWHERE = frozenset({End.FLOODED, End.TLS_FAILED, End.INTERRUPTED})


def cutting_off(one: Conversation) -> str:
    """``hangs up after MAIL``, and what that may mean for the message."""
    taken = f"; {MAYBE_TAKEN}, and a sender sends it again" if one.may_have_taken else ""
    return f"{_WORDS[one.transcript.end]} {where(one)}{taken}"


def is_cut_off_at(one: Conversation, unmet: Unmet) -> bool:
    """Whether the expectation was not met because the host ended the conversation there."""
    return one.is_cut_off and _is_where_it_ends(one, unmet)


def broken_off(one: Conversation, unmet: Unmet) -> str:
    """How it ended there otherwise, of which another check says what is to be done; empty: it did not."""
    is_so = one.transcript.end in _TOLD_ELSEWHERE and _is_where_it_ends(one, unmet)
    return ENDS[one.transcript.end] if is_so else ""


def _is_where_it_ends(one: Conversation, unmet: Unmet) -> bool:
    return unmet == one.transcript.unmet[-1] and unmet.got.startswith("nothing")


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

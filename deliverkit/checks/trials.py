"""What it means of a host that a shipped script, which puts it to a test, does not get what it expects."""

from __future__ import annotations

from typing import NamedTuple

from deliverkit.checks.in_place import refusal_met
from deliverkit.facts.conversing import Conversing
from deliverkit.facts.smtp import Conversation
from deliverkit.model import Severity
from deliverkit.observations.smtp import Unmet
from deliverkit.standards.smtp.target import SMTP_PORT


class Trial(NamedTuple):
    """What the host does, as a clause without its subject, what mends it (empty: nothing has to be), its weight."""

    does: str
    fix: str = ""
    at_most: Severity = Severity.ERROR


_SMUGGLING = Trial(
    "takes what follows a message for commands, so that a second message can be smuggled in (CVE-2023-51764)",
    "let <CR><LF>.<CR><LF> alone end a message: Postfix smtpd_forbid_bare_newline = normalize; Exim 4.97.1 or newer",
)
_INJECTION = Trial(
    "answers inside TLS what was sent in the clear, so that anybody on the way can add commands (CVE-2011-0411)",
    "update the mail server, or the proxy that ends TLS in front of it: what was read before TLS is thrown away",
)
_PUBLIC = Trial("takes mail without TLS, as a public host at port 25 must (RFC 3207 §4)", at_most=Severity.NOTE)
_NO_BOUNCES = Trial(
    "takes no bounces, as every host has to (RFC 5321 §4.5.5, §6.1)",
    "the host's job: let it take MAIL FROM:<>, which bounces and reports come with",
)
# By script and what it wants: a line that wants something else says nothing of what is tested.
_TRIALS = {
    ("open-relay", "5xx|4xx"): Trial(
        "takes a recipient elsewhere, which is not yet an open relay: only a message that arrives there proves one",
        "let strangers send to its own domains alone (Postfix: smtpd_relay_restrictions); then deliver to see",
    ),
    ("early-talker", "4xx|5xx"): Trial(
        "does not mind who talks before it has greeted, which no standard asks of a host (Postfix: postscreen "
        "does, but for addresses that it remembers from before)",
        at_most=Severity.NOTE,
    ),
    ("catch-all", "5xx"): Trial(
        "takes a recipient that nobody has, so that what it takes proves no mailbox",
        "have it refuse recipients that it does not know (Postfix: relay_recipient_maps, reject_unlisted_recipient)",
    ),
    ("starttls-required", "530"): Trial(
        "takes mail without TLS",
        "require it (Postfix: smtpd_tls_security_level = encrypt)",
    ),
    ("vrfy", "252|5xx"): Trial(
        "tells strangers whether a mailbox exists",
        "switch VRFY and EXPN off (Postfix: disable_vrfy_command = yes), or have them answered 252",
    ),
    ("size-limit", "552|452|5xx"): Trial(
        "takes the announcement of a message that is too large for anybody",
        "give it a limit that it tells in SIZE and keeps (Postfix: message_size_limit)",
    ),
}


def trial_of(conversing: Conversing, one: Conversation, unmet: Unmet) -> Trial | None:
    """What the unmet expectation means; None: the script tests nothing, or the conversation did not come to it."""
    wanted = (conversing.name, unmet.wanted)
    if wanted == ("smuggling", "221"):  # the reply to QUIT, where the smuggled commands are answered in its place
        return _SMUGGLING if one.has_delivered and unmet.got.startswith("2") else None
    if wanted == ("starttls-injection", "250"):
        return _INJECTION if one.is_secured and unmet.got.startswith("5") else None
    if wanted == ("null-sender", "250"):
        return _NO_BOUNCES if _refuses_the_null_sender(one, unmet) else None
    if wanted == ("starttls-required", "530") and one.host.port == SMTP_PORT:
        return _PUBLIC if unmet.got.startswith("2") else None
    return _TRIALS.get(wanted) if unmet.got.startswith("2") else None


def _refuses_the_null_sender(one: Conversation, unmet: Unmet) -> bool:
    from deliverkit.checks.refusals import reading_of  # which few conversations need
    from deliverkit.knowledge.replies import TAKES_NO_BOUNCES

    refusal = refusal_met(one, unmet)
    return refusal is not None and reading_of(one, refusal).proved == TAKES_NO_BOUNCES

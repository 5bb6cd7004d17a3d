"""What a shipped script found out about a host that said all that it expects, as a clause without its subject."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence

from deliverkit.checks.smtp.wording import bounded, in_brackets
from deliverkit.checks.wording import count, every, listed
from deliverkit.facts.smtp import Conversation
from deliverkit.standards.smtp.dialogue import MESSAGE
from deliverkit.standards.smtp.target import SMTP_PORT

Held = Sequence[Conversation]
_MOST_DIGITS = 20  # of a size: RFC 1870 §4


def found_out(script: str, held: Held) -> str:
    """The same of every host, else nothing; empty, too, of a script that only greets or sends."""
    tell = _FOUND.get(script)
    hosts = dict.fromkeys(one.host for one in held)
    told = {tell([one for one in held if one.host == host]) for host in hosts} if tell else {""}
    return told.pop() if len(told) == 1 else ""


def _names(held: Held) -> str:
    """Which names it refused when it was greeted with them, and where."""
    told = [(_argument(one, "EHLO"), _refused_at(one)) for one in held]
    refused = [f"{name} at {verb}" for name, verb in told if verb]
    taken = [name for name, verb in told if not verb]
    if not refused:
        return f"takes {every(len(told), 'name')} that no mail server should give ({listed(taken)})"
    rest = f", and takes {listed(taken)}" if taken else ""
    return f"refuses {len(refused)} of {len(told)} names that no mail server should give ({listed(refused)}){rest}"


def _argument(one: Conversation, verb: str) -> str:
    found = one.after(verb)
    words = found.command.decode("utf-8", "backslashreplace").split(maxsplit=1) if found else []
    return bounded(words[1].strip()) if len(words) > 1 else "no name"


def _refused_at(one: Conversation) -> str:
    return next((found.verb for found in one.exchanges if found.reply.severity > 3), "")


def _smuggling(held: Held) -> str:
    """That no sequence but the right one ended a message (RFC 5321 §4.1.1.4), and what came of it."""
    ends = [found for one in held if (found := one.after(MESSAGE))]
    if len(ends) < len(held):
        return ""
    refused = sum(found.reply.severity != 2 for found in ends)
    none = f"ends a message at none of {count(len(held), 'spoilt sequence')}"
    return f"{none}; a message with {refused} of them it refuses" if refused else f"{none} and takes them as text"


def _early(held: Held) -> str:
    from deliverkit.checks.early_talk import other_reason  # which this script alone needs

    if any(map(other_reason, held)):
        return "says no, perhaps to everybody: that proves nothing of who talks before it has greeted"
    return "notices who talks before it has greeted"


def _recipient(held: Held) -> str:
    """Whom it takes: 250 means that it takes the recipient, not that there is such a mailbox (RFC 5321 §3.3)."""
    tried = [found for found in held[0].exchanges if found.verb == "RCPT"]
    taken = dict.fromkeys(_path(found.command) for found in tried if found.reply.severity == 2)
    if not taken:
        return ""
    proof = "that the mailbox exists" if len(taken) == 1 else "that these mailboxes exist"
    return f"takes {listed([*taken])}, which does not prove {proof}"


def _path(command: bytes) -> str:
    """``ada@good.example`` of ``RCPT TO:<ada@good.example> NOTIFY=NEVER``."""
    text = command.decode("utf-8", "backslashreplace").partition(":")[2].strip()
    return bounded(in_brackets(text) or text)


def _relaying(held: Held) -> str:
    tried = [found for found in held[0].exchanges if found.verb == "RCPT"]
    return f"refuses a recipient elsewhere in {count(len(tried), 'form')} of writing it" if tried else ""


def _requiring_tls(held: Held) -> str:
    if held[0].host.port != SMTP_PORT:
        return "takes no mail before TLS"
    return "takes no mail before TLS, which at port 25 turns senders away (RFC 3207 §4: it must not)"


def _injecting(held: Held) -> str:
    if held[0].is_secured:
        return "throws away what was sent in the clear behind STARTTLS"
    return "does not take STARTTLS with a command behind it"


def _size(held: Held) -> str:
    size = held[0].extensions.get("SIZE", "").strip()
    told = f"{int(size):,}" if size.isdecimal() and len(size) <= _MOST_DIGITS else bounded(size)
    limit = f", and tells its limit: {told} octets" if size.strip("0") else ""
    return f"refuses a message that is too large for anybody as it is announced{limit}"


def _signing_in(held: Held) -> str:
    hello = held[0].after("EHLO")
    offered = hello.reply.extensions.get("AUTH", "").split() if hello else []
    return f"offers to sign in with {listed([bounded(one) for one in offered])}" if offered else ""


def _beyond_ascii(held: Held) -> str:
    tried = held[0].after("MAIL")
    if tried is None or tried.command.isascii():
        return "takes SMTPUTF8, and was given no address beyond ASCII"
    return "takes a sender's address beyond ASCII"


def _always(clause: str) -> Callable[[Held], str]:
    return lambda _: clause


_FOUND: Mapping[str, Callable[[Held], str]] = {
    "auth-methods": _signing_in,
    "catch-all": _always("refuses a recipient that nobody has"),
    "early-talker": _early,
    "helo-strictness": _names,
    "null-sender": _always("takes mail from the null sender, as reports have it (RFC 5321 §4.5.5)"),
    "open-relay": _relaying,
    "probe": _recipient,
    "size-limit": _size,
    "smtputf8": _beyond_ascii,
    "smuggling": _smuggling,
    "starttls-injection": _injecting,
    "starttls-required": _requiring_tls,
    "vrfy": _always("tells strangers nothing about a mailbox"),
}

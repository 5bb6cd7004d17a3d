"""A host that refuses the null sender: whatever it calls that, it takes no bounces, and that is its own fault."""

from __future__ import annotations

from collections.abc import Sequence

from deliverkit.knowledge.parties import parties_in
from deliverkit.standards.smtp.reply import Reply

_CODES = frozenset({501, 550, 553, 554})
# What a refusal says that is about the machine that asks, and would have come to any other sender's address as well.
_OF_THE_CLIENT = (
    "your ip",
    "ip address",
    "client host",
    "client ip",
    "blocked using",
    "block list",
    "blocklist",
    "blacklist",
    "spamhaus",
    "rbl",
    "dnsbl",
    "reputation",
    "helo",
    "ehlo",
    "ptr",
    "hostname",
    "reverse dns",
    "rdns",
    "dynamic",
    "authenticat",
    "starttls",
)


def is_about_the_null_sender(reply: Reply, text: str, known: Sequence[object] | str) -> bool:
    """Whether a no to MAIL FROM:<> (``text`` in lower case) is about the null sender, and not about who asks.

    ``known``: what its words mean by who is proved to have said it, which goes before.
    """
    if reply.code not in _CODES or known:
        return False
    return not parties_in(text).address and not any(mark in text for mark in _OF_THE_CLIENT)

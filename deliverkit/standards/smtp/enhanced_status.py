"""Enhanced status codes (RFC 3463): three numbers that say what a reply is about, and the IANA registry's meanings.

The first number repeats whether it failed for now or for good, the second names the subject, the third the detail. A
provider may use numbers that the registry does not hold; they are read all the same.
"""

from __future__ import annotations

import re
from typing import NamedTuple

from deliverkit.regexes import regex

_CODE = regex(r"(?<![\d.])([245])\.(\d{1,3})\.(\d{1,3})(?![\d.]*\d)", re.ASCII)  # RFC 3463 §2


class EnhancedStatus(NamedTuple):
    """An enhanced status code: class (2, 4 or 5), subject, detail."""

    severity: int
    subject: int
    detail: int

    @property
    def registered(self) -> tuple[str, str] | None:
        """What the registry says it means, and where that is defined; None: it does not hold it."""
        meaning, number = _REGISTRY.get((self.subject, self.detail), ("", 0))
        return (meaning, f"RFC {number}" if number else "IANA, enhanced status codes") if meaning else None

    @property
    def about(self) -> str:
        """What the subject is about (RFC 3463 §3.2 to §3.8)."""
        return _SUBJECTS.get(self.subject, "something that no standard names")

    def __str__(self) -> str:
        return ".".join(map(str, self))


def find_enhanced_status(text: str) -> EnhancedStatus | None:
    """The first enhanced status code in a text, which may hold anything else."""
    found = _CODE.search(text)
    return EnhancedStatus(*map(int, found.groups())) if found else None


_SUBJECTS = {
    0: "nothing in particular",
    1: "the address",
    2: "the mailbox",
    3: "the receiving system",
    4: "the network or the route",
    5: "the mail protocol",
    6: "the message's content",
    7: "security or policy",
}
_REGISTRY = {
    (0, 0): ("no detail is given", 3463),
    (1, 0): ("something about the address", 3463),
    (1, 1): ("there is no such mailbox", 3463),
    (1, 2): ("the domain or host of the address does not take mail", 3463),
    (1, 3): ("the recipient's address is malformed", 3463),
    (1, 4): ("the address fits several mailboxes", 3463),
    (1, 5): ("the recipient's address is valid", 3463),
    (1, 6): ("the mailbox has moved and no new address is known", 3463),
    (1, 7): ("the sender's address is malformed", 3463),
    (1, 8): ("the sender's domain does not exist or takes no mail", 3463),
    (1, 9): ("it was handed on to a system that makes no delivery reports", 3886),
    (1, 10): ("the recipient's domain declares that it takes no mail (null MX)", 7505),
    (2, 0): ("something about the mailbox", 3463),
    (2, 1): ("the mailbox is disabled", 3463),
    (2, 2): ("the mailbox is full", 3463),
    (2, 3): ("the message is larger than this mailbox takes", 3463),
    (2, 4): ("the mailing list could not be expanded", 3463),
    (3, 0): ("something about the receiving system", 3463),
    (3, 1): ("the receiving system's storage is full", 3463),
    (3, 2): ("the receiving system takes no mail at present", 3463),
    (3, 3): ("the receiving system lacks a feature that the message needs", 3463),
    (3, 4): ("the message is larger than the receiving system takes", 3463),
    (3, 5): ("the receiving system is not set up for this", 3463),
    (3, 6): ("the priority that was asked for was changed", 6710),
    (4, 0): ("something about the network or the route", 3463),
    (4, 1): ("the next host does not answer", 3463),
    (4, 2): ("the connection broke off", 3463),
    (4, 3): ("a directory or the DNS could not be asked", 3463),
    (4, 4): ("no route to the domain was found", 3463),
    (4, 5): ("the mail system is congested", 3463),
    (4, 6): ("the message went in circles", 3463),
    (4, 7): ("the time for delivering it ran out", 3463),
    (5, 0): ("something about the protocol", 3463),
    (5, 1): ("the command is not valid here", 3463),
    (5, 2): ("the command's syntax is wrong", 3463),
    (5, 3): ("too many recipients in one transaction", 3463),
    (5, 4): ("the command's parameters are wrong", 3463),
    (5, 5): ("the protocol versions do not fit", 3463),
    (5, 6): ("a line of the sign-in is too long", 4954),
    (6, 0): ("something about the content", 3463),
    (6, 1): ("this kind of content is not taken", 3463),
    (6, 2): ("the content would have to be converted, and may not be", 3463),
    (6, 3): ("the content would have to be converted, and cannot be", 3463),
    (6, 4): ("the content was converted with losses", 3463),
    (6, 5): ("converting the content failed", 3463),
    (6, 6): ("the content cannot be fetched", 4468),
    (6, 7): ("addresses beyond ASCII are not taken (no SMTPUTF8)", 6531),
    (6, 8): ("the reply would need UTF-8, which was not asked for", 6531),
    (6, 9): ("header fields in UTF-8 cannot be handed on", 6531),
    (6, 10): ("the reply would need UTF-8 (an old double of 5.6.8)", 6531),
    (7, 0): ("something about security or policy", 3463),
    (7, 1): ("refused by policy", 3463),
    (7, 2): ("this sender may not write to the mailing list", 3463),
    (7, 3): ("the security that was asked for cannot be kept up", 3463),
    (7, 4): ("a security feature is not supported", 3463),
    (7, 5): ("encryption or decryption failed", 3463),
    (7, 6): ("the cryptographic algorithm is not supported", 3463),
    (7, 7): ("the message was changed on its way", 3463),
    (7, 8): ("the user name, password or token is wrong", 4954),
    (7, 9): ("this way of signing in is too weak", 4954),
    (7, 10): ("encryption is required", 5248),
    (7, 11): ("this way of signing in requires encryption", 4954),
    (7, 12): ("the password has to be changed or entered anew first", 4954),
    (7, 13): ("the account is disabled", 5248),
    (7, 14): ("the server and the client must trust each other first", 5248),
    (7, 15): ("the priority is too low", 6710),
    (7, 16): ("the message is too large for its priority", 6710),
    (7, 17): ("the mailbox has another owner than the sender believes", 7293),
    (7, 18): ("the domain has another owner than the sender believes", 7293),
    (7, 19): ("whether the owner is still the same cannot be told", 7293),
    (7, 20): ("no DKIM signature passed", 7372),
    (7, 21): ("no DKIM signature that passed is accepted here", 7372),
    (7, 22): ("no DKIM signature of the author's domain passed", 7372),
    (7, 23): ("SPF failed", 7372),
    (7, 24): ("SPF could not be evaluated", 7372),
    (7, 25): ("the reverse name of the sending address is missing or not confirmed", 7372),
    (7, 26): ("several authentication checks failed", 7372),
    (7, 27): ("the sender's domain declares that it takes no mail (null MX)", 7505),
    (7, 28): ("too much mail, a flood", 0),
    (7, 29): ("the ARC chain is broken", 8617),
    (7, 30): ("REQUIRETLS was asked for and is not supported", 8689),
}

"""Reply codes (RFC 5321 §4.2): what the three digits mean, and after which command."""

from __future__ import annotations

# After a command a code may mean more than it does alone.
_AFTER = {
    (220, "STARTTLS"): "ready for TLS",  # RFC 3207 §4
    (250, "."): "accepted: the server now answers for it",  # RFC 5321 §4.2.5
    (250, "RCPT"): "the recipient is taken, which does not prove that the mailbox exists",  # RFC 5321 §3.3
    (250, "MAIL"): "the sender is taken",
    (250, "RSET"): "the transaction is given up",
    (250, "VRFY"): "the mailbox is known",
    (552, "RCPT"): "too many recipients: to be read as 452",  # RFC 5321 §4.5.3.1.10
    (552, "."): "the message is too large, or the mailbox is full",
    (554, ""): "no SMTP service for this client",  # RFC 5321 §3.1: as the greeting
    (554, "."): "the message is refused",
}
_MEANINGS = {
    211: "status",
    214: "help",
    220: "ready",
    221: "closed in good order",
    235: "signed in",  # RFC 4954 §6
    250: "done",
    251: "the recipient is elsewhere; it will be forwarded",
    252: "cannot say whether the mailbox exists, will try",
    334: "asks for the next step of the sign-in",  # RFC 4954 §4
    354: "send the message",
    421: "closes the connection: try again later",
    422: "the mailbox is full",
    431: "out of storage",
    432: "the password has to be changed first",  # RFC 4954 §4.7.12
    441: "the host does not answer",
    450: "the mailbox cannot be reached now",
    451: "an error in the server's processing",
    452: "out of storage, or too many recipients",
    454: "not available now",  # RFC 3207 §4, RFC 4954 §4
    455: "the server cannot take these parameters now",
    500: "the command is not known",
    501: "a parameter is wrong",
    502: "the command is not implemented",
    503: "the commands came in the wrong order",
    504: "the parameter is not implemented",
    521: "this host takes no mail",  # RFC 7504 §3
    523: "encryption is required",
    524: "the password has to be changed first",
    525: "the account is disabled",
    530: "sign in, or start TLS, first",  # RFC 3207 §4, RFC 4954 §6
    534: "this way of signing in is too weak",
    535: "the sign-in failed",
    538: "this way of signing in needs TLS",
    550: "refused: no such mailbox, or policy",
    551: "the recipient is elsewhere, and it is not forwarded",
    552: "over a limit of storage or size",
    553: "the mailbox name is not allowed",
    554: "failed",
    555: "the parameters of MAIL or RCPT are not known",
    556: "the domain takes no mail",  # RFC 7504 §4
}
_CLASSES = {
    2: "done",
    3: "wants more",
    4: "failed for now: try again later",
    5: "failed for good",
}


def meaning(code: int, *, after: str = "-") -> str:
    """What the code means, in words.

    ``after`` is the verb that it answers: empty for the greeting, ``.`` for a message's end.
    """
    return _AFTER.get((code, after)) or _MEANINGS.get(code) or _CLASSES.get(code // 100, "no reply code")

"""Extensions by their keywords, as EHLO names them (RFC 5321 §2.2), and which one a text looks for in its answer."""

from __future__ import annotations

from deliverkit.regexes import regex
from deliverkit.tuples import NamedTuple

# IANA, SMTP Service Extensions
REGISTERED = frozenset({
    "8BITMIME", "ATRN", "AUTH", "BINARYMIME", "BURL", "CHECKPOINT", "CHUNKING", "CONNEG", "CONPERM",
    "DELIVERBY", "DSN", "ENHANCEDSTATUSCODES", "ETRN", "EXPN", "FUTURERELEASE", "HELP", "LIMITS",
    "MT-PRIORITY", "MTRK", "NO-SOLICITING", "ONEX", "PIPELINING", "REQUIRETLS", "RRVS", "SAML",
    "SEND", "SIZE", "SMTPUTF8", "SOML", "STARTTLS", "SUBMITTER", "TURN", "UTF8SMTP", "VERB", "VRFY",
})  # fmt: skip
_KEYWORD = regex(r"[A-Za-z0-9][A-Za-z0-9-]*")  # RFC 5321 §4.1.1.1
_BETWEEN = regex(
    r"\( \|\$\)|\[ ?=? ?\]|\\s|\.\*|[ =+]"
)  # how patterns say that a parameter, or the line's end, follows


class Extension(NamedTuple):
    """An extension, with its parameter where one is meant: ``AUTH PLAIN``."""

    keyword: str
    parameter: str = ""

    def __str__(self) -> str:
        return f"{self.keyword} {self.parameter}".rstrip()


def looked_for(text: str) -> Extension | None:
    """The extension that a pattern or a text looks for: ``^SIZE( |$)``, ``AUTH PLAIN``; None: something else."""
    words = _BETWEEN.sub(" ", text.removeprefix("^").removesuffix("$")).split()
    if not 1 <= len(words) <= 2 or not all(map(_KEYWORD.fullmatch, words)):
        return None
    is_one = words[0].upper() in REGISTERED or (text.startswith("^") and words[0].isupper())
    return Extension(*(word.upper() for word in words)) if is_one else None

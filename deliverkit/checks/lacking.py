"""What a host does not offer that a shipped script asks for, what needs it, and what does without."""

from __future__ import annotations

from typing import NamedTuple

from deliverkit.observations.smtp import Unmet


class Lacking(NamedTuple):
    """An extension that is not there: the clause on the host, and what is to be done."""

    does: str
    fix: str


_NEEDED_BY = {
    "8BITMIME": (  # RFC 6152 §3
        "octets beyond ASCII in a message need",
        "send a message of ASCII: what --body, --html and --attach make is encoded; or have the host offer it",
    ),
    "SMTPUTF8": (  # RFC 6531 §3.1
        "addresses and headers beyond ASCII need",
        "use addresses of ASCII, and encoded words in headers; or have the host offer it (smtputf8_enable = yes)",
    ),
    "DSN": ("--dsn needs", "leave --dsn out, or have the host offer it"),  # RFC 3461 §4
    "PIPELINING": ("--pipelining needs", "leave --pipelining out, or have the host offer it"),  # RFC 2920 §3.1
    "CHUNKING": ("--chunking needs", "leave --chunking out, or have the host offer it"),  # RFC 3030 §2
}


def lacking(unmet: Unmet) -> Lacking | None:
    """The extension that the host did not name when the script asked for it once more; None: it was asked for nothing.

    The shipped scripts do so before MAIL, so that nothing is sent that the host cannot take.
    """
    keyword = unmet.wanted.removeprefix("250 /^").removesuffix("$/")
    if keyword not in _NEEDED_BY or not unmet.got.startswith("250"):
        return None
    needs, fix = _NEEDED_BY[keyword]
    return Lacking(f"does not offer {keyword}, which {needs}", fix)

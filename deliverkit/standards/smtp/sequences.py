"""Which replies each command has where all goes well (RFC 5321 §4.3.2)."""

from __future__ import annotations

from types import MappingProxyType

GOOD = MappingProxyType(
    {
        "": frozenset({220}),  # the greeting
        "EHLO": frozenset({250}),
        "HELO": frozenset({250}),
        "LHLO": frozenset({250}),  # RFC 2033 §4.1
        "STARTTLS": frozenset({220}),  # RFC 3207 §4
        "AUTH": frozenset({235, 334}),  # RFC 4954 §4
        "MAIL": frozenset({250}),
        "RCPT": frozenset({250, 251}),
        "DATA": frozenset({354}),
        "BDAT": frozenset({250}),  # RFC 3030 §2
        ".": frozenset({250}),  # a message's end
        "RSET": frozenset({250}),
        "NOOP": frozenset({250}),
        "VRFY": frozenset({250, 251, 252}),
        "EXPN": frozenset({250, 252}),
        "HELP": frozenset({211, 214}),
        "QUIT": frozenset({221}),
    }
)

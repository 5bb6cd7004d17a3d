"""The extensions that a server names in its answer to EHLO (RFC 5321 §4.1.1.1)."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from functools import lru_cache
from types import MappingProxyType

from deliverkit.regexes import regex
from deliverkit.standards.smtp.reply import Reply

_KEYWORD = regex(r"[A-Za-z0-9][A-Za-z0-9-]*(?=[ =]|$)", re.ASCII)
_USUAL = 1024  # characters of an answer that is kept to be read once


def parse_extensions(reply: Reply) -> Mapping[str, str]:
    """Each keyword, in upper case, with its parameters; nothing of the first line, which greets.

    ``AUTH=LOGIN``, the form before RFC 4954, is read as ``AUTH LOGIN``; of a keyword named twice the
    parameters are joined.
    """
    offered = reply.text[1:] if reply.severity == 2 else ()
    return _parse_usual(offered) if len(offered) < 32 and sum(map(len, offered)) <= _USUAL else _parse(offered)


@lru_cache(maxsize=128)
def _parse_usual(offered: tuple[str, ...]) -> Mapping[str, str]:
    """A short answer, which a host gives again and again."""
    return MappingProxyType(_parse(offered))


def _parse(offered: Sequence[str]) -> dict[str, str]:
    found: dict[str, str] = {}
    for line in offered:
        keyword = _KEYWORD.match(line)
        if keyword:
            name, rest = keyword[0].upper(), line[keyword.end() :].strip(" =")
            found[name] = " ".join(dict.fromkeys(f"{found.get(name, '')} {rest}".split()))
    return found

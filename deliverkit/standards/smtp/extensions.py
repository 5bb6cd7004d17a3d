"""The extensions that a server names in its answer to EHLO (RFC 5321 §4.1.1.1)."""

from __future__ import annotations

import re

from deliverkit.standards.smtp.reply import Reply

_KEYWORD = re.compile(r"[A-Za-z0-9][A-Za-z0-9-]*(?=[ =]|$)", re.ASCII)


def parse_extensions(reply: Reply) -> dict[str, str]:
    """Each keyword, in upper case, with its parameters; nothing of the first line, which greets.

    ``AUTH=LOGIN``, the form before RFC 4954, is read as ``AUTH LOGIN``; of a keyword named twice the
    parameters are joined.
    """
    found: dict[str, str] = {}
    for line in reply.text[1:] if reply.severity == 2 else ():
        keyword = _KEYWORD.match(line)
        if keyword:
            name, rest = keyword[0].upper(), line[keyword.end() :].strip(" =")
            found[name] = " ".join(dict.fromkeys(f"{found.get(name, '')} {rest}".split()))
    return found

"""A reply out of a text that somebody pasted, and the host that the text says it came from."""

from __future__ import annotations

import re

from deliverkit.knowledge.parties import domain_or_none
from deliverkit.regexes import regex
from deliverkit.standards.smtp.enhanced_status import find_enhanced_status
from deliverkit.standards.smtp.reply import Reply, parse_reply

MOST_CHARACTERS = 8192  # of a pasted reply
_CODE = regex(r"(?<![\d.])([2-5]\d\d)(?=[ \t-]|$)", re.ASCII)
_CODE_AND_ENHANCED = regex(r"(?<![\d.])([245]\d\d)[ -]#?(?=[245]\.\d{1,3}\.\d)", re.ASCII)
# What stands before a reply in logs and bounces: Postfix (relay=HOST[ADDRESS], host HOST[ADDRESS] said), Exim (H=HOST
# [ADDRESS], host HOST [ADDRESS]), reports (RFC 3464 §2.3.5), Sendmail (while talking to HOST.:), Exchange's bounces.
_HOST = regex(
    r"(?:\brelay=|\bhost |\bH=|\bRemote-MTA: ?(?:dns|smtp); ?|\bwhile talking to )([a-z0-9][a-z0-9._-]{1,253})"
    r"|(?<![^\s(])([a-z0-9][a-z0-9._-]{1,253})(?: ?\[[0-9a-f:.]{2,45}\](?::\d{1,5})? said:| gave this error"
    r"| rejected your)",
    re.IGNORECASE | re.ASCII,
)


def parse_pasted(text: str) -> Reply | None:
    """The reply in a text that somebody pasted: alone, out of a log, or out of a bounce; None: there is none."""
    flat = _flat(text)
    found = _first_code(flat)
    if found is None:
        status = find_enhanced_status(flat)
        return Reply(0, (flat,), str(status)) if status else None
    *going_on, last = _lines(flat[found.start() :], found[1])
    said = [*(f"{found[1]}-{line}" for line in going_on), f"{found[1]} {last}"]
    return parse_reply([f"{line}\r\n".encode() for line in said])


def _lines(said: str, code: str) -> list[str]:
    """The lines' texts: each but the last has a hyphen after its code (RFC 5321 §4.2.1).

    What follows the last may hold the code again: a reply that quotes another.
    """
    lines = [""]
    for piece in re.split(rf"(?:^|(?<=\s)){code}(?=[ -])", said)[1:] or [said[len(code) :]]:
        is_over = len(lines) > 1 and lines[-1].startswith(" ")
        if is_over:
            lines[-1] += f"{code}{piece}"
        else:
            lines.append(piece)
    return [line[1:].removeprefix("#").strip() for line in lines[1:]]


def host_in(text: str) -> str:
    """The host that said the reply, as what stands before it tells; empty: it does not.

    Behind its code a reply may hold whatever its host likes, so nothing there is believed.
    """
    flat = _flat(text)
    found = _first_code(flat)
    before = flat[: found.start()] if found else ""
    names = [domain_or_none((one[1] or one[2]).rstrip(".")) for one in _HOST.finditer(before)]
    return next((name for name in reversed(names) if "." in name), "")


def _flat(text: str) -> str:
    return " ".join(text[:MOST_CHARACTERS].split())


def _first_code(flat: str) -> re.Match[str] | None:
    return _CODE_AND_ENHANCED.search(flat) or _CODE.search(flat)

"""Where reports go: the lists of URIs in ``rua`` and ``ruf`` (RFC 9989 §4.7)."""

from __future__ import annotations

import re
from urllib.parse import unquote

from deliverkit.classes import Frozen
from deliverkit.model import Span
from deliverkit.regexes import regex
from deliverkit.standards.names import is_host_name

_SCHEME = regex(r"[A-Za-z][A-Za-z0-9+.-]*", re.ASCII)
_SIZE = regex(r"!(\d{1,19}[kmgt]?)", re.IGNORECASE | re.ASCII)  # RFC 7489 §6.4; more no counter holds
_FORBIDDEN = regex(r"[^!-~]|[<>\"\\^`{|}]")  # RFC 3986 §2: what a URI may hold in no place
_LOCAL = regex(r"[^\s@\"():;<>\[\\\]]+")  # RFC 5321 §4.1.2, without the quoted form
_SPACE = " \t\r\n"


class ReportAddress(Frozen):
    """One URI: where it stands, the host that gets the report, an obsolete limit of size, and what is wrong."""

    text: str
    span: Span
    domain: str
    size: str = ""
    reason: str = ""

    @property
    def is_valid(self) -> bool:
        """Whether a report could be sent there."""
        return not self.reason


def parse_addresses(value: str, start: int) -> tuple[ReportAddress, ...]:
    """The addresses of a tag's value, which stands at ``start``; never raises."""
    found = []
    for part in value.split(","):
        text = part.strip(_SPACE)
        left = start + len(part) - len(part.lstrip(_SPACE)) if text else start
        found.append(_parse_address(text, Span(left, left + len(text))))
        start += len(part) + 1
    return tuple(found)


def _parse_address(text: str, span: Span) -> ReportAddress:
    uri, mark, rest = text.rpartition("!")
    if mark:
        size = _SIZE.fullmatch(mark + rest)
        if size is None:  # RFC 9989 §4.7: an exclamation mark inside a URI is percent-encoded
            return ReportAddress(text, span, "", reason="holds an exclamation mark, which a URI must spell %21")
        return _parse_uri(uri, span, size[1])
    return _parse_uri(text, span, "")


def _parse_uri(uri: str, span: Span, size: str) -> ReportAddress:
    scheme, colon, rest = uri.partition(":")
    domain, reason = "", ""
    if not uri:
        reason = "is empty"
    elif not colon or not _SCHEME.fullmatch(scheme):
        reason = f"is no URI: {'mailto: is missing before it' if '@' in uri else 'it has no scheme such as mailto:'}"
    elif _FORBIDDEN.search(uri) or "!" in uri:
        reason = "holds a character that a URI must percent-encode"
    elif scheme.lower() != "mailto":  # RFC 9990 §3.5: mail is the one way that is defined
        reason = f"has the scheme {scheme}, and reports are sent to mailto: alone"
    else:
        domain, reason = parse_mailbox(unquote(rest.partition("?")[0]))
    return ReportAddress(uri, span, domain, size, reason)


def parse_mailbox(mailbox: str) -> tuple[str, str]:
    """The mailbox's domain, and what is wrong with it."""
    local, at, domain = mailbox.rpartition("@")
    name = domain.lower().removesuffix(".")
    if not at or not _LOCAL.fullmatch(local):
        return "", "holds no e-mail address"
    if not is_host_name(name):
        return "", f"names no mail domain: {domain!r}"
    return name, ""

"""TLS-RPT: a domain says where senders report that TLS to its exchangers failed (RFC 8460 §3)."""

from __future__ import annotations

import re
from collections.abc import Iterator
from urllib.parse import unquote, urlsplit

from deliverkit.classes import Frozen
from deliverkit.model import Span
from deliverkit.regexes import regex
from deliverkit.standards.dmarc.addresses import parse_mailbox
from deliverkit.standards.fields import Defect, Field, FieldList, parse_fields
from deliverkit.standards.names import is_host_name

VERSION = "v=TLSRPTv1"
_MEANT = regex(r"\s*\"?\s*v\s*=\s*tlsrpt", re.IGNORECASE)
_FORBIDDEN = regex(r"[^!-~]|[<>\"\\^`{|}!]|%(?![0-9A-Fa-f]{2})")  # RFC 3986 §2; RFC 8460 §3: ! is encoded
_SPACE = " \t"


class ReportUri(Frozen):
    """One URI for reports: where it stands, the host that gets them, and what is wrong with it."""

    text: str
    span: Span
    host: str
    reason: str = ""


class TlsRptRecord(Frozen):
    """A record as it was read; ``uris`` are those of the first ``rua``, the bad ones among them."""

    text: str
    is_record: bool
    uris: tuple[ReportUri, ...]
    defects: tuple[Defect, ...]

    @property
    def is_valid(self) -> bool:
        """Whether senders use it as it stands."""
        return not self.defects and not any(uri.reason for uri in self.uris)


def parse_record(text: str) -> TlsRptRecord:
    """The record; never raises, also where it is none."""
    fields = parse_fields(text, VERSION, "rua")
    about_rua = tuple(_rua_defects(fields)) if fields.has_version else ()
    found = fields.get("rua")
    return TlsRptRecord(
        text=text,
        is_record=fields.has_version,
        uris=tuple(_uris(found)) if found and found.value else (),
        defects=(*fields.defects, *about_rua),
    )


def looks_like_tlsrpt(text: str) -> bool:
    """Whether somebody meant it to be a TLS-RPT record, however it is spelt."""
    return _MEANT.match(text) is not None


def _rua_defects(fields: FieldList) -> Iterator[Defect]:
    found = fields.get("rua")
    if found is None:
        yield Defect(Span(0, len(VERSION)), "rua is missing", "rua")
    elif not found.value:
        yield Defect(found.span, "rua is empty", "rua")


def _uris(field: Field) -> Iterator[ReportUri]:
    start = field.value_span.start
    for part in field.value.split(","):  # RFC 8460 §3: a comma inside a URI is percent-encoded
        text = part.strip(_SPACE)
        left = start + len(part) - len(part.lstrip(_SPACE)) if text else start
        yield _uri(text, Span(left, left + len(text)))
        start += len(part) + 1


def _uri(text: str, span: Span) -> ReportUri:
    scheme, colon, rest = text.partition(":")
    host, reason = "", ""
    if not text:
        reason = "is empty"
    elif not colon:
        reason = "is no URI: it has no scheme such as mailto:"
    elif _FORBIDDEN.search(text):
        reason = "holds a character that a URI must percent-encode"
    elif scheme.lower() == "mailto":
        host, reason = parse_mailbox(unquote(rest.partition("?")[0]))
    elif scheme.lower() == "https":
        host, reason = _host(text)
    else:
        reason = f"has the scheme {scheme}, and reports go to mailto: and https: alone"
    return ReportUri(text, span, host, reason)


def _host(text: str) -> tuple[str, str]:
    try:
        host = (urlsplit(text).hostname or "").removesuffix(".")
    except ValueError:
        host = ""
    return (host, "") if is_host_name(host) else ("", "names no host")

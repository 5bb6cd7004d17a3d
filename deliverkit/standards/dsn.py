"""Delivery status notifications (RFC 3464, RFC 6533): what became of a message, told to its sender by mail.

A multipart/report holds a text for people, a part of fields for machines, and the message or its header. The fields
come in groups: the first is about the message, each further one about a recipient. A bounce that is none of these is
told as none; nothing is guessed from its text.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from datetime import datetime
from typing import NamedTuple

from deliverkit.classes import Frozen
from deliverkit.model import Span
from deliverkit.standards.date_time import parse_date_time
from deliverkit.standards.header import HeaderField, SplitMessage, split_message
from deliverkit.standards.mime import Entity, parse_entity
from deliverkit.standards.smtp.enhanced_status import EnhancedStatus, find_enhanced_status
from deliverkit.standards.structured import MOST_CHARACTERS, without_comments

MOST_GROUPS = 1_000
MOST_OCTETS = 1_000_000  # of the fields for machines
ACTIONS = ("failed", "delayed", "delivered", "relayed", "expanded")  # RFC 3464 §2.3.3
_STATUS_TYPES = ("message/delivery-status", "message/global-delivery-status")  # RFC 3464 §2.1, RFC 6533 §3
_MESSAGE_TYPES = ("message/rfc822", "message/global")  # RFC 6522 §3, RFC 6533 §6
_HEADER_TYPES = ("text/rfc822-headers", "message/rfc822-headers", "message/global-headers")
_OF_RECIPIENTS = ("final-recipient", "original-recipient", "action")
_BETWEEN_GROUPS = re.compile(rb"\r?\n(?:[ \t]*+\r?\n)++")
_ESCAPE = re.compile(r"\\x\{([0-9A-Fa-f]{2,6})\}", re.ASCII)  # RFC 6533 §3


class Typed(NamedTuple):
    """A value, the kind that stands before it in lower case (rfc822, dns, smtp), and its place in the field's body."""

    kind: str = ""
    value: str = ""
    span: Span = Span(0, 0)


class RecipientStatus(Frozen):
    """What became of the message for one recipient; what its group does not hold is empty.

    ``action`` is one of `ACTIONS`, or empty; ``status`` is that of the field Status.
    """

    fields: tuple[HeaderField, ...]
    final_recipient: Typed
    original_recipient: Typed
    action: str
    status: EnhancedStatus | None
    remote_mta: Typed
    diagnostic: Typed
    will_retry_until: datetime | None
    last_attempt: datetime | None

    @property
    def enhanced(self) -> EnhancedStatus | None:
        """The code of the reply, which the host that refused gave; else what the reporting host made of it."""
        said = find_enhanced_status(self.diagnostic.value) if self.diagnostic.kind == "smtp" else None
        return said or self.status

    @property
    def address(self) -> str:
        """The recipient as the sender wrote it, where that is told; else as the reporting host had it."""
        return self.original_recipient.value or self.final_recipient.value


class Returned(NamedTuple):
    """What came back of the message: its octets, all of them or the header's alone."""

    octets: bytes
    is_whole: bool

    @property
    def fields(self) -> tuple[HeaderField, ...]:
        """Its header fields."""
        return split_message(self.octets).fields


class DeliveryStatus(Frozen):
    """A notification. ``auto_submitted`` is the keyword of RFC 3834, or empty; ``defects`` are clauses about it."""

    fields: tuple[HeaderField, ...]
    reporting_mta: Typed
    received_from: Typed
    envelope_id: str
    arrival: datetime | None
    recipients: tuple[RecipientStatus, ...]
    returned: Returned | None
    auto_submitted: str
    defects: tuple[str, ...]


def parse_dsn(message: bytes) -> DeliveryStatus | None:
    """The notification that the message is; never raises. None: it is none, though it may still be a bounce."""
    whole = parse_entity(message)
    parts = whole.parts
    place = next((index for index, part in enumerate(parts) if part.media_type in _STATUS_TYPES), None)
    if place is None:
        return None
    groups = _groups(parts[place].content)
    about = SplitMessage(groups[0], b"")
    recipients = tuple(_recipient(group) for group in groups if _is_recipients(group))
    return DeliveryStatus(
        fields=about.fields,
        reporting_mta=parse_typed(about.get("Reporting-MTA")),  # RFC 3464 §2.2.2
        received_from=parse_typed(about.get("Received-From-MTA")),
        envelope_id=about.get("Original-Envelope-Id"),  # RFC 3464 §2.2.1: ENVID of RFC 3461
        arrival=parse_date_time(about.get("Arrival-Date")),
        recipients=recipients,
        returned=_returned(parts[place + 1 :]),
        auto_submitted=parse_auto_submitted(SplitMessage(whole.fields, b"").get("Auto-Submitted")),
        defects=_defects(whole, recipients),
    )


def parse_auto_submitted(text: str) -> str:
    """The keyword of an Auto-Submitted field in lower case: ``no`` where a person sent it (RFC 3834 §5)."""
    return _keyword(text)


def _keyword(text: str) -> str:
    return without_comments(text[:MOST_CHARACTERS]).text.partition(";")[0].strip().lower()


def parse_typed(text: str) -> Typed:
    """Kind and value (RFC 3464 §2.1.2); a value without a semicolon has no kind."""
    kind, semicolon, value = text.partition(";") if ";" in text else ("", "", text)
    start = len(kind) + len(semicolon) + len(value) - len(value.lstrip())
    bare, kind = value.strip(), kind.strip().lower()
    span = Span(start, start + len(bare))
    return Typed(kind, _ESCAPE.sub(_character, bare) if kind == "utf-8" else bare, span)


def _character(found: re.Match[str]) -> str:
    number = int(found[1], 16)
    is_fit = number <= 0x10FFFF and not 0xD800 <= number <= 0xDFFF
    return chr(number) if is_fit else found[0]


def _groups(content: bytes) -> Sequence[tuple[HeaderField, ...]]:
    """The groups of fields, of which there is at least an empty one (RFC 3464 §2.1)."""
    texts = _BETWEEN_GROUPS.split(content[:MOST_OCTETS].lstrip(b"\r\n"), maxsplit=MOST_GROUPS)[:MOST_GROUPS]
    return [fields for text in texts if (fields := split_message(text).fields)] or [()]


def _is_recipients(group: tuple[HeaderField, ...]) -> bool:
    """Whether it is about a recipient; the first may be, of a host that leaves the empty line out."""
    return any(field.name.lower() in _OF_RECIPIENTS for field in group)


def _recipient(group: tuple[HeaderField, ...]) -> RecipientStatus:
    about = SplitMessage(group, b"")
    action = _keyword(about.get("Action"))
    return RecipientStatus(
        fields=group,
        final_recipient=parse_typed(about.get("Final-Recipient")),  # RFC 3464 §2.3.2
        original_recipient=parse_typed(about.get("Original-Recipient")),  # RFC 3464 §2.3.1: ORCPT of RFC 3461
        action=action if action in ACTIONS else "",
        status=find_enhanced_status(about.get("Status")[:64]),  # RFC 3464 §2.3.4
        remote_mta=parse_typed(about.get("Remote-MTA")),
        diagnostic=parse_typed(about.get("Diagnostic-Code")),
        will_retry_until=parse_date_time(about.get("Will-Retry-Until")),
        last_attempt=parse_date_time(about.get("Last-Attempt-Date")),
    )


def _returned(parts: Sequence[Entity]) -> Returned | None:
    for part in parts:
        if part.media_type in (*_MESSAGE_TYPES, *_HEADER_TYPES):
            return Returned(part.content, part.media_type in _MESSAGE_TYPES)
    return None


def _defects(whole: Entity, recipients: Sequence[RecipientStatus]) -> tuple[str, ...]:
    is_report = whole.media_type == "multipart/report"
    kind = whole.parameters.get("report-type", "").lower()
    clauses = {
        "its media type is not multipart/report": not is_report,  # RFC 3464 §2
        "its report-type is not delivery-status": is_report and kind != "delivery-status",
        "it tells of no recipient": not recipients,  # RFC 3464 §2.1
    }
    return tuple(clause for clause, is_so in clauses.items() if is_so)

"""The TXT record at ``_mta-sts`` (RFC 8461 §3.1)."""

from __future__ import annotations

import re
from collections.abc import Iterator

from deliverkit.classes import Frozen
from deliverkit.model import Span
from deliverkit.regexes import regex
from deliverkit.standards.fields import Defect, FieldList, parse_fields

VERSION = "v=STSv1"
_ID = regex(r"[A-Za-z0-9]{1,32}", re.ASCII)  # RFC 8461 §3.1
_MEANT = regex(r"\s*\"?\s*v\s*=\s*sts", re.IGNORECASE)


class StsRecord(Frozen):
    """A record as it was read; ``id`` is empty where it has none that is good."""

    text: str
    id: str
    is_record: bool
    defects: tuple[Defect, ...]

    @property
    def is_valid(self) -> bool:
        """Whether senders use it."""
        return not self.defects


def parse_record(text: str) -> StsRecord:
    """The record; never raises, also where it is none."""
    fields = parse_fields(text, VERSION, "id")
    about_id = tuple(_id_defects(fields)) if fields.has_version else ()
    found = fields.get("id")
    # a repeated id counts by its first
    return StsRecord(
        text=text,
        id=found.value if found and not about_id else "",
        is_record=fields.has_version,
        defects=(*fields.defects, *about_id),
    )


def looks_like_sts(text: str) -> bool:
    """Whether somebody meant it to be an MTA-STS record, however it is spelt."""
    return _MEANT.match(text) is not None


def _id_defects(fields: FieldList) -> Iterator[Defect]:
    found = fields.get("id")
    if found is None:
        yield Defect(Span(0, len(VERSION)), "id is missing", "id")
    elif not found.value:
        yield Defect(found.span, "id is empty", "id")
    elif len(found.value) > 32:
        yield Defect(found.value_span, "id has more than 32 characters", "id")
    elif not _ID.fullmatch(found.value):
        yield Defect(found.value_span, "id holds something else than letters and digits", "id")

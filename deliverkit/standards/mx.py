"""MX records: parsing, and the order in which a sender tries the exchangers.

An MX record (RFC 1035 §3.3.9) names an exchange, a host that takes mail for the domain, and a preference:
the lowest is tried first, equal ones are shared at random (RFC 5321 §5.1). A single record ``0 .`` is a
null MX and says that the domain takes no mail at all (RFC 7505).
"""

from __future__ import annotations

import enum
import re
from collections.abc import Iterable
from itertools import groupby

from deliverkit.classes import Frozen
from deliverkit.model import Span
from deliverkit.regexes import regex
from deliverkit.standards.addresses import Address
from deliverkit.standards.names import is_host_name, parse_address

ROOT = "."
MAX_PREFERENCE = 65535
_RECORD = regex(r"\s*(\d{1,5})\s+(\S+)\s*", re.ASCII)


class ExchangeForm(enum.StrEnum):
    """What the exchange of an MX record looks like, before any lookup."""

    HOST_NAME = "host name"
    NULL = "null"
    ADDRESS = "IP address"
    SINGLE_LABEL = "single label"
    NOT_A_HOST_NAME = "not a host name"


class MxRecord(Frozen):
    """A parsed MX record; ``exchange`` is lower case, without the final dot, the root is ``.``."""

    text: str
    preference: int
    exchange: str
    exchange_span: Span

    def __str__(self) -> str:
        return self.text

    @property
    def form(self) -> ExchangeForm:
        """What the exchange looks like."""
        return form_of(self.exchange)


class PreferenceGroup(Frozen):
    """The exchanges that share one preference: a sender picks among them at random."""

    preference: int
    exchanges: tuple[str, ...]


def parse_mx(text: str) -> MxRecord | None:
    """The record that the master-file data says; None where it says none."""
    match = _RECORD.fullmatch(text)
    if match is None or int(match[1]) > MAX_PREFERENCE:
        return None
    exchange = match[2].lower()
    name = exchange if exchange == ROOT else exchange.removesuffix(".")
    return MxRecord(text, int(match[1]), name, Span(*match.span(2)))


def sending_order(records: Iterable[MxRecord]) -> tuple[PreferenceGroup, ...]:
    """The groups of exchanges in the order in which a sender tries them; null MX records are left out.

    An exchange that is named twice keeps its best place.
    """
    best: dict[str, int] = {}
    for record in records:
        if record.exchange != ROOT:
            best[record.exchange] = min(record.preference, best.get(record.exchange, MAX_PREFERENCE))
    ordered = sorted((preference, exchange) for exchange, preference in best.items())  # RFC 5321 §5.1
    return tuple(
        PreferenceGroup(preference, tuple(exchange for _, exchange in members))
        for preference, members in groupby(ordered, key=lambda pair: pair[0])
    )


def is_null_mx(records: Iterable[MxRecord]) -> bool:
    """Whether the records are a null MX (RFC 7505 §3) and nothing else, whatever its preference."""
    return {record.exchange for record in records} == {ROOT}


def address_meant(exchange: str, zone: str) -> Address | None:
    """The IP address that stands where a name should, also where the zone's name was appended to it."""
    return parse_address(exchange.removesuffix(f".{zone}"))


def form_of(exchange: str) -> ExchangeForm:
    """What an exchange looks like."""
    if exchange == ROOT:
        return ExchangeForm.NULL
    if parse_address(exchange) is not None:
        return ExchangeForm.ADDRESS  # RFC 5321 §5.1: an exchange is a domain name
    if not is_host_name(exchange):
        return ExchangeForm.NOT_A_HOST_NAME  # RFC 1123 §2.1
    return ExchangeForm.HOST_NAME if "." in exchange else ExchangeForm.SINGLE_LABEL

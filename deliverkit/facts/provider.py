"""Mail providers."""

from __future__ import annotations

import enum
from datetime import date

from deliverkit.classes import Frozen


class ProviderKind(enum.StrEnum):
    """What a provider does with the mail that it takes."""

    MAILBOX = "mailbox"
    CONSUMER = "consumer mailbox"
    GATEWAY = "gateway"
    FORWARDER = "forwarder"
    RELAY = "relay"


class Provider(Frozen):
    """A mail provider as an exchanger's name shows it. ``is_large``: one name is many machines."""

    name: str
    kind: ProviderKind
    is_large: bool
    source: str
    as_of: date

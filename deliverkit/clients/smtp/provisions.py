"""What a conversation is given beside its script, and what it leaves beside its transcript."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from types import MappingProxyType
from typing import NamedTuple, Protocol

from deliverkit.clients.smtp.tls import NO_CLIENT, ClientCertificate
from deliverkit.observations.smtp import End, Entry, Unmet

PATIENCE = 300.0  # seconds for a reply: RFC 5321 §4.5.3.2
USUAL_PATIENCE = 30.0  # where somebody waits for the answer
LONGEST = 1_800.0  # seconds for a whole script


class Secrets(Protocol):
    """Something that knows passwords and tokens by name."""

    def secret(self, name: str) -> str | None:
        """The secret of that name, or None."""
        ...


class Held(NamedTuple):
    """How a conversation ended, and what was expected in vain, in the order in which it happened.

    ``hidden``: the secrets that were used, and what is shown in their place.
    """

    end: End
    detail: str
    unmet: tuple[Unmet, ...]
    hidden: Mapping[bytes, bytes] = MappingProxyType({})

    def conceal(self, entries: Iterable[Entry]) -> tuple[Entry, ...]:
        """The entries without the secrets that the host said back."""
        from deliverkit.script.rendering import conceal

        return tuple(entry._replace(data=conceal(entry.data, self.hidden)) for entry in entries)


class Provisions(NamedTuple):
    """What a conversation is given beside its script.

    ``messages`` are the files that the script may send, by name; ``patience``: seconds for a reply where the script
    says nothing else; ``longest``: seconds for the whole script. ``client``: the certificate to show to hosts that ask
    for one.
    """

    secrets: Secrets
    messages: Mapping[str, bytes]
    patience: float = PATIENCE
    longest: float = LONGEST
    client: ClientCertificate = NO_CLIENT


class _NoSecrets:
    def secret(self, _: str) -> str | None:
        return None


NOTHING = Provisions(_NoSecrets(), MappingProxyType({}), patience=USUAL_PATIENCE)

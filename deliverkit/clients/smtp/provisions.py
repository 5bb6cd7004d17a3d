"""What a conversation is given beside its script, and what it leaves beside its transcript."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime
from types import MappingProxyType
from typing import Protocol

from deliverkit.classes import Frozen
from deliverkit.observations.smtp import End, Entry, Kind, Transcript, Unmet

PATIENCE = 300.0  # seconds for a reply: RFC 5321 §4.5.3.2
USUAL_PATIENCE = 30.0  # where somebody waits for the answer
LONGEST = 1_800.0  # seconds for a whole script


class Secrets(Protocol):
    """Something that knows passwords and tokens by name."""

    def secret(self, name: str) -> str | None:
        """The secret of that name, or None."""
        ...


class Held(Frozen):
    """How a conversation ended, and what was expected in vain, in the order in which it happened.

    ``hidden``: the secrets that were used, and what is shown in their place.
    """

    end: End
    detail: str
    unmet: tuple[Unmet, ...]
    hidden: Mapping[bytes, bytes] = MappingProxyType({})

    def conceal(self, entries: Sequence[Entry]) -> Sequence[Entry]:
        """The entries without the secrets that the host said back."""
        if not self.hidden:
            return entries
        from deliverkit.script.rendering import SaidBack, conceal

        ways = {Kind.RECEIVED: SaidBack(self.hidden).conceal}
        return tuple(entry.mapped(ways.get(entry.kind, lambda data: conceal(data, self.hidden))) for entry in entries)


class CutOffError(Exception):
    """The run was stopped in the middle of a conversation: what was held of it, and in the end its transcript.

    It is never raised itself, but the cause of what stops the run: ``raise stop from CutOffError(…)``.
    """

    def __init__(self, held: Held) -> None:
        super().__init__()
        self.held = held
        self.transcript: Transcript | None = None


class ClientCertificate(Frozen):
    """The files, as PEM, of a certificate with its chain and of its key; empty: the key stands with it, or none is."""

    certificate: str = ""
    key: str = ""


NO_CLIENT = ClientCertificate()


class Roots(Frozen):
    """Certificates of authorities, as PEM; none: those of this machine. ``name``: the file that they stand in."""

    pem: bytes = b""
    name: str = ""


OF_THIS_MACHINE = Roots()


class Trust(Frozen):
    """Trust in roots at a moment. ``roots``: their certificates as PEM; empty: those of this machine.

    ``name``: the file of roots that was given in place of what is trusted else; empty: none was.
    """

    moment: datetime
    roots: bytes = b""
    name: str = ""


class Provisions(Frozen):
    """What a conversation is given beside its script.

    ``messages`` are the files that the script may send, by name; ``patience``: seconds for a reply where the script
    says nothing else; ``most``: seconds for a reply whatever it says, 0: as it says; ``longest``: seconds for the whole
    script; ``source``: the address to connect from, empty: whichever the system takes. ``client``: the certificate to
    show to hosts that ask for one. ``server_name``: what TLS asks for in place of the host's name, which the host's
    certificate is then to bear; ``roots``: what its chain is to lead to.
    """

    secrets: Secrets
    messages: Mapping[str, bytes]
    patience: float = PATIENCE
    most: float = 0.0
    longest: float = LONGEST
    source: str = ""
    client: ClientCertificate = NO_CLIENT
    server_name: str = ""
    roots: Roots = OF_THIS_MACHINE


class KnownSecrets:
    """Secrets that were given. No text that is made of it holds one."""

    def __init__(self, given: Mapping[str, str]) -> None:
        self._given = dict(given)

    def __repr__(self) -> str:
        return f"KnownSecrets({', '.join(sorted(self._given))})"

    def secret(self, name: str) -> str | None:
        """The secret of that name, or None."""
        return self._given.get(name)


class UsedSecrets:
    """Secrets of which is kept what was used. It knows no conversation: two that know one another are freed late.

    ``hidden``: to which is added each that is used, and what is shown in its place.
    """

    def __init__(self, source: Secrets, hidden: dict[bytes, bytes]) -> None:
        self._source = source
        self._hidden = hidden

    def secret(self, name: str) -> str | None:
        """The secret of that name, or None."""
        found = self._source.secret(name)
        if found:
            from deliverkit.script.rendering import token

            self._hidden[found.encode("utf-8", "surrogateescape")] = token(name)
        return found


NOTHING = Provisions(KnownSecrets({}), MappingProxyType({}), patience=USUAL_PATIENCE)

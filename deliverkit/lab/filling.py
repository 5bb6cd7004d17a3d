"""What is put into a world's records when it starts: digests and keys, which are made only then."""

from __future__ import annotations

import re
from collections.abc import Callable

from deliverkit.classes import replace
from deliverkit.errors import LabError
from deliverkit.lab.authority import Authority
from deliverkit.lab.signing import key_record
from deliverkit.lab.world import World

_SPKI = re.compile(r"\{spki:([\w.-]+)\}")
_DKIM = re.compile(r"\{dkim:([\w.-]+)\}")


def filled(world: World, authority: Authority) -> World:
    """The world with the digest of a server's key in place of ``{spki:NAME}``, key records in place of ``{dkim:NAME}``.

    ``{spki:authority}`` is the key of the authority that signs the servers' certificates.

    Raises:
        LabError: no server has that name.
    """
    kinds = {host.name: host.certificate or "right" for host in world.smtp}  # without TLS: one that it does not show
    names = {host.name: host.names for host in world.smtp}

    def digest(found: re.Match[str]) -> str:
        if found[1] == "authority":
            return authority.own_digest
        if found[1] not in kinds:
            raise LabError(f"world {world.name}: {found[0]} names no smtp server")
        return authority.digest(found[1], kinds[found[1]], names[found[1]])

    def fill(text: str) -> str:
        return _DKIM.sub(lambda found: key_record(found[1]), _SPKI.sub(digest, text))

    return _with_texts(world, fill)


def _with_texts(part: World, fill: Callable[[str], str]) -> World:
    zones = tuple(replace(zone, text=fill(zone.text)) for zone in part.zones)
    base = _with_texts(part.base, fill) if part.base else None
    return replace(part, base=base, remove=tuple(map(fill, part.remove)), add=fill(part.add), zones=zones)

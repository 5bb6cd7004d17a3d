"""Which versions of TLS mail hosts speak."""

from __future__ import annotations

from collections.abc import Mapping
from functools import partial
from typing import TYPE_CHECKING

from deliverkit.clients import Clients
from deliverkit.clients.trace import together
from deliverkit.facts.smtp import Conversation, Conversations
from deliverkit.facts.tls import TlsProtocols
from deliverkit.model import Absent, not_applicable
from deliverkit.probes.smtp import turns_of
from deliverkit.script import parse_script

if TYPE_CHECKING:  # few runs try one after the other
    from deliverkit.facts.tls_version import TlsVersion

_TRYING = """for each mx
< 220
> EHLO {{helo}}
< 250
starttls {version}
> QUIT
<? 221
"""
_AT_ONCE = """for each mx
tls {version}
< 220
> QUIT
<? 221
"""


async def learn_tls_protocols(domain: str, clients: Clients, conversations: Conversations) -> TlsProtocols | Absent:
    """Which versions of TLS each host speaks, where that is wanted: at one address of it, one connection at a time."""
    if not conversations.conversing.has_protocols:
        return not_applicable("the versions of TLS were not asked for")
    first = [next((one for one in found if one.is_secured), None) for _, found in conversations.by_host()]
    variables = dict(conversations.conversing.variables)
    works = [partial(_try_versions, domain, clients, one, variables) for one in first if one is not None]
    return TlsProtocols(tuple(await together(works)))


async def _try_versions(
    domain: str, clients: Clients, one: Conversation, variables: Mapping[str, tuple[str, ...]]
) -> tuple[TlsVersion, ...]:
    """Each version alone, but for the one that was agreed on: at most four connections more."""
    from deliverkit.facts.tls_version import VERSIONS, TlsVersion

    shake = one.transcript.handshake
    agreed = shake.version.removeprefix("TLSv") if shake else ""
    found = {{"1": "1.0"}.get(agreed, agreed): one}
    trying = _AT_ONCE if one.is_implicit_tls else _TRYING
    for version in VERSIONS:
        if version not in found:
            script = parse_script(trying.format(version=version))
            [turn] = turns_of(domain, one.host, script, variables)
            found[version] = Conversation(one.host, await clients.converser.converse(turn.call))
    return tuple(TlsVersion(version, found[version]) for version in VERSIONS)

"""Which versions of TLS mail hosts speak, and which cipher suites they take."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
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

MOST_HELLOS = 100  # connections to a host: with OpenSSL as it comes a host takes 50 suites or more in TLS 1.2
_BEHIND_STARTTLS = """for each mx
< 220
> EHLO {{helo}}
< 250
> STARTTLS
< 220
hello {offer}
close
"""
_AT_ONCE = """for each mx
hello {offer}
close
"""


async def learn_tls_protocols(domain: str, clients: Clients, conversations: Conversations) -> TlsProtocols | Absent:
    """Which versions of TLS each host speaks, and where that is wanted which suites it takes in each of them.

    At one address of it, one connection at a time; no key is agreed on, so nothing hangs on the local TLS library.
    """
    conversing = conversations.conversing
    if not (conversing.has_protocols or conversing.has_ciphers):
        return not_applicable("the versions of TLS were not asked for")
    first = [next((one for one in found if one.is_secured), None) for _, found in conversations.by_host()]
    variables = dict(conversing.variables)
    asking = [_Asking(domain, clients, one, variables) for one in first if one is not None]
    work = _Asking.suites if conversing.has_ciphers else _Asking.versions
    hosts = await together(partial(work, one) for one in asking)
    return TlsProtocols(tuple(map(tuple, hosts)), conversing.has_ciphers)


class _Asking:
    """The asking of one host, in no more than so many conversations."""

    def __init__(
        self, domain: str, clients: Clients, one: Conversation, variables: Mapping[str, tuple[str, ...]]
    ) -> None:
        self._domain = domain
        self._clients = clients
        self._host = one.host
        self._script = _AT_ONCE if one.is_implicit_tls else _BEHIND_STARTTLS
        self._variables = variables
        self._left = MOST_HELLOS

    async def versions(self) -> list[TlsVersion]:
        """Each version alone, the oldest first."""
        from deliverkit.facts.tls_version import TlsVersion
        from deliverkit.standards.tls.suites import VERSIONS

        return [TlsVersion(version, await self._hello(version)) for version in VERSIONS]

    async def suites(self) -> list[TlsVersion]:
        """Each version, and then the suites of those that are spoken; the newest first, in case it becomes too much."""
        found = [await self._all_of(one) for one in reversed(await self.versions())]
        return found[::-1]

    async def _all_of(self, tried: TlsVersion) -> TlsVersion:
        """The version with all its suites: each hello leaves out what those before it had taken."""
        from deliverkit.facts.tls_version import TlsVersion

        version, further, found = tried.version, [tried.conversation], tried
        while found.is_spoken and not found.is_whole and self._left and found.has_more:
            further.append(await self._hello(version, "without", found.suites))
            found = TlsVersion(version, tried.conversation, tuple(further[1:]))
        if len(found.suites) < 2 or not self._left:
            return found
        turned = await self._hello(version, "with", found.suites[::-1])
        return TlsVersion(version, found.conversation, found.further, turned)

    async def _hello(self, version: str, clause: str = "", suites: Sequence[int] = ()) -> Conversation:
        from deliverkit.standards.tls.suites import suite_name

        self._left -= 1
        offer = " ".join(_words(version, clause, map(suite_name, suites)))
        script = parse_script(self._script.format(offer=offer))
        [turn] = turns_of(self._domain, self._host, script, self._variables)
        return Conversation(self._host, await self._clients.converser.converse(turn.call))


def _words(version: str, clause: str, names: Iterable[str]) -> Iterable[str]:
    return (version, clause, *names) if clause else (version,)

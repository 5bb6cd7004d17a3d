"""What the MX area comes to: a sentence for a customer, and the way that a sender goes."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from deliverkit.checks.summing_up import but, failed
from deliverkit.checks.wording import count, listed
from deliverkit.facts import MailHosts, MxLookup, MxSet, ReverseName
from deliverkit.facts.provider import Provider, ProviderKind
from deliverkit.model import Absent, Result, Verdict
from deliverkit.observations import Status
from deliverkit.standards.names import to_readable

NEEDS: tuple[type, ...] = (MxLookup, MxSet, MailHosts)

_FAILURE = {
    Status.TIMEOUT: "did not answer in time",
    Status.UNREACHABLE: "cannot be reached from here",
    Status.REFUSED: "refuses to answer this machine",
    Status.TRUNCATED: "sends answers that are cut short, and does not answer over TCP",
}

# RFC 5321 §5.1 and the practice of senders: what ends the attempt is a 5xx to a command of the transaction.
_MAY_MOVE = "when a host is silent, says 4xx or greets with 5xx (Postfix: two sessions at most)"
_ENDS = "a 5xx to MAIL, RCPT or DATA ends it"


def summarize(facts: Mapping[type, object | Absent], results: Sequence[Result]) -> Verdict:
    """The verdict on how the domain receives mail, from the facts in ``NEEDS`` and the area's results."""
    found, mx, hosts = facts[MxLookup], facts[MxSet], facts[MailHosts]
    if not isinstance(found, MxLookup):
        return Verdict(f"Cannot tell how mail is received: {found.reason if isinstance(found, Absent) else found}.")
    deciding = [result for result in failed(results) if result.check.decides]
    if deciding:
        way = _way(hosts) if isinstance(hosts, MailHosts) and hosts.is_implicit and hosts.hosts[0].addresses else ""
        return Verdict(_sentence(deciding[0].findings[0].message, found.domain), way)
    domain = to_readable(found.domain)
    if found.failure:
        return Verdict(_cannot_tell(domain, found), "Nothing is said about the domain. Another resolver: --resolver IP")
    if isinstance(mx, MxSet) and mx.is_null:
        return Verdict(f"{domain} accepts no mail, and says so (null MX): senders give up at once.")
    if not isinstance(hosts, MailHosts) or not any(host.addresses for host in hosts.hosts):
        return Verdict(_no_address(domain, hosts))
    return Verdict(f"{domain} receives mail{_at(hosts)}{but(results, found.domain) or _traits(hosts)}.", _way(hosts))


def _sentence(clause: str, domain: str) -> str:
    """A finding's clause as a sentence; a domain keeps its small letter."""
    if clause.startswith(domain):
        return f"{to_readable(domain)}{clause.removeprefix(domain)}."
    return f"{clause[0].upper()}{clause[1:]}."


def _cannot_tell(domain: str, found: MxLookup) -> str:
    answer = found.lookup.answer
    why = _FAILURE.get(answer.status, f"answers {answer.status}")
    if found.resolver_fails:
        why = f"says {answer.status}, but fails for an unrelated name too, so its word counts for nothing"
    elif found.lookup.is_withheld:
        why = "withholds the answer"
    if not answer.status.was_asked:
        return f"Cannot tell how {domain} receives mail: its MX is {answer.status}."
    return f"Cannot tell how {domain} receives mail: the resolver {answer.server} {why}."


def _no_address(domain: str, hosts: object) -> str:
    if isinstance(hosts, MailHosts) and not all(host.is_resolved for host in hosts.hosts):
        return f"Cannot tell how {domain} receives mail: the addresses of its exchangers could not be looked up."
    return f"{domain} has no host that takes mail."


def _at(hosts: MailHosts) -> str:
    providers = {host.provider.name: host.provider for host in hosts.hosts if host.provider is not None}
    if not providers or any(host.provider is None for host in hosts.hosts):
        return ""
    return " and".join(_provider_phrase(provider) for provider in providers.values())


def _provider_phrase(provider: Provider) -> str:
    if provider.kind is ProviderKind.GATEWAY:
        return f" through {provider.name}, a gateway (the mailbox behind it is unknown)"
    if provider.kind is ProviderKind.FORWARDER:
        return f" through {provider.name}, which forwards it (the mailbox behind it is unknown)"
    return f" at {provider.name}"


def _traits(hosts: MailHosts) -> str:
    """The number of exchangers, and what every one of them has."""
    if hosts.is_implicit:
        return " at its own address, because it has no MX record"
    versions = [{found.address.version for found in host.addresses} for host in hosts.hosts]
    reverse = [found.reverse for host in hosts.hosts for found in host.addresses]
    traits = [
        phrase
        for phrase, holds in (
            ("IPv4", all(4 in seen for seen in versions)),
            ("IPv6", all(6 in seen for seen in versions)),
            ("a confirmed reverse name", all(isinstance(r, ReverseName) and r.confirmed for r in reverse)),
        )
        if holds
    ]
    number = len(hosts.hosts) + hosts.left_out
    unanswered = hosts.left_out + sum(not host.is_resolved for host in hosts.hosts)
    if unanswered:
        return f": {count(number, 'exchanger')}, of which {unanswered} could not be looked up"
    if not traits:
        return f": {count(number, 'exchanger')}"
    return f": {count(number, 'exchanger')}, {'' if number == 1 else 'every one '}with {listed(traits)}"


def _way(hosts: MailHosts) -> str:
    """What a sender does with these hosts, in words."""
    if hosts.is_implicit:
        return f"Without an MX record a sender tries the domain's own address; {_ENDS}."
    groups = hosts.mx.order
    if len(groups) == 1 and len(groups[0].exchanges) == 1:
        return (
            f"A sender tries its addresses in turn; mail waits at the sender while it is silent or says 4xx; {_ENDS}."
        )
    if len(groups) == 1:
        return f"Senders pick one at random and may try another {_MAY_MOVE}; {_ENDS}."
    shared = any(len(group.exchanges) > 1 for group in groups)
    equal = " Equal numbers share the mail at random." if shared else ""
    return f"A sender tries 1 first and may move down {_MAY_MOVE}; {_ENDS}.{equal}"

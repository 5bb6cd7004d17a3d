"""What a sender experiences on the way to a domain's mail hosts: SMTP, TLS, MTA-STS and DANE in one sentence."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import NamedTuple

from deliverkit.checks.smtp.wording import bounded, doubt
from deliverkit.checks.tls.wording import certificate_fault, verdicts
from deliverkit.checks.wording import listed
from deliverkit.facts.dealings import DaneSenders, StsSenders, pinned_by
from deliverkit.facts.ruling import DEMANDS_NOTHING, Does, Fault, Ruling
from deliverkit.facts.smtp import Conversation, Conversations, WayOut
from deliverkit.facts.smtp_host import SmtpHost
from deliverkit.model import Absent, Outcome, Verdict
from deliverkit.standards.mta_sts.policy import Mode
from deliverkit.standards.smtp.target import SMTP_PORT

AREAS = frozenset({"smtp", "tls", "mta-sts", "tls-rpt", "dane"})  # those that the sentence is about

# RFC 8314 §3.3: whether a client insists on TLS is its own setting, which no policy of MTA-STS or DANE is about
_SUBMITTED = ", and only one that does not insist on TLS can be made to send it in the clear"

Facts = Mapping[type, object | Absent]


class _Sort(NamedTuple):
    """A sort of senders, and what they do at each address that was reached; ``demands``: they insist on something."""

    standard: str
    dealings: Sequence[tuple[Conversation, Ruling]]
    demands: bool

    @property
    def refused(self) -> list[tuple[Conversation, Ruling]]:
        """Where they do not deliver."""
        return [one for one in self.dealings if one[1].does is Does.DEFERS]

    @property
    def is_safe(self) -> bool:
        """Whether they deliver everywhere, and nobody on the way can talk them out of TLS."""
        return self.demands and all(ruling.does is Does.DELIVERS for _, ruling in self.dealings)

    @property
    def doubt(self) -> str:
        """Why it is not known what they do; empty where it is."""
        return next((ruling.reason for _, ruling in self.dealings if ruling.does is Does.CANNOT_TELL), "")


def sum_up(facts: Facts, about: str) -> Verdict:
    """The verdict on the way to ``about``, the worst first, from whatever facts there are."""
    found = facts.get(Conversations)
    if not isinstance(found, Conversations) or not found.held:
        return Verdict(_unspoken(found, about))
    reached = [one for one in found.held if one.is_connected]
    if not reached:
        return Verdict(f"Cannot tell whether mail to {about} is encrypted on its way: {_unreached(found, facts)}.")
    sorts = list(_sorts(facts))
    pinned = pinned_by(facts.get(DaneSenders))
    bare = [one for one in reached if verdicts(one).advertised.is_good is False]
    lacking = _lacking(bare, reached, sorts, about)
    first = [lacking] if lacking else [*_refusing(sorts, about, pinned), *_in_the_clear(bare, reached, sorts, about)]
    clauses = [*first, *_carried(reached, bare, sorts, about), *_doubtful(reached, sorts, pinned)]
    lost = list(dict.fromkeys(one.host.name or one.host.endpoint for one in found.held if one not in reached))
    rest = f" ({listed(lost)} {'was' if len(lost) == 1 else 'were'} not reached at every address)" if lost else ""
    sentence = "; ".join(clauses)
    return Verdict(f"{sentence[:1].upper()}{sentence[1:]}{rest}.")


def _unspoken(found: object, about: str) -> str:
    if isinstance(found, Absent) and found.outcome is Outcome.NOT_APPLICABLE:
        return f"Nothing is to be protected on its way: {found.reason}."
    if isinstance(found, Absent):
        return f"Cannot tell how mail to {about} is protected on its way: {bounded(found.reason)}."
    reasons = found.reasons if isinstance(found, Conversations) else ()
    if not reasons:
        return f"{about} has no mail host, so nothing is to be protected."
    return f"Cannot tell how mail to {about} is protected on its way: {bounded('; '.join(reasons))}."


def _unreached(found: Conversations, facts: Facts) -> str:
    """That nobody was reached, and whether that is this machine's fault."""
    way_out = facts.get(WayOut)
    versions = [version for version in (4, 6) if found.over(version)]
    doubts = [doubt(found, way_out, version) for version in versions] if isinstance(way_out, WayOut) else []
    said = next(filter(None, doubts), "")
    return f"no mail host takes a connection{f', and {said}' if said else ''}"


def _sorts(facts: Facts) -> Iterator[_Sort]:
    """The senders that know a standard of which something is known here."""
    dane, policy = facts.get(DaneSenders), facts.get(StsSenders)
    if isinstance(dane, DaneSenders):
        known = [one for one in dane.dealings if one.conversation.is_connected]
        demands = all(one.outcome is not None for one in known) and not any(
            one.ruling.does in DEMANDS_NOTHING for one in dane.dealings
        )
        yield _Sort("DANE", [(one.conversation, one.ruling) for one in known], demands)
    if isinstance(policy, StsSenders):
        held = [(one.conversation, one.ruling) for one in policy.dealings if one.conversation.is_connected]
        yield _Sort("MTA-STS", held, policy.mode is Mode.ENFORCE)


def _refused_for_tls(sorts: Sequence[_Sort]) -> str:
    """What senders of both sorts do at the same hosts, where TLS is all that they miss there; empty: it is not so."""
    if len(sorts) < 2 or any(ruling.fault is not Fault.TLS for sort in sorts for _, ruling in sort.refused):
        return ""
    first, *others = ({one.host for one, _ in sort.refused} for sort in sorts)
    if not first or any(hosts != first for hosts in others):
        return ""
    refused = sorts[-1].refused
    return f"do not deliver at {_hosts(one for one, _ in refused)} ({bounded(refused[0][1].reason)})"


def _refusing(sorts: Sequence[_Sort], about: str, pinned: frozenset[SmtpHost]) -> Iterator[str]:
    """Whose mail does not arrive, or passes over a host."""
    together = _refused_for_tls(sorts)
    if together:
        yield f"senders that know DANE or MTA-STS {together}"
        return
    for sort in sorts:
        if sort.refused:
            hosts, reason = _hosts(one for one, _ in sort.refused), bounded(sort.refused[0][1].reason)
            is_all = len(sort.refused) == len(sort.dealings)
            what = f"hold mail to {about} back" if is_all else f"do not deliver at {hosts}"
            is_pinned = all(one.host in pinned for one, _ in sort.refused)  # what DANE says goes before MTA-STS
            alone = " and not DANE" if is_pinned and sort.standard == "MTA-STS" else ""
            yield f"senders that know {sort.standard}{alone} {what} ({reason})"


def _lacking(bare: Sequence[Conversation], reached: Sequence[Conversation], sorts: Sequence[_Sort], about: str) -> str:
    """That hosts offer no TLS, and what senders make of that, where those who demand it miss nothing else; or empty."""
    refusing = [sort for sort in sorts if sort.refused]
    missed = {one.host for one in bare}
    if not bare or not refusing:
        return ""
    for sort in refusing:
        is_else = any(ruling.fault is not Fault.TLS for _, ruling in sort.refused)
        if is_else or {one.host for one, _ in sort.refused} != missed:
            return ""
    who = f"senders that know {' or '.join(sort.standard for sort in refusing)}"
    if len(bare) == len(reached):
        return f"no mail host of {about} offers TLS: {who} hold mail back, and other mail travels in the clear"
    it = "them" if len({one.host.name for one in bare}) > 1 else "it"
    return (
        f"at {_hosts(bare)} no TLS is offered: {who} do not deliver there, and other mail to {it} travels in the clear"
    )


def _in_the_clear(
    bare: Sequence[Conversation], reached: Sequence[Conversation], sorts: Sequence[_Sort], about: str
) -> Iterator[str]:
    """That mail travels in the clear to hosts that offer no TLS."""
    others = _others(sorts)
    if bare and len(bare) == len(reached):
        yield f"{others} to {about} travels in the clear, for no mail host offers TLS"
    elif bare:
        yield f"{others} to {about} travels in the clear where it goes to {_hosts(bare)}, which offers no TLS"


def _others(sorts: Sequence[_Sort]) -> str:
    return "other mail" if any(sort.refused for sort in sorts) else "mail"


def _carried(
    reached: Sequence[Conversation], bare: Sequence[Conversation], sorts: Sequence[_Sort], about: str
) -> Iterator[str]:
    """How the mail of all others travels to hosts that offer TLS, or may do so."""
    others = _others(sorts)
    failing = [one for one in reached if one not in bare and verdicts(one).handshake.is_good is False]
    outdated = [one for one in reached if one.is_secured and _is_outdated(one)]
    untold = [one for one in reached if one not in bare and one not in failing and not one.is_secured]
    if failing:
        yield f"at {_hosts(failing)} TLS fails, so that some senders go on in the clear and others give up"
    if outdated:
        yield _told_of_old(outdated)
    if untold:
        yield f"whether {others} to {about} is encrypted at {_hosts(untold)} cannot be told"
    if bare or failing or outdated or untold:
        return
    if all(one.is_implicit_tls for one in reached):
        yield f"what is sent to {about} is encrypted from the first octet on"  # RFC 8314 §3: nothing can be left out
    else:
        kept = _kept(sorts) if any(one.host.port == SMTP_PORT for one in reached) else _SUBMITTED
        yield f"{others} to {about} is encrypted by every sender that can{kept}"


def _is_outdated(one: Conversation) -> bool:
    shake = one.transcript.handshake
    return shake is not None and shake.is_outdated


def _told_of_old(outdated: Sequence[Conversation]) -> str:
    """What senders do there for whom nothing is demanded (RFC 8996 §4, §5)."""
    return f"at {_hosts(outdated)} no TLS is newer than 1.1: senders that refuse that go on in the clear or give up"


def _kept(sorts: Sequence[_Sort]) -> str:
    """Whether somebody on the way can have it sent in the clear."""
    safe = [sort.standard for sort in sorts if sort.is_safe]
    if safe:
        return f", and senders that know {' or '.join(safe)} cannot be made to send it in the clear"
    untold = [sort for sort in sorts if sort.doubt]
    if untold:
        return f", but whether {untold[0].standard} keeps it so cannot be told: {bounded(untold[0].doubt)}"
    if any(sort.refused for sort in sorts):
        return ""
    return ", but somebody on the way can have it sent in the clear unnoticed, for neither DANE nor MTA-STS forbids it"


def _doubtful(reached: Sequence[Conversation], sorts: Iterable[_Sort], pinned: frozenset[SmtpHost]) -> Iterator[str]:
    """The hosts whose certificate satisfies nobody who insists on a good one, as far as that was not said."""
    told = {one.host for sort in sorts for one, _ in sort.refused if sort.standard == "MTA-STS"} | pinned
    bad = [
        one
        for one in reached
        if one.host not in told
        and not one.transcript.asks_for_another
        and False in {verdicts(one).chain.is_good, verdicts(one).name.is_good}
    ]
    if bad:
        why = certificate_fault(bad[0])
        yield f"a sender that insists on a good certificate does not deliver at {_hosts(bad)} ({why})"


def _hosts(found: Iterable[Conversation]) -> str:
    names = list(dict.fromkeys(one.host.name or one.host.endpoint for one in found))
    return listed(names)

"""What the DMARC area comes to: what receivers do with mail that fails, in words that a customer understands."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from deliverkit.checks.summing_up import but, failed
from deliverkit.checks.wording import listed
from deliverkit.facts.dmarc import DmarcDiscovery, ReportDestination, ReportDestinations
from deliverkit.model import Absent, Result, Verdict
from deliverkit.standards.dmarc.effective import Effective, Scope
from deliverkit.standards.dmarc.record import Policy
from deliverkit.standards.names import to_readable

NEEDS: tuple[type, ...] = (DmarcDiscovery, ReportDestinations)

_PHRASES = (
    "Reports go to {}.",
    "No report goes to {}: nothing there says that it is wanted.",
    "No report goes to {}, which cannot take mail.",
    "Whether reports go to {} could not be found out.",
)

_ASKS = {
    Policy.NONE: "asks receivers to deliver mail that fails DMARC all the same",
    Policy.QUARANTINE: "asks receivers to treat mail that fails DMARC as suspicious, as a rule in the spam folder",
    Policy.REJECT: "asks receivers to refuse mail that fails DMARC",
}


def summarize(facts: Mapping[type, object | Absent], results: Sequence[Result]) -> Verdict:
    """The verdict on the domain's policy, from the facts in ``NEEDS`` and the area's results."""
    found, reports = facts[DmarcDiscovery], facts[ReportDestinations]
    if not isinstance(found, DmarcDiscovery):
        reason = found.reason if isinstance(found, Absent) else ""
        return Verdict(f"Cannot tell what happens to mail that fails DMARC: {reason}.")
    domain = to_readable(found.domain)
    policy = found.effective(Scope.DOMAIN).policy
    way = _way(found, reports) if policy is not None else "Receivers apply no DMARC policy to its mail."
    deciding = [result for result in failed(results) if result.check.decides]
    if deciding:
        return Verdict(_sentence(deciding[0].findings[0].message, found.domain), way)
    if policy is None:
        why = (
            "has no DMARC policy that receivers act on" if found.exists else "does not exist, and no DMARC policy holds"
        )
        return Verdict(f"{domain} {why}.")
    return Verdict(f"{domain} {_ASKS[policy]}{_source(found)}{but(results)}.", way)


def _sentence(clause: str, domain: str) -> str:
    """A finding's clause as a sentence; a name keeps its small letter."""
    if clause.startswith(domain):
        return f"{to_readable(domain)}{clause.removeprefix(domain)}."
    return f"{clause if clause.startswith('_') else clause[0].upper() + clause[1:]}."


def _source(found: DmarcDiscovery) -> str:
    tag = found.effective(Scope.DOMAIN)
    word = f"{tag.tag}={_published(found, tag.tag)}" if tag.tag else ""
    lowered = "lowered by t=y" if tag.is_lowered else ""
    above = f"by the record of {found.policy_domain}" if found.is_inherited else ""
    said = ", ".join(part for part in (word, lowered, above) if part)
    return f" ({said})" if said else ""


def _published(found: DmarcDiscovery, tag: str) -> str:
    text = found.published
    return text.record.policies[tag].word if text is not None else ""


def _way(found: DmarcDiscovery, reports: object) -> str:
    """What holds for subdomains, and where reports go."""
    existing, missing = (_word(found.effective(scope)) for scope in (Scope.SUBDOMAIN, Scope.MISSING))
    below = existing if existing == missing else f"{existing} where they exist, {missing} where they do not"
    return f"For subdomains: {below}. {_reports(reports)}"


def _word(effective: Effective) -> str:
    return "no policy" if effective.policy is None else effective.policy.word


def _reports(reports: object) -> str:
    if not isinstance(reports, ReportDestinations) or not reports.destinations:
        return "No report goes anywhere."
    said: dict[str, list[str]] = {}
    phrases = {one.address.domain: _phrase(one) for one in reports.destinations if one.tag == "rua"}
    for domain, phrase in phrases.items():
        said.setdefault(phrase, []).append(domain)
    return " ".join(phrase.format(listed(said[phrase])) for phrase in _PHRASES if phrase in said) or (
        "No aggregate report goes anywhere."
    )


def _phrase(one: ReportDestination) -> str:
    """What to say of the domain of an address."""
    arrives, unwanted, mute, untold = _PHRASES
    leave = one.authorization
    if not one.takes_mail and not one.failures:
        return mute
    if leave is not None and not one.is_authorized and not leave.failure:
        return unwanted
    return arrives if one.takes_mail and (one.is_authorized or leave is None) else untold

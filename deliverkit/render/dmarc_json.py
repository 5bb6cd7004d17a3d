"""The key ``dmarc`` of JSON schema 1, spelt out like all of it."""

from __future__ import annotations

from deliverkit.facts.alignment import AlignedDomains, AlignmentRule, IdentifierKind
from deliverkit.facts.dmarc import DmarcDiscovery, ReportDestination, ReportDestinations
from deliverkit.model import Absent
from deliverkit.report import Report
from deliverkit.standards.dmarc.effective import Effective, Scope

Json = dict[str, object]

_IDENTIFIERS = {IdentifierKind.DKIM: "dkim", IdentifierKind.MAIL_FROM: "mail_from"}
_KEYS = {Scope.DOMAIN: "domain", Scope.SUBDOMAIN: "subdomain", Scope.MISSING: "missing_subdomain"}


def dmarc(report: Report) -> Json | None:
    """What is known of the domain's DMARC policy; null where it is not known, or was not asked for."""
    found, reports = report.fact(DmarcDiscovery), report.fact(ReportDestinations)
    if not isinstance(found, DmarcDiscovery):
        return None
    destinations = reports.destinations if isinstance(reports, ReportDestinations) else ()
    return {
        "organizational_domain": found.walk.organizational_domain,
        "policy_domain": found.policy_domain or None,
        "record": found.published.text if found.published else None,
        "walk": [
            {"name": f"_dmarc.{step.name}", "records": [str(record) for record in step.records]}
            for step in found.walk.steps
        ],
        "policies": {key: _effective(found.effective(scope)) for scope, key in _KEYS.items()},
        "policies_by_rfc7489": {
            key: _effective(older) if (older := found.by_list(scope)) is not None else None
            for scope, key in _KEYS.items()
        },
        "reports": [_destination(one) for one in destinations],
        "alignment": _alignment(report),
    }


def _alignment(report: Report) -> Json | None:
    """What is aligned with From; null where no record applies."""
    aligned = report.fact(AlignedDomains)
    if not isinstance(aligned, AlignedDomains):
        return None
    older = aligned.older
    return {
        **_rule(aligned.rule),
        "by_rfc7489": None if isinstance(older, Absent) else _rule(older),
        "expected": [
            {
                "identifier": _IDENTIFIERS[one.kind],
                "domain": one.domain,
                "aligned": one.is_aligned,
                "aligned_by_rfc7489": one.is_aligned_by_list,
            }
            for one in aligned.expected
        ],
    }


def _rule(rule: AlignmentRule) -> Json:
    return {
        "organizational_domain": rule.organizational_domain,
        "dkim": rule.mode(IdentifierKind.DKIM).name.lower(),
        "mail_from": rule.mode(IdentifierKind.MAIL_FROM).name.lower(),
    }


def _effective(effective: Effective) -> Json:
    return {
        "policy": None if effective.policy is None else effective.policy.word,
        "domain": effective.at or None,
        "tag": effective.tag or None,
        "lowered": effective.is_lowered,
        "percent": effective.percent,
    }


def _destination(one: ReportDestination) -> Json:
    """``authorized`` and ``takes_mail`` are null where that is not known."""
    is_unanswered = one.authorization is not None and bool(one.authorization.failure)
    return {
        "tag": one.tag,
        "uri": one.address.text,
        "domain": one.address.domain,
        "external": one.is_external,
        "authorized": None if is_unanswered and not one.is_authorized else one.is_authorized,
        "takes_mail": None if one.failures and not one.takes_mail else one.takes_mail,
    }

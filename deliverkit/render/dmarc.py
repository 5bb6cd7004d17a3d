"""A domain's DMARC policy as tables: the walk step by step, for whom which policy holds, where reports go."""

from __future__ import annotations

from deliverkit.checks.wording import count
from deliverkit.facts.alignment import AlignedDomains, AlignmentRule, IdentifierKind
from deliverkit.facts.dmarc import DmarcDiscovery, ReportDestination, ReportDestinations
from deliverkit.model import Absent, Outcome
from deliverkit.render.findings import framed
from deliverkit.render.look import Look
from deliverkit.render.tables import Table, lay_out
from deliverkit.render.text import cut_middle, escape
from deliverkit.report import Report
from deliverkit.standards.dmarc.effective import Effective, Scope
from deliverkit.standards.dmarc.record import Alignment
from deliverkit.standards.dmarc.tree_walk import Step

MOST_SHOWN = 800  # characters of a record in the walk

_IDENTIFIERS = {
    IdentifierKind.DKIM: "d= of a DKIM signature",
    IdentifierKind.MAIL_FROM: "domain of MAIL FROM",
}


def render_dmarc(report: Report, look: Look) -> str:
    """The report as the ``dmarc`` command shows it: verdict, tables, findings, figures."""
    return framed(report, look, (lay_out(table, look) for table in tables_of(report)))


def tables_of(report: Report) -> list[Table]:
    """The tables for which there are facts; none where the policy is not known."""
    found, reports = report.fact(DmarcDiscovery), report.fact(ReportDestinations)
    if not isinstance(found, DmarcDiscovery):
        return []
    tables = [_walk(found)]
    if found.published is not None:
        tables.append(_policies(found))
    aligned = report.fact(AlignedDomains)
    if isinstance(aligned, AlignedDomains):
        tables.append(_alignment(aligned))
    if isinstance(reports, ReportDestinations) and reports.destinations:
        tables.append(_reports(reports))
    return tables


def _walk(found: DmarcDiscovery) -> Table:
    rows = (
        (str(place), f"_dmarc.{step.name}", escape(_stood(found, step)))
        for place, step in enumerate(found.walk.steps, 1)
    )
    return Table(("#", "name asked", "what stood there"), tuple(rows))


def _stood(found: DmarcDiscovery, step: Step) -> str:
    """What the step found, and whether it is what decides."""
    if len(step.records) > 1:
        return f"✗ {count(len(step.records), 'DMARC record')}, so none of them counts"
    if step.record is not None:
        mark = ("✓ " if step.record.applies else "✗ ") if step.name == found.policy_domain else ""
        return cut_middle(f"{mark}{step.record}", MOST_SHOWN)
    others = len(found.texts.get(step.name, ()))
    return f"– {count(others, 'text')}, no DMARC record" if others else "– no such record"


def _policies(found: DmarcDiscovery) -> Table:
    rows = []
    for scope in Scope:
        today, older = found.effective(scope), found.by_list(scope)
        whom = found.domain if scope is Scope.DOMAIN else str(scope)
        rows.append((whom, policy_phrase(today), _source(today), _older(today, older)))
    return Table(("mail from", "policy", "said by", "receivers by RFC 7489"), tuple(rows))


def policy_phrase(effective: Effective) -> str:
    """The policy in a word, and whether it was lowered."""
    if effective.policy is None:
        return "none applies"
    return f"{effective.policy.word}{' (lowered by t=y)' if effective.is_lowered else ''}"


def _source(effective: Effective) -> str:
    if effective.policy is None:
        return "–"
    return f"{effective.tag or 'the fallback'} at {effective.at}"


def _older(today: Effective, older: Effective | None) -> str:
    if older is None:
        return "? no answer"
    share = f", for {older.percent} %" if older.percent < 100 and older.policy else ""
    return "the same" if today.policy == older.policy and not share else f"{policy_phrase(older)}{share}"


def _alignment(aligned: AlignedDomains) -> Table:
    """What is aligned with From, in each mode, and whether the domains that are expected are."""
    rules = [(name, _rule(aligned, kind), _older_rule(aligned, kind)) for kind, name in _IDENTIFIERS.items()]
    rows = [("d= and MAIL FROM", *rules[0][1:])] if rules[0][1:] == rules[1][1:] else rules
    for one in aligned.expected:
        older = "–" if isinstance(aligned.older, Absent) else _same(one.is_aligned_by_list, one.is_aligned)
        rows.append((f"{one.kind} {escape(one.domain)}", _is_aligned(one.is_aligned), older))
    headers = ("identifier", f"aligned with From in {aligned.domain}", "receivers by RFC 7489")
    legend = "A name that publishes psd=n, and what is below it, is an organization of its own."
    return Table(headers, tuple(rows), legend, head=1)


def _rule(aligned: AlignedDomains, kind: IdentifierKind) -> str:
    return _rule_phrase(aligned.domain, aligned.rule, kind)


def _older_rule(aligned: AlignedDomains, kind: IdentifierKind) -> str:
    older = aligned.older
    if isinstance(older, Absent):
        return "? no answer" if older.outcome is Outcome.UNKNOWN else "– none applies"
    phrase = _rule_phrase(aligned.domain, older, kind)
    return "the same" if phrase == _rule(aligned, kind) else phrase


def _rule_phrase(domain: str, rule: AlignmentRule, kind: IdentifierKind) -> str:
    if rule.mode(kind) is Alignment.STRICT:
        return f"strict: {domain} alone"
    return f"relaxed: {rule.organizational_domain} and every name below it"


def _same(older: bool | None, today: bool | None) -> str:  # noqa: FBT001 - what is known, no switch
    return "the same" if older is today else _is_aligned(older)


def _is_aligned(known: bool | None) -> str:  # noqa: FBT001 - what is known, no switch
    if known is None:
        return "? no answer"
    return "✓ counts where it passes" if known else "✗ not aligned, counts for nothing"


def _reports(reports: ReportDestinations) -> Table:
    rows = [
        (one.tag, cut_middle(escape(one.address.text), MOST_SHOWN), _is_wanted(one), _is_received(one))
        for one in reports.destinations
    ]
    if reports.left_out:
        rows.append(("", f"and {reports.left_out} more", "?", "?"))
    return Table(("reports", "to", "wanted there", "takes mail"), tuple(rows))


def _is_wanted(one: ReportDestination) -> str:
    if not one.is_external:
        return "✓ own domain"
    if one.is_authorized:
        return "✓ says so"
    return "? no answer" if one.authorization is not None and one.authorization.failure else "✗ does not say so"


def _is_received(one: ReportDestination) -> str:
    if one.takes_mail:
        return "✓ yes"
    return "? no answer" if one.failures else "✗ no"

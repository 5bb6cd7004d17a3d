"""What the SPF area comes to: who may send for a domain, as a sentence."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from deliverkit.checks.summing_up import but, failed
from deliverkit.facts.spf import SenderTests, SpfLookup, SpfRecord, SpfTree
from deliverkit.model import Absent, Result, Severity, Verdict
from deliverkit.standards.names import to_readable
from deliverkit.standards.spf.asking import MAX_LOOKUPS

NEEDS: tuple[type, ...] = (SpfLookup, SpfRecord, SpfTree, SenderTests)

# RFC 7208 §8: what a receiver makes of senders that the record does not name.
_TOO_MANY = "too-many-lookups"  # says the count itself
_ABOUT_OTHERS = {"neutral-about-others", "permits-everyone"}  # say what becomes of others themselves
_OTHERS = {
    "-": "receivers may refuse all others (-all)",
    "~": "others are suspect (~all)",
    "?": "of others it says nothing (?all)",
    "+": "and so may everybody else (+all)",
}


def summarize(facts: Mapping[type, object | Absent], results: Sequence[Result]) -> Verdict:
    """The verdict on who may send for the domain, from the facts in ``NEEDS`` and the area's results."""
    found, record, tree = facts[SpfLookup], facts[SpfRecord], facts[SpfTree]
    if not isinstance(found, SpfLookup):
        return Verdict(f"Cannot tell who may send: {found.reason if isinstance(found, Absent) else found}.")
    domain = to_readable(found.domain)
    if found.failure:
        return Verdict(f"Cannot tell who may send for {domain}: {found.failure}.")
    bad = [result for result in failed(results) if result.severity > Severity.NOTE]
    if not isinstance(record, SpfRecord) or not isinstance(tree, SpfTree):
        reason = record.reason if isinstance(record, Absent) else ""
        return Verdict(f"{_clause(bad, found.domain) or reason or domain}.", _of_senders(facts))
    cost = "" if bad and bad[0].check.name == _TOO_MANY else _cost(tree.cost(record.domain))
    is_said = bool(bad) and bad[0].check.name in _ABOUT_OTHERS
    said = f"says who may send for it{cost}" if is_said else _says(record, cost)
    return Verdict(f"{domain} {said}{but(results, found.domain)}.", _of_senders(facts))


def _clause(bad: Sequence[Result], domain: str) -> str:
    message = bad[0].findings[0].message if bad else ""
    if message.startswith(domain):
        return f"{to_readable(domain)}{message.removeprefix(domain)}"
    return message[:1].upper() + message[1:]


def _says(record: SpfRecord, cost: str) -> str:
    """Who may send, and what the record costs."""
    last = record.record.all
    if last is not None and record.record.reached == (last,) and last.qualifier == "-":
        return "permits nobody to send (-all)"
    others = _OTHERS[last.qualifier] if last else "its redirect decides" if record.record.redirect else _OTHERS["?"]
    return f"says who may send for it{cost}; {others}"


def _cost(number: int) -> str:
    if not number:
        return ", with no DNS lookup"
    of = f" of {MAX_LOOKUPS}" if number <= MAX_LOOKUPS else ""
    return f", with up to {number if number < 1000 else 'countless'}{of} DNS lookups"


def _of_senders(facts: Mapping[type, object | Absent]) -> str:
    """What a receiver makes of the senders that were named."""
    senders = facts[SenderTests]
    if not isinstance(senders, SenderTests):
        return ""
    said = [f"{test.client.address}: {test.evaluation.result} ({test.evaluation.why})" for test in senders.tests]
    return f"{'; '.join(said)}."

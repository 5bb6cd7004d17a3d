"""What filters wrote into the copies that are in junk, as people say it."""

from __future__ import annotations

from collections import Counter

from deliverkit.facts.placement import Fate, Placement
from deliverkit.facts.seed_evidence import SeedEvidence
from deliverkit.model import Absent
from deliverkit.standards.spam_headers.reasons import Reasons

MOST_FILTERS, MOST_NAMES = 3, 5  # that are told


def what_to_do(placement: Placement, evidence: SeedEvidence | Absent) -> str:
    """Where to look for why copies are not in the inbox."""
    if not any(one.fate is Fate.JUNK for one in placement.copies):
        return "see what became of the copies that are in no inbox: deliverkit seed report -v tells of each"
    told = _in_words(_blamed(placement, evidence))
    return f"look at the copies in junk: {told or 'what their receivers wrote into the headers says why'}"


def _blamed(placement: Placement, evidence: SeedEvidence | Absent) -> list[Reasons]:
    """What stands in the copies in junk."""
    if isinstance(evidence, Absent):
        return []
    junk = [one.address for one in placement.copies if one.fate is Fate.JUNK]
    written = (evidence.written_into(address, is_control=False) for address in junk)
    return [blamed for one in written if one is not None for blamed in one.blamed]


def _in_words(blamed: list[Reasons]) -> str:
    """``in 2 of them rspamd names GTUBE, BAYES_SPAM``, the names that most copies have first."""
    filters = Counter(one.filter for one in blamed)
    return "; ".join(_of_filter(name, number, blamed) for name, number in filters.most_common(MOST_FILTERS))


def _of_filter(name: str, number: int, blamed: list[Reasons]) -> str:
    names = Counter(rule for one in blamed if one.filter == name for rule in one.names)
    told = [rule for rule, _ in names.most_common(MOST_NAMES)]
    more = f" and {len(names) - len(told)} more" if len(names) > len(told) else ""
    return f"in {number} of them {name} {'names' if told else 'says'} {', '.join(told) or 'spam'}{more}"

"""The questions with which the areas of checks begin, known before anything is imported that understands the answers.

At the start of a process that takes as long as a round trip or two: what is asked here is on its way meanwhile. The
probes ask again, and get the same answer without another question.
"""

from __future__ import annotations

_FIRST = {
    "mx": (("{}", "MX"), ("{}", "SOA")),
    "spf": (("{}", "TXT"), ("{}", "SOA")),
    "dkim": (("{}", "TXT"), ("_domainkey.{}", "TXT")),
    "dmarc": (("_dmarc.{}", "TXT"),),
    "mta-sts": (("_mta-sts.{}", "TXT"), ("mta-sts.{}", "A"), ("mta-sts.{}", "AAAA")),
    "dane": (("{}", "MX"), ("{}", "SOA")),
    "tls-rpt": (("_smtp._tls.{}", "TXT"),),
}


def first_questions(area: str, domain: str) -> list[tuple[str, str]]:
    """Name and type of what the area asks first about the domain, as far as it is known here."""
    return [(name.format(domain), rdtype) for name, rdtype in _FIRST.get(area, ())]

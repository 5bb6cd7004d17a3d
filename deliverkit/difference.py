"""What differs between two reports on one domain, and between two runs: records and findings that came and went."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from deliverkit.classes import Frozen
from deliverkit.facts.smtp import Conversation, Conversations
from deliverkit.model import Outcome, Result, Severity
from deliverkit.observations import CHOSEN, Asked, ResourceRecord
from deliverkit.report import Report

MOST_CODES = 24  # of a conversation that are compared
MADE_UP = "deliverkit-"  # labels that probes make up: what stands there is no record of anybody's


class Fault(Frozen):
    """A finding, as it is compared: by its check and its message."""

    code: str
    name: str
    severity: Severity
    message: str


class Difference(Frozen):
    """From one report to the next. Records are zone lines without their TTL, which caches count down.

    Beside them stand lines about what a mail host said, of hosts that were spoken to in both.
    """

    domain: str
    records_gone: tuple[str, ...]
    records_new: tuple[str, ...]
    new: tuple[Fault, ...]
    gone: tuple[Fault, ...]
    same: tuple[Fault, ...]

    @property
    def is_none(self) -> bool:
        """Whether nothing differs."""
        return not (self.records_gone or self.records_new or self.new or self.gone)


class Comparison(Frozen):
    """From one run to the next: the domains that are in both, and the names of those in one alone."""

    differences: tuple[Difference, ...]
    only_before: tuple[str, ...]
    only_after: tuple[str, ...]


def comparison(before: Mapping[str, Report], after: Mapping[str, Report]) -> Comparison:
    """What differs between the reports of two runs, each by its domain."""
    return Comparison(
        differences=tuple(difference(before[domain], after[domain]) for domain in before if domain in after),
        only_before=tuple(domain for domain in before if domain not in after),
        only_after=tuple(domain for domain in after if domain not in before),
    )


def difference(before: Report, after: Report) -> Difference:
    """What differs; only names and types whose state is known in both are compared record by record."""
    old, new = _records(before), _records(after)
    both = old.keys() & new.keys()
    gone = {line for place in both for line in old[place] - new[place]}
    come = {line for place in both for line in new[place] - old[place]}
    then, now = list(_faults(before)), list(_faults(after))
    return Difference(
        domain=after.target.label,
        records_gone=tuple(sorted(gone)),
        records_new=tuple(sorted(come)),
        new=tuple(fault for fault in now if fault not in then),
        gone=tuple(fault for fault in then if fault not in now),
        same=tuple(fault for fault in now if fault in then),
    )


def _records(report: Report) -> dict[tuple[str, str], set[str]]:
    """What stands at each name and type that the run's own resolver was asked for and answered, and what hosts said."""
    found: dict[tuple[str, str], set[str]] = dict(_spoken(report))
    for asked in report.trace.asked:
        if _counts(asked):
            lines = {_line(record) for record in (*asked.answer.aliases, *asked.answer.records)}
            found.setdefault((asked.answer.name, asked.answer.rdtype), set()).update(lines)
    return found


def _spoken(report: Report) -> Iterator[tuple[tuple[str, str], set[str]]]:
    """What each mail host said to the script, without times and texts, which differ from one greeting to the next."""
    found = report.fact(Conversations)
    if isinstance(found, Conversations):
        for one in found.held:
            about = one.host.endpoint
            yield (about, found.conversing.name), {f"{about}  {line}" for line in _said(one)}


def _said(one: Conversation) -> Iterator[str]:
    if not one.is_connected:
        yield f"no connection: {one.transcript.end.value}"
        return
    yield f"replies {' '.join(map(str, one.codes[:MOST_CODES]))}"
    yield f"ends {one.transcript.end.value}"
    yield from (f"offers {word} {value}".strip() for word, value in one.extensions.items())
    shake = one.transcript.handshake
    if shake is not None:
        yield f"TLS {shake.failure or shake.version}"
    for certificate in one.certificates[:1]:
        yield f"certificate for {', '.join(certificate.names)} until {certificate.not_after:%Y-%m-%d}"


def _counts(asked: Asked) -> bool:
    answer = asked.answer
    is_made_up = answer.rdtype == "SOA" or answer.name.startswith(MADE_UP)
    return answer.status.is_definite and answer.at == CHOSEN and not is_made_up


def _line(record: ResourceRecord) -> str:
    return f"{record.name}.  IN  {record.rdtype}  {record.data}"


def _faults(report: Report) -> Iterator[Fault]:
    for result in report.of(Outcome.FAIL):
        yield from (_fault(result, finding.message) for finding in result.findings)


def _fault(result: Result, message: str) -> Fault:
    return Fault(result.check.code, result.check.name, result.severity, message)

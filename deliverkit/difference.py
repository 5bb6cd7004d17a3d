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
_TALKING = frozenset({"smtp", "tls"})  # the areas whose findings hang on what was said to hosts


class Fault(Frozen):
    """A finding, as it is compared: by its check and its message."""

    code: str
    name: str
    severity: Severity
    message: str


class Difference(Frozen):
    """From one report to the next. Records are zone lines without their TTL, which caches count down.

    Beside them stand lines about what a mail host said, of hosts that were spoken to in both. ``scripts``: the two that
    were held, where they are not the same; replies to them, and what checks found in these, are not compared then.
    """

    domain: str
    records_gone: tuple[str, ...]
    records_new: tuple[str, ...]
    new: tuple[Fault, ...]
    gone: tuple[Fault, ...]
    same: tuple[Fault, ...]
    scripts: tuple[str, str] | None = None

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
    scripts = _scripts(before, after)
    old, new = ({**_records(one), **dict(_spoken(one, whole=scripts is None))} for one in (before, after))
    both = old.keys() & new.keys()
    gone = {line for place in both for line in old[place] - new[place]}
    come = {line for place in both for line in new[place] - old[place]}
    left_out = _TALKING if scripts else frozenset()
    then, now = list(_faults(before, left_out)), list(_faults(after, left_out))
    return Difference(
        domain=after.target.label,
        records_gone=tuple(sorted(gone)),
        records_new=tuple(sorted(come)),
        new=tuple(fault for fault in now if fault not in then),
        gone=tuple(fault for fault in then if fault not in now),
        same=tuple(fault for fault in now if fault in then),
        scripts=scripts,
    )


def _scripts(before: Report, after: Report) -> tuple[str, str] | None:
    """The names of the scripts that were held, where these differ."""
    old, new = before.fact(Conversations), after.fact(Conversations)
    if not (isinstance(old, Conversations) and isinstance(new, Conversations)):
        return None
    first, second = old.conversing, new.conversing
    return None if (first.name, first.text) == (second.name, second.text) else (first.name, second.name)


def _records(report: Report) -> dict[tuple[str, str], set[str]]:
    """What stands at each name and type that the run's own resolver was asked for and answered."""
    found: dict[tuple[str, str], set[str]] = {}
    for asked in report.trace.asked:
        if _counts(asked):
            lines = {_line(record) for record in (*asked.answer.aliases, *asked.answer.records)}
            found.setdefault((asked.answer.name, asked.answer.rdtype), set()).update(lines)
    return found


def _spoken(report: Report, *, whole: bool) -> Iterator[tuple[tuple[str, str], set[str]]]:
    """What each mail host said, without times and texts, which differ from one greeting to the next.

    ``whole``: all of it, as one; else what does not hang on the script, each kind where the conversation came to it.
    """
    found = report.fact(Conversations)
    for one in found.held if isinstance(found, Conversations) else ():
        kinds = {"connection": _connection(one), "extensions": _extensions(one), "TLS": _tls(one)}
        about = one.host.endpoint
        told = {kind: {f"{about}  {line}" for line in lines} for kind, lines in kinds.items()}
        if whole:
            said = {f"{about}  {line}" for line in _replies(one)}
            yield (about, ""), said.union(*told.values())
        else:
            yield from (((about, kind), lines) for kind, lines in told.items() if lines or _is_told(one, kind))


def _is_told(one: Conversation, kind: str) -> bool:
    """Whether that nothing of the kind is there is itself something that the host said."""
    return kind == "extensions" and one.says_what_it_offers


def _connection(one: Conversation) -> Iterator[str]:
    yield "takes the connection" if one.is_connected else f"no connection: {one.transcript.end.value}"


def _replies(one: Conversation) -> Iterator[str]:
    """What hangs on what was said to it."""
    if one.is_connected:
        yield f"replies {' '.join(map(str, one.codes[:MOST_CODES]))}"
        yield f"ends {one.transcript.end.value}"


def _extensions(one: Conversation) -> Iterator[str]:
    return (f"offers {word} {value}".strip() for word, value in one.extensions.items())


def _tls(one: Conversation) -> Iterator[str]:
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


def _faults(report: Report, left_out: frozenset[str]) -> Iterator[Fault]:
    """The findings, but for those of the areas that are left out."""
    for result in report.of(Outcome.FAIL):
        if result.check.area not in left_out:
            yield from (_fault(result, finding.message) for finding in result.findings)


def _fault(result: Result, message: str) -> Fault:
    return Fault(result.check.code, result.check.name, result.severity, message)

"""Phrases, evidence and corrected records that the MTA-STS checks share."""

from __future__ import annotations

from collections.abc import Iterator

from deliverkit.checks.txt import SHOWN, txt_line
from deliverkit.facts.mta_sts import LABEL, MtaStsMatch, MtaStsPolicy, MtaStsRecords
from deliverkit.model import Absent, Evidence, Span, ZoneLine, not_applicable, unknown
from deliverkit.observations import Instant
from deliverkit.observations.https import HttpEnd, HttpExchange
from deliverkit.standards.mta_sts.policy import Mode

MOST = 8  # defects that are told each by itself
_MARGIN = 60  # characters of a line that are shown

END_WORDS = {  # of the policy's host, where no file came
    HttpEnd.REFUSED: "it takes no connection to port 443",
    HttpEnd.TIMEOUT: "it does not answer on port 443",
    HttpEnd.UNREACHABLE: "no way leads to it from this machine",
    HttpEnd.CERTIFICATE: "its certificate is not good for its name",
    HttpEnd.TLS_FAILED: "TLS cannot be set up with it",
    HttpEnd.SILENT: "it takes the connection and then says nothing",
    HttpEnd.SLOW: "its answer does not end in time",
    HttpEnd.HUNG_UP: "it ends the connection before its answer is whole",
    HttpEnd.TOO_LARGE: "its answer is larger than a policy may be",
    HttpEnd.BROKEN: "what it says is no HTTP",
    HttpEnd.UNRECORDED: "the case file does not hold its answer",
}


def new_id(now: Instant) -> str:
    """An id for a record that changes now."""
    return now.moment.strftime("%Y%m%d%H%M%SZ")


def record_line(records: MtaStsRecords, identifier: str) -> ZoneLine:
    """The record with that id, to be published."""
    owner = f"{LABEL}.{records.domain}"
    return txt_line(owner, records.zone, records.ttl, text=f"v=STSv1; id={identifier}")


def fetched(records: MtaStsRecords, policy: MtaStsPolicy) -> HttpExchange | Absent:
    """What came of fetching the policy that a record promises; Absent where there is nothing to judge."""
    if not records.published:
        return not_applicable(f"{records.domain} has no MTA-STS record")
    if policy.failure:
        return unknown(policy.failure)
    if policy.exchange is None:
        return not_applicable("the host of the policy has no address")
    return policy.exchange


def exchange_evidence(exchange: HttpExchange, said: str) -> Evidence:
    """The address of the policy, and what came."""
    return Evidence(f"{exchange.request.url}: {said}")


def line_evidence(text: str, span: Span, note: str = "") -> Evidence:
    """The line of the policy that holds the place, underlined."""
    start = text.rfind("\n", 0, span.start) + 1
    end = text.find("\n", span.end)
    line = text[start : end if end >= 0 else len(text)].rstrip("\r")[:SHOWN]
    return Evidence(line, Span(span.start - start, min(span.end - start, len(line))), note)


def in_mode(match: MtaStsMatch, mode: Mode) -> Iterator[Absent]:
    """Why there is nothing to judge: the policy is in another mode."""
    if match.mode is not mode:
        yield not_applicable(f"the policy is in mode {match.mode}")


def match_evidence(match: MtaStsMatch) -> tuple[Evidence, ...]:
    """The exchangers that the policy does not name, and those that it names."""
    missing = (Evidence(f"{exchange}: no mx of the policy means it") for exchange in match.unmatched[:MOST])
    named = (Evidence(f"mx: {pattern}", None, "in the policy") for pattern in match.policy.patterns[:MOST])
    return (*missing, *named)


def mx_lines(exchanges: tuple[str, ...]) -> str:
    """The lines of a policy that name these exchangers."""
    return ", ".join(f"mx: {exchange}" for exchange in exchanges[:MOST])

"""Phrases and evidence about what several servers answer to one question."""

from __future__ import annotations

from collections.abc import Generator, Iterator

from deliverkit.facts.authority import ServerWord, ZoneServers, delegated_to
from deliverkit.model import Absent, Evidence, not_applicable, unknown
from deliverkit.observations import Answer, ResourceRecord, Status

SHOWN = 4  # records of an answer that are shown as evidence


def question_phrase(answer: Answer) -> str:
    """``the MX of good.example``."""
    return f"the {answer.rdtype} of {answer.name}"


def answer_evidence(who: str, answer: Answer) -> Evidence:
    """What was answered, and by whom."""
    # servers shuffle them
    records = answer.aliases[:1] or sorted(answer.records or delegated_to(answer), key=_by_number)
    said = " · ".join(f"{record.rdtype} {record.data}" for record in records[:SHOWN])
    if len(records) > SHOWN:
        said = f"{said} and {len(records) - SHOWN} more"
    nothing = "no such record" if answer.status in {Status.NODATA, Status.NXDOMAIN} else str(answer.status)
    return Evidence(f"{who}: {said or nothing}")


def _by_number(record: ResourceRecord) -> tuple[int, str]:
    number = record.data.partition(" ")[0]
    return int(number) if number.isdecimal() else 0, record.data


def word_evidence(word: ServerWord) -> Evidence:
    """What a server answered when asked for the zone's SOA record."""
    status = word.soa.status
    said = "answers without authority" if status.is_definite and not word.soa.authoritative else f"{status}"
    return Evidence(f"{word.host}  {word.address}  {word.soa.name} SOA: {said}")


def asked_words(zone: ZoneServers) -> Generator[Absent, None, list[ServerWord]]:
    """The words of the servers that this machine can reach; what hides the others is yielded."""
    yield from unreachable(zone)
    yield from untold(zone)
    if not zone.words and not any(server.addresses for server in zone.servers):
        yield unknown(f"no address of a name server of {zone.zone} is known")
    return [word for word in zone.words if word.is_reachable and not word.is_untold]


def untold(zone: ZoneServers) -> Iterator[Absent]:
    """The servers of which it is not known whether they answer for the zone."""
    yield from (unknown(f"{word}: {word.soa.name} SOA: {word.soa.status}") for word in zone.words if word.is_untold)


def uncompared(zone: ZoneServers) -> Iterator[Absent]:
    """Why nothing can be said of the answers, or not of all: there is none, or it is not known."""
    yield from untold(zone)
    if not zone.good and not any(word.is_untold for word in zone.words):
        yield not_applicable(f"no name server answers for {zone.zone}")


def unreachable(zone: ZoneServers) -> Iterator[Absent]:
    """For each version of IP over which no server answers this machine, be it of another zone: nothing is known."""
    hidden = [word.address for word in zone.words if word.is_silent and not word.is_reachable]
    for version, marks in (("IPv4", "."), ("IPv6", ":")):
        if any(marks in address for address in hidden):
            yield unknown(f"no name server answers this machine over {version}: nothing is said of those there")

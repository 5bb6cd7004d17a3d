"""Case files: the observations of a run as JSON, to be judged again later; derived facts are not stored."""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from datetime import datetime
from ipaddress import ip_address
from typing import Any

from deliverkit.classes import Frozen, field, replace
from deliverkit.errors import UsageError
from deliverkit.exchanges import format_exchange, parse_exchange
from deliverkit.facts.conversing import Conversing
from deliverkit.observations import (
    CHOSEN,
    Answer,
    Connection,
    ExtendedError,
    Place,
    Query,
    ResourceRecord,
    Status,
)
from deliverkit.observations.https import HttpExchange
from deliverkit.observations.reach import Reach
from deliverkit.observations.smtp import Call, Transcript
from deliverkit.profiles import opted_in
from deliverkit.regexes import regex
from deliverkit.standards.addresses import Address
from deliverkit.standards.names import parse_domain
from deliverkit.standards.smtp.target import parse_smtp_target
from deliverkit.transcripts import format_transcript, parse_transcript
from deliverkit.version import __version__

VERSION = 1
_SOA = regex(r"\S+ \S+(?: \d{1,10}){5}", re.ASCII)  # RFC 1035 §3.3.13
MOST_OCTETS = 64 * 1024 * 1024  # of a case file that is read


class Case(Frozen):
    """What was examined, when, by which profile, and everything that was seen.

    ``answers``, ``connections``, ``transcripts`` and ``exchanges`` (over HTTPS) are what was seen.
    ``resolvers`` are those that were asked, where they were what is tried; ``selectors`` and
    ``signing_key`` are the DKIM selectors, and the public half of the key that is signed with, that were given;
    ``senders`` are the addresses that should send, ``mail_from`` and ``helo`` what these say in SMTP;
    ``signing_identities`` are the domains in i= of signatures;
    ``targets`` are the targets of conversations as they were given: domains, addresses, hosts. ``preflight`` is the
    answer that a preflight gave, with what it rests on (`standing_json`).
    """

    moment: datetime
    profile: str
    domains: tuple[str, ...]
    answers: Mapping[Query, Answer]
    connections: Mapping[tuple[str, int], Connection] = field(default_factory=dict)
    resolvers: tuple[str, ...] = ()
    selectors: tuple[str, ...] = ()
    signing_key: str = ""
    senders: tuple[Address, ...] = ()
    mail_from: str = ""
    helo: str = ""
    signing_identities: tuple[str, ...] = ()
    transcripts: Mapping[Call, Transcript] = field(default_factory=dict)
    conversing: Conversing = field(default_factory=Conversing)
    targets: tuple[str, ...] = ()
    exchanges: Mapping[tuple[str, str], HttpExchange] = field(default_factory=dict)
    preflight: Mapping[str, Any] = field(default_factory=dict)

    @property
    def compared(self) -> tuple[str, ...]:
        """The resolvers whose answers were compared."""
        asked = dict.fromkeys(query.at.server for query in self.answers if query.at.recursive)
        return tuple(server for server in asked if server and server not in self.resolvers)

    @property
    def expected(self) -> dict[str, object]:
        """What was given of the target, as fields of `Expectations`."""
        return {
            "selectors": self.selectors,
            "signing_key": self.signing_key,
            "signing_identities": self.signing_identities,
            "senders": self.senders,
            "mail_from": self.mail_from,
            "helo": self.helo,
        }

    @property
    def areas(self) -> tuple[str, ...]:
        """The areas of checks beside the usual ones whose answers it holds."""
        is_authoritative = any(not query.at.recursive for query in self.answers)
        return opted_in(
            authoritative=is_authoritative, compared=self.compared, tried=self.resolvers, talking=bool(self.transcripts)
        )


def format_case(case: Case) -> str:
    """The case as JSON."""
    document = {
        "deliverkit_case": VERSION,
        "deliverkit": __version__,
        "moment": case.moment.isoformat(),
        "profile": case.profile,
        "domains": list(case.domains),
        "resolvers": list(case.resolvers),
        "selectors": list(case.selectors),
        "signing_key": case.signing_key,
        "senders": list(map(str, case.senders)),
        "mail_from": case.mail_from,
        "helo": case.helo,
        "signing_identities": list(case.signing_identities),
        "dns": [_format_answer(case.answers[key]) for key in sorted(case.answers)],
        "connections": [_format_connection(case.connections[key]) for key in sorted(case.connections)],
        "conversing": {
            "name": case.conversing.name,
            "text": _script_of(case),
            "port": case.conversing.port,
            "variables": dict(case.conversing.variables),
            "protocols": case.conversing.has_protocols,
            "ciphers": case.conversing.has_ciphers,
        },
        "targets": list(case.targets),
        "smtp": [format_transcript(case.transcripts[key]) for key in sorted(case.transcripts)],
        "https": [format_exchange(case.exchanges[key]) for key in sorted(case.exchanges)],
        **({"preflight": case.preflight} if case.preflight else {}),
    }
    return json.dumps(document, indent=1)


def _script_of(case: Case) -> str:
    """The text by which the conversations were held: a script that ships may have another one tomorrow."""
    if case.conversing.text or not case.transcripts:
        return case.conversing.text
    from deliverkit.script import load  # which a case without conversations does without

    return load(case.conversing.name).text


def parse_case(text: str, *, name: str) -> Case:
    """The case that the JSON holds.

    Raises:
        UsageError: it holds none; says where.
    """
    if len(text) > MOST_OCTETS:
        raise UsageError(f"{name} is larger than any case file")
    try:
        document = json.loads(text)
        version = document["deliverkit_case"]
        case = _parse(document) if version == VERSION else None
    except KeyError as error:
        raise UsageError(f"{name} is no case file: the key {error} is missing") from None
    except RecursionError:
        raise UsageError(f"{name} is no case file: it is nested too deeply") from None
    except (ValueError, TypeError, AttributeError, OverflowError, UsageError) as error:
        raise UsageError(f"{name} is no case file: {error}") from None
    if case is None:
        raise UsageError(f"{name} is a case file of version {version}, this deliverkit reads version {VERSION}")
    return case


def _parse(document: dict[str, Any]) -> Case:
    moment = datetime.fromisoformat(document["moment"])
    if moment.tzinfo is None:
        raise ValueError("the moment has no time zone")
    answers = [_parse_answer(entry) for entry in document["dns"]]
    connections = [_parse_connection(entry) for entry in document.get("connections", ())]
    transcripts = [parse_transcript(entry) for entry in document.get("smtp", ())]
    exchanges = [parse_exchange(entry) for entry in document.get("https", ())]
    return Case(
        moment=moment,
        profile=str(document["profile"]),
        domains=tuple(parse_domain(str(domain)) for domain in document["domains"]),
        answers={answer.query: answer for answer in answers},
        connections={(one.address, one.port): one for one in connections},
        resolvers=tuple(str(server) for server in document.get("resolvers", ())),
        selectors=tuple(str(selector) for selector in document.get("selectors", ())),
        signing_key=str(document.get("signing_key", "")),
        senders=tuple(ip_address(str(address)) for address in document.get("senders", ())),
        mail_from=str(document.get("mail_from", "")),
        helo=str(document.get("helo", "")),
        signing_identities=tuple(str(name) for name in document.get("signing_identities", ())),
        transcripts={transcript.call: transcript for transcript in transcripts},
        conversing=_parse_conversing(document.get("conversing")),
        targets=tuple(_parse_target(str(target)) for target in document.get("targets", ())),
        exchanges={(one.request.host, one.request.path): one for one in exchanges},
        preflight=dict(document.get("preflight") or {}),
    )


def _parse_target(text: str) -> str:
    """The text, which names a target; `UsageError` where it names none."""
    parse_smtp_target(text)
    return text


def _parse_conversing(entry: dict[str, Any] | None) -> Conversing:
    if entry is None:
        return Conversing()
    variables = ((str(name), tuple(map(str, values))) for name, values in entry["variables"].items())
    told = Conversing(str(entry["name"]), str(entry["text"]), int(entry["port"]), tuple(sorted(variables)))
    return replace(told, has_protocols=bool(entry.get("protocols")), has_ciphers=bool(entry.get("ciphers")))


def _format_answer(answer: Answer) -> dict[str, Any]:
    return {
        "name": answer.name,
        "type": answer.rdtype,
        "checking_disabled": answer.checking_disabled,
        "status": answer.status.value,
        "records": [_format_record(record) for record in answer.records],
        "aliases": [_format_record(record) for record in answer.aliases],
        "soa": _format_record(answer.soa) if answer.soa else None,
        "authoritative": answer.authoritative,
        "authenticated": answer.authenticated,
        "extended_errors": [{"code": error.code, "text": error.text} for error in answer.extended_errors],
        "server": answer.server,
        "elapsed_ms": round(answer.elapsed * 1000, 3),
        "at": answer.at._asdict() if answer.at != CHOSEN else None,
        "referral": [_format_record(record) for record in answer.referral],
    }


def _format_record(record: ResourceRecord) -> dict[str, Any]:
    return {"name": record.name, "type": record.rdtype, "ttl_s": record.ttl, "data": record.data}


def _parse_answer(entry: dict[str, Any]) -> Answer:
    errors = (ExtendedError(int(error["code"]), str(error["text"])) for error in entry["extended_errors"])
    return Answer(
        name=str(entry["name"]),
        rdtype=str(entry["type"]),
        status=Status(entry["status"]),
        records=tuple(_parse_record(record) for record in entry["records"]),
        aliases=tuple(_parse_record(record) for record in entry["aliases"]),
        soa=_parse_record(entry["soa"]) if entry["soa"] else None,
        authoritative=bool(entry["authoritative"]),
        authenticated=bool(entry["authenticated"]),
        checking_disabled=bool(entry["checking_disabled"]),
        extended_errors=tuple(errors),
        server=str(entry["server"]),
        elapsed=float(entry["elapsed_ms"]) / 1000,
        at=_parse_place(entry["at"]),
        referral=tuple(_parse_record(record) for record in entry["referral"]),
    )


def _format_connection(connection: Connection) -> dict[str, Any]:
    return {
        "address": connection.address,
        "port": connection.port,
        "status": connection.status.value,
        "elapsed_ms": round(connection.elapsed * 1000, 3),
    }


def _parse_connection(entry: dict[str, Any]) -> Connection:
    address, port = str(ip_address(entry["address"])), int(entry["port"])
    return Connection(address, port, Reach(entry["status"]), float(entry["elapsed_ms"]) / 1000)


def _parse_place(entry: dict[str, Any] | None) -> Place:
    return Place(str(entry["server"]), bool(entry["recursive"]), bool(entry["over_tcp"])) if entry else CHOSEN


def _parse_record(entry: dict[str, Any]) -> ResourceRecord:
    """A record whose data is what the type's readers count on; all else of it is checked where it is read."""
    record = ResourceRecord(str(entry["name"]), str(entry["type"]), int(entry["ttl_s"]), str(entry["data"]))
    if record.rdtype in {"A", "AAAA"}:
        ip_address(record.data)
    if record.rdtype == "SOA" and not _SOA.fullmatch(record.data):
        raise ValueError(f"{record.data!r} is no SOA record's data")
    return record

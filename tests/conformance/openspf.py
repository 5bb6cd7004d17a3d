"""The test suite of RFC 7208 by openspf.org: its scenarios, and its zone data as answers."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import yaml

from deliverkit.observations import Answer, ResourceRecord, Status
from deliverkit.standards.spf.evaluate import Client
from deliverkit.standards.txt import data_of
from tests.conformance.corpora import corpus

MOST_ALIASES = 8
_TYPES = {"A", "AAAA", "CNAME", "MX", "PTR", "TXT"}


@dataclass(frozen=True)
class Case:
    """One test: who sends, which results are right, and which explanation."""

    name: str
    client: Client
    results: tuple[str, ...]
    explanation: str | None
    zone: Zone


class Zone:
    """The zone data of a scenario."""

    def __init__(self, names: dict[str, list[Any]]) -> None:
        self.names = {name.lower().removesuffix("."): _records(entries) for name, entries in names.items()}
        self.silent = {n.lower().removesuffix(".") for n, entries in names.items() if "TIMEOUT" in entries}

    def answer(self, name: str, rdtype: str) -> Answer:
        """The answer as a resolver gives it: aliases followed, a loop of them a failure."""
        asked = name
        aliases: list[ResourceRecord] = []
        for _ in range(MOST_ALIASES):
            if name in self.silent and not self._data(name, rdtype):
                return Answer(asked, rdtype, Status.SERVFAIL)
            alias = self._data(name, "CNAME")
            if not alias:
                data = self._data(name, rdtype)
                status = Status.NOERROR if data else Status.NODATA if name in self.names else Status.NXDOMAIN
                records = tuple(ResourceRecord(name, rdtype, 60, text) for text in data)
                return Answer(asked, rdtype, status, records, tuple(aliases))
            aliases.append(ResourceRecord(name, "CNAME", 60, alias[0]))
            name = alias[0].removesuffix(".").lower()
        return Answer(asked, rdtype, Status.SERVFAIL)

    def _data(self, name: str, rdtype: str) -> list[str]:
        return [data for kind, data in self.names.get(name, []) if kind == rdtype]


def _records(entries: list[Any]) -> list[tuple[str, str]]:
    """Type and data of each record; SPF records stand in for TXT where there is none of its own."""
    pairs = [pair for entry in entries if isinstance(entry, dict) for pair in entry.items()]
    has_text = any(rdtype == "TXT" for rdtype, _ in pairs)
    found = []
    for rdtype, value in pairs:
        kind = "TXT" if rdtype == "SPF" and not has_text else rdtype
        if kind in _TYPES and value != "NONE":
            found.append((kind, _data(kind, value)))
    return found


def _data(rdtype: str, value: Any) -> str:
    if rdtype == "TXT":
        return data_of("".join(value) if isinstance(value, list) else str(value))
    if rdtype == "MX":
        return f"{value[0]} {value[1].removesuffix('.')}."
    return f"{value.removesuffix('.')}." if rdtype in {"CNAME", "PTR"} else str(value)


def cases() -> list[Case]:
    """Every test of the suite."""
    from ipaddress import ip_address

    documents = yaml.safe_load_all((corpus("spf-openspf") / "rfc7208-tests.yml").read_text("utf-8"))
    found = []
    for document in documents:
        zone = Zone(document["zonedata"])
        for name, test in document["tests"].items():
            result = test["result"]
            found.append(
                Case(
                    name=name,
                    client=Client(ip_address(test["host"]), test["mailfrom"], test["helo"]),
                    results=tuple(result) if isinstance(result, list) else (result,),
                    explanation=test.get("explanation"),
                    zone=zone,
                )
            )
    return found

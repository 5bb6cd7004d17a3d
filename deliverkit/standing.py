"""Whether an answer still stands: what it rests on, part by part, and what of it is another now.

An answer holds for two days, or until message, addresses, path or DNS change.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable, Iterator, Mapping
from datetime import datetime
from typing import Any

from deliverkit.classes import Frozen
from deliverkit.errors import UsageError
from deliverkit.report import Report
from deliverkit.standards.names import is_within

MOST_OCTETS = 64 * 1024 * 1024  # of a file that keeps an answer
_SHORT = 16  # digits of the digest of one answer of the DNS


class Basis(Frozen):
    """What an answer rests on: ``given`` by its name in the campaign file, and ``dns`` by name and type as digests.

    Only what was answered stands in ``dns``; a question that nobody answered says nothing of what is published.
    """

    given: Mapping[str, str]
    dns: Mapping[str, str]

    @property
    def digest(self) -> str:
        """SHA-256 over all of it, in hex."""
        parts = (f"{kind} {name} {value}" for kind, name, value in self._parts())
        return hashlib.sha256("\0".join(parts).encode()).hexdigest()

    def _parts(self) -> Iterator[tuple[str, str, str]]:
        for kind, values in (("given", self.given), ("dns", self.dns)):
            for name in sorted(values):
                yield kind, name, values[name]


def basis_of(given: Mapping[str, str], reports: Iterable[Report]) -> Basis:
    """What was given, and what the DNS said of the domains themselves.

    Times to live and the order of records do not count, nor do the hosts of others, whose addresses change by the hour.
    """
    dns = {question: said for report in reports for question, said in _answers(report)}
    return Basis(dict(given), dict(sorted(dns.items())))


def _answers(report: Report) -> Iterator[tuple[str, str]]:
    for asked in report.trace.asked:
        answer = asked.answer
        is_own = report.target.domain and is_within(answer.name, report.target.domain)
        if is_own and answer.status.is_definite:
            data = "\0".join((answer.status, *sorted(record.compared for record in answer.records)))
            yield f"{answer.name} {answer.rdtype}", hashlib.sha256(data.encode()).hexdigest()[:_SHORT]


class Earlier(Frozen):
    """An answer that was given before."""

    answer: str
    decided: datetime
    until: datetime
    basis: Basis


class Standing(Frozen):
    """What became of an earlier answer.

    ``given`` names what of the campaign changed, ``dns`` the questions that are answered in another way, ``unasked``
    those that nobody answered this time. ``is_over``: it is too old.
    """

    earlier: Earlier
    given: tuple[str, ...]
    dns: tuple[str, ...]
    unasked: tuple[str, ...]
    is_over: bool

    @property
    def holds(self) -> bool | None:
        """Whether it still holds; None where that could not be found out."""
        if self.is_over or self.given or self.dns:
            return False
        return None if self.unasked else True


def standing_of(earlier: Earlier, now: Basis, moment: datetime) -> Standing:
    """What became of it by that moment.

    A question that was not asked then tells nothing of a change: a check may have come since.
    """
    then = earlier.basis
    names = dict.fromkeys([*then.given, *now.given])
    return Standing(
        earlier,
        tuple(name for name in names if then.given.get(name, "") != now.given.get(name, "")),
        tuple(name for name, said in then.dns.items() if now.dns.get(name, said) != said),
        tuple(name for name in then.dns if name not in now.dns),
        is_over=moment >= earlier.until,
    )


def standing_json(answer: str, decided: datetime, until: datetime, basis: Basis) -> dict[str, object]:
    """The answer and what it rests on, as `parse_earlier` reads it."""
    return {
        "answer": answer,
        "decided": decided.isoformat(),
        "valid_until": until.isoformat(),
        "digest": basis.digest,
        "basis": {"given": dict(basis.given), "dns": dict(basis.dns)},
    }


def parse_earlier(text: str, *, name: str) -> Earlier:
    """The answer in the JSON of an earlier run, or in the case that it saved.

    Raises:
        UsageError: there is none.
    """
    if len(text) > MOST_OCTETS:
        raise UsageError(f"{name} is larger than any answer of a preflight")
    try:
        document = json.loads(text)
        return _parse(document.get("preflight") or document)
    except KeyError as error:
        raise UsageError(f"{name} holds no answer of a preflight: the key {error} is missing") from None
    except json.JSONDecodeError as error:
        at = f"line {error.lineno}, column {error.colno}"
        raise UsageError(f"{name} holds no answer of a preflight: it is no JSON ({at})") from None
    except RecursionError:
        raise UsageError(f"{name} holds no answer of a preflight: it is nested too deeply") from None
    except (ValueError, TypeError, AttributeError) as error:
        raise UsageError(f"{name} holds no answer of a preflight: {error}") from None


def _parse(entry: Mapping[str, Any]) -> Earlier:
    decided, until = (datetime.fromisoformat(entry[key]) for key in ("decided", "valid_until"))
    if decided.tzinfo is None or until.tzinfo is None:
        raise ValueError("its times have no time zone")
    basis = Basis(_texts(entry["basis"]["given"]), _texts(entry["basis"]["dns"]))
    if entry["digest"] != basis.digest:
        raise ValueError("its digest is not that of what it rests on")
    return Earlier(str(entry["answer"]), decided, until, basis)


def _texts(table: Mapping[str, Any]) -> dict[str, str]:
    return {str(name): str(value) for name, value in table.items()}

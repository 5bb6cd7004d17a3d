"""What pyspf, the library of many receivers, makes of the same answers.

It does its own DNS and waits for it; here it is given the answers that are known, and what it lacks is asked for by
whoever calls, as with our own evaluation. No thread, no socket.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from ipaddress import IPv6Address

from deliverkit.facts.second_opinion import Departure, SecondOpinion
from deliverkit.observations import Answer, Status
from deliverkit.standards.names import MAX_NAME
from deliverkit.standards.spf.asking import MAX_LOOKUPS, Answers, NeedsAnswer
from deliverkit.standards.spf.evaluate import Client
from deliverkit.standards.spf.trace import SpfResult
from deliverkit.standards.txt import strings_of

_NO_VOIDS = {"MAX_VOID_LOOKUPS": 1000}  # more empty answers than an evaluation comes to
_OWN_WORDS = (
    (Departure.OWN_INCLUDE, "include has trivial recursion"),
    (Departure.OWN_INCLUDE, "include mechanism missing domain"),
    (Departure.REPEATED_MODIFIER, "= MUST appear at most once"),
)
# What to change for a trial: limits, and the type of records whose names are never in error.
_TRIALS: tuple[tuple[Departure, dict[str, int], str], ...] = (
    (Departure.VOID_COUNT, _NO_VOIDS, ""),
    (Departure.LOOKUP_COUNT, {"MAX_LOOKUP": 2 * MAX_LOOKUPS}, ""),
    (Departure.REVERSE_ERROR, _NO_VOIDS, "PTR"),
    (Departure.EXCHANGER_ERROR, _NO_VOIDS, "MX"),
)
_TOUCHED = {
    Departure.VOID_COUNT: {"permerror"},
    Departure.LOOKUP_COUNT: {"permerror"},
    Departure.REVERSE_ERROR: {"permerror", "temperror"},
    Departure.EXCHANGER_ERROR: {"permerror", "temperror"},
}

_answers: ContextVar[Answers] = ContextVar("deliverkit_second_opinion")


class NameTooLong(Exception):  # noqa: N818 - what dnspython calls it, which pyspf asks and does not catch
    """The DNS carries no such name."""


def spf_result(client: Client, answers: Answers) -> str:
    """The result of pyspf as a word, or ``crash`` with the error's name where it ends with one.

    Raises:
        NeedsAnswer: ``answers`` raised it.
    """
    return _run(client, answers)[0]


def second_opinion(client: Client, ours: SpfResult, answers: Answers) -> SecondOpinion:
    """The result of pyspf, and where it is not ours what makes the difference, found out by trying without it.

    Raises:
        NeedsAnswer: ``answers`` raised it.
    """
    result, why = _run(client, answers)
    if result == ours:
        return SecondOpinion(result, why)
    return SecondOpinion(result, why, _departure(client, ours, (result, why), answers))


def _run(client: Client, answers: Answers) -> tuple[str, str]:
    """What pyspf says, and its own words for it."""
    import spf

    spf.DNSLookup = _look_up
    token = _answers.set(answers)
    try:
        result, why = spf.check2(i=str(client.address), s=client.sender, h=client.helo)
    except NeedsAnswer:
        raise
    except Exception as error:  # noqa: BLE001 - the library's own faults are what is to be told
        return f"crash ({type(error).__name__})", str(error)
    finally:
        _answers.reset(token)
    return str(result), str(why)


def _departure(client: Client, ours: SpfResult, theirs: tuple[str, str], answers: Answers) -> Departure | None:
    """What pyspf does otherwise than the standard; None where that is not known."""
    domain = client.mailbox[1].removesuffix(".")
    result, why = theirs
    if result == f"crash ({NameTooLong.__name__})" or len(domain) > MAX_NAME:
        return Departure.LONG_NAME  # RFC 7208 §4.3, §7.3
    if "." not in domain:
        return Departure.SINGLE_LABEL  # RFC 7208 §4.3
    for departure, words in _OWN_WORDS:
        if words in why:
            return departure
    for departure, limits, kind in _TRIALS:
        if result in _TOUCHED[departure] and _tried(client, answers, limits, kind) == ours:
            return departure
    return None


def _tried(client: Client, answers: Answers, limits: dict[str, int], kind: str) -> str:
    """The result of pyspf with other limits, where names that records of a type lead to are never in error."""
    with _limits(limits):
        return _run(client, _without_errors(client, answers, kind) if kind else answers)[0]


def _without_errors(client: Client, answers: Answers, kind: str) -> Answers:
    """The answers, but no error for names that PTR or MX records lead to, nor for the client's reverse name."""
    address = client.address
    mapped = address.ipv4_mapped if isinstance(address, IPv6Address) else None
    names = {(mapped or address).reverse_pointer} if kind == "PTR" else set()

    def given(name: str, rdtype: str) -> Answer:
        answer = answers(name, rdtype)
        if rdtype == kind:
            names.update(record.data.rpartition(" ")[2].removesuffix(".").lower() for record in answer.records)
        if not answer.status.is_definite and name in names:
            return answer._replace(status=Status.NXDOMAIN)
        return answer

    return given


@contextmanager
def _limits(limits: dict[str, int]) -> Iterator[None]:
    """Other limits than the library's own for a while."""
    import spf

    own = {name: getattr(spf, name) for name in limits}
    try:
        for name, limit in limits.items():
            setattr(spf, name, limit)
        yield
    finally:
        for name, limit in own.items():
            setattr(spf, name, limit)


def _look_up(name: str, rdtype: str, *_: object, **__: object) -> list[tuple[tuple[str, str], object]]:
    """The records as pyspf takes them."""
    import spf

    if len(str(name)) > MAX_NAME:
        raise NameTooLong(str(name)[:MAX_NAME])
    answer = _answers.get()(str(name).lower(), rdtype)
    if not answer.status.is_definite:
        raise spf.TempError(f"DNS {answer.status}")
    return [((name, rdtype), _data(answer, record.data)) for record in answer.records]


def _data(answer: Answer, data: str) -> tuple[bytes, ...] | tuple[int, str] | str:
    if answer.rdtype in {"TXT", "SPF"}:
        return tuple(string.encode("latin-1", "replace") for string in strings_of(data))
    if answer.rdtype == "MX":
        preference, _, exchange = data.partition(" ")
        return int(preference), exchange
    return data.removesuffix(".") if answer.rdtype == "PTR" else data

"""What pyspf, the library of many receivers, makes of the same answers.

It does its own DNS and waits for it; here it is given the answers that are known, and what it lacks is asked for by
whoever calls, as with our own evaluation. No thread, no socket.
"""

from __future__ import annotations

from contextvars import ContextVar

from deliverkit.observations import Answer
from deliverkit.standards.spf.asking import Answers, NeedsAnswer
from deliverkit.standards.spf.evaluate import Client
from deliverkit.standards.txt import strings_of

_answers: ContextVar[Answers] = ContextVar("deliverkit_second_opinion")


def spf_result(client: Client, answers: Answers) -> str:
    """The result of pyspf as a word, or ``crash`` with the error's name where it ends with one.

    Raises:
        NeedsAnswer: ``answers`` raised it.
    """
    import spf

    spf.DNSLookup = _look_up
    token = _answers.set(answers)
    try:
        result, _ = spf.check2(i=str(client.address), s=client.sender, h=client.helo)
    except NeedsAnswer:
        raise
    except Exception as error:  # noqa: BLE001 - the library's own faults are what is to be told
        return f"crash ({type(error).__name__})"
    finally:
        _answers.reset(token)
    return str(result)


def _look_up(name: str, rdtype: str, *_: object, **__: object) -> list[tuple[tuple[str, str], object]]:
    """The records as pyspf takes them."""
    import spf

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

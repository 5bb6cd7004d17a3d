"""The questions of an SPF evaluation, and what RFC 7208 §4.6.4 counts of them."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from functools import lru_cache
from ipaddress import ip_address

from deliverkit.classes import Slotted, field
from deliverkit.observations import Answer, Status
from deliverkit.standards.addresses import Address
from deliverkit.standards.names import MAX_LABEL, MAX_NAME
from deliverkit.standards.spf.parse import Term
from deliverkit.standards.spf.trace import SpfResult

MAX_LOOKUPS = 10  # RFC 7208 §4.6.4, as are the next three
MAX_VOIDS = 2
MAX_MX = 10
MAX_PTR = 10

_ILLEGAL = Status.ILLEGAL

Question = tuple[str, str]
Answers = Callable[[str, str], Answer]


class NeedsAnswer(Exception):  # noqa: N818 - no error: the evaluation goes on when the answers are there
    """The answers to these questions, name and type each, are needed first."""

    def __init__(self, questions: Iterable[Question]) -> None:
        self.questions = tuple(questions)
        super().__init__(self.questions)


class EndError(Exception):
    """The whole evaluation ends here."""

    def __init__(self, result: SpfResult, why: str) -> None:
        self.result = result
        self.why = why
        super().__init__(why)


def permerror(why: str) -> EndError:
    """The end that the domain's owner has to mend."""
    return EndError(SpfResult.PERMERROR, why)


@lru_cache(maxsize=8192)
def number_of(data: str) -> int | None:
    """The address that the data of an A or AAAA record is, as a number; None where it is none."""
    try:
        return int(ip_address(data))
    except ValueError:
        return None


class Asking(Slotted):
    """The questions of one evaluation about the client at the address, with the counters."""

    address: Address
    answers: Answers
    lookups: int = field(init=False)
    voids: int = field(init=False)
    version: int = field(init=False)
    number: int = field(init=False)
    _validated: tuple[str, ...] | None = field(init=False)

    def __post_init__(self) -> None:
        self.lookups, self.voids, self._validated = 0, 0, None
        self.version, self.number = self.address.version, int(self.address)

    def ask(self, name: str, rdtype: str) -> Answer:
        """The answer to a question whose failure the caller judges."""
        if not _can_be_asked(name):
            return Answer(name, rdtype, Status.NXDOMAIN)  # no such name can be asked for
        return self.ask_well_formed(name, rdtype)

    def ask_well_formed(self, name: str, rdtype: str) -> Answer:
        """The answer to a question for a name that is known to be one."""
        answer = self.answers(name, rdtype)
        return answer._replace(status=Status.NXDOMAIN) if answer.status is _ILLEGAL else answer

    def want(self, names: Iterable[str], rdtype: str) -> None:
        """Let what is missing of these names be asked for at once."""
        missing: list[Question] = []
        for name in names:
            try:
                if _can_be_asked(name):
                    self.answers(name, rdtype)
            except NeedsAnswer as needs:
                missing += needs.questions
        if missing:
            raise NeedsAnswer(missing)

    def look_up(self, name: str, rdtype: str) -> Answer:
        """The answer to a term's question: an error ends the evaluation, an empty one counts."""
        answer = self.ask(name, rdtype)
        if answer.records:
            return answer
        if not answer.status.is_definite:
            raise EndError(SpfResult.TEMPERROR, f"{name} {rdtype}: {answer.status}")
        self.voids += 1
        if self.voids > MAX_VOIDS:  # RFC 7208 §4.6.4
            raise permerror(f"more than {MAX_VOIDS} lookups without an answer: {name} {rdtype} is one more")
        return answer

    def count(self, term: Term) -> None:
        """One more term that looks something up."""
        self.lookups += 1
        if self.lookups > MAX_LOOKUPS:  # RFC 7208 §4.6.4
            raise permerror(f"{term.text} would be DNS lookup number {self.lookups}: at most {MAX_LOOKUPS} are made")

    def validated_names(self) -> tuple[str, ...]:
        """The reverse names that lead back to the client; those past ten are ignored, errors are no match."""
        if self._validated is None:
            answer = self.ask(self.address.reverse_pointer, "PTR")
            names = [record.data.removesuffix(".").lower() for record in answer.records[:MAX_PTR]]
            rdtype = "A" if self.address.version == 4 else "AAAA"
            self.want(names, rdtype)
            self._validated = tuple(
                name
                for name in names
                if any(number_of(record.data) == self.number for record in self.ask(name, rdtype).records)
            )
        return self._validated


@lru_cache(maxsize=8192)
def _can_be_asked(name: str) -> bool:
    """Whether the DNS can carry the name."""
    return len(name) <= MAX_NAME and all(0 < len(label) <= MAX_LABEL for label in name.split("."))

"""The DNS Tree Walk: which names to ask, what the answers say (RFC 9989 §4.10).

A pure algorithm over answers that are given to it. A walk starts at one domain and serves that domain alone: From,
the SPF domain and each DKIM domain are walked apart.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence

from deliverkit.classes import Frozen
from deliverkit.standards.dmarc.parse import parse
from deliverkit.standards.dmarc.record import DmarcRecord, Psd

MOST_LABELS = 8  # RFC 9989 §4.10: a longer name is cut
CUT_TO = 7


class Step(Frozen):
    """A name of the walk and the TXT records at ``_dmarc.`` before it that are DMARC records."""

    name: str
    records: tuple[DmarcRecord, ...]

    @property
    def record(self) -> DmarcRecord | None:
        """The record that counts: of several none does (RFC 9989 §4.10)."""
        return self.records[0] if len(self.records) == 1 else None

    @property
    def ends_the_walk(self) -> bool:
        """Whether the record says that it stands at or above the Organizational Domain."""
        return self.record is not None and self.record.psd is not Psd.UNKNOWN


class TreeWalk(Frozen):
    """The walk from a domain, as far as it has come."""

    start: str
    steps: tuple[Step, ...] = ()

    @property
    def next_name(self) -> str | None:
        """The name before which ``_dmarc.`` is asked for next; None where the walk has ended."""
        if self.steps and self.steps[-1].ends_the_walk:  # RFC 9989 §4.10: psd=n or psd=y
            return None
        names = names_of_walk(self.start)
        return names[len(self.steps)] if len(self.steps) < len(names) else None

    def take(self, texts: Sequence[str]) -> TreeWalk:
        """The walk one step on, with the texts of the TXT records at the next name."""
        name = self.next_name
        if name is None:
            return self
        found = (parse(text) for text in texts)
        return TreeWalk(self.start, (*self.steps, Step(name, tuple(record for record in found if record.is_record))))

    @property
    def organizational_domain(self) -> str:
        """The Organizational Domain of the start (RFC 9989 §4.10.2)."""
        found = self._with_record
        for step, record in found:  # from the longest name to the shortest
            if record.psd is Psd.NO:
                return step.name
            if record.psd is Psd.YES and step.name != self.start:
                return _one_below(self.start, step.name)
        return found[-1][0].name if found else self.start

    @property
    def policy_step(self) -> Step | None:
        """Where the policy stands: the domain itself, its Organizational Domain, the PSD (RFC 9989 §4.10.1)."""
        own = self._at(self.start)
        if own is not None:
            return own
        above = self._at(self.organizational_domain)
        if above is not None:
            return above
        return next((step for step, record in self._with_record if record.psd is Psd.YES), None)

    @property
    def _with_record(self) -> list[tuple[Step, DmarcRecord]]:
        return [(step, step.record) for step in self.steps if step.record is not None]

    def _at(self, name: str) -> Step | None:
        return next((step for step, _ in self._with_record if step.name == name), None)


def names_of_walk(domain: str) -> tuple[str, ...]:
    """Every name that a walk from the domain may ask for, in order: eight at the most (RFC 9989 §4.10)."""
    labels = domain.split(".")
    above = CUT_TO if len(labels) >= MOST_LABELS else len(labels) - 1
    return (domain, *(".".join(labels[-number:]) for number in range(above, 0, -1)))


def walk(domain: str, texts_at: Callable[[str], Sequence[str]]) -> TreeWalk:
    """The whole walk; ``texts_at`` gives the TXT records at ``_dmarc.`` before a name."""
    found = TreeWalk(domain)
    while (name := found.next_name) is not None:
        found = found.take(texts_at(name))
    return found


def _one_below(domain: str, above: str) -> str:
    """The name one label longer than the one above, on the way down to the domain."""
    return ".".join(domain.split(".")[-above.count(".") - 2 :])

"""Keeping what was answered, and answering from what was kept: the two ends of a case file."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from deliverkit.observations import Answer, Resolver, Status

Key = tuple[str, str, bool]  # name, type, checking disabled


def key_of(answer: Answer) -> Key:
    """What was asked."""
    return answer.name, answer.rdtype, answer.checking_disabled


@dataclass(slots=True)
class Recording:
    """A resolver over another that keeps every answer; the first to a question counts."""

    source: Resolver
    answers: dict[Key, Answer] = field(default_factory=dict)

    async def query(self, name: str, rdtype: str, *, checking_disabled: bool = False) -> Answer:
        """The source's answer, kept."""
        answer = await self.source.query(name, rdtype, checking_disabled=checking_disabled)
        return self.answers.setdefault((name, rdtype, checking_disabled), answer)


@dataclass(frozen=True, slots=True)
class Recorded:
    """A resolver that answers from what was kept, and says UNRECORDED to everything else."""

    answers: Mapping[Key, Answer]

    async def query(self, name: str, rdtype: str, *, checking_disabled: bool = False) -> Answer:
        """The answer that was kept."""
        kept = self.answers.get((name, rdtype, checking_disabled))
        return kept or Answer(name, rdtype, Status.UNRECORDED, checking_disabled=checking_disabled)

"""Keeping what was answered, and answering from what was kept: the two ends of a case file."""

from __future__ import annotations

from collections.abc import Mapping

from deliverkit.classes import field, frozen, slotted
from deliverkit.observations import CHOSEN, Answer, Place, Query, Resolver, Status


@slotted
class Recording:
    """A resolver over another that keeps every answer; the first to a question counts."""

    source: Resolver
    answers: dict[Query, Answer] = field(default_factory=dict)

    async def query(self, name: str, rdtype: str, *, checking_disabled: bool = False, at: Place = CHOSEN) -> Answer:
        """The source's answer, kept."""
        answer = await self.source.query(name, rdtype, checking_disabled=checking_disabled, at=at)
        return self.answers.setdefault(Query(name, rdtype, checking_disabled, at), answer)


@frozen
class Recorded:
    """A resolver that answers from what was kept, and says UNRECORDED to everything else."""

    answers: Mapping[Query, Answer]

    async def query(self, name: str, rdtype: str, *, checking_disabled: bool = False, at: Place = CHOSEN) -> Answer:
        """The answer that was kept."""
        kept = self.answers.get(Query(name, rdtype, checking_disabled, at))
        return kept or Answer(name, rdtype, Status.UNRECORDED, checking_disabled=checking_disabled, at=at)

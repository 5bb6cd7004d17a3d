"""What there is to see of seed copies beside where they landed: what was written into them, how each was sent."""

from __future__ import annotations

from typing import Any, NamedTuple

from deliverkit.classes import Frozen
from deliverkit.observations.smtp import Transcript
from deliverkit.standards.spam_headers.reasons import Reasons


class Said(NamedTuple):
    """Something that stands in a header; ``is_proved``: the receiver wrote it, else it may have been the sender."""

    words: str
    field: str
    is_proved: bool

    def __str__(self) -> str:
        return self.words if self.is_proved else f"{self.words} (unproved: the sender may have written it)"


class Passage(NamedTuple):
    """A host on the way and the seconds since the one before; None where that is not told or the clocks differ."""

    host: str
    seconds: float | None


class Written(Frozen):
    """What stands in the header of a copy. ``foreign``: how many results somebody else wrote.

    ``blamed``: what filters at its receiver's saw in it that speaks for spam.
    """

    address: str
    is_control: bool
    results: tuple[Said, ...]
    verdicts: tuple[Said, ...]
    way: tuple[Passage, ...]
    foreign: int = 0
    blamed: tuple[Reasons, ...] = ()

    def to_plain(self) -> dict[str, Any]:
        """As JSON shows it."""
        return {
            "address": self.address,
            "is_control": self.is_control,
            "results": [one._asdict() for one in self.results],
            "verdicts": [one._asdict() for one in self.verdicts],
            "way": [one._asdict() for one in self.way],
            "foreign": self.foreign,
            "blamed": [one._asdict() for one in self.blamed],
        }


class SaidOfCopy(NamedTuple):
    """What was said with hosts to hand a copy over, the first try first."""

    address: str
    is_control: bool
    transcripts: tuple[Transcript, ...]


class SeedEvidence(Frozen):
    """What is known of the copies of a seed test: of those that arrived, and of those that were sent from here."""

    written: tuple[Written, ...] = ()
    handed_over: tuple[SaidOfCopy, ...] = ()

    def written_into(self, address: str, *, is_control: bool) -> Written | None:
        """What stands in the header of that copy; None where it did not arrive."""
        return next((one for one in self.written if (one.address, one.is_control) == (address, is_control)), None)

    def said_for(self, address: str, *, is_control: bool) -> tuple[Transcript, ...]:
        """The conversations about that copy; none where another platform sent it."""
        about = (address, is_control)
        return next((one.transcripts for one in self.handed_over if (one.address, one.is_control) == about), ())

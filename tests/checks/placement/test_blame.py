"""What PLACE001 has people look at: what filters wrote into the copies in junk."""

from __future__ import annotations

import pytest

from deliverkit.checks.placement.blame import what_to_do
from deliverkit.facts.placement import Fate, PlacedCopy, placement_of
from deliverkit.facts.seed_evidence import SeedEvidence, Written
from deliverkit.model import Absent, not_applicable
from deliverkit.standards.spam_headers.reasons import Reasons

JUNK = "look at the copies in junk: "
WHY = f"{JUNK}what their receivers wrote into the headers says why"
RSPAMD, SAID = Reasons("rspamd", ("GTUBE", "BAYES_SPAM")), Reasons("X-Spam-Flag", ())
MANY = Reasons("Microsoft", tuple(f"R{number}" for number in range(7)))


def told(*copies: tuple[Fate, tuple[Reasons, ...]]) -> str:
    placed = [PlacedCopy(f"seed{number}@north.example", "North", fate) for number, (fate, _) in enumerate(copies)]
    written = [
        Written(one.address, is_control=False, results=(), verdicts=(), way=(), blamed=blamed)
        for one, (_, blamed) in zip(placed, copies, strict=True)
    ]
    return what_to_do(placement_of("spring", placed), SeedEvidence(tuple(written)))


@pytest.mark.parametrize(
    ("copies", "names"),
    [
        (((Fate.JUNK, (RSPAMD,)), (Fate.JUNK, (RSPAMD,))), "in 2 of them rspamd names GTUBE, BAYES_SPAM"),
        (((Fate.JUNK, (RSPAMD,)), (Fate.INBOX, (MANY,))), "in 1 of them rspamd names GTUBE, BAYES_SPAM"),
        (((Fate.JUNK, (SAID,)),), "in 1 of them X-Spam-Flag says spam"),
        (
            ((Fate.JUNK, (RSPAMD,)), (Fate.JUNK, (RSPAMD, MANY))),
            "in 2 of them rspamd names GTUBE, BAYES_SPAM; in 1 of them Microsoft names R0, R1, R2, R3, R4 and 2 more",
        ),
    ],
)
def test_the_names_are_told_with_the_number_of_copies(
    copies: tuple[tuple[Fate, tuple[Reasons, ...]], ...], names: str
) -> None:
    assert told(*copies) == f"{JUNK}{names}"


def test_where_nothing_is_known_nothing_is_named() -> None:
    assert told((Fate.JUNK, ())) == WHY
    nothing: SeedEvidence | Absent = not_applicable("no test")
    assert what_to_do(placement_of("spring", [PlacedCopy("a@b.example", "B", Fate.JUNK)]), nothing) == WHY


def test_where_nothing_is_in_junk_nobody_is_sent_there() -> None:
    assert told((Fate.BOUNCED, ()), (Fate.INBOX, (RSPAMD,))).startswith("see what became of the copies")

"""What receivers wrote into the copies that arrived: what they checked, what filters made of it, how long it took.

Anybody can write such a field. Those that the receiver is proved to have written are told as its word, those above the
token of a copy that went straight to it among them; those at the place where it may have written are told as unproved;
the others are counted alone.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence

from deliverkit.facts.seed_evidence import Passage, Said, Written
from deliverkit.knowledge.receivers import domains_of_receiver
from deliverkit.observations.seeds import Copy, SeedTest, Sending
from deliverkit.seeds.copies import HEADER
from deliverkit.standards.authres.parse import MethodResult
from deliverkit.standards.authres.weighing import Stated, weigh_results
from deliverkit.standards.border import Border, Place, find_border
from deliverkit.standards.header import HeaderField, split_message
from deliverkit.standards.received import Leg, journey
from deliverkit.standards.spam_headers.read import read_spam_headers
from deliverkit.standards.spam_headers.reasons import Reasons, reasons_of, rules_of
from deliverkit.standards.spam_headers.verdict import Verdict

MOST_WORDS = 200  # characters of one thing that is said
MOST_SAID = 20  # things of one kind
MOST_FILTERS, MOST_NAMES, MOST_NAME = 3, 10, 60  # that are blamed in a copy; the last in characters
_SAID = ("flag", "required")  # they stand as words, and beside the score
_ABOUT = {"dkim": ("header.d", "header.i"), "spf": ("smtp.mailfrom", "smtp.helo"), "dmarc": ("header.from",)}


def evidence_of(test: SeedTest) -> tuple[Written, ...]:
    """What was written into each copy that arrived, in the test's order; never raises."""
    return tuple(_written(copy) for copy in test.copies if copy.arrivals)


def receivers_of(copy: Copy) -> tuple[str, ...]:
    """The domains whose hosts write for the copy's receiver: its own, its provider's, and the host that took it."""
    hosts = [one.transcript.call.host for one in _straight(copy) if one.transcript]
    own = copy.address.rpartition("@")[2].lower()
    return tuple(dict.fromkeys([own, *domains_of_receiver(copy.provider), *filter(None, hosts)]))


def _straight(copy: Copy) -> Iterator[Sending]:
    """How it was handed from here to a host of its receiver's; none where another platform or a relay did that."""
    return (one for one in copy.sendings if one.is_accepted and not one.is_relayed)


def _begins(copy: Copy, fields: Sequence[HeaderField]) -> int:
    """The place of the field with which the copy went out, known by its token; 0: others had it in between.

    Whoever forges results cannot stand above it (RFC 8601 §5): nobody but the receiver had the copy after us.
    """
    if not any(_straight(copy)):
        return 0
    own = (index for index, one in enumerate(fields) if one.is_named(HEADER) and copy.token in one.body)
    return next(own, 0)


def _written(copy: Copy) -> Written:
    fields, receivers = split_message(copy.arrivals[0].header).fields, receivers_of(copy)
    begins = _begins(copy, fields)
    weighed = weigh_results(fields, receivers, begins=begins)
    results = [*_results(weighed.trusted, is_proved=True), *_results(weighed.unproved, is_proved=False)]
    verdicts = tuple(_receivers_verdicts(fields, find_border(fields, receivers, begins=begins)))
    return Written(
        copy.address,
        copy.is_control,
        results=tuple(results[:MOST_SAID]),
        verdicts=tuple(Said(_cut(_verdict(one)), one.field, is_proved) for one, is_proved in verdicts[:MOST_SAID]),
        way=tuple(map(_passage, journey(fields).legs)),
        foreign=len(weighed.refused),
        blamed=tuple(_blamed(one for one, _ in verdicts)),
    )


def _results(stated: Sequence[Stated], *, is_proved: bool) -> Iterator[Said]:
    for one in stated:
        for result in one.results.results:
            yield Said(_cut(_words(result)), one.name, is_proved)


def _words(result: MethodResult) -> str:
    about = next((value for name in _ABOUT.get(result.method, ()) if (value := result.get(name))), "")
    return f"{result.method}={result.result} {about}".rstrip()


def _receivers_verdicts(fields: Sequence[HeaderField], border: Border | None) -> Iterator[tuple[Verdict, bool]]:
    """What filters wrote, and whether the receiver's is proved to have.

    A field that stands below the border is the sender's, or a host's on its side.
    """
    for verdict in read_spam_headers(fields):
        place = border.place_of(verdict.index) if border else Place.BENEATH
        if place is not Place.BELOW:
            yield verdict, place is Place.ABOVE


def _blamed(verdicts: Iterable[Verdict]) -> Iterator[Reasons]:
    """What speaks for spam, each filter once; who says no more than spam only where no other says more."""
    found: dict[str, Reasons] = {}
    for reasons in filter(None, map(reasons_of, verdicts)):
        if len(reasons.names) > len(found.setdefault(reasons.filter, reasons).names):
            found[reasons.filter] = reasons
    telling = [one for one in found.values() if one.names] or list(found.values())
    for one in telling[:MOST_FILTERS]:
        yield one._replace(names=tuple(name[:MOST_NAME] for name in one.names[:MOST_NAMES]))


def _verdict(verdict: Verdict) -> str:
    """The verdict in short: spam or not as far as it tells, the score, what its marks mean."""
    judged = {True: ["spam"], False: ["not spam"], None: []}[verdict.is_spam]
    required = verdict.get("required")
    limit = f" of {required.value}" if required else ""
    score = [f"score {verdict.score:g}{limit}"] if verdict.score is not None else []
    marks = [f"{one.name} {one.value}: {one.meaning}" for one in verdict.marks if one.meaning and one.name not in _SAID]
    said = ", ".join([*judged, *score, *marks, *rules_of(verdict)]) or " ".join(verdict.text.split())
    return f"{verdict.field}: {said}"


def _passage(leg: Leg) -> Passage:
    seconds = leg.delay.total_seconds() if leg.delay is not None and not leg.is_backwards else None
    return Passage(_cut(leg.hop.host), seconds)


def _cut(text: str) -> str:
    return text[:MOST_WORDS]

"""Where pyspf, the library of many receivers, differs from the standard: why, and what such a receiver does."""

from __future__ import annotations

from deliverkit.facts.second_opinion import Departure
from deliverkit.facts.spf import SenderTest

_WHY = {
    Departure.SINGLE_LABEL: "a domain of a single label has no result (RFC 7208 §4.3); pyspf looks its record up",
    Departure.LONG_NAME: (
        "names end at 253 characters, a longer domain has no result (RFC 7208 §4.3) and what macros make longer is cut "
        "from the left (§7.3); pyspf cuts one label at most and then breaks off"
    ),
    Departure.REVERSE_ERROR: (
        "an error while the reverse name is looked up is no match (RFC 7208 §5.5, §7.3); pyspf ends with "
        "it, even where the term is not come to"
    ),
    Departure.EXCHANGER_ERROR: (
        "mx is done with the first exchanger that matches (RFC 7208 §5.4); pyspf looks up all of them before it "
        "compares, and ends the evaluation with an error of one"
    ),
    Departure.VOID_COUNT: (
        "a third term without an answer ends an evaluation (RFC 7208 §4.6.4); pyspf counts reverse names, too, and "
        "exchangers that it need not ask for"
    ),
    Departure.LOOKUP_COUNT: (
        "a redirect counts where it is followed (RFC 7208 §4.6.4); pyspf counts it as soon as it stands in a record"
    ),
    Departure.OWN_INCLUDE: (
        "a term matters only where the evaluation comes to it (RFC 7208 §4.6.2); pyspf takes a record that includes "
        "itself for broken, wherever the term stands"
    ),
    Departure.REPEATED_MODIFIER: (
        "of the modifiers only redirect and exp may not stand twice (RFC 7208 §6); pyspf refuses every one that does"
    ),
}
_MEANS = {
    "pass": "takes the sender for permitted",
    "fail": "may refuse the mail",
    "softfail": "takes the sender for suspect",
    "neutral": "takes nothing for proved",
    "none": "takes nothing for proved",
    "temperror": "may defer the mail",
    "permerror": "takes the record for broken, and may refuse the mail",
    "crash": "comes to no result, and may defer the mail or judge it without SPF",
}


def disagreement(test: SenderTest) -> str:
    """What pyspf says where that is not what we say, why, and what it means; empty where the two agree."""
    opinion = test.second_opinion
    if opinion is None or not test.is_disputed:
        return ""
    means = _MEANS.get(opinion.result.partition(" ")[0], "acts on that")
    if opinion.departure is None:
        own = f' ("{opinion.why[:120]}")' if opinion.why else ""
        why = f"{own}, and why is not known: it may be a fault of pyspf or of ours"
    else:
        why = f": {_WHY[opinion.departure]}"
    return f"pyspf says {opinion.result}{why}. A receiver that uses this library {means}."

"""What another library makes of the same answers, and what makes it come to another result."""

from __future__ import annotations

import enum

from deliverkit.classes import Frozen


class Departure(enum.Enum):
    """Why pyspf comes to another result than the standard, where that is known."""

    SINGLE_LABEL = "a domain of one label"
    LONG_NAME = "a name of more than 253 characters"
    REVERSE_ERROR = "an error while a reverse name is looked up"
    VOID_COUNT = "empty answers counted that the evaluation does not come to"
    LOOKUP_COUNT = "a redirect counted that is not followed"
    EXCHANGER_ERROR = "an error at an exchanger that is not come to"
    REPEATED_MODIFIER = "an unknown modifier that stands twice"
    OWN_INCLUDE = "an include of the domain itself that is not come to"


class SecondOpinion(Frozen):
    """What pyspf, the library of many receivers, makes of the same answers.

    ``result`` is the standard's word, or ``crash`` with the error's name; ``why`` its own words; ``departure`` what
    makes it come to another result than ours, None where the two agree, or nobody knows.
    """

    result: str
    why: str = ""
    departure: Departure | None = None

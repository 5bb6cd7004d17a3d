"""Which Authentication-Results fields to believe (RFC 8601 §5): those that the receiver wrote."""

from __future__ import annotations

from collections.abc import Collection, Sequence

from deliverkit.classes import Frozen
from deliverkit.standards.authres.parse import AuthenticationResults, parse_arc_results, parse_results
from deliverkit.standards.border import Border, Place, find_border, is_of
from deliverkit.standards.header import HeaderField

MOST_FIELDS = 50
_READERS = {"authentication-results": parse_results, "arc-authentication-results": parse_arc_results}


class Stated(Frozen):
    """A field of the header with its place there, and what it says."""

    index: int
    name: str
    results: AuthenticationResults


class Weighed(Frozen):
    """The fields by what they are worth.

    ``trusted`` the receiver wrote. ``unproved`` bear its name at the place where many receivers write theirs, and a
    sender may have put them there if the receiver does not remove such. ``refused`` are somebody else's.
    """

    trusted: tuple[Stated, ...]
    unproved: tuple[Stated, ...]
    refused: tuple[Stated, ...]


def weigh_results(fields: Sequence[HeaderField], receiver: Collection[str], *, begins: int = 0) -> Weighed:
    """What the fields are worth at the receiver whose hosts are these names or lie below them; never raises.

    Microsoft names nobody (no authserv-id); that is believed only where nobody else can have written. ``begins``: the
    place of a field that the message began with as the receiver got it; 0: none is known.
    """
    border = find_border(fields, receiver, begins=begins)
    sorted_out: dict[str, list[Stated]] = {"trusted": [], "unproved": [], "refused": []}
    for stated in _stated(fields):
        sorted_out[_worth(stated, border, receiver)].append(stated)
    return Weighed(*map(tuple, sorted_out.values()))


def _worth(stated: Stated, border: Border | None, receiver: Collection[str]) -> str:
    place = border.place_of(stated.index) if border else Place.BELOW
    identity = stated.results.authserv_id
    is_own = is_of(identity, receiver)
    if place is Place.ABOVE and (is_own or not identity):
        return "trusted"
    return "unproved" if place is Place.BENEATH and is_own else "refused"


def _stated(fields: Sequence[HeaderField]) -> list[Stated]:
    places = [index for index, field in enumerate(fields) if field.name.lower() in _READERS][:MOST_FIELDS]
    return [
        Stated(index, fields[index].name, _READERS[fields[index].name.lower()](fields[index].body)) for index in places
    ]

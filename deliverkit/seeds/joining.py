"""What became of each copy of a seed test: what its host said, what bounced and what was seen in mailboxes, joined."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import datetime, timedelta
from typing import NamedTuple

from deliverkit.checks.wording import format_duration, joined
from deliverkit.classes import Frozen
from deliverkit.facts.placement import Fate, PlacedCopy
from deliverkit.observations.mailbox import Arrival, FolderClass
from deliverkit.observations.seeds import Bounce, Copy, SeedTest, Sending, Stage
from deliverkit.seeds.pathways import ANY_PATH, CampaignPath, unlike

PATIENCE = timedelta(hours=2)
_TICK = 1.0  # INTERNALDATE counts whole seconds (RFC 9051 §9, date-time)
_FATES = {
    FolderClass.INBOX: Fate.INBOX,
    FolderClass.TAB: Fate.TAB,
    FolderClass.JUNK: Fate.JUNK,
    FolderClass.OTHER: Fate.OTHER,
    FolderClass.TRASH: Fate.OTHER,
}
_ORDER = tuple(_FATES)  # of two places that were seen in one look, the first is where its reader meets it


class Terms(Frozen):
    """By what copies are judged.

    ``patience``: how long an accepted copy is waited for; None: as long as the last watch did. ``path``: what stands
    for the campaign. ``returns``: the mailbox that takes the bounces; empty: none is watched.
    """

    patience: timedelta | None = None
    path: CampaignPath = ANY_PATH
    returns: str = ""

    def patience_with(self, test: SeedTest) -> timedelta:
        """How long the test's copies are waited for."""
        known = (one for one in (self.patience, test.patience) if one is not None)
        return next(known, PATIENCE)


_USUAL = Terms()


def join(test: SeedTest, now: datetime, terms: Terms = _USUAL) -> tuple[PlacedCopy, ...]:
    """What became of each copy, in the test's order."""
    return tuple(_placed(test, copy, now, terms) for copy in test.copies)


def deadline_of(test: SeedTest, copy: Copy, patience: timedelta) -> datetime | None:
    """Until when the copy is waited for; None where it is not on its way."""
    begun = _on_its_way_since(test, copy)
    return begun + patience if begun is not None else None


class _End(NamedTuple):
    """How a copy ended, and what there is to say of it."""

    fate: Fate
    detail: str
    folder: str = ""
    delay: float | None = None
    unlike: str = ""
    reply: str = ""


def _placed(test: SeedTest, copy: Copy, now: datetime, terms: Terms) -> PlacedCopy:
    end = _end(test, copy, now, terms)
    return PlacedCopy(
        copy.address,
        copy.provider,
        end.fate,
        is_control=copy.is_control,
        folder=end.folder,
        delay=end.delay,
        unlike=end.unlike,
        detail=end.detail,
        reply=end.reply,
    )


def _end(test: SeedTest, copy: Copy, now: datetime, terms: Terms) -> _End:
    if copy.arrivals:
        return _arrived(test, copy, terms)
    failed = next((one for one in reversed(copy.bounces) if one.action == "failed"), None)
    if failed is not None:
        said = f"{_how_taken(test, copy)}, then it bounced: {said_in(failed)}"
        return _End(Fate.BOUNCED, said, reply=failed.diagnostic or failed.status)
    if _on_its_way_since(test, copy) is None:
        return _not_handed_over(copy)
    return _not_seen(test, copy, now, terms)


def _arrived(test: SeedTest, copy: Copy, terms: Terms) -> _End:
    last = _latest(copy.arrivals)
    delay, clocks = _delay(test, copy)
    clauses = [*_places(copy.arrivals, last), *clocks, *_also_bounced(copy)]
    found = unlike(copy.arrivals[0].header, terms.path)
    return _End(_FATES[last.folder.kind], "; ".join(clauses), shown_folder(last), delay, found)


def shown_folder(arrival: Arrival) -> str:
    """The folder, and the tab where its owner sees one."""
    name = arrival.folder.name
    return f"{name}, tab {arrival.tab}" if arrival.folder.kind is FolderClass.TAB and arrival.tab else name


def _latest(arrivals: Sequence[Arrival]) -> Arrival:
    """Where it is now: the place that was seen last; of those of one look the one where its reader meets it."""
    newest = max(one.seen for one in arrivals)
    return min((one for one in arrivals if one.seen == newest), key=lambda one: _ORDER.index(one.folder.kind))


def _places(arrivals: Sequence[Arrival], last: Arrival) -> Iterator[str]:
    """Where it lies, and where else it was seen."""
    place, first = shown_folder(last), shown_folder(arrivals[0])
    others = list(dict.fromkeys(shown_folder(one) for one in arrivals if shown_folder(one) not in {place, first}))
    beside = [first, *others] if first != place else others
    if not beside:
        yield f"in {place}"
    elif first != place and arrivals[0].seen < last.seen:
        later = format_duration((last.seen - arrivals[0].seen).total_seconds())
        yield f"first seen in {joined(beside)}, and {later} later in {place}"
    else:
        yield f"in {place}, and in {joined(beside)} as well"


def _delay(test: SeedTest, copy: Copy) -> tuple[float | None, list[str]]:
    """Seconds from the host's acceptance to the first sight's INTERNALDATE; not known where the clocks differ.

    A host may file a copy before its reply is read here, but not before the try at it begins.
    """
    begun = _on_its_way_since(test, copy)
    if begun is None:
        return None, ["no host is known to have taken it, yet it arrived"]
    first = min(one.arrived for one in copy.arrivals if one.seen == copy.arrivals[0].seen)
    seconds = (first - begun).total_seconds()
    tried = next((one.begun for one in copy.sendings if one.is_accepted), begun)
    if (first - min(tried, begun)).total_seconds() < -_TICK:
        before = "sent" if test.is_external else "accepted"
        gap = format_duration(-seconds)
        return None, [
            f"its mailbox dates it {gap} before it was {before}: the clocks differ, so its delay is not known"
        ]
    return max(seconds, 0.0), []


def _also_bounced(copy: Copy) -> Iterator[str]:
    failed = [one for one in copy.bounces if one.action == "failed"]
    if failed:
        yield f"a bounce came all the same: {said_in(failed[-1])}"


def _not_handed_over(copy: Copy) -> _End:
    if not copy.sendings:
        return _End(Fate.UNSENT, "not sent yet")
    last = copy.sendings[-1]
    refused = next((one for one in copy.sendings if one.is_refused), None)
    if refused is not None and refused.is_relayed:  # whoever gets the mail has said nothing
        return _End(Fate.UNSENT, f"not sent: the relay {_host(refused)} refused it: {refused.said}")
    if refused is not None:
        return _End(Fate.REJECTED, f"{_host(refused)} refused it: {refused.said}", reply=refused.said)
    if last.stage is Stage.BEGUN or last.step == "AUTH":
        return _End(Fate.UNSENT, f"not sent: {last.said}" if last.reply else "not sent: its sending was cut off")
    return _End(Fate.DEFERRED, f"{_host(last)} did not take it yet: {last.said}")


def _not_seen(test: SeedTest, copy: Copy, now: datetime, terms: Terms) -> _End:
    """A copy that is on its way, or may be, and was seen nowhere."""
    taken, problems = _how_taken(test, copy), dict(test.problems)
    if copy.address in problems:
        why = problems[copy.address]
        return _End(Fate.UNREADABLE, f"{taken}; its mailbox could not be read: {why}")
    deadline = deadline_of(test, copy, terms.patience_with(test))
    assert deadline is not None
    delayed = "".join(f"; a host reports a delay: {said_in(one)}" for one in copy.bounces[-1:])
    if not test.is_external and not _is_accepted(copy):
        return _End(Fate.IN_DOUBT, f"{taken}, and it was not found so far{delayed}")
    if test.looked is None or test.looked < deadline:
        rest = (deadline - now).total_seconds()
        word = (
            f"{format_duration(max(round(rest), 1))} left" if rest > 0 else "nobody has looked since its time is over"
        )
        return _End(Fate.PENDING, f"{taken}, not found so far, {word}{delayed}")
    if test.is_external and not any(one.arrivals or one.bounces for one in test.copies):
        return _End(Fate.UNSENT, "no copy of the test was seen anywhere: has the campaign's platform sent it?")
    bounced = _no_bounce(copy, terms, problems, terms.patience_with(test))
    others = "quarantine, delay or a platform that left it out" if test.is_external else "quarantine or delay"
    doubt = f"{others} cannot be excluded"
    return _End(Fate.MISSING, f"{taken}, not found in any folder that we can read, {bounced}; {doubt}{delayed}")


def _no_bounce(copy: Copy, terms: Terms, problems: dict[str, str], patience: timedelta) -> str:
    if not terms.returns:
        return "and bounces were not looked for (no mailbox is named that takes them)"
    if terms.returns in problems:
        return f"and the mailbox for bounces could not be read ({problems[terms.returns]})"
    none, sender = f"no bounce in {format_duration(patience.total_seconds())}", _sender_of(copy)
    if sender and sender.lower() != terms.returns.lower():
        return f"{none} at {terms.returns} (it was sent as from {sender}: bounces go there)"
    return none


def _sender_of(copy: Copy) -> str:
    """The address in MAIL FROM as we said it, to which bounces go (RFC 5321 §4.5.5); empty where another sent it."""
    accepted = next((one for one in copy.sendings if one.is_accepted and one.transcript), None)
    said = [entry.data for entry in accepted.transcript.entries] if accepted and accepted.transcript else []
    found = next((line for line in said if line.upper().startswith(b"MAIL FROM:<")), b"<>")
    return found.partition(b"<")[2].partition(b">")[0].decode("utf-8", "replace")


def _is_accepted(copy: Copy) -> bool:
    return any(one.is_accepted for one in copy.sendings)


def _on_its_way_since(test: SeedTest, copy: Copy) -> datetime | None:
    """When a host took it, or may have; None where none did."""
    if test.is_external:
        return test.started
    accepted = next((one for one in copy.sendings if one.is_accepted), None)
    if accepted is not None:
        return accepted.ended or accepted.begun
    if any(one.is_refused for one in copy.sendings):
        return None
    doubtful = next((one for one in reversed(copy.sendings) if one.stage is Stage.DOT), None)
    return (doubtful.ended or doubtful.begun) if doubtful is not None else None


def _how_taken(test: SeedTest, copy: Copy) -> str:
    if test.is_external:
        return "the campaign's platform was to send it"
    accepted = next((one for one in copy.sendings if one.is_accepted), None)
    if accepted is not None:
        return f"accepted by {_host(accepted)} ({accepted.said})"
    return "in doubt: the message was on its way and no reply came"


def _host(sending: Sending) -> str:
    return sending.transcript.call.host if sending.transcript and sending.transcript.call.host else "its host"


def said_in(bounce: Bounce) -> str:
    """What a notification says, on one line."""
    said = bounce.diagnostic or bounce.status or "it does not say why"
    return f"{said} (reported by {bounce.reporter})" if bounce.reporter else said

"""Where the copies of a seed test landed: by provider, and weighted by the audience."""

from __future__ import annotations

import enum
import math
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from statistics import median

from deliverkit.classes import Frozen
from deliverkit.errors import UsageError
from deliverkit.standards.intervals import Interval, Stratum, effective_trials, weighted, wilson

_LEAST_PART = 0.005  # of the audience
_MOST_PARTS = 1.02  # parts are rounded, and may add up to a little more than everybody
INBOX_RATE = 0.7  # where none is asked for; our policy, no provider's


class Fate(enum.StrEnum):
    """What became of a copy, as a word."""

    INBOX = "inbox"
    TAB = "tab"  # an inbox tab: inbox, shown apart
    JUNK = "junk"
    OTHER = "other"  # another folder, by a filter or a quarantine that can be read
    REJECTED = "rejected"  # a host said 5xx
    DEFERRED = "deferred"  # a host said 4xx, or none could be reached: it is to be tried again
    BOUNCED = "bounced"  # accepted, and a bounce came
    MISSING = "missing"  # accepted, not found in time, and no bounce came
    PENDING = "pending"  # accepted, and still in time
    IN_DOUBT = "in doubt"  # cut off between the final dot and the reply
    UNSENT = "unsent"
    UNREADABLE = "unreadable"  # its mailbox could not be read: nothing is said about it

    @property
    def is_inbox(self) -> bool:
        """Whether its reader meets it among the mail that was wanted."""
        return self in {Fate.INBOX, Fate.TAB}

    @property
    def is_settled(self) -> bool:
        """Whether it counts: it has come to an end that says something of the message or its sender."""
        return not self.is_open and self not in {Fate.UNSENT, Fate.UNREADABLE}

    @property
    def is_open(self) -> bool:
        """Whether it may still come to an end that counts."""
        return self in {Fate.PENDING, Fate.DEFERRED, Fate.IN_DOUBT}


class PlacedCopy(Frozen):
    """A copy and what became of it. ``delay`` is in seconds from the host's acceptance to the arrival.

    ``unlike`` says why it does not stand for the campaign (another address pool, another signing domain); empty: it
    does. ``detail`` is what there is to say of it: the reply, the bounce, the folder; ``reply`` is what a host said
    against it, as it stands in the conversation or the bounce.
    """

    address: str
    provider: str
    fate: Fate
    is_control: bool = False
    folder: str = ""
    delay: float | None = None
    unlike: str = ""
    detail: str = ""
    reply: str = ""


class Delays(Frozen):
    """How long copies were under way, in seconds; ``p95`` is the shortest delay that 95 of 100 did not exceed."""

    median: float
    p95: float


def delays_of(copies: Iterable[PlacedCopy]) -> Delays | None:
    """The delays of the copies that arrived; None where none did, or none is known."""
    found = sorted(one.delay for one in copies if one.delay is not None)
    return Delays(median(found), found[math.ceil(0.95 * len(found)) - 1]) if found else None


class ProviderPlacement(Frozen):
    """The copies at one provider that stand for the campaign.

    ``share`` is its part of the audience, 0 to 1; None where no shares are given.
    """

    provider: str
    copies: tuple[PlacedCopy, ...]
    share: float | None = None

    @property
    def counts(self) -> Counter[Fate]:
        """How many copies came to each end."""
        return Counter(one.fate for one in self.copies)

    @property
    def settled(self) -> int:
        """How many copies count."""
        return sum(one.fate.is_settled for one in self.copies)

    @property
    def inbox(self) -> int:
        """How many copies reached the inbox, tabs included."""
        return sum(one.fate.is_inbox for one in self.copies)

    @property
    def open(self) -> int:
        """How many copies may still come to count."""
        return sum(one.fate.is_open for one in self.copies)

    @property
    def interval(self) -> Interval:
        """Wilson's 95 % interval of the rate of copies that reach the inbox."""
        return wilson(self.inbox, self.settled)

    @property
    def delays(self) -> Delays | None:
        """How long its copies were under way."""
        return delays_of(self.copies)


class Control(Frozen):
    """The campaign held against the plain message, mailbox by mailbox, where both came to an end that counts.

    ``content``: mailboxes whose inbox only the control reached; ``sender``: those whose inbox neither reached;
    ``reverse``: those whose inbox only the campaign reached.
    """

    pairs: int
    content: int
    sender: int
    reverse: int


class Total(Frozen):
    """The rate of copies that reach the inbox, and its 95 % interval.

    ``is_weighted``: providers count by their shares of the audience. ``worth``: how many copies, spread as the audience
    is, would tell as much; unweighted, as many as count. ``uncovered`` is the share of the audience at providers of
    which no copy counts.
    """

    rate: float
    interval: Interval
    is_weighted: bool
    worth: float
    uncovered: float = 0.0

    @property
    def is_partial(self) -> bool:
        """Whether a part of the audience, half a percent or more, is at providers of which no copy counts."""
        return self.uncovered >= _LEAST_PART


class Placement(Frozen):
    """What a seed test came to. ``unlike`` are the copies that do not stand for the campaign: no figure counts them.

    ``wanted`` is the rate that is asked for, 0 to 1; None: none is. ``problems``: by address, why a mailbox could not
    be read. ``controls`` are the plain messages beside the campaign's copies.
    """

    test: str
    providers: tuple[ProviderPlacement, ...]
    unlike: tuple[PlacedCopy, ...] = ()
    control: Control | None = None
    wanted: float | None = None
    problems: tuple[tuple[str, str], ...] = ()
    controls: tuple[PlacedCopy, ...] = ()

    @property
    def copies(self) -> tuple[PlacedCopy, ...]:
        """The copies that stand for the campaign."""
        return tuple(copy for one in self.providers for copy in one.copies)

    @property
    def every(self) -> tuple[PlacedCopy, ...]:
        """All copies: those, the ones that are unlike the campaign, and the plain messages."""
        return (*self.copies, *self.unlike, *self.controls)

    @property
    def settled(self) -> int:
        """How many of them count."""
        return sum(one.settled for one in self.providers)

    @property
    def inbox(self) -> int:
        """How many of them reached the inbox, tabs included."""
        return sum(one.inbox for one in self.providers)

    @property
    def open(self) -> int:
        """How many of them may still come to count."""
        return sum(one.open for one in self.providers)

    @property
    def total(self) -> Total | None:
        """The rate over all; None where no copy counts."""
        return _total([(one.inbox, one.settled, one.share) for one in self.providers])

    @property
    def at_worst(self) -> Total | None:
        """The rate if no copy that is still open reached the inbox."""
        return _total([(one.inbox, one.settled + one.open, one.share) for one in self.providers])

    @property
    def at_best(self) -> Total | None:
        """The rate if every copy that is still open reached the inbox."""
        return _total([(one.inbox + one.open, one.settled + one.open, one.share) for one in self.providers])


def _total(counts: Iterable[tuple[int, int, float | None]]) -> Total | None:
    """The rate out of each provider's copies in the inbox, all its copies, and its share of the audience."""
    counting = [one for one in counts if one[1]]
    if not counting:
        return None
    if all(share is None for _, _, share in counting):
        inbox, copies = sum(one[0] for one in counting), sum(one[1] for one in counting)
        return Total(inbox / copies, wilson(inbox, copies), is_weighted=False, worth=copies)
    strata = [Stratum(inbox, copies, share) for inbox, copies, share in counting if share]
    if not strata:
        return None
    rate, interval = weighted(strata)
    worth, covered = round(effective_trials(strata), 1), sum(one.weight for one in strata)
    return Total(rate, interval, is_weighted=True, worth=worth, uncovered=max(0.0, 1 - covered))


def shares_of(numbers: Mapping[str, float]) -> dict[str, float]:
    """Each provider's part of the audience.

    Numbers up to 1 are parts already; where one is larger they are numbers of readers, and parts of their sum.

    Raises:
        UsageError: they are neither, or all of them are 0.
    """
    whole = float(sum(numbers.values()))
    if not any(number > 1 for number in numbers.values()):
        if numbers and not whole:
            raise UsageError("all shares are 0: write each provider's part, as 0.44, or its number of readers")
        if whole > _MOST_PARTS and any(number % 1 for number in numbers.values()):
            raise UsageError(f"the parts add up to {whole:.2f}, and 1 is everybody")
        whole = max(whole, 1.0)
    elif any(number % 1 and number < 1 for number in numbers.values()):
        raise UsageError("parts (0.44) and numbers of readers (44000) stand side by side: write all in one way")
    return {provider: number / whole for provider, number in numbers.items()}


def name_everybody(shares: Mapping[str, float]) -> bool:
    """Whether the shares leave no rest of the audience, half a percent or more."""
    return sum(shares.values()) > 1 - _LEAST_PART


def placement_of(
    test: str,
    copies: Sequence[PlacedCopy],
    *,
    shares: Mapping[str, float] | None = None,
    wanted: float | None = None,
    problems: Sequence[tuple[str, str]] = (),
) -> Placement:
    """The copies by provider, those with the largest share of the audience first, and the control beside them.

    ``shares``: each provider's part of the audience, 0 to 1; those without a seed are left out of the providers, and
    stand in the total as uncovered.
    """
    shares = shares or {}
    alike = [one for one in copies if not one.is_control and not one.unlike]
    names = dict.fromkeys(one.provider for one in alike)
    found = [
        ProviderPlacement(
            name, tuple(one for one in alike if one.provider == name), shares.get(name, 0.0 if shares else None)
        )
        for name in names
    ]
    found.sort(key=lambda one: (-(one.share or 0.0), -len(one.copies), one.provider))
    unlike = tuple(one for one in copies if not one.is_control and one.unlike)
    controls = {one.address: one for one in copies if one.is_control}
    control = _control(alike, controls)
    return Placement(test, tuple(found), unlike, control, wanted, tuple(problems), tuple(controls.values()))


def _control(alike: Iterable[PlacedCopy], controls: Mapping[str, PlacedCopy]) -> Control | None:
    if not controls:
        return None
    both = [(one.fate, controls[one.address].fate) for one in alike if one.address in controls]
    inboxes = Counter((one.is_inbox, other.is_inbox) for one, other in both if one.is_settled and other.is_settled)
    return Control(inboxes.total(), inboxes[False, True], inboxes[False, False], inboxes[True, False])

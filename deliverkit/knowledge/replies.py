"""What SMTP replies mean beyond their codes, and which provider says so (``replies.toml``).

A provider's numbers are its own: 5.7.27 is SPF at Gmail and a null MX in the registry. So an entry counts for the
provider that is proved to have spoken, and where none is proved each reading is given with its speaker.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import date
from functools import cache
from typing import Any

from deliverkit.classes import Frozen, replace
from deliverkit.facts.provider import ProviderKind
from deliverkit.knowledge.null_sender import is_about_the_null_sender
from deliverkit.knowledge.parties import Parties, parties_in
from deliverkit.knowledge.providers import provider_of
from deliverkit.knowledge.reading import read_toml
from deliverkit.regexes import regex
from deliverkit.standards.names import is_within
from deliverkit.standards.smtp.dialogue import NULL_SENDER
from deliverkit.standards.smtp.enhanced_status import EnhancedStatus, find_enhanced_status
from deliverkit.standards.smtp.reply import Reply

ANYBODY = ""
_ADDRESS = regex(r"[^\s<>@]{1,64}@[^\s<>@]{1,253}")
_ASK = {  # RFC 5321 §4.5.1: every domain that takes mail has a postmaster
    4: "wait; a mail server comes back by itself; if it goes on, ask postmaster@{recipient}, with the whole reply",
    5: "ask postmaster@{recipient}, with the whole reply, the time and the sending address",
}
_HANDING_ON = {
    ProviderKind.GATEWAY,
    ProviderKind.FORWARDER,
    ProviderKind.RELAY,
}  # their replies may be those of the host behind
_OWED = {"QUIT": 221, "RSET": 250, "NOOP": 250}  # RFC 5321 §4.3.2; that every host has them: §4.5.1
_NOT_TAKEN = frozenset({500, 501, 502, 503, 504})


class Meaning(Frozen):
    """What a reply means: ``meaning`` is a clause, ``whose`` the side whose job it is, ``do`` the remedy.

    ``retry``: ``no``, ``now`` (over a new connection), ``later`` or ``slower``. ``speaker`` is the provider whose own
    code or words it is, empty for what anybody may say; ``software`` writes its text so, empty: everybody may.
    ``as_of`` is None for what stands in an RFC or the registry.
    """

    speaker: str
    codes: frozenset[int]
    enhanced: str
    text: tuple[str, ...]
    meaning: str
    whose: str
    retry: str
    do: str
    source: str
    as_of: date | None
    software: str = ""

    @property
    def authority(self) -> str:
        """Who says so, and as of when: ``Google sender guidelines FAQ, as of 2026-03-11``."""
        return f"{self.source}, as of {self.as_of}" if self.as_of else self.source

    def fits(self, code: int, status: EnhancedStatus | None, text: str) -> bool:
        """Whether code (0: any), enhanced status code and text (in lower case) are what it is about."""
        return (
            (not self.codes or not code or code in self.codes)
            and (not self.enhanced or (status is not None and _matches(self.enhanced, status)))
            and all(piece in text for piece in self.text)
        )

    @property
    def precision(self) -> tuple[int, int, int]:
        """How much it asks of a reply: the most precise one decides, "blocked using" before the spam in Spamhaus."""
        is_exact = bool(self.enhanced) and not {"*", "-"} & set(self.enhanced)
        return len(self.text), sum(map(len, self.text)), bool(self.enhanced) + is_exact + bool(self.codes)


# What a host says by a no to the null sender, whatever it calls that.
TAKES_NO_BOUNCES = Meaning(
    speaker=ANYBODY,
    codes=frozenset(),
    enhanced="",
    text=(),
    meaning="the host takes no bounces, as every host has to: RFC 5321 §4.5.5, §6.1",
    whose="the receiving side's",
    retry="no",
    do="let the host take MAIL FROM:<>, which bounces and reports come with; no sender can mend that",
    source="RFC 5321",
    as_of=None,
)


class Remedy(Frozen):
    """What to do about a reply, and whose job that is."""

    whose: str
    do: str

    def about(self, parties: Parties) -> Remedy:
        """The same with the names of these domains."""
        return Remedy(self.whose, parties.named_in(self.do))


class Reading(Frozen):
    """A reply, who is proved to have said it (empty: nobody), and what it means, the likeliest first.

    ``by_code`` is the remedy for its enhanced status code as the registry has it, whoever says it; else for its code.
    ``parties`` are the domains that it is about.
    """

    reply: Reply
    speaker: str
    meanings: tuple[Meaning, ...]
    by_code: Remedy | None = None
    parties: Parties = Parties()

    @property
    def severity(self) -> int:
        """The first digit of the code, or of the enhanced status code where there is no other."""
        return self.reply.severity or int(self.reply.enhanced[:1] or 0)

    @property
    def remedy(self) -> Remedy | None:
        """The remedy by what is proved: who said it, or its text; else by its code; None where neither tells."""
        return Remedy(self.proved.whose, self.proved.do) if self.proved else self.by_code

    @property
    def proved(self) -> Meaning | None:
        """What it means by who is proved to have said it, or by its text, which anybody may write."""
        return next((entry for entry in self.meanings if self.speaker or entry.speaker == ANYBODY), None)

    @property
    def otherwise(self) -> tuple[Meaning, ...]:
        """What else it may mean: where something is proved, what knows more of its words; else all."""
        proved = self.proved
        least = len(proved.text) if proved else -1
        return tuple(entry for entry in self.meanings if len(entry.text) > least and entry is not proved)

    @property
    def advice(self) -> str:
        """What to do about a refusal: where nobody knows, whom to ask; empty: it is none."""
        return self.remedy.do if self.remedy else whom_to_ask(self.parties, self.severity)


def whom_to_ask(parties: Parties, severity: int = 5) -> str:
    """Whom to ask about a refusal that nobody knows how to mend; empty: by its severity it is none."""
    return parties.named_in(_ASK.get(severity, ""))


def read_reply(reply: Reply, host: str = "", parties: Parties | None = None, *, after: str = "") -> Reading:
    """What the reply to the verb ``after`` means, said by ``host`` about ``parties``, where these are known."""
    text = " ".join(reply.text).lower()
    status = find_enhanced_status(reply.enhanced)
    speaker = _speaker(text, host)
    known = (parties or Parties()).over(parties_in(text))
    by_code = _owed(reply, after) or _remedies().get(f"{status.subject}.{status.detail}" if status else str(reply.code))
    fitting = [entry for entry in _entries() if entry.fits(reply.code, status, text)]
    telling = _proved(fitting, speaker) if speaker else _possible(fitting)
    if after == NULL_SENDER and is_about_the_null_sender(reply, text, speaker and telling):
        telling = (TAKES_NO_BOUNCES,)
    named = tuple(replace(entry, do=known.named_in(entry.do)) for entry in telling)
    return Reading(reply, speaker, named, by_code and by_code.about(known), known)


def _owed(reply: Reply, after: str) -> Remedy | None:
    """What mends a host that does not know, or not take, a command that can only be right; None: it is none."""
    owed = _OWED.get(after)
    if owed is None or reply.code not in _NOT_TAKEN:
        return None
    return Remedy("the receiving side's", f"let the host answer {after} with {owed}, as every host has to (RFC 5321)")


def _proved(fitting: Sequence[Meaning], speaker: str) -> tuple[Meaning, ...]:
    """What a provider that is proved means: what it says of itself, then what anybody would mean by the words.

    What a software's words mean is not said of a host that does not run it.
    """
    also = _speakers().get(speaker)  # of the others that are known by name nobody knows what they run
    for whose in (speaker, *(also or ()), ANYBODY):
        found = _best(entry for entry in fitting if entry.speaker == whose and (also is None or not entry.software))
        if found:
            return found
    return ()


def _possible(fitting: Sequence[Meaning]) -> tuple[Meaning, ...]:
    """What it may mean where the speaker is not proved: by words that anybody may write, and by each provider.

    Plain words say more than a number that a provider may use in its own way: beside them only its words count.
    """
    plain = _best(entry for entry in fitting if not (entry.speaker or entry.software))
    least = plain[0].precision[0] if plain else 0
    return _best((*plain, *(entry for entry in fitting if _is_telling(entry, least))))


def _is_telling(entry: Meaning, least: int) -> bool:
    """Whether it says more than the registry would: by as many pieces of text as plain words have, or of policy."""
    if entry.software:
        return len(entry.text) > least
    return len(entry.text) >= max(least, 1) or (not least and ".7." in entry.enhanced)


def _best(entries: Iterable[Meaning]) -> tuple[Meaning, ...]:
    """The most precise entry of each speaker: those of a provider before anybody's where they know as much."""
    best: dict[str, Meaning] = {}
    for entry in entries:
        if entry.speaker not in best or entry.precision > best[entry.speaker].precision:
            best[entry.speaker] = entry
    return tuple(sorted(best.values(), key=lambda entry: (-entry.precision[0], not entry.speaker)))


def _matches(pattern: str, status: EnhancedStatus) -> bool:
    wanted = pattern.split(".")
    return all(_fits_number(piece, number) for piece, number in zip(wanted, status, strict=True))


def _fits_number(piece: str, number: int) -> bool:
    first, _, last = piece.partition("-")
    return piece == "*" or int(first) <= number <= int(last or first)


def _speaker(text: str, host: str) -> str:
    """Who said it: by the host's name, else by what only that provider writes."""
    name = host.rstrip(".").lower()
    provider = provider_of(name)
    for entry in _table()["speaker"]:
        by_name = any(is_within(name, below) for below in entry["hosts"])
        if by_name or (provider and provider.name in entry["providers"]):
            return str(entry["name"])
    if provider and provider.kind not in _HANDING_ON:
        return provider.name
    own = _ADDRESS.sub("", text)  # an address at a provider may stand in anybody's reply
    by_text = (entry["name"] for entry in _table()["speaker"] if any(mark in own for mark in entry["marks"]))
    return "" if name else str(next(by_text, ""))


@cache
def _entries() -> tuple[Meaning, ...]:
    return tuple(
        Meaning(
            speaker=entry.get("speaker", ANYBODY),
            codes=frozenset(entry.get("codes", ())),
            enhanced=entry.get("enhanced", ""),
            text=tuple(entry.get("text", ())),
            meaning=entry["meaning"],
            whose=entry["whose"],
            retry=entry["retry"],
            do=entry["do"],
            source=entry["source"],
            as_of=entry["as_of"],
            software=entry.get("software", ""),
        )
        for entry in _table()["reply"]
    )


@cache
def _speakers() -> dict[str, tuple[str, ...]]:
    """Each speaker, and whose codes it uses beside its own."""
    return {entry["name"]: tuple(entry.get("also", ())) for entry in _table()["speaker"]}


@cache
def _remedies() -> dict[str, Remedy]:
    return {entry["about"]: Remedy(entry["whose"], entry["do"]) for entry in _table()["remedy"]}


@cache
def _table() -> dict[str, Any]:
    return read_toml("replies.toml")

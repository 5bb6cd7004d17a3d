"""What SMTP replies mean beyond their codes, and which provider says so (``replies.toml``).

A provider's numbers are its own: 5.7.27 is SPF at Gmail and a null MX in the registry. So an entry counts for the
provider that is proved to have spoken, and where none is proved each reading is given with its speaker.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from datetime import date
from functools import cache
from typing import Any

from deliverkit.classes import Frozen, replace
from deliverkit.knowledge.parties import Parties, parties_in
from deliverkit.knowledge.providers import provider_of
from deliverkit.knowledge.reading import read_toml
from deliverkit.regexes import regex
from deliverkit.standards.names import is_within
from deliverkit.standards.smtp.enhanced_status import EnhancedStatus, find_enhanced_status
from deliverkit.standards.smtp.reply import Reply, parse_reply

ANYBODY = ""
_ASK = {  # RFC 5321 §4.5.1: every domain that takes mail has a postmaster
    4: "wait; a mail server comes back by itself; if it goes on, ask postmaster@{recipient}, with the whole reply",
    5: "ask postmaster@{recipient}, with the whole reply, the time and the sending address",
}
_CODE = regex(r"(?<![\d.])([2-5]\d\d)(?=[ \t-]|$)", re.ASCII)
_CODE_AND_ENHANCED = regex(r"(?<![\d.])([245]\d\d)[ -]#?(?=[245]\.\d{1,3}\.\d)", re.ASCII)
MOST_CHARACTERS = 8192  # of a pasted reply


class Meaning(Frozen):
    """What a reply means: ``meaning`` is a clause, ``whose`` the side whose job it is, ``do`` the remedy.

    ``retry``: ``no``, ``now`` (over a new connection), ``later`` or ``slower``. ``speaker`` is empty for what anybody
    may say.
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
    as_of: date

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
        return next((entry for entry in self.meanings if entry.speaker in {self.speaker, ANYBODY}), None)

    @property
    def advice(self) -> str:
        """What to do about a refusal: where nobody knows, whom to ask; empty: it is none."""
        return self.remedy.do if self.remedy else whom_to_ask(self.parties, self.severity)


def whom_to_ask(parties: Parties, severity: int = 5) -> str:
    """Whom to ask about a refusal that nobody knows how to mend; empty: by its severity it is none."""
    return parties.named_in(_ASK.get(severity, ""))


def parse_pasted(text: str) -> Reply | None:
    """The reply in a text that somebody pasted: alone, out of a log, or out of a bounce; None: there is none."""
    flat = " ".join(text[:MOST_CHARACTERS].split())
    found = _CODE_AND_ENHANCED.search(flat) or _CODE.search(flat)
    if found is None:
        status = find_enhanced_status(flat)
        return Reply(0, (flat,), str(status)) if status else None
    lines = re.split(rf"(?:^|\s){found[1]}[ -]#?", flat[found.start() :] + " ")
    said = [line.strip() for line in lines if line.strip()] or [""]
    codes = [f"{found[1]}-"] * (len(said) - 1) + [f"{found[1]} "]
    return parse_reply([f"{code}{line}\r\n".encode() for code, line in zip(codes, said, strict=True)])


def read_reply(reply: Reply, host: str = "", parties: Parties | None = None) -> Reading:
    """What the reply means, said by ``host`` about ``parties`` where these are known."""
    text = " ".join(reply.text).lower()
    status = find_enhanced_status(reply.enhanced)
    speaker = _speaker(text, host)
    known = (parties or Parties()).over(parties_in(text))
    by_code = _remedies().get(f"{status.subject}.{status.detail}" if status else str(reply.code))
    fitting = [entry for entry in _entries() if entry.fits(reply.code, status, text)]
    if speaker:
        telling = _best(entry for entry in fitting if entry.speaker in {speaker, ANYBODY})[:1]
    else:
        telling = tuple(entry for entry in _best(fitting) if not entry.speaker or _is_telling(entry))
    named = tuple(replace(entry, do=known.named_in(entry.do)) for entry in telling)
    return Reading(reply, speaker, named, by_code and by_code.about(known), known)


def _is_telling(entry: Meaning) -> bool:
    """Whether it says more than the registry would: it is about policy (X.7.X), or knows the text."""
    return bool(entry.text) or ".7." in entry.enhanced


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
    by_text = (entry["name"] for entry in _table()["speaker"] if any(mark in text for mark in entry["marks"]))
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
        )
        for entry in _table()["reply"]
    )


@cache
def _remedies() -> dict[str, Remedy]:
    return {entry["about"]: Remedy(entry["whose"], entry["do"]) for entry in _table()["remedy"]}


@cache
def _table() -> dict[str, Any]:
    return read_toml("replies.toml")

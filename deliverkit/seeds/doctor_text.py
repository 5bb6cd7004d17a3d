"""How the trial of the seeds looks: a table, or JSON."""

from __future__ import annotations

import json
from collections.abc import Iterator, Sequence

from deliverkit.checks.wording import count, every
from deliverkit.observations.mailbox import FileAccess, FolderClass
from deliverkit.render.look import Detail, Look
from deliverkit.render.tables import Table, lay_out
from deliverkit.render.text import escape, wrap
from deliverkit.seeds.health import Health, State, tabs_of

SCHEMA = 1
_MARKS = {State.BROKEN: "✗", State.UNKNOWN: "?", State.DOUBTFUL: "?", State.WELL: "✓"}
_HEADERS = ("", "seed", "provider", "folders", "junk", "tabs", "new mail")
_UNTOLD = "Not looked at: clocks, but for messages dated in the future, because IMAP tells no time."


def render_doctor(found: Sequence[Health], look: Look) -> str:
    """The verdict, a row for each seed, and what there is to say of those that are not well."""
    rows = tuple(tuple(map(escape, _row(one))) for one in found)
    pieces = [
        look.paint(wrap(verdict(found), look.columns), "bold"),
        "",
        lay_out(Table(_HEADERS, rows, right=(3,)), look),
        *_apart(_complaints(found, look)),
        "",
        look.paint(wrap(_UNTOLD, look.columns), "dim"),
    ]
    return look.finish("\n".join(pieces))


def verdict(found: Sequence[Health]) -> str:
    """How many can be read, as a sentence."""
    bad = [one for one in found if one.state is State.BROKEN]
    unknown = [one for one in found if one.state is State.UNKNOWN]
    good = len(found) - len(bad) - len(unknown)
    if not bad and not unknown:
        return f"{every(good, 'mailbox').capitalize()} can be read."
    rest = [f"{len(bad)} cannot"] if bad else []
    rest += [f"of {len(unknown)} nothing could be found out"] if unknown else []
    return f"{good} of {count(len(found), 'mailbox')} can be read, {', '.join(rest)}."


def doctor_json(found: Sequence[Health]) -> str:
    """The same as one JSON document."""
    seeds = [
        {
            "address": one.seed.address,
            "provider": one.seed.provider or None,
            "role": one.role or None,
            "state": one.state.value,
            "complaints": list(one.complaints),
            "folders": [folder._asdict() for folder in one.trial.folders],
            "searched": one.trial.searched,
            "tabs": one.trial.tabs.value,
            "tells_of_arrivals": one.trial.tells,
            "token_until": one.trial.until.isoformat() if one.trial.until else None,
        }
        for one in found
    ]
    return json.dumps({"schema": SCHEMA, "verdict": verdict(found), "seeds": seeds}, indent=2, ensure_ascii=False)


def _row(one: Health) -> tuple[str, ...]:
    head = (_MARKS[one.state], one.seed.address, one.seed.provider or "–")
    if one.trial.problem:
        return (*head, "–", "–", "–", "–")
    junk = [folder.name for folder in one.trial.folders if folder.kind is FolderClass.JUNK]
    return (*head, str(one.trial.searched), ", ".join(junk) or "?", tabs_of(one) or "–", _arrivals(one))


def _arrivals(one: Health) -> str:
    """How it becomes known that something arrived."""
    if isinstance(one.seed.access, FileAccess):
        return "watched"
    return "told at once" if one.trial.tells else "asked for"


def _apart(lines: Iterator[str]) -> list[str]:
    """The lines below an empty one; nothing where there are none."""
    found = list(lines)
    return ["", *found] if found else []


def _complaints(found: Sequence[Health], look: Look) -> Iterator[str]:
    for one in found:
        who = f"{one.seed.address}, which {one.role}" if one.role else one.seed.address
        for clause in one.complaints:
            yield wrap(escape(f"{who}: {clause}"), look.columns, first=f"  {_MARKS[one.state]} ", rest="    ")
        if look.detail is Detail.EVERYTHING and one.junk:
            yield wrap(escape(f"{who}: junk is {one.junk}"), look.columns, first="    ", rest="    ")

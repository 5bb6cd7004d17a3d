"""The policy file, and how its names are matched with those of exchangers (RFC 8461 §3.2, §4.1)."""

from __future__ import annotations

import enum
import re
from collections.abc import Callable, Iterator

from deliverkit.classes import Frozen
from deliverkit.model import Span
from deliverkit.regexes import regex
from deliverkit.standards.fields import Defect
from deliverkit.standards.names import is_host_name, to_a_label

MOST_OCTETS = 65536  # RFC 8461 §3.3 suggests it
MAX_AGE = 31557600  # seconds, RFC 8461 §3.2
_NAME = regex(r"[A-Za-z0-9][A-Za-z0-9_.-]{0,31}", re.ASCII)
_CONTROL = regex(r"[\x00-\x1f\x7f]")
_AGE = regex(r"[0-9]{1,10}")
_SPACE = " \t"
_REQUIRED = ("version", "mode", "max_age")


class Mode(enum.StrEnum):
    """What senders do with an exchanger that does not fit (RFC 8461 §5)."""

    ENFORCE = "enforce"
    TESTING = "testing"
    NONE = "none"


class Entry(Frozen):
    """A line of the file: key and value without the white space around them, and where it stands."""

    key: str
    value: str
    span: Span


class StsPolicy(Frozen):
    """A policy as it was read: the first value of each key counts, and every pattern (RFC 8461 §3.2).

    ``mode`` and ``max_age`` are None where they are missing or bad.
    """

    text: str
    entries: tuple[Entry, ...]
    mode: Mode | None
    max_age: int | None
    patterns: tuple[str, ...]
    defects: tuple[Defect, ...]

    @property
    def is_valid(self) -> bool:
        """Whether senders use it."""
        return not any(defect.is_fatal for defect in self.defects)

    @property
    def fatal(self) -> tuple[Defect, ...]:
        """The defects for which senders do not use it."""
        return tuple(defect for defect in self.defects if defect.is_fatal)

    def matches(self, host: str) -> bool:
        """Whether the policy names the exchanger."""
        return any(matches(pattern, host) for pattern in self.patterns)


def matches(pattern: str, host: str) -> bool:
    """Whether the pattern means the host; ``*.`` stands for exactly one label (RFC 8461 §4.1)."""
    wanted, name = _normal(pattern), _normal(host)
    if not wanted.startswith("*."):
        return wanted == name
    label, _, rest = name.partition(".")
    return bool(label) and rest == wanted.removeprefix("*.")


def parse_policy(text: str) -> StsPolicy:
    """The policy; never raises."""
    entries, defects = _parse_lines(text)
    first = {entry.key: entry for entry in reversed(entries)}  # RFC 8461 §3.2: the first of equal keys counts
    patterns = tuple(entry for entry in entries if entry.key == "mx")
    defects += [defect for entry in entries for defect in _entry_defects(entry, first)]
    defects += [
        Defect(Span(0, 0), f"{key} is missing", key) for key in ("version", "mode", "max_age") if key not in first
    ]
    mode = _mode(first.get("mode"))
    if mode in {Mode.ENFORCE, Mode.TESTING} and not patterns:
        defects.append(Defect(Span(0, 0), f"mode is {mode}, and no mx says which exchangers are meant", "mx"))
    age = first.get("max_age")
    return StsPolicy(
        text=text,
        entries=tuple(entries),
        mode=mode,
        max_age=min(int(age.value), MAX_AGE) if age and _AGE.fullmatch(age.value) else None,
        patterns=tuple(entry.value for entry in patterns),
        defects=tuple(sorted(defects, key=lambda defect: defect.span.start)),
    )


def _normal(name: str) -> str:
    star, bare = ("*.", name[2:]) if name.startswith("*.") else ("", name)
    return star + to_a_label(bare.removesuffix("."))


def _mode(entry: Entry | None) -> Mode | None:
    return Mode(entry.value) if entry is not None and entry.value in set(Mode) else None


def _parse_lines(text: str) -> tuple[list[Entry], list[Defect]]:
    entries: list[Entry] = []
    defects: list[Defect] = []
    start = 0
    for line in text.split("\n"):  # RFC 8461 §3.2: LF or CRLF
        bare = line.removesuffix("\r").strip(_SPACE)
        left = start + len(line) - len(line.lstrip(_SPACE))
        span = Span(left, left + len(bare))
        key, colon, value = bare.partition(":")
        if colon:
            entries.append(Entry(key, value.strip(_SPACE), span))
        elif bare:
            defects.append(Defect(span, "has no colon"))
        start += len(line) + 1
    return entries, defects


def _entry_defects(entry: Entry, first: dict[str, Entry]) -> Iterator[Defect]:
    if entry.key != "mx" and first[entry.key] is not entry:
        yield Defect(entry.span, f"{entry.key} stands there before, and the first counts", entry.key, is_fatal=False)
        return
    reason = _reason(entry)
    if reason:
        yield Defect(entry.span, reason, entry.key)
    elif entry.key == "max_age" and int(entry.value) > MAX_AGE:
        yield Defect(entry.span, f"max_age is at most {MAX_AGE}", entry.key, is_fatal=False)


def _reason(entry: Entry) -> str:
    if not _NAME.fullmatch(entry.key):
        return "its key is none: letters, digits, _ - . and at most 32 of them"
    if not entry.value:
        return f"{entry.key} has no value"
    if _CONTROL.search(entry.value):
        return f"{entry.key} holds a control character"
    judge = _JUDGES.get(entry.key)
    return judge(entry.value) if judge else ""


def _judge_pattern(value: str) -> str:
    if not value.isascii():
        return "mx is written in A-labels (xn--…)"
    return (
        ""
        if is_host_name(value.removeprefix("*.").removesuffix(".").lower())
        else "mx is no host name, nor one behind *."
    )


def _judge_age(value: str) -> str:
    if _AGE.fullmatch(value):
        return ""
    # RFC 8461 §3.2: one to ten digits
    if value.isascii() and value.isdecimal():
        return f"max_age has more than ten digits, and {MAX_AGE} is the most"
    return "max_age is no number of seconds"


_JUDGES: dict[str, Callable[[str], str]] = {
    "version": lambda value: "" if value == "STSv1" else "version is not STSv1",
    "mode": lambda value: "" if value in set(Mode) else "mode is none of enforce, testing, none",
    "max_age": _judge_age,
    "mx": _judge_pattern,
}

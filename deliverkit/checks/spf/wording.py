"""Evidence and fixes that the checks of SPF records share."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterator

from deliverkit.facts.spf import SpfHosts, SpfRecord, SpfSet, SpfTree
from deliverkit.model import Absent, Evidence, Fix, Span, ZoneLine, unknown
from deliverkit.regexes import regex
from deliverkit.standards.names import is_within, relative_label
from deliverkit.standards.spf.parse import Term
from deliverkit.standards.txt import data_of

LONGEST = 450  # characters of a record that fits into an answer over UDP (RFC 7208 §3.4)

_NEARLY = regex(r"[\s\"'“”‘’(]*(?:v\s*[=:]\s*)?spf\s*-?[v.]?[\d.]*(?P<end>[\s,;\"'“”]*|$)", re.IGNORECASE)
_OTHERS = regex(r"spf2\.0/", re.IGNORECASE)  # Sender ID, RFC 4406: a standard of its own


def nearly_spf(text: str) -> re.Match[str] | None:
    """How a text begins that means to be an SPF record and may not be seen as one; None for another text."""
    nearly = _NEARLY.match(text)
    if nearly is None or _OTHERS.match(text):
        return None
    return nearly if re.search(r"[=:]|\ball\b", f"{text[:6]} {text[nearly.end() :]}") else None


def line_of(found: SpfSet, text: str) -> ZoneLine:
    """The text as a TXT record at the domain, in strings of at most 255 octets."""
    owner, zone = found.owner, found.zone
    label = relative_label(owner, zone) if zone is not None and is_within(owner, zone) else f"{owner}."
    return ZoneLine(owner, label, found.ttl, "TXT", data_of(text))


def amended(found: SpfRecord, text: str, action: str) -> Fix:
    """The record with another text in its place."""
    return Fix(action, remove=(str(found.source),), add=(line_of(found.found, text),))


def without(found: SpfRecord, terms: Collection[Term], action: str) -> Fix:
    """The record without these terms."""
    text = found.record.text
    for term in sorted(terms, key=lambda term: -term.span.start):
        text = text[: term.span.start].rstrip(" ") + text[term.span.end :]
    return amended(found, text, action)


def replaced(found: SpfRecord, term: Term, new: str, action: str) -> Fix:
    """The record with other words in the place of a term."""
    text = found.record.text
    return amended(found, f"{text[: term.span.start]}{new}{text[term.span.end :]}", action)


def evidence(text: str, span: Span, note: str = "") -> Evidence:
    """The record's text with a part underlined; of a long one what stands around that part."""
    start, end = max(0, span.start - 40), min(len(text), max(span.end, span.start + 1) + 60)
    head, tail = "…" if start else "", "…" if end < len(text) else ""
    moved = len(head) - start
    shown = min(span.end, span.start + 120)
    return Evidence(f"{head}{text[start:end]}{tail}", Span(span.start + moved, min(shown, end) + moved), note)


def term_evidence(found: SpfRecord, term: Term, note: str = "") -> tuple[Evidence, ...]:
    """The record with the term underlined."""
    return (evidence(found.record.text, term.span, note),)


def owner_evidence(tree: SpfTree, owner: str, term: Term, note: str = "") -> Evidence:
    """The term in the record of the name that has it; which record that is stands in the note."""
    record = tree.record_of(owner)
    where = "" if owner == tree.root.domain else f"in the record of {owner}"
    assert record is not None
    return evidence(record.text, term.span, ": ".join(part for part in (where, note) if part))


def and_more(terms: Collection[Term]) -> str:
    """What follows the first of several terms: how many more there are."""
    return f" (and {len(terms) - 1} more)" if len(terms) > 1 else ""


def owner_phrase(tree: SpfTree, term: Term, otherwise: str, after: str = "") -> str:
    """Whose name the term names, with what comes after; the other words where that is not known."""
    service = tree.service(term)
    return f"{service.name}{after}" if service else otherwise


def term_phrase(tree: SpfTree, term: Term) -> str:
    """The term, and whose name it names where that is known."""
    service = tree.service(term)
    return f"{term.text} ({service.name})" if service else term.text


def unseen(facts: SpfTree | SpfHosts) -> Iterator[Absent]:
    """What could not be found out of the records and hosts that the record leads to."""
    yield from (unknown(failure) for failure in facts.failures)

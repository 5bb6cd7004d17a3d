"""What differs between two reports, or two runs, as text."""

from __future__ import annotations

from collections.abc import Iterator

from deliverkit.difference import Comparison, Difference, Fault
from deliverkit.render.look import Detail, Look
from deliverkit.render.text import escape, wrap


def render_comparison(found: Comparison, look: Look) -> str:
    """Each difference, then the domains that cannot be compared."""
    parts = [render_difference(difference, look) for difference in found.differences]
    return "\n\n".join([*parts, *(look.finish(escape(line)) for line in alone(found))])


def alone(found: Comparison) -> Iterator[str]:
    """The domains that are in one of the two cases alone, a line for each case."""
    for which, domains in (("first", found.only_before), ("second", found.only_after)):
        if domains:
            yield f"Only in the {which} case: {', '.join(domains)}"


def render_difference(found: Difference, look: Look) -> str:
    """The records that changed, then the findings that are new, gone and the same."""
    return look.finish("\n".join(_lines(found, look)))


def _lines(found: Difference, look: Look) -> Iterator[str]:
    yield look.paint(sentence(found), "bold")
    yield from (f"  - {escape(line)}" for line in found.records_gone)
    yield from (f"  + {escape(line)}" for line in found.records_new)
    yield from _faults("new", found.new, look)
    yield from _faults("gone", found.gone, look)
    if look.detail is Detail.EVERYTHING:
        yield from _faults("same", found.same, look)
    elif found.same:
        yield look.paint(f"same    {len(found.same)} as before (-v names them)", "dim")


def sentence(found: Difference) -> str:
    """How much differs, and where not all can be compared."""
    if found.scripts:
        return f"{found.domain}: {_held_otherwise(*found.scripts)} {_amount(found)}"
    return f"{found.domain}: {_amount(found)}"


def _held_otherwise(before: str, after: str) -> str:
    """That two scripts were held, and what is compared all the same."""
    which = f"{before}, then {after}" if before != after else f"the same by name, {before}, with two texts"
    return (
        f"the conversations are by different scripts ({which}), so replies and what is found in them are not compared; "
        "records are, and connections, extensions, TLS and certificates of hosts spoken to in both:"
    )


def _amount(found: Difference) -> str:
    if found.is_none:
        return "nothing differs."
    records = f"records: {len(found.records_gone)} gone, {len(found.records_new)} new"
    return f"{records}; findings: {len(found.gone)} gone, {len(found.new)} new."


def _faults(word: str, faults: tuple[Fault, ...], look: Look) -> Iterator[str]:
    kind = {"new": "error", "gone": "pass"}.get(word, "dim")
    for fault in faults:
        text = f"{fault.severity.word} {fault.code} {fault.name}: {escape(fault.message)}"
        shown = wrap(f"{word:<7} {text}", look.columns, rest=" " * 8)
        yield shown.replace(word, look.paint(word, kind), 1)

"""Pieces of text: hostile characters made visible, long names cut."""

from __future__ import annotations

_FIXED = "\u00a0"  # NO-BREAK SPACE by number: its name loads unicodedata where no compiled file is kept


def escape(text: str) -> str:
    """The text with every character that a terminal could obey, or hide, spelt out (``\\x1b``, ``\\u202e``)."""
    if text.isprintable():
        return text
    return "".join(c if c.isprintable() else c.encode("unicode_escape").decode("ascii") for c in text)


def wrap(text: str, columns: int | None, *, first: str = "", rest: str = "", least: int = 40) -> str:
    """The text in lines of that many columns, or of ``least`` (None: one line), with what goes before each."""
    if columns is None:
        return f"{first}{text}"
    return fill(text, max(columns, least), first=first, rest=rest)


def fill(text: str, columns: int, *, first: str = "", rest: str = "") -> str:
    """The text in lines of that many columns, however few; a word that is longer stays whole, and so does 70 %."""
    import textwrap

    filled = textwrap.fill(
        text.replace(" %", f"{_FIXED}%"),
        columns,
        initial_indent=first,
        subsequent_indent=rest,
        break_long_words=False,
        break_on_hyphens=False,
    )
    return filled.replace(f"{_FIXED}%", " %")


def cut_end(text: str, columns: int) -> str:
    """The text, its end left out where it is longer than that many columns."""
    return text if len(text) <= columns else f"{text[: max(columns - 1, 1)]}…"


def cut_middle(text: str, columns: int) -> str:
    """The text, its middle left out where it is longer than that many columns."""
    if len(text) <= columns:
        return text
    kept = max(columns - 1, 2)
    return f"{text[: (kept + 1) // 2]}…{text[-(kept // 2) :]}"

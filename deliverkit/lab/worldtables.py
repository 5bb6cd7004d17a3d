"""The tables of a world's file: whether each has keys that it may have, and values of their kinds."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from datetime import datetime
from typing import Any


def _is_number(value: object) -> bool:
    return isinstance(value, (int, float)) and not isinstance(value, bool)


def _is_whole(value: object) -> bool:
    return isinstance(value, int) and not isinstance(value, bool)


def _are_texts(values: object) -> bool:
    return isinstance(values, list) and all(isinstance(one, str) for one in values)


def _is_table(of: Callable[[object], bool]) -> Callable[[object], bool]:
    return lambda value: isinstance(value, dict) and all(map(of, value.values()))


def _is_text(value: object) -> bool:
    return isinstance(value, str)


# By how the field is declared. Of what is not here, lists of tables, each table is looked at by itself.
_KINDS: Mapping[str, tuple[str, Callable[[object], bool]]] = {
    "str": ("a text", _is_text),
    "str | None": ("a text", _is_text),
    "bool": ("true or false", lambda value: isinstance(value, bool)),
    "int": ("a whole number", _is_whole),
    "int | None": ("a whole number", _is_whole),
    "float": ("a number", _is_number),
    "datetime": ("a date with its time", lambda value: isinstance(value, datetime)),
    "tuple[str, ...]": ("a list of texts", _are_texts),
    "Mapping[str, str]": ("a table of texts", _is_table(_is_text)),
    "Mapping[str, list[str]]": ("a table of lists of texts", _is_table(_are_texts)),
}


def refuse_unfit(kind: str, table: object, declared: Mapping[str, str]) -> None:
    """Refuse a table with keys that are not declared, or values of other kinds than these are declared with.

    Raises:
        ValueError: it is unfit; says what it is to be.
    """
    if not isinstance(table, dict):
        raise ValueError(f"a {kind} is to be a table")  # noqa: TRY004 - of what somebody wrote
    unknown = sorted(set(table) - set(declared))
    if unknown:
        raise ValueError(f"a {kind} has no key {unknown[0]!r}: it has {', '.join(sorted(declared))}")
    refuse_other_kinds(f"a {kind}", table, declared)


def refuse_other_kinds(where: str, table: Mapping[str, Any], declared: Mapping[str, str]) -> None:
    """Refuse values of other kinds than these are declared with; other keys are not looked at.

    Raises:
        ValueError: one is of another kind; says of which it is to be.
    """
    for key, value in table.items():
        words, fits = _KINDS.get(declared.get(key, ""), ("", None))
        if fits and not fits(value):
            raise ValueError(f"{key} of {where} is to be {words}")


def tables_of(table: Mapping[str, Any], key: str) -> Iterable[object]:
    """The tables below the key.

    Raises:
        ValueError: there is no list.
    """
    found = table.get(key, [])
    if not isinstance(found, list):
        raise ValueError(f"{key} is to be a list of tables: [[{key}]]")  # noqa: TRY004 - of what somebody wrote
    return found

"""TOML files that people write, read with errors that say where and what: deliverkit.toml, seeds.toml."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from pathlib import Path
from typing import Any, TypeVar

from deliverkit.errors import UsageError

T = TypeVar("T")
_SHOWN = 60  # characters of a word that is none
_SPACES = dict.fromkeys(map(ord, "\u00a0\u2007\u202f\u3000"), " ")  # French and Japanese texts have them, as in 50 %


class BadTableError(Exception):
    """What is wrong in a file, without the file's name."""


def read_tables(path: Path, *, most: int, size: str, maker: str) -> str:
    """The text of a file of at most ``most`` octets, which are ``size`` in words; ``maker`` is what writes one.

    Raises:
        UsageError: it cannot be read; says why.
    """
    try:
        with path.open("rb") as file:
            octets = file.read(most + 1)
        if len(octets) > most:
            raise UsageError(f"{path} is larger than {size}: is it the right file?")
        return octets.decode("utf-8-sig")
    except FileNotFoundError:
        raise UsageError(f"there is no {path}: {maker} writes one to fill in") from None
    except OSError as error:
        raise UsageError(f"{path} cannot be read: {error.strerror}") from None
    except UnicodeDecodeError:
        raise UsageError(f"{path} is no text in UTF-8") from None


def parse_tables(text: str, path: Path, read: Callable[[dict[str, Any]], T]) -> T:
    """What ``read`` makes of the TOML text; it may raise `BadTableError`, and so may what it calls.

    Raises:
        UsageError: the text is no TOML, or nothing that can be used; says where.
    """
    import tomllib

    try:
        return read(tomllib.loads(text))
    except tomllib.TOMLDecodeError as error:
        raise UsageError(f"{path}: {error}") from None
    except RecursionError:
        raise UsageError(f"{path}: it is nested too deeply") from None
    except BadTableError as error:
        raise UsageError(f"{path}: {error}") from None


def table_at(table: Mapping[str, Any], key: str) -> dict[str, Any]:
    """The table of that name; empty where there is none."""
    found = table.get(key, {})
    if not isinstance(found, dict):
        raise BadTableError(f"{key} is a table: write [{key}]")
    return found


def tables_at(table: Mapping[str, Any], key: str) -> list[dict[str, Any]]:
    """The list of tables of that name; empty where there is none."""
    found = table.get(key, [])
    if not isinstance(found, list) or not all(isinstance(entry, dict) for entry in found):
        raise BadTableError(f"{key} is a list of tables: write [[{key}]]")
    return found


def text_at(table: Mapping[str, Any], key: str, where: str) -> str:
    """The text under the key; empty where there is none. ``where`` names the table in errors."""
    found = table.get(key, "")
    if not isinstance(found, str):
        raise BadTableError(f"{where}, {key}: a text is expected, in quotation marks")
    if found and not found.translate(_SPACES).isprintable():
        raise BadTableError(f"{where}, {key}: it has a line break or another control character in it")
    return found.strip()


def texts_at(table: Mapping[str, Any], key: str, where: str, *, example: str = "…") -> list[str]:
    """The texts under the key, each with something in it; none where there is no such key."""
    found = table.get(key, [])
    if not isinstance(found, list) or not all(isinstance(one, str) and one.strip() for one in found):
        raise BadTableError(f'{where}, {key}: a list of texts is expected, as in {key} = ["{example}"]')
    return found


def word_at(table: Mapping[str, Any], key: str, words: Sequence[str], where: str) -> str:
    """The word under the key, one of these; the first where there is none."""
    word = text_at(table, key, where) or words[0]
    if word not in words:
        shown = repr(word if len(word) <= _SHOWN else f"{word[:_SHOWN]}…")
        raise BadTableError(f"{where}, {key}: {shown}: choose one of {', '.join(words)}")
    return word


def refuse_unknown(table: Iterable[str], known: Iterable[str], where: str) -> None:
    """See that the table has no key but those that are known."""
    for key in table:
        if key not in known:
            import difflib

            near = difflib.get_close_matches(key, known, n=1)
            hint = f"did you mean {near[0]}?" if near else f"it has {', '.join(known)}"
            raise BadTableError(f"{where} has no key {key!r}: {hint}")

"""Regular expressions that are compiled when first used."""

from __future__ import annotations

import importlib
import pkgutil
import re

import pytest

import deliverkit
from deliverkit.regexes import regex


def test_it_finds_what_a_compiled_one_finds() -> None:
    late, early = regex(r"(?P<name>[a-z]+)=", re.IGNORECASE), re.compile(r"(?P<name>[a-z]+)=", re.IGNORECASE)
    for text in ("A=1", "1=A", ""):
        for _ in range(2):  # the second time it is there
            assert [found.span() for found in late.finditer(text)] == [found.span() for found in early.finditer(text)]
            assert bool(late.match(text)) is bool(early.match(text))
    assert late.pattern == early.pattern
    assert late.groupindex == early.groupindex
    assert regex(rb"\d+").sub(b"", b"a1") == b"a"


def test_nothing_is_compiled_before_it_is_used() -> None:
    wrong = regex("(")
    with pytest.raises(re.error, match="unterminated subpattern"):
        wrong.match("")


def test_all_of_ours_compile() -> None:
    kind = type(regex(""))
    modules = [
        name for _, name, _ in pkgutil.walk_packages(deliverkit.__path__, "deliverkit.") if "__main__" not in name
    ]
    found = [
        (module, name)
        for module in modules
        for name, value in vars(importlib.import_module(module)).items()
        if isinstance(value, kind) and value.flags is not None
    ]
    assert len(found) > 100

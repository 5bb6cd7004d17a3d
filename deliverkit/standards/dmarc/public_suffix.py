"""The Organizational Domain by the Public Suffix List, as RFC 7489 §3.2 finds it."""

from __future__ import annotations

from functools import cache, lru_cache
from pathlib import Path
from typing import TYPE_CHECKING

from deliverkit.standards.names import to_unicode

if TYPE_CHECKING:
    from publicsuffixlist import PublicSuffixList


def registered_domain(domain: str) -> str | None:
    """The public suffix and one label more; None for a public suffix itself, and for what is no domain."""
    name = domain.lower().removesuffix(".")
    labels = name.split(".")
    return _suffixes_below(labels[-1]).privatesuffix(name) if all(labels) else None


@lru_cache(maxsize=64)
def _suffixes_below(top: str) -> PublicSuffixList:
    """The part of the list that is about a top-level domain: to parse the whole takes longer than all else in a run."""
    from publicsuffixlist import PublicSuffixList

    written = {top, to_unicode(top)}
    below = tuple(f".{name}" for name in written)
    return PublicSuffixList([rule for rule in _rules() if rule in written or rule.endswith(below)])


@cache
def _rules() -> list[str]:
    from publicsuffixlist import PSLFILE

    return Path(PSLFILE).read_text("utf-8").splitlines()

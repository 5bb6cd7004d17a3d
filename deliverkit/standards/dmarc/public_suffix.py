"""The Organizational Domain by the Public Suffix List, as RFC 7489 §3.2 finds it."""

from __future__ import annotations

from functools import cache
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from publicsuffixlist import PublicSuffixList


def registered_domain(domain: str) -> str | None:
    """The public suffix and one label more; None for a public suffix itself, and for what is no domain."""
    name = domain.lower().removesuffix(".")
    if not all(name.split(".")):
        return None
    return _public_suffixes().privatesuffix(name)


@cache
def _public_suffixes() -> PublicSuffixList:
    from publicsuffixlist import PublicSuffixList

    return PublicSuffixList()

"""Regular expressions that are compiled when they are first used: a run uses a few of many."""

from __future__ import annotations

import re
from typing import AnyStr, cast


def regex(pattern: AnyStr, flags: int = 0) -> re.Pattern[AnyStr]:
    """The same as of ``re.compile``, later."""
    return cast("re.Pattern[AnyStr]", _Regex(pattern, flags))


class _Regex:
    """What a pattern has becomes an attribute when it is first asked for: each later call goes straight to it."""

    def __init__(self, pattern: str | bytes, flags: int) -> None:
        self.pattern = pattern
        self._flags = flags

    def __getattr__(self, name: str) -> object:
        found = getattr(re.compile(self.pattern, self._flags), name)
        setattr(self, name, found)
        return found

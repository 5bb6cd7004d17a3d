"""What can go wrong on our side, or on the caller's.

What the *world* does wrong (NXDOMAIN, SERVFAIL, a 550) is data and never raised.

    DeliverkitError
    ├── UsageError     the caller gave something that cannot be used: exit code 2
    ├── ScriptError    a script cannot be read or held: exit code 2
    └── LabError       a lab world cannot be read or started: exit code 2
"""

from __future__ import annotations

from deliverkit.tuples import NamedTuple


class DeliverkitError(Exception):
    """The family: every exception that deliverkit raises on purpose."""


class UsageError(DeliverkitError):
    """Input that cannot be used; the text says what, where and what to do."""


class ScriptFault(NamedTuple):
    """Something in a script that cannot be read: line and column from 1, what was expected, and what stood there."""

    line: int
    column: int
    expected: str
    found: str

    def __str__(self) -> str:
        return f"line {self.line}, column {self.column}: expected {self.expected}, found {self.found}"


class ScriptError(DeliverkitError):
    """A script that cannot be read or held; the text has a line for each fault."""

    def __init__(self, faults: tuple[ScriptFault, ...]) -> None:
        super().__init__("\n".join(map(str, faults)))
        self.faults = faults


class LabError(DeliverkitError):
    """A lab world that cannot be read or started; the text says which and where."""

"""What can go wrong on our side, or on the caller's.

What the *world* does wrong (NXDOMAIN, SERVFAIL, a 550) is data and never raised.

    DeliverkitError
    ├── UsageError     the caller gave something that cannot be used: exit code 2
    └── LabError       a lab world cannot be read or started: exit code 2
"""


class DeliverkitError(Exception):
    """The family: every exception that deliverkit raises on purpose."""


class UsageError(DeliverkitError):
    """Input that cannot be used; the text says what, where and what to do."""


class LabError(DeliverkitError):
    """A lab world that cannot be read or started; the text says which and where."""

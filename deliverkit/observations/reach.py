"""What comes of trying to connect."""

from __future__ import annotations

import enum


class Reach(enum.StrEnum):
    """The outcome of an attempt to connect, as a word."""

    CONNECTED = "CONNECTED"
    REFUSED = "REFUSED"  # the machine, or one on the way, said no
    TIMEOUT = "TIMEOUT"
    UNREACHABLE = "UNREACHABLE"  # no way leads there from this machine
    UNRECORDED = "UNRECORDED"  # a case file does not hold the attempt

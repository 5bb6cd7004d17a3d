"""How long to wait for an answer before the question is sent again, as TCP reckons it (RFC 6298).

The round trips are measured, and how much they vary: where they hardly do, an answer that is half a round trip late
is lost. A resolver that has to look for some answers itself makes them vary, and is given more time.
"""

from __future__ import annotations

FIRST = 0.2  # seconds while no round trip is known
LEAST = 0.05
IN_A_ROW = 8
QUICKEST, SLOWEST = 1.5, 2.5  # smoothed round trips


class Patience:
    """The seconds until a retry, from the round trips that were measured."""

    def __init__(self) -> None:
        self.seconds = FIRST
        self.round_trip: float | None = None
        self._variation = 0.0
        self._unmeasured = 0

    def measure(self, elapsed: float) -> None:
        """Reckon with a round trip. That of a retried question measures nothing (RFC 6298 §3: Karn's rule)."""
        smoothed = self.round_trip
        if smoothed is None:  # RFC 6298 §2.2
            smoothed, self._variation = elapsed, elapsed / 2
        else:  # RFC 6298 §2.3
            self._variation += (abs(smoothed - elapsed) - self._variation) / 4
            smoothed += (elapsed - smoothed) / 8
        self.round_trip, self._unmeasured = smoothed, 0
        varying = smoothed + 4 * self._variation
        self.seconds = max(LEAST, min(max(varying, QUICKEST * smoothed), SLOWEST * smoothed))

    def back_off(self, wait: float) -> None:
        """Reckon with an answer that came to a retried question, which waited that long by then.

        As long as no round trip is known, or after several such answers in a row, the round trips may be longer than
        the wait, and would never be measured: then wait as long with every question until one is (RFC 6298 §5.5).
        """
        self._unmeasured += 1
        if self.round_trip is None or self._unmeasured >= IN_A_ROW:
            self.seconds = max(self.seconds, wait)

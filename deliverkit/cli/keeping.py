"""Runs of which something is kept: where it goes, and that it is kept also when the run is stopped from outside."""

from __future__ import annotations

import signal
import threading
from types import FrameType

from deliverkit.cli.options import Options
from deliverkit.cli.writing import CASE, RECORDING, refuse_bad_place, refuse_same

_STOPS = (signal.SIGTERM, signal.SIGHUP) if hasattr(signal, "SIGHUP") else (signal.SIGTERM,)
_stopped_by: list[int] = []


def prepare_keeping(options: Options) -> None:
    """Refuse places to which nothing can be written; from now on SIGTERM and SIGHUP end the run as Ctrl-C does.

    Raises:
        UsageError: one of the files cannot be written; says which, and why.
    """
    refuse_same({"--save": options.save, "--record": options.record, "--log": options.log})
    for place, kind in ((options.record, RECORDING), (options.save, CASE)):
        if place is not None:
            refuse_bad_place(place, kind)
    heed_stops()


def heed_stops() -> None:
    """From now on SIGTERM and SIGHUP end the run as Ctrl-C does, where they and Ctrl-C were not ignored."""
    is_here = threading.current_thread() is threading.main_thread()
    if not is_here or signal.getsignal(signal.SIGINT) is not signal.default_int_handler:
        return
    for one in _STOPS:
        if signal.getsignal(one) is signal.SIG_DFL:
            signal.signal(one, _stop)


def _stop(number: int, _: FrameType | None) -> None:
    _stopped_by.append(number)
    signal.raise_signal(signal.SIGINT)


def code_when_stopped() -> int:
    """The exit code of a run that was stopped: what a shell tells of the signal that did it."""
    return 128 + (_stopped_by[0] if _stopped_by else signal.SIGINT)

"""What all tests share: nothing leaves loopback, and what is kept for the user is kept elsewhere."""

from __future__ import annotations

import atexit
import os
import sys
from ipaddress import ip_address
from tempfile import TemporaryDirectory
from typing import Any

from hypothesis import settings

# In CI every run draws the same examples, so that it tells of the change; elsewhere each run looks further.
settings.register_profile("default", deadline=None)
settings.register_profile("ci", deadline=None, derandomize=True)
settings.load_profile("ci" if os.environ.get("CI") == "true" else "default")

# GNU readline, which pytest imports, hands the terminal's size on to the processes that run tests.
for _name in ("COLUMNS", "LINES"):
    os.environ.pop(_name, None)

_STATE = TemporaryDirectory(prefix="deliverkit-tests-")
atexit.register(_STATE.cleanup)
os.environ["XDG_STATE_HOME"] = _STATE.name

_CONNECTING = {"socket.connect", "socket.sendto", "socket.sendmsg"}


class LeftLoopbackError(AssertionError):
    """A test tried to reach another machine."""


def _refuse_other_machines(event: str, arguments: tuple[Any, ...]) -> None:
    if event not in _CONNECTING:
        return
    address = arguments[1]
    if isinstance(address, tuple) and not ip_address(str(address[0]).partition("%")[0]).is_loopback:
        raise LeftLoopbackError(f"{event} to {address}: tests stay on loopback")


sys.addaudithook(_refuse_other_machines)

"""What the tests with real servers share."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from tempfile import TemporaryDirectory

import pytest

from tests.seed_rig import Rig, seed_rig


@pytest.fixture(scope="session")
def rig() -> Iterator[Rig]:
    """Postfix, rspamd, Dovecot and Knot, which run until all tests are done.

    Their folder is none of pytest's: each run that starts beside this one closes those to the servers' users.
    """
    with TemporaryDirectory(prefix="deliverkit-rig-") as folder, seed_rig(Path(folder) / "rig") as found:
        yield found

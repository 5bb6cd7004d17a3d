"""What the tests with real servers share."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from tests.seed_rig import Rig, seed_rig


@pytest.fixture(scope="session")
def rig(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Rig]:
    """Postfix, rspamd, Dovecot and Knot, which run until all tests are done."""
    with seed_rig(tmp_path_factory.mktemp("rig")) as found:
        yield found

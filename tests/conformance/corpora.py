"""Where the conformance corpora are: data that others wrote, and that no copy of the project holds."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parent.parent.parent
CORPORA = Path(os.environ.get("DELIVERKIT_CORPORA") or ROOT.parent / "shared" / "corpora")


def corpus(name: str) -> Path:
    """The folder of that corpus; the tests that need it are skipped where it is not there."""
    folder = CORPORA / name
    if not folder.is_dir():
        pytest.skip(f"no corpus {name} in {CORPORA}: set DELIVERKIT_CORPORA", allow_module_level=True)
    return folder

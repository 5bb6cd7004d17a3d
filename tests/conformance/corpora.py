"""Where the corpora lie that others wrote: ``DELIVERKIT_CORPORA``, or beside the repository."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
_FOLDER = Path(os.environ.get("DELIVERKIT_CORPORA") or ROOT.parent / "shared" / "corpora")


def corpus(name: str) -> Path:
    """A file of a corpus; the tests of the module are skipped where it is not there."""
    path = _FOLDER / name
    if not path.exists():
        pytest.skip(f"the corpus {name} is not there: set DELIVERKIT_CORPORA to its folder", allow_module_level=True)
    return path

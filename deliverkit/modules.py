"""What a package holds, by its files: pkgutil says the same, and costs a short run more to import, as pathlib does."""

from __future__ import annotations

import os
from collections.abc import Iterator
from types import ModuleType


def modules_in(package: ModuleType) -> list[str]:
    """The names of its modules, in alphabetical order; none is imported."""
    files = (entry.name for entry in _entries(package) if entry.name.endswith(".py"))
    return sorted(name.removesuffix(".py") for name in files if name != "__init__.py")


def packages_in(package: ModuleType) -> list[str]:
    """The names of the packages right below it, in alphabetical order."""
    return sorted(entry.name for entry in _entries(package) if os.path.isfile(f"{entry.path}/__init__.py"))


def _entries(package: ModuleType) -> Iterator[os.DirEntry[str]]:
    return (entry for folder in package.__path__ for entry in os.scandir(folder))

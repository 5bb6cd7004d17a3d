"""What a package holds, by its files: pkgutil says the same, and costs a short run more to import."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from types import ModuleType


def modules_in(package: ModuleType) -> list[str]:
    """The names of its modules, in alphabetical order; none is imported."""
    return sorted(path.stem for path in _entries(package) if path.suffix == ".py" and path.stem != "__init__")


def packages_in(package: ModuleType) -> list[str]:
    """The names of the packages right below it, in alphabetical order."""
    return sorted(path.name for path in _entries(package) if (path / "__init__.py").is_file())


def _entries(package: ModuleType) -> Iterator[Path]:
    return (path for folder in package.__path__ for path in Path(folder).iterdir())

"""What registries of checks and probes go by: the modules in a package, and the types in a signature.

`pkgutil`, `pathlib` and `typing.get_type_hints` say the same and more, and cost a short run a twentieth of its time.
"""

from __future__ import annotations

import os
from collections.abc import Callable, Iterable, Iterator
from types import FunctionType, ModuleType
from typing import Any


def modules_in(package: ModuleType) -> list[str]:
    """The names of its modules, in alphabetical order; none is imported."""
    files = (entry.name for entry in _entries(package) if entry.name.endswith(".py"))
    return sorted(name.removesuffix(".py") for name in files if name != "__init__.py")


def packages_in(package: ModuleType) -> list[str]:
    """The names of the packages right below it, in alphabetical order."""
    return sorted(entry.name for entry in _entries(package) if os.path.isfile(f"{entry.path}/__init__.py"))


def _entries(package: ModuleType) -> Iterator[os.DirEntry[str]]:
    return (entry for folder in package.__path__ for entry in os.scandir(folder))


def named_types(function: Callable[..., Any], parameters: Iterable[str]) -> tuple[type, ...]:
    """The types of these parameters in turn, and of what the function gives (``return``); ``|`` joins several.

    Raises:
        KeyError: one is no plain name that the function's module knows.
    """
    assert isinstance(function, FunctionType)
    joined = (function.__annotations__[parameter].split(" | ") for parameter in parameters)
    return tuple(function.__globals__[name] for names in joined for name in names)

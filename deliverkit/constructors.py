"""Constructors, by how many values they take: written out, so that no process has to compile them.

From the setters of a class comes its ``__init__``: each sets one value, and returns None, so that ``or`` goes on.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any, cast

Setter = Callable[[object, Any], Any]
Constructor = Callable[..., None]


def constructor(setters: Sequence[Setter]) -> Constructor:
    """An ``__init__`` whose parameters go to these setters, one to each."""
    return _WRITTEN[len(setters)](*setters) if len(setters) < len(_WRITTEN) else _of_many(setters)


def _of_many(setters: Sequence[Setter]) -> Constructor:
    """The few with more values are compiled: such a class has one instance in a run."""

    def setting(self: object, values: Sequence[object]) -> None:
        for setter, value in zip(setters, values, strict=True):
            setter(self, value)

    names = ", ".join(f"a{place}" for place in range(len(setters)))
    source = f"lambda self, {names}: setting(self, ({names}))"  # of numbers alone: no name of a class is in it
    return cast(Constructor, eval(source, {"setting": setting}))  # noqa: S307


_WRITTEN: tuple[Callable[..., Constructor], ...] = (
    lambda: lambda self: None,  # noqa: ARG005
    lambda s0: lambda self, a0: s0(self, a0),  # noqa: PLW0108 - a setter itself would not be bound to an instance
    lambda s0, s1: lambda self, a0, a1: s0(self, a0) or s1(self, a1),
    lambda s0, s1, s2: lambda self, a0, a1, a2: s0(self, a0) or s1(self, a1) or s2(self, a2),
    lambda s0, s1, s2, s3: lambda self, a0, a1, a2, a3: (
        s0(self, a0) or s1(self, a1) or s2(self, a2) or s3(self, a3)
    ),
    lambda s0, s1, s2, s3, s4: lambda self, a0, a1, a2, a3, a4: (
        s0(self, a0) or s1(self, a1) or s2(self, a2) or s3(self, a3) or s4(self, a4)
    ),
    lambda s0, s1, s2, s3, s4, s5: lambda self, a0, a1, a2, a3, a4, a5: (
        s0(self, a0) or s1(self, a1) or s2(self, a2) or s3(self, a3) or s4(self, a4) or s5(self, a5)
    ),
    lambda s0, s1, s2, s3, s4, s5, s6: lambda self, a0, a1, a2, a3, a4, a5, a6: (
        s0(self, a0) or s1(self, a1) or s2(self, a2) or s3(self, a3) or s4(self, a4) or s5(self, a5)
        or s6(self, a6)
    ),
    lambda s0, s1, s2, s3, s4, s5, s6, s7: lambda self, a0, a1, a2, a3, a4, a5, a6, a7: (
        s0(self, a0) or s1(self, a1) or s2(self, a2) or s3(self, a3) or s4(self, a4) or s5(self, a5)
        or s6(self, a6) or s7(self, a7)
    ),
    lambda s0, s1, s2, s3, s4, s5, s6, s7, s8: lambda self, a0, a1, a2, a3, a4, a5, a6, a7, a8: (
        s0(self, a0) or s1(self, a1) or s2(self, a2) or s3(self, a3) or s4(self, a4) or s5(self, a5)
        or s6(self, a6) or s7(self, a7) or s8(self, a8)
    ),
    lambda s0, s1, s2, s3, s4, s5, s6, s7, s8, s9: lambda self, a0, a1, a2, a3, a4, a5, a6, a7, a8, a9: (
        s0(self, a0) or s1(self, a1) or s2(self, a2) or s3(self, a3) or s4(self, a4) or s5(self, a5)
        or s6(self, a6) or s7(self, a7) or s8(self, a8) or s9(self, a9)
    ),
    lambda s0, s1, s2, s3, s4, s5, s6, s7, s8, s9, s10: lambda self, a0, a1, a2, a3, a4, a5, a6, a7, a8, a9, a10: (
        s0(self, a0) or s1(self, a1) or s2(self, a2) or s3(self, a3) or s4(self, a4) or s5(self, a5)
        or s6(self, a6) or s7(self, a7) or s8(self, a8) or s9(self, a9) or s10(self, a10)
    ),
    lambda s0, s1, s2, s3, s4, s5, s6, s7, s8, s9, s10, s11: (
        lambda self, a0, a1, a2, a3, a4, a5, a6, a7, a8, a9, a10, a11:
        s0(self, a0) or s1(self, a1) or s2(self, a2) or s3(self, a3) or s4(self, a4) or s5(self, a5)
        or s6(self, a6) or s7(self, a7) or s8(self, a8) or s9(self, a9) or s10(self, a10) or s11(self, a11)
    ),
)  # fmt: skip

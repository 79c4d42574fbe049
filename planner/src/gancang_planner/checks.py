"""What the values of the library check of themselves at birth."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable

LARGEST = 2**42
"""No time, load or other number may be larger."""


PERCENT_MAX = 10_000
"""No percentage of travel time may be larger."""


def whole(name: str, *values: int | None, least: int = 0, most: int = LARGEST) -> None:
    """Raise ValueError that names `name` unless each value is None or a number in the range."""
    for value in values:
        if value is not None and (type(value) is not int or not least <= value <= most):
            low = ("zero", "one")[least] + (" or more" if most == LARGEST else f" to {most}")
            raise ValueError(f"{name} must be a whole number of {low}, not {value!r}")


def once(name: str, ids: Iterable[str]) -> None:
    """Raise ValueError that names the first id that is empty or given twice."""
    seen: set[str] = set()
    for each in ids:
        if not each or each in seen:
            raise ValueError(f"{name} {each!r} is empty or given twice")
        seen.add(each)

"""Each solver as one function: `solve(problem, seconds, seed)` gives routes of task numbers.

Peers get numbers, not text, and whole units of 1/FINENESS, rounded up as ours are: what keeps
their clock keeps the file's. Whatever they need to build from the numbers is within `seconds`.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from benchmarks.planner.instances import Instance

if TYPE_CHECKING:
    from numpy.typing import NDArray

Problem = tuple[Instance, str, str]
"""The instance, the format of its file, and the text of the file."""
Routes = list[list[int]]

FINENESS = 10_000
A_VEHICLE = 10**9
"""Dearer than any distance: fewer vehicles first."""


def whole_ways(instance: Instance, fineness: int = FINENESS) -> NDArray[np.int64]:
    """The distances in whole units, rounded up."""
    return np.ceil(instance.ways * fineness).astype(np.int64)


def in_units(times: list[int], fineness: int = FINENESS) -> list[int]:
    """Times of the file in whole units."""
    return [time * fineness for time in times]

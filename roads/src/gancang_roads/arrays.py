"""The kinds of numpy arrays that this library passes around."""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray

Ints = NDArray[np.integer[Any]]
"""Whole numbers; costs are int64."""
Small = Ints
"""Whole numbers that fit into an int32, and are kept so."""
Floats = NDArray[np.float64]
Flags = NDArray[np.bool_]

UNREACHABLE = -1
"""In seconds and metres: no way leads there."""


def spans(counts: Ints) -> Ints:
    """0, 1, …, n-1 for each count n, one after the other: the offsets inside ragged rows."""
    ends = np.cumsum(counts)
    return np.arange(int(ends[-1]) if len(ends) else 0) - np.repeat(ends - counts, counts)

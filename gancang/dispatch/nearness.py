"""What a patient is told of a rider who comes: that he is near, roughly, never sooner. Pure."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta
from math import ceil

NEAR_S = 600
"""From so many seconds before he arrives."""
SEEN_LATELY = timedelta(minutes=3)
STEP_M = 500
STEP_MIN = 5


@dataclass(frozen=True, slots=True)
class Near:
    """About so far and so long, both rounded up so coarsely that no house or corner is told."""

    metres: int
    minutes: int


def near(*, seconds: int, metres: int, unseen_for: timedelta) -> Near | None:
    """What is told, or None: he is farther than ten minutes, or nothing was heard of him lately."""
    if seconds > NEAR_S or not timedelta(0) <= unseen_for <= SEEN_LATELY:
        return None
    return Near(
        max(STEP_M, STEP_M * ceil(metres / STEP_M)),
        max(STEP_MIN, STEP_MIN * ceil(seconds / 60 / STEP_MIN)),
    )

"""When to stop improving a plan."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from gancang_planner.checks import whole

if TYPE_CHECKING:
    from collections.abc import Callable

ITERATIONS_IF_NOT_TOLD = 100


@dataclass(frozen=True, slots=True)
class Stopping:
    """When to stop improving: at the first of these that holds; none given: after 100 iterations.

    `iterations` done; `seconds` of wall clock since the plan was asked for; `no_gain` iterations
    without a better plan; `is_time_up` says so. A first plan is always
    finished, unless `seconds` are over: then the jobs not looked at yet are left out.
    `planned`: the iterations that the cooling is laid out for, `iterations` unless told: a run cut
    short after k of n replays with `Stopping(iterations=k, planned=n)`.
    """

    iterations: int | None = None
    seconds: float | None = None
    no_gain: int | None = None
    is_time_up: Callable[[], bool] | None = None
    planned: int | None = None

    def __post_init__(self) -> None:
        whole("the number of iterations", self.iterations, self.planned)
        whole("the number of iterations without a gain", self.no_gain, least=1)
        if self.seconds is not None and not 0 <= self.seconds < float("inf"):
            raise ValueError(f"seconds must be a number of zero or more, not {self.seconds!r}")

    def iterations_max(self) -> int | None:
        """The most iterations; None where only time or the lack of gain ends it."""
        ends = (self.seconds, self.no_gain, self.is_time_up)
        if self.iterations is None and ends == (None, None, None):
            return ITERATIONS_IF_NOT_TOLD
        return self.iterations

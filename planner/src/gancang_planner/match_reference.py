"""The matching in plain Python: what the kernel answers is right if it is this.

The same three functions as the kernel's, on the same arrays: see its match_candidates.hpp,
match_assign.hpp and assign.hpp. Slow, and short.
"""

from __future__ import annotations

from bisect import bisect_left
from dataclasses import dataclass
from heapq import nsmallest
from itertools import accumulate
from math import ceil, inf, log2, sqrt
from typing import TYPE_CHECKING, Any

import numpy as np

from gancang_planner.match_paths import OUTSIDE, Assigner, Rows

if TYPE_CHECKING:
    from numpy.typing import NDArray

    Array = NDArray[Any]


@dataclass(frozen=True, slots=True)
class _Rules:
    first: list[int]
    rider: list[int]
    only: list[int]

    def open_to(self, job: int, riders: int) -> list[int]:
        return [rider for rider in range(riders) if self.allows(job, rider)]

    def allows(self, job: int, rider: int) -> bool:
        if not self.first:
            return True
        end = self.first[job + 1]
        at = bisect_left(self.rider, rider, self.first[job], end)
        return (at < end and self.rider[at] == rider) == bool(self.only[job])


def match_candidates(
    jobs: Array, riders: Array, rule_first: Array, rule_rider: Array, rule_only: Array, most: int
) -> tuple[Array, Array, Array, Array]:
    """(first, rider, metres, known_m): the `most` nearest riders of each job, and where riders are
    fewer than jobs, the `most` nearest jobs of each rider whom fewer know."""
    at_job, at_rider = jobs.tolist(), riders.tolist()
    rules = _Rules(rule_first.tolist(), rule_rider.tolist(), rule_only.tolist())
    lists = [
        nsmallest(
            most, ((_square(here, at_rider[r]), r) for r in rules.open_to(job, len(at_rider)))
        )
        for job, here in enumerate(at_job)
    ]
    known = [sqrt(near[-1][0]) if len(near) >= most else inf for near in lists]
    if len(at_rider) < len(at_job):
        _let_riders_look(lists, at_job, at_rider, rules, most)
    return (
        np.array([0, *accumulate(map(len, lists))], np.int64),
        np.array([rider for near in lists for _, rider in near], np.int32),
        np.array([sqrt(square) for near in lists for square, _ in near], np.float64),
        np.array(known, np.float64),
    )


def _square(a: list[float], b: list[float]) -> float:
    dx, dy = a[0] - b[0], a[1] - b[1]
    return dx * dx + dy * dy


def _let_riders_look(
    lists: list[list[tuple[float, int]]],
    at_job: list[list[float]],
    at_rider: list[list[float]],
    rules: _Rules,
    most: int,
) -> None:
    known_by = [0] * len(at_rider)
    for near in lists:
        for _, rider in near:
            known_by[rider] += 1
    for rider, here in enumerate(at_rider):
        if known_by[rider] >= most:
            continue
        open_jobs = (job for job in range(len(at_job)) if rules.allows(job, rider))
        for square, job in nsmallest(most, ((_square(here, at_job[j]), j) for j in open_jobs)):
            if (square, rider) not in lists[job]:
                lists[job].append((square, rider))


def match_beyond(  # noqa: PLR0913, PLR0917 - as the kernel is called
    jobs: Array,
    riders: Array,
    rule_first: Array,
    rule_rider: Array,
    rule_only: Array,
    first: Array,
    rider: Array,
    known_m: Array,
    job_reach_m: Array,
    rider_reach_m: Array,
    most: int,
) -> tuple[Array, Array, Array]:
    """(job, rider, metres) of pairs outside the graph that are within reach, `most` a job."""
    rules = _Rules(rule_first.tolist(), rule_rider.tolist(), rule_only.tolist())
    at_rider, reach = riders.tolist(), rider_reach_m.tolist()
    found: list[tuple[int, int, float]] = []
    for job, here in enumerate(jobs.tolist()):
        listed = set(rider[first[job] : first[job + 1]].tolist())
        near = []
        for other, there in enumerate(at_rider):
            square, nearer_m = _square(here, there), job_reach_m[job] - reach[other]
            is_within = nearer_m > 0 and square < nearer_m * nearer_m
            if is_within and other not in listed and rules.allows(job, other):
                near.append((square, other))
        found += [(job, other, sqrt(square)) for square, other in nsmallest(most, near)]
    return (
        np.array([each[0] for each in found], np.int32),
        np.array([each[1] for each in found], np.int32),
        np.array([each[2] for each in found], np.float64),
    )


def match_assign(
    first: Array, rider: Array, cost: Array, leave: Array, capacity: Array
) -> tuple[Array, Array, Array, float]:
    """(rider_of, job_price, rider_price, beyond_price): the cheapest assignment."""
    edges = list(zip(rider.tolist(), cost.tolist(), strict=True))
    of_job = [edges[a:b] for a, b in zip(first[:-1].tolist(), first[1:].tolist(), strict=True)]
    beyond = _price_of_must(cost.tolist(), leave.tolist())
    prices = [min(price, beyond) for price in leave.tolist()]
    # One seat more than there are jobs that know of it is as good as any number: never all taken.
    enough = (np.bincount(rider, minlength=len(capacity)) + 1).tolist()
    seats = [min(pair) for pair in zip(capacity.tolist(), enough, strict=True)]
    if len(prices) <= sum(seats):
        found = _by_job(of_job, prices, seats)
    else:
        found = _by_seat(of_job, prices, seats)
    rider_of, job_price, rider_price = found
    return (
        np.array(rider_of, np.int32),
        np.array(job_price, np.float64),
        np.array(rider_price, np.float64),
        beyond,
    )


def _price_of_must(cost: list[float], leave: list[float]) -> float:
    most = max([1.0, *cost, *(price for price in leave if price < inf)])
    return float(2.0 ** (ceil(log2(most * (len(leave) + 1.0))) + 1))


Found = tuple[list[int], list[float], list[float]]


def _by_job(of_job: list[list[tuple[int, float]]], leave: list[float], seats: list[int]) -> Found:
    solver = Assigner(Rows(of_job, list(range(len(leave))), leave, seats))
    solver.solve()
    prices = [solver.row_price(job) for job in range(len(leave))]
    return solver.column_of, prices, [-price for price in solver.price]


def _by_seat(of_job: list[list[tuple[int, float]]], leave: list[float], seats: list[int]) -> Found:
    of_rider: list[list[tuple[int, float]]] = [[] for _ in seats]
    for job, edges in enumerate(of_job):
        for rider, cost in edges:
            of_rider[rider].append((job, cost - leave[job]))
    rider_of_row = [rider for rider, many in enumerate(seats) for _ in range(many)]
    rows = Rows(of_rider, rider_of_row, [0.0] * len(rider_of_row), [1] * len(leave))
    solver = Assigner(rows)
    solver.solve()
    rider_of, rider_price = [OUTSIDE] * len(leave), [0.0] * len(seats)
    for row, rider in enumerate(rider_of_row):
        if solver.column_of[row] != OUTSIDE:
            rider_of[solver.column_of[row]] = rider
        rider_price[rider] = -solver.row_price(row)
    job_price = [price + v for price, v in zip(leave, solver.price, strict=True)]
    return rider_of, job_price, rider_price

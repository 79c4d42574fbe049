"""Files of the literature: one depot, tasks numbered as the places, vehicles all alike."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal, InvalidOperation
from typing import TYPE_CHECKING, Any

import numpy as np

from gancang_planner.cost import Policy, Term
from gancang_planner.formats.case import plan_to_start_from
from gancang_planner.model import Vehicle, Window
from gancang_planner.outcome import Kind, Plan
from gancang_planner.snapshot import UNREACHABLE, Matrix, Snapshot

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from gancang_planner.model import Job

FINENESS = 1_000_000
"""Whole units for one unit of a file whose distances are straight lines."""

MOST = 10**9
"""No number of such a file is as large."""

FEWEST_THEN_SHORTEST = Policy.strict(Term.VEHICLES, Term.DISTANCE)
"""The literature's order: fewer vehicles, then less distance."""


@dataclass(frozen=True, slots=True)
class Numbered:
    """A problem whose places are the file's own numbers, 0 the depot. `ways`: its distances."""

    snapshot: Snapshot
    ways: NDArray[np.float64]
    coordinates: tuple[tuple[float, float], ...]
    policy: Policy = FEWEST_THEN_SHORTEST
    notes: tuple[str, ...] = ()
    warm: Plan | None = None

    def told(self, plan: Plan, seconds: float) -> dict[str, Any]:
        """Routes as the file's task numbers without the depot; distance in the file's unit."""
        routes = [[visit.place for visit in route.visits] for route in plan.routes]
        stops_of = {job.id: job.stops() for job in self.snapshot.jobs}
        return {
            "routes": routes,
            "vehicles": len(routes),
            "distance": self.distance(routes),
            "unserved": [
                {"task": stop.place, "reason": left_out.reason.name}
                for left_out in plan.unserved
                for stop in stops_of[left_out.job_id]
            ],
            "iterations": plan.iterations,
            "seconds": round(seconds, 4),
        }

    def distance(self, routes: list[list[int]]) -> float:
        """What all routes drive, from the depot and back to it."""
        ends = [[0, *route, 0] for route in routes]
        return float(sum(self.ways[way[:-1], way[1:]].sum() for way in ends))

    def earlier(self, answer: Any) -> Plan:
        """The routes of an earlier answer, one a vehicle in their order."""
        routes = answer.get("routes") if isinstance(answer, dict) else None
        if not isinstance(routes, list) or not all(isinstance(each, list) for each in routes):
            raise ValueError("the earlier answer has no 'routes' that are lists of task numbers")
        if len(routes) > len(self.snapshot.vehicles):
            raise ValueError("the earlier answer has more routes than the file has vehicles")
        calls = {
            stop.place: (job.id, kind, stop.place)
            for job in self.snapshot.jobs
            for kind, stops in ((Kind.PICKUP, job.pickups), (Kind.DELIVERY, job.deliveries))
            for stop in stops
        }
        for task in (task for route in routes for task in route):
            if not isinstance(task, int) or task not in calls:
                raise ValueError(f"the earlier answer names task {task!r}, which the file has not")
        ids = (vehicle.id for vehicle in self.snapshot.vehicles)
        return plan_to_start_from(
            (each, [calls[task] for task in route])
            for each, route in zip(ids, routes, strict=False)
        )


def straight_lines(coordinates: list[tuple[float, float]]) -> tuple[NDArray[np.float64], Matrix]:
    """Distances in double precision, and the same in whole units of 1/FINENESS, rounded up."""
    points = np.array(coordinates, np.float64).reshape(-1, 2)
    gaps = points[:, None, :] - points[None, :, :]
    ways = np.sqrt((gaps**2).sum(axis=2))
    if (whole := np.ceil(ways * FINENESS)).max(initial=0) >= UNREACHABLE:
        raise ValueError(f"places lie more than {UNREACHABLE // FINENESS} units apart")
    table = whole.astype(np.int32)
    return ways, Matrix.of(table, table)


def fleet(number: int, capacity: int, shift: Window, jobs: tuple[Job, ...]) -> tuple[Vehicle, ...]:
    """Vehicles all alike, from the depot and back; more than there are jobs would never be used."""
    number = min(number, max(len(jobs), 1))
    digits = len(str(number))
    return tuple(
        Vehicle(f"{each:0{digits}}", 0, shift, end_place=0, capacity=(capacity,))
        for each in range(1, number + 1)
    )


def numbers(line: str, at: int, count: int) -> list[Decimal]:
    """The numbers of a line; ValueError names the line that has others than it should."""
    try:
        found = [Decimal(word) for word in line.split()]
    except InvalidOperation:
        found = []
    # Decimal takes NaN and 1e999999 gladly; no place and no clock reaches that.
    if len(found) != count or not all(each.is_finite() and abs(each) < MOST for each in found):
        raise ValueError(f"line {at} should hold {count} numbers, not {line.strip()!r}")
    return found


def scaled(number: Decimal, at: int, fineness: int = 1) -> int:
    """The number in whole units of 1/fineness; ValueError names the line where it is finer."""
    if (units := number * fineness) != int(units):
        raise ValueError(f"line {at} holds {number}, which is finer than 1/{fineness}")
    return int(units)


def in_order(tasks: list[int]) -> None:
    """ValueError unless the tasks are numbered 0, 1, 2 and so on."""
    for expected, task in enumerate(tasks):
        if task != expected:
            raise ValueError(f"task {task} stands where task {expected} should: number from 0 on")
    if not tasks:
        raise ValueError("the file has no depot")

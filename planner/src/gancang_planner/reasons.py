"""Which vehicles may carry a job at all, and why a job is left out."""

from __future__ import annotations

from itertools import islice, permutations, product
from typing import TYPE_CHECKING

from gancang_planner.limits import fits
from gancang_planner.outcome import Limit, Unserved
from gancang_planner.timing import timed

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from gancang_planner.feasible import Calls, World

ORDERS_MAX = 5_000
"""So many orders of a job's own stops are looked at: all of them up to seven stops."""


def _has_shift_left(world: World, v: int, job: int) -> bool:
    del job  # every job asks the same
    return world.ready_s[v] < world.closes_s[v]


def _is_allowed(world: World, v: int, job: int) -> bool:
    wanted, vehicle_id = world.jobs[job], world.vehicles[v].id
    if vehicle_id in wanted.forbidden_vehicles:
        return False
    return wanted.allowed_vehicles is None or vehicle_id in wanted.allowed_vehicles


def _has_skills(world: World, v: int, job: int) -> bool:
    return world.jobs[job].skills <= world.vehicles[v].skills


def _did_not_refuse(world: World, v: int, job: int) -> bool:
    return world.vehicles[v].id not in world.jobs[job].refused_by


def _is_large_enough(world: World, v: int, job: int) -> bool:
    max_stops = world.vehicles[v].max_stops
    if max_stops is not None and len(world.calls_of(job)) > max_stops:
        return False
    return fits(world.total_load[job], world.vehicles[v].capacity)


_SIEVES: tuple[tuple[Unserved, Callable[[World, int, int], bool]], ...] = (
    (Unserved.NO_VEHICLE_ON_SHIFT, _has_shift_left),
    (Unserved.NOT_ALLOWED, _is_allowed),
    (Unserved.SKILL_MISSING, _has_skills),
    (Unserved.ALL_REFUSED, _did_not_refuse),
    (Unserved.TOO_BIG, _is_large_enough),
)

_ALONE = {
    Limit.ROAD: Unserved.UNREACHABLE,
    Limit.WINDOW: Unserved.WINDOW_CLOSED,
    Limit.ONBOARD: Unserved.ON_BOARD_TOO_LONG,
    Limit.SHIFT: Unserved.SHIFT_ENDS,
    Limit.MAX_DISTANCE: Unserved.TOO_FAR,
    Limit.MAX_WORK: Unserved.TOO_LONG,
}


def eligible(world: World, job: int) -> tuple[int, ...]:
    """The vehicles that may carry the job, whatever the time and the way."""
    return tuple(
        v for v in range(len(world.vehicles)) if all(passes(world, v, job) for _, passes in _SIEVES)
    )


def why_unserved(world: World, job: int) -> Unserved:
    """The first reason that leaves no vehicle for the job."""
    left = list(range(len(world.vehicles)))
    for reason, passes in _SIEVES:
        left = [v for v in left if passes(world, v, job)]
        if not left:
            return reason
    latest = Unserved.UNREACHABLE
    for v in left:
        latest = max(latest, _alone(world, v, job))
        if latest == Unserved.NO_CAPACITY_LEFT:
            break
    return latest


def _alone(world: World, v: int, job: int) -> Unserved:
    """What keeps the vehicle from the job with nothing else to do, in its best order."""
    latest = Unserved.UNREACHABLE
    for calls in orders_of(world, job):
        outcome = timed(world, v, calls)
        if not isinstance(outcome, Limit):
            return Unserved.NO_CAPACITY_LEFT
        latest = max(latest, _ALONE[outcome])
    return latest


def orders_of(world: World, job: int) -> Iterator[Calls]:
    """The orders of a job's own calls, pickups first; at most ORDERS_MAX of them."""
    mine = world.calls_of(job)
    pickups = [call for call in mine if not world.is_delivery(call)]
    deliveries = mine[len(pickups) :]
    both = product(permutations(pickups), permutations(deliveries))
    yield from islice(((*first, *then) for first, then in both), ORDERS_MAX)

"""Which vehicles may carry a job at all, and why a job is left out."""

from __future__ import annotations

from typing import TYPE_CHECKING

from gancang_planner.feasible import World, closes_s, earliest_starts, fits
from gancang_planner.model import Limit, Unserved

if TYPE_CHECKING:
    from collections.abc import Callable


def _has_shift_left(world: World, v: int, job: int) -> bool:
    del job  # every job asks the same
    return world.ready_s[v] < closes_s(world, v)


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
    return fits(world.jobs[job].load, world.vehicles[v].capacity)


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
    alone = [earliest_starts(world, v, (2 * job, 2 * job + 1)) for v in left]
    return max(
        _ALONE[outcome] if isinstance(outcome, Limit) else Unserved.NO_CAPACITY_LEFT
        for outcome in alone
    )

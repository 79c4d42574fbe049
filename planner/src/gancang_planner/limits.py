"""What a sequence of calls carries, and the limits that it breaks."""

from __future__ import annotations

from operator import add, le
from typing import TYPE_CHECKING

from gancang_planner.outcome import Limit
from gancang_planner.timing import timed

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from gancang_planner.feasible import Calls, World
    from gancang_planner.model import Load


def fits(load: Iterable[int], capacity: Sequence[int]) -> bool:
    """Whether a load fits in every dimension."""
    return all(map(le, load, capacity))


def loads_after(world: World, v: int, calls: Calls) -> list[Load]:
    """Units on board in each dimension: at the start, then when leaving each call."""
    load = world.held_load[v]
    for job in {world.job_of[call] for call in calls}:
        if not world.pickups_of[job] and job not in world.since_s:
            load = tuple(map(add, load, world.total_load[job]))
    loads = [load]
    for call in calls:
        load = tuple(map(add, load, world.load[call]))
        loads.append(load)
    return loads


def is_never_too_full(world: World, v: int, calls: Calls) -> bool:
    """Whether all that is on board fits at every point of the sequence."""
    capacity = world.vehicles[v].capacity
    return all(fits(load, capacity) for load in loads_after(world, v, calls))


def has_room_for(world: World, v: int, calls: Calls) -> bool:
    """Whether these are not more jobs and stops than the vehicle may have."""
    vehicle = world.vehicles[v]
    if vehicle.max_stops is not None and len(calls) > vehicle.max_stops:
        return False
    if vehicle.max_jobs is None:
        return True
    return len({world.job_of[call] for call in calls}) <= vehicle.max_jobs


def broken(world: World, v: int, calls: Calls) -> tuple[Limit, ...]:
    """The limits that this sequence breaks even when driven as early as can be."""
    vehicle = world.vehicles[v]
    limits = set()
    if not is_never_too_full(world, v, calls):
        limits.add(Limit.CAPACITY)
    if vehicle.max_jobs is not None and len({world.job_of[c] for c in calls}) > vehicle.max_jobs:
        limits.add(Limit.MAX_JOBS)
    if vehicle.max_stops is not None and len(calls) > vehicle.max_stops:
        limits.add(Limit.MAX_STOPS)
    outcome = timed(world, v, calls)
    if isinstance(outcome, Limit):
        limits.add(outcome)
    return tuple(sorted(limits))

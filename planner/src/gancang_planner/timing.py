"""When each call of a sequence starts: everything as early as can be, breaks where they cost least.

The one truth about a sequence of calls of a vehicle. Load and numbers of jobs and stops are looked
at apart (`limits.py`).
"""

from __future__ import annotations

from dataclasses import dataclass
from itertools import pairwise
from typing import NamedTuple

import numpy as np

from gancang_planner.cost import Cost
from gancang_planner.feasible import OPEN, Calls, World, next_start
from gancang_planner.outcome import Limit
from gancang_planner.rests import Rest, Run, Trip, pushed_with_breaks
from gancang_planner.snapshot import UNREACHABLE


@dataclass(frozen=True, slots=True)
class Timing:
    """A sequence of calls with its times.

    `services_s`: the time spent at each call, setup included. `legs_s`: travel to each call, then
    home. `rests`: the breaks taken on the way, in order; those taken at the end are not told.
    `cost` holds all parts that a route has.
    """

    starts_s: tuple[int, ...]
    services_s: tuple[int, ...]
    legs_s: tuple[int, ...]
    rests: tuple[Rest, ...]
    departs_s: int
    ends_s: int
    cost: Cost


def timed(world: World, v: int, calls: Calls) -> Timing | Limit:
    """The sequence with its times, or the first of the limits that forbids it.

    Roads are looked at first, then windows (of stops and breaks), time on board, the end of the
    shift, distance and working time: those named before the limit are met. A pickup is put off
    where the job would otherwise be on board for too long.
    """
    if not calls:
        return _idle(world, v)
    legs_s, metres = ways(world, v, calls)
    if UNREACHABLE in legs_s:
        return Limit.ROAD
    trip = Trip(world, v, calls, legs_s, services(world, calls))
    run = _run(trip)
    if isinstance(run, Limit):
        return run
    timing = _told(trip, run, sum(metres))
    over = _first_over(world, v, timing)
    return timing if over is None else over


def _run(trip: Trip) -> Run | Limit:
    run = _pushed(trip, {})
    if run is None:
        return Limit.WINDOW
    return _held_back(trip, run) or Limit.ONBOARD


def _first_over(world: World, v: int, timing: Timing) -> Limit | None:
    """The first of what the vehicle has too much of: shift, distance, work."""
    vehicle, cost = world.vehicles[v], timing.cost
    if timing.ends_s > world.closes_s[v]:
        return Limit.SHIFT
    if vehicle.max_distance_m is not None and cost.distance_m > vehicle.max_distance_m:
        return Limit.MAX_DISTANCE
    if vehicle.max_work_s is not None and cost.duration_s > vehicle.max_work_s:
        return Limit.MAX_WORK
    return None


def forced(world: World, v: int, calls: Calls) -> Timing:
    """As early as travel allows where promises can no longer be kept: late rather than never."""
    if not calls:
        return _idle(world, v)
    legs_s, metres = ways(world, v, calls)
    roads = [leg != UNREACHABLE for leg in legs_s]
    legs_s = [leg if is_road else 0 for leg, is_road in zip(legs_s, roads, strict=True)]
    trip = Trip(world, v, calls, legs_s, services(world, calls))
    starts = []
    free_s = world.ready_s[v]
    for call, leg_s, service_s in zip(calls, legs_s, trip.services_s, strict=False):
        start = next_start(world.windows[call], free_s + leg_s)
        starts.append(free_s + leg_s if start is None else start)
        free_s = starts[-1] + service_s
    run = Run(starts, free_s + legs_s[-1], ())
    return _told(trip, run, sum(m for m, is_road in zip(metres, roads, strict=True) if is_road))


def _idle(world: World, v: int) -> Timing:
    return Timing((), (), (), (), world.ready_s[v], world.ready_s[v], Cost())


def ways(world: World, v: int, calls: Calls) -> tuple[list[int], list[int]]:
    """Seconds and metres to each call, the first from the vehicle's start, then home."""
    seconds, metres = world.classes[world.vehicle_class[v]]
    path = [world.start_place[v], *(world.place[call] for call in calls)]
    if world.end[v] != OPEN:
        path.append(world.end[v])
    places = np.array(path)
    legs = seconds[places[:-1], places[1:]].tolist()
    lengths = metres[places[:-1], places[1:]].tolist()
    return (legs, lengths) if world.end[v] != OPEN else ([*legs, 0], [*lengths, 0])


def services(world: World, calls: Calls) -> list[int]:
    """The time spent at each call: its service, and its setup where the place is new."""
    place, setup_s = world.place, world.setup_s
    spent = [world.service_s[call] for call in calls]
    if calls:
        spent[0] += setup_s[calls[0]]
    for k, (before, call) in enumerate(pairwise(calls), 1):
        if setup_s[call] and place[before] != place[call]:
            spent[k] += setup_s[call]
    return spent


def _pushed(trip: Trip, floors: dict[int, int]) -> Run | None:
    """Each call as early as travel, windows and `floors` (call: not before) let it start."""
    world, v, calls, legs_s, services_s = trip
    if world.vehicles[v].breaks:
        return pushed_with_breaks(trip, floors)
    starts = []
    free_s = world.ready_s[v]
    for call, leg_s, service_s in zip(calls, legs_s, services_s, strict=False):
        arrival_s = free_s + leg_s
        if floors:
            arrival_s = max(arrival_s, floors.get(call, 0))
        start = next_start(world.windows[call], arrival_s)
        if start is None:
            return None
        starts.append(start)
        free_s = start + service_s
    return Run(starts, free_s + legs_s[-1], ())


def _held_back(trip: Trip, run: Run) -> Run | None:
    """The earliest times that also keep time on board: the least fixed point above `run`.

    Putting a pickup off can only put later calls off, so without breaks the least fixed point is
    the earliest feasible schedule if there is one. Each round settles a call or moves one into a
    later window; if more rounds are needed than there are calls and windows, there is none. (A
    break may move once for each of its windows at each place.)
    """
    world, v, calls, _, _ = trip
    stays = _stays(trip)
    if not stays:
        return run
    breaks = world.vehicles[v].breaks
    rounds = 1 + sum(1 + len(world.windows[call]) for call in calls)
    rounds += 2 * len(calls) * sum(1 + len(rest.windows) for rest in breaks)
    floors: dict[int, int] = {}
    for _ in range(rounds):
        late = _too_early(trip, stays, run.starts_s)
        if not late:
            return run
        if OPEN in late:
            return None  # already on board: its pickup cannot be put off any more
        floors.update({call: max(floor, floors.get(call, 0)) for call, floor in late.items()})
        again = _pushed(trip, floors)
        if again is None:
            return None
        run = again
    return None


class Stay(NamedTuple):
    """A most time on board between two positions of a trip; no pickup: on board since."""

    pickup: int | None
    delivery: int
    most_s: int
    since_s: int


def _stays(trip: Trip) -> list[Stay]:
    world, calls = trip.world, trip.calls
    onboard_s = world.onboard_s[world.vehicle_class[trip.v]]
    position = {call: k for k, call in enumerate(calls)}
    stays = []
    for k, call in enumerate(calls):
        job = world.job_of[call]
        most_s = onboard_s[job]
        if most_s is None or not world.is_delivery(call):
            continue
        if job in world.since_s:
            stays.append(Stay(None, k, most_s, world.since_s[job]))
            continue
        first = world.first_call[job]
        pickups = range(first, first + world.pickups_of[job])
        stays += [Stay(position[p], k, most_s, 0) for p in pickups if p in position]
    return stays


def _too_early(trip: Trip, stays: list[Stay], starts: list[int]) -> dict[int, int]:
    """The earliest starts that would do for pickups that start before them; OPEN: none would."""
    late: dict[int, int] = {}
    for pickup, delivery, most_s, since_s in stays:
        left_by_s = starts[delivery] - most_s
        if pickup is None:
            if since_s < left_by_s:
                late[OPEN] = 0
            continue
        needed_s = left_by_s - trip.services_s[pickup]
        if starts[pickup] < needed_s:
            call = trip.calls[pickup]
            late[call] = max(needed_s, late.get(call, 0))
    return late


def _told(trip: Trip, run: Run, metres: int) -> Timing:
    """The run with its departure and cost."""
    first_s = run.starts_s[0]
    for rest in run.rests:
        if (rest.k, rest.has_arrived) == (0, True):
            first_s = rest.begins_s
            break
    departs_s = first_s - trip.legs_s[0]
    return Timing(
        tuple(run.starts_s),
        tuple(trip.services_s),
        tuple(trip.legs_s),
        run.rests,
        departs_s,
        run.ends_s,
        _cost(trip, run.starts_s, metres, run.ends_s - departs_s),
    )


def _cost(trip: Trip, starts: list[int], metres: int, duration_s: int) -> Cost:
    world, v, calls, _, _ = trip
    lateness_s = wait_s = 0
    for call, start in zip(calls, starts, strict=True):
        over_s = start - world.due_s[call]
        if over_s > 0:
            if world.is_delivery(call):
                lateness_s += over_s
            else:
                wait_s += over_s
    return Cost(
        vehicles=1,
        lateness_s=lateness_s,
        wait_s=wait_s,
        distance_m=metres,
        duration_s=duration_s,
        money=money(world, v, metres, duration_s),
        imbalance_min2=imbalance_min2(world.vehicles[v].worked_s, duration_s),
        changes=changes(world, v, calls) if world.running else 0,
    )


def money(world: World, v: int, metres: int, duration_s: int) -> int:
    """What it costs to use the vehicle for so many metres and seconds."""
    vehicle = world.vehicles[v]
    by_way, by_hour = vehicle.cost_per_km * metres, vehicle.cost_per_hour * duration_s
    return vehicle.fixed_cost + by_way // 1000 + by_hour // 3600


def imbalance_min2(worked_s: int, duration_s: int) -> int:
    """Square minutes that a route adds to those of the work done before."""
    return ((worked_s + duration_s) ** 2 - worked_s**2) // 3600


def changes(world: World, v: int, calls: Calls) -> int:
    """The jobs among these that another vehicle has in the plan that runs now."""
    return sum(world.running.get(job, v) != v for job in {world.job_of[call] for call in calls})

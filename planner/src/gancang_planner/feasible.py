"""Whether a sequence of stops can be driven, and when each stop then starts.

Inside the library a job is a number (its place among the ids in order), and a stop is a *call*:
2 * job for the pickup, 2 * job + 1 for the delivery.
"""

from __future__ import annotations

from dataclasses import dataclass
from operator import le
from typing import TYPE_CHECKING

from gancang_planner.model import LARGEST, UNREACHABLE, Job, Limit, Snapshot, Stop, Vehicle, Window

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

Calls = tuple[int, ...]
Windows = tuple[Window, ...]

NO_ROAD_S = 2**62
"""Where no road leads: later than any window closes or shift ends."""
_ANY_TIME: Windows = (Window(0, LARGEST),)


@dataclass(frozen=True, slots=True)
class World:
    """A snapshot laid out for the loops: jobs and vehicles by id, stops by call.

    `ready_s[v]`: the earliest departure of vehicle v. `end[v]`: its last place; an open route ends
    nowhere, a place added to the matrix to which every way is free. `due_s[call]`: the release of
    a pickup, the promise of a delivery. `since_s[job]`: when a job on board left its pickup.
    `holder[job]`: the vehicle a committed job stays with.
    """

    jobs: tuple[Job, ...]
    vehicles: tuple[Vehicle, ...]
    seconds: tuple[tuple[int, ...], ...]
    metres: tuple[tuple[int, ...], ...]
    place: tuple[int, ...]
    service_s: tuple[int, ...]
    windows: tuple[Windows, ...]
    due_s: tuple[int, ...]
    ready_s: tuple[int, ...]
    end: tuple[int, ...]
    since_s: dict[int, int]
    holder: dict[int, int]


def world_of(snapshot: Snapshot) -> World:
    """The snapshot laid out, in an order that does not depend on the order of its input."""
    jobs = tuple(sorted(snapshot.jobs, key=lambda job: job.id))
    vehicles = tuple(sorted(snapshot.vehicles, key=lambda vehicle: vehicle.id))
    number = {job.id: position for position, job in enumerate(jobs)}
    stops = [stop for job in jobs for stop in (job.pickup, job.delivery)]
    nowhere = len(snapshot.matrix)
    since_s = {number[each.job_id]: each.since_s for v in vehicles for each in v.on_board}
    return World(
        jobs=jobs,
        vehicles=vehicles,
        seconds=tuple((*_without_roads(row), 0) for row in snapshot.matrix.seconds),
        metres=tuple((*row, 0) for row in snapshot.matrix.metres),
        place=tuple(stop.place for stop in stops),
        service_s=tuple(stop.service_s for stop in stops),
        windows=tuple(
            windows
            for job in jobs
            for windows in (_released(job.pickup, job.release_s), _released(job.delivery, 0))
        ),
        due_s=tuple(
            due_s
            for job in jobs
            for due_s in (job.release_s, NO_ROAD_S if job.promise_s is None else job.promise_s)
        ),
        end=tuple(nowhere if v.end_place is None else v.end_place for v in vehicles),
        ready_s=tuple(
            max(snapshot.now_s, vehicle.available_from_s, vehicle.shift.opens_s)
            for vehicle in vehicles
        ),
        since_s=since_s,
        holder={
            number[each]: v for v, vehicle in enumerate(vehicles) for each in vehicle.committed()
        },
    )


def _without_roads(row: tuple[int, ...]) -> tuple[int, ...]:
    if UNREACHABLE not in row:
        return row
    return tuple(NO_ROAD_S if value == UNREACHABLE else value for value in row)


def _released(stop: Stop, release_s: int) -> Windows:
    """The windows of a stop, less the time before the release."""
    return tuple(
        Window(max(window.opens_s, release_s), window.closes_s)
        for window in stop.windows or _ANY_TIME
        if window.closes_s >= release_s
    )


def next_start(windows: Windows, arrival_s: int) -> int | None:
    """The earliest time from `arrival_s` on at which a window is open; None: all are closed."""
    for window in windows:
        if arrival_s <= window.closes_s:
            return arrival_s if arrival_s > window.opens_s else window.opens_s
    return None


def last_start(windows: Windows, deadline_s: int) -> int | None:
    """The latest time up to `deadline_s` at which a window is open; None: none was open yet."""
    for window in reversed(windows):
        if window.opens_s <= deadline_s:
            return min(deadline_s, window.closes_s)
    return None


def legs_s(world: World, v: int, calls: Sequence[int]) -> list[int]:
    """Seconds of travel to each call, the first from the vehicle's start."""
    legs = []
    at = world.vehicles[v].start_place
    for call in calls:
        legs.append(world.seconds[at][world.place[call]])
        at = world.place[call]
    return legs


def leg_home_s(world: World, v: int, calls: Sequence[int]) -> int:
    """Seconds from the last call to the vehicle's end; 0 where there is no call."""
    return world.seconds[world.place[calls[-1]]][world.end[v]] if calls else 0


def earliest_starts(world: World, v: int, calls: Sequence[int]) -> list[int] | Limit:
    """The earliest feasible start of each call, or the first of the limits that forbids.

    Roads are looked at first, then windows, then time on board, then the end of the shift: the
    limit named is met by no schedule, and those named before it are met. Load is not looked at.
    A pickup is put off where the job would otherwise be on board for too long.
    """
    legs = legs_s(world, v, calls)
    home_s = leg_home_s(world, v, calls)
    if home_s == NO_ROAD_S or NO_ROAD_S in legs:
        return Limit.ROAD
    starts = pushed(world, world.ready_s[v], legs, calls, {})
    if starts is None:
        return Limit.WINDOW
    starts = _held_back(world, v, legs, calls, starts)
    if starts is None:
        return Limit.ONBOARD
    if calls and starts[-1] + world.service_s[calls[-1]] + home_s > closes_s(world, v):
        return Limit.SHIFT
    return starts


def closes_s(world: World, v: int) -> int:
    """The end of the vehicle's shift."""
    return world.vehicles[v].shift.closes_s


def pushed(
    world: World, ready_s: int, legs: Sequence[int], calls: Sequence[int], floors: dict[int, int]
) -> list[int] | None:
    """Each call as early as travel, windows and `floors` (call: not before) let it start."""
    starts = []
    free_s = ready_s
    for call, leg in zip(calls, legs, strict=True):
        arrival_s = free_s + leg
        if floors:
            arrival_s = max(arrival_s, floors.get(call, 0))
        start = next_start(world.windows[call], arrival_s)
        if start is None:
            return None
        starts.append(start)
        free_s = start + world.service_s[call]
    return starts


def _held_back(
    world: World, v: int, legs: Sequence[int], calls: Sequence[int], starts: list[int]
) -> list[int] | None:
    """The earliest starts that also keep time on board: the least fixed point above `starts`.

    Putting a pickup off can only put later calls off, so the least fixed point is the earliest
    feasible schedule if there is one. Each round settles a call or moves one into a later window;
    if more rounds are needed than there are calls and windows, there is none.
    """
    timed = [call for call in calls if call & 1 and world.jobs[call >> 1].max_onboard_s is not None]
    if not timed:
        return starts
    floors: dict[int, int] = {}
    for _ in range(1 + sum(1 + len(world.windows[call]) for call in calls)):
        start_of = dict(zip(calls, starts, strict=True))
        late = {call: left_by for call in timed if (left_by := _too_early(world, call, start_of))}
        if not late:
            return starts
        if any(call - 1 not in start_of for call in late):
            return None  # already on board: its pickup cannot be put off any more
        floors.update({call - 1: left_by for call, left_by in late.items()})
        again = pushed(world, world.ready_s[v], legs, calls, floors)
        if again is None:
            return None
        starts = again
    return None


def _too_early(world: World, delivery: int, start_of: dict[int, int]) -> int:
    """The earliest start of the pickup that would do, if it starts before that; else 0."""
    job = delivery >> 1
    max_onboard_s = world.jobs[job].max_onboard_s
    assert max_onboard_s is not None, world.jobs[job]
    left_by_s = start_of[delivery] - max_onboard_s
    if delivery - 1 in start_of:
        needed_s = left_by_s - world.service_s[delivery - 1]
        return needed_s if start_of[delivery - 1] < needed_s else 0
    return left_by_s if world.since_s[job] < left_by_s else 0


def forced_starts(world: World, v: int, calls: Sequence[int]) -> list[int]:
    """As early as travel allows where promises can no longer be kept: late rather than never."""
    starts = []
    free_s = world.ready_s[v]
    for call, leg in zip(calls, legs_s(world, v, calls), strict=True):
        arrival_s = free_s + (0 if leg == NO_ROAD_S else leg)
        start = next_start(world.windows[call], arrival_s)
        starts.append(arrival_s if start is None else start)
        free_s = starts[-1] + world.service_s[call]
    return starts


def loads_after(world: World, v: int, calls: Sequence[int]) -> list[tuple[int, ...]]:
    """Units on board in each dimension: at the start, then when leaving each call."""
    load = [0] * len(world.vehicles[v].capacity)
    for job in world.since_s:
        if world.holder[job] == v:
            load = [a + b for a, b in zip(load, world.jobs[job].load, strict=True)]
    loads = [tuple(load)]
    for call in calls:
        sign = -1 if call & 1 else 1
        load = [a + sign * b for a, b in zip(load, world.jobs[call >> 1].load, strict=True)]
        loads.append(tuple(load))
    return loads


def fits(load: Iterable[int], capacity: Sequence[int]) -> bool:
    """Whether a load fits in every dimension."""
    return all(map(le, load, capacity))


def broken(world: World, v: int, calls: Sequence[int]) -> tuple[Limit, ...]:
    """The limits that this sequence breaks even when driven as early as can be."""
    vehicle = world.vehicles[v]
    limits = set()
    if not all(fits(load, vehicle.capacity) for load in loads_after(world, v, calls)):
        limits.add(Limit.CAPACITY)
    if vehicle.max_jobs is not None and len({call >> 1 for call in calls}) > vehicle.max_jobs:
        limits.add(Limit.MAX_JOBS)
    outcome = earliest_starts(world, v, calls)
    if isinstance(outcome, Limit):
        limits.add(outcome)
    return tuple(sorted(limits))

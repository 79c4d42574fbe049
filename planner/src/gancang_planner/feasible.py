"""A snapshot laid out for the loops, and the times at which windows are open.

Inside the library jobs and vehicles are numbers: their places among the ids in order. A stop of a
job is a *call*; calls are numbered job after job, pickups before deliveries.
"""

from __future__ import annotations

from dataclasses import dataclass
from itertools import accumulate
from typing import TYPE_CHECKING, Any

import numpy as np

from gancang_planner.checks import LARGEST
from gancang_planner.model import Job, Load, Stop, Vehicle, Window
from gancang_planner.snapshot import UNREACHABLE, Snapshot

if TYPE_CHECKING:
    from collections.abc import Sequence

    from gancang_planner.snapshot import Ways

Calls = tuple[int, ...]
Windows = tuple[Window, ...]

OPEN = -1
"""The end of a vehicle whose route ends wherever its last stop is."""
NEVER_S = 2**62
"""Later than any window closes or shift ends."""
_ANY_TIME: Windows = (Window(0, LARGEST),)


class ListRows(dict[int, list[int]]):
    """The rows of a table of ways as lists, each made when it is first asked for.

    A row ends with a 0 for OPEN: every way to nowhere is free. UNREACHABLE is NEVER_S.
    """

    def __init__(self, ways: Ways) -> None:
        super().__init__()
        self._ways = ways

    def __missing__(self, place: int) -> list[int]:
        row = self._ways[place].tolist()
        if UNREACHABLE in row:
            row = [NEVER_S if way == UNREACHABLE else way for way in row]
        self[place] = row = [*row, 0]
        return row


@dataclass(frozen=True, slots=True)
class World:
    """A snapshot laid out for the loops; what follows the index is a plain number unless told.

    By job: `jobs`; `first_call[job]` (one more at the end: the number of all calls), `pickups_of`
    (how many of its calls are pickups; they come first), `total_load` (on board between its
    pickups and its deliveries), `since_s` (mapping: when a job on board left its pickups, whose
    calls must not be made any more), `holder` (mapping: the vehicle a committed job stays with),
    `running` (mapping: the vehicle that has it in the plan that runs now, if both are still here).
    By call: `job_of`, `place`, `service_s`, `setup_s` (in addition, unless the call before it in
    the route is at the same place), `windows` (tuple, never empty but where release leaves none;
    time before the release already cut off), `due_s` (of a pickup the release; of a delivery the
    promise, NEVER_S if there is none), `load` (tuple a dimension: + taken, - left).
    By vehicle: `vehicles` (breaks, limits, costs and fleet are read there), `vehicle_class`,
    `start_place`, `end` (OPEN, -1, where the route ends anywhere), `ready_s` (earliest departure),
    `closes_s` (end of the shift), `held_load` (tuple a dimension: on board now; a job without
    pickups that is not on board yet adds its total_load at the start of the route).
    By class (a class is a matrix and a pace): `classes`, pairs of seconds and metres, int32, shape
    (places, places), UNREACHABLE kept in seconds; `onboard_s[class][job]`, the most time on board,
    None for any, the direct ride of that class reckoned in; `seconds` and `metres`, the same as
    `classes` for loops in Python.
    """

    jobs: tuple[Job, ...]
    vehicles: tuple[Vehicle, ...]
    first_call: tuple[int, ...]
    pickups_of: tuple[int, ...]
    total_load: tuple[Load, ...]
    since_s: dict[int, int]
    holder: dict[int, int]
    running: dict[int, int]
    job_of: tuple[int, ...]
    place: tuple[int, ...]
    service_s: tuple[int, ...]
    setup_s: tuple[int, ...]
    windows: tuple[Windows, ...]
    due_s: tuple[int, ...]
    load: tuple[Load, ...]
    vehicle_class: tuple[int, ...]
    start_place: tuple[int, ...]
    end: tuple[int, ...]
    ready_s: tuple[int, ...]
    closes_s: tuple[int, ...]
    held_load: tuple[Load, ...]
    classes: tuple[tuple[Ways, Ways], ...]
    onboard_s: tuple[tuple[int | None, ...], ...]
    seconds: tuple[ListRows, ...]
    metres: tuple[ListRows, ...]

    def calls_of(self, job: int) -> range:
        """The calls that are still to be made for a job: of one on board, its deliveries."""
        first = self.first_call[job]
        done = self.pickups_of[job] if job in self.since_s else 0
        return range(first + done, self.first_call[job + 1])

    def is_delivery(self, call: int) -> bool:
        """Whether something is left at this call, or somebody seen, rather than fetched."""
        job = self.job_of[call]
        return call - self.first_call[job] >= self.pickups_of[job]

    def is_pair(self, job: int) -> bool:
        """Whether exactly one pickup and one delivery are still to be made."""
        return self.pickups_of[job] == 1 and len(self.calls_of(job)) == 2


def world_of(snapshot: Snapshot) -> World:
    """The snapshot laid out, in an order that does not depend on the order of its input."""
    jobs = tuple(sorted(snapshot.jobs, key=lambda job: job.id))
    vehicles = tuple(sorted(snapshot.vehicles, key=lambda vehicle: vehicle.id))
    dimensions = max(
        (*(len(v.capacity) for v in vehicles), *(len(job.total_load()) for job in jobs)), default=0
    )
    vehicle_class, classes = _classes(snapshot, vehicles)
    by_job = _by_job(snapshot, jobs, vehicles, dimensions)
    loads = by_job["total_load"]
    return World(
        **by_job,
        **_by_call(jobs, dimensions),
        **_by_vehicle(snapshot, vehicles),
        held_load=_held_load(jobs, vehicles, loads, dimensions),
        vehicle_class=vehicle_class,
        classes=classes,
        onboard_s=tuple(_onboard_s(jobs, seconds) for seconds, _ in classes),
        seconds=tuple(ListRows(seconds) for seconds, _ in classes),
        metres=tuple(ListRows(metres) for _, metres in classes),
    )


def _by_job(
    snapshot: Snapshot, jobs: Sequence[Job], vehicles: Sequence[Vehicle], dimensions: int
) -> dict[str, Any]:
    number = {job.id: position for position, job in enumerate(jobs)}
    vehicle_number = {vehicle.id: position for position, vehicle in enumerate(vehicles)}
    return {
        "jobs": jobs,
        "vehicles": vehicles,
        "first_call": (0, *accumulate(len(job.stops()) for job in jobs)),
        "pickups_of": tuple(len(job.pickups) for job in jobs),
        "total_load": tuple(_padded(job.total_load(), dimensions) for job in jobs),
        "since_s": {number[each.job_id]: each.since_s for v in vehicles for each in v.on_board},
        "holder": {
            number[each]: v for v, vehicle in enumerate(vehicles) for each in vehicle.committed()
        },
        "running": {
            number[job]: vehicle_number[vehicle]
            for job, vehicle in snapshot.running
            if job in number and vehicle in vehicle_number
        },
    }


def _by_call(jobs: Sequence[Job], dimensions: int) -> dict[str, Any]:
    stops = [(n, stop) for n, job in enumerate(jobs) for stop in job.stops()]
    return {
        "job_of": tuple(n for n, _ in stops),
        "place": tuple(stop.place for _, stop in stops),
        "service_s": tuple(stop.service_s for _, stop in stops),
        "setup_s": tuple(stop.setup_s for _, stop in stops),
        "windows": tuple(_released(stop, jobs[n].release_s) for n, stop in stops),
        "due_s": tuple(due_s for job in jobs for due_s in _due_s(job)),
        "load": tuple(load for job in jobs for load in _loads(job, dimensions)),
    }


def _by_vehicle(snapshot: Snapshot, vehicles: Sequence[Vehicle]) -> dict[str, Any]:
    now_s = snapshot.now_s
    return {
        "start_place": tuple(v.start_place for v in vehicles),
        "end": tuple(OPEN if v.end_place is None else v.end_place for v in vehicles),
        "ready_s": tuple(max(now_s, v.available_from_s, v.shift.opens_s) for v in vehicles),
        "closes_s": tuple(v.shift.closes_s for v in vehicles),
    }


def _held_load(
    jobs: Sequence[Job], vehicles: Sequence[Vehicle], loads: Sequence[Load], dimensions: int
) -> tuple[Load, ...]:
    load_of = {job.id: load for job, load in zip(jobs, loads, strict=True)}
    nothing = (0,) * dimensions
    return tuple(
        tuple(map(sum, zip(nothing, *(load_of[each.job_id] for each in v.on_board), strict=True)))
        for v in vehicles
    )


def _padded(load: Load, dimensions: int) -> Load:
    return load or (0,) * dimensions


def _due_s(job: Job) -> Load:
    promise_s = NEVER_S if job.promise_s is None else job.promise_s
    return (job.release_s,) * len(job.pickups) + (promise_s,) * len(job.deliveries)


def _loads(job: Job, dimensions: int) -> list[Load]:
    taken = [_padded(job.load_at(stop), dimensions) for stop in job.pickups]
    left = [_padded(job.load_at(stop), dimensions) for stop in job.deliveries]
    return [*taken, *(tuple(-units for units in load) for load in left)]


def _released(stop: Stop, release_s: int) -> Windows:
    """The windows of a stop, less the time before the release."""
    return tuple(
        Window(max(window.opens_s, release_s), window.closes_s)
        for window in stop.windows or _ANY_TIME
        if window.closes_s >= release_s
    )


def _classes(
    snapshot: Snapshot, vehicles: Sequence[Vehicle]
) -> tuple[tuple[int, ...], tuple[tuple[Ways, Ways], ...]]:
    """The class of each vehicle, and the ways of each class."""
    matrices, hour_percent = snapshot.matrices(), snapshot.hour_factor_percent()
    number: dict[tuple[str, int], int] = {}
    of = tuple(number.setdefault((v.profile, v.pace_percent), len(number)) for v in vehicles)
    ways = tuple(
        (_paced(matrices[profile].seconds, pace_percent * hour_percent), matrices[profile].metres)
        for profile, pace_percent in number
    )
    return of, ways


def _paced(seconds: Ways, per_ten_thousand: int) -> Ways:
    """Travel times at this pace, rounded up; where no road leads, none leads at any pace."""
    if per_ten_thousand == 10_000:
        return seconds
    longer = (seconds.astype(np.int64) * per_ten_thousand + 9_999) // 10_000
    paced = np.minimum(longer, UNREACHABLE - 1)
    paced[seconds == UNREACHABLE] = UNREACHABLE
    return paced.astype(np.int32)


def _onboard_s(jobs: Sequence[Job], seconds: Ways) -> tuple[int | None, ...]:
    return tuple(
        job.max_onboard_s if job.max_detour_percent is None else _least_onboard_s(job, seconds)
        for job in jobs
    )


def _least_onboard_s(job: Job, seconds: Ways) -> int | None:
    direct_s = int(seconds[job.pickups[0].place, job.deliveries[0].place])
    if direct_s == UNREACHABLE or job.max_detour_percent is None:
        return job.max_onboard_s
    detour_s = direct_s * job.max_detour_percent // 100
    return detour_s if job.max_onboard_s is None else min(detour_s, job.max_onboard_s)


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

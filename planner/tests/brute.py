"""The rules of the planner told once more, the slow way: everything is tried.

Shares no code with the planner but the nouns of the problem and the parts of the cost. A call is
(job id, number of its stop among pickups and then deliveries).
"""

from __future__ import annotations

from dataclasses import dataclass
from itertools import combinations_with_replacement, pairwise, product
from typing import TYPE_CHECKING

from gancang_planner import (
    UNREACHABLE,
    Break,
    Cost,
    Job,
    Limit,
    Snapshot,
    Stop,
    Vehicle,
    Window,
)

if TYPE_CHECKING:
    from collections.abc import Sequence

Call = tuple[str, int]
Place = tuple[int, bool]
"""Where a break may be taken: before the drive to call k, or having arrived there."""


@dataclass(frozen=True)
class Timed:
    """The one schedule of a sequence of calls."""

    starts: tuple[int, ...]
    rests: tuple[tuple[int, bool, int], ...]
    departs: int
    ends: int
    cost: Cost


class Ride:
    """A vehicle with a sequence of calls."""

    def __init__(self, world: Snapshot, vehicle: Vehicle, calls: tuple[Call, ...]) -> None:
        self.world, self.vehicle, self.calls = world, vehicle, calls
        job_of = {job.id: job for job in world.jobs}
        self.jobs = [job_of[job_id] for job_id, _ in calls]
        self.stops = [job_of[job_id].stops()[n] for job_id, n in calls]
        self.legs = [self.leg(k) for k in range(len(calls) + 1)]
        self.known: dict[object, int | None] = {}

    def is_delivery(self, k: int) -> bool:
        return self.calls[k][1] >= len(self.jobs[k].pickups)

    def seconds(self, a: int, b: int) -> int | None:
        matrix = self.world.matrices()[self.vehicle.profile]
        way = int(matrix.seconds[a, b])
        if way == UNREACHABLE:
            return None
        hours = self.world.hour_percent
        hour = hours[self.world.now_s // 3600 % 24] if hours else 100
        return -(-way * self.vehicle.pace_percent * hour // 10_000)

    def leg(self, k: int) -> int | None:
        """Seconds to call k, or home behind the last."""
        before = self.stops[k - 1].place if k else self.vehicle.start_place
        if k < len(self.calls):
            return self.seconds(before, self.stops[k].place)
        return 0 if self.vehicle.end_place is None else self.seconds(before, self.vehicle.end_place)

    def metres(self) -> int:
        matrix = self.world.matrices()[self.vehicle.profile]
        path = [self.vehicle.start_place, *(stop.place for stop in self.stops)]
        if self.vehicle.end_place is not None:
            path.append(self.vehicle.end_place)
        return sum(int(matrix.metres[a, b]) for a, b in pairwise(path))

    def spent(self, k: int) -> int:
        stop = self.stops[k]
        is_new = k == 0 or self.stops[k - 1].place != stop.place
        return stop.service_s + (stop.setup_s if is_new else 0)

    def ready(self) -> int:
        v = self.vehicle
        return max(self.world.now_s, v.available_from_s, v.shift.opens_s)

    def most_onboard(self, k: int) -> int | None:
        job = self.jobs[k]
        most = [] if job.max_onboard_s is None else [job.max_onboard_s]
        if job.max_detour_percent is not None:
            direct = self.seconds(job.pickups[0].place, job.deliveries[0].place)
            if direct is not None:
                most.append(direct * job.max_detour_percent // 100)
        return min(most, default=None)

    def begin(self, k: int, arrival: int, floor: int) -> int | None:
        """The first second from the arrival on at which the call may start."""
        job, stop = self.jobs[k], self.stops[k]
        arrival = max(arrival, floor, job.release_s)
        return first_open(stop.windows, arrival) if stop.windows else arrival


def first_open(windows: Sequence[Window], time: int) -> int | None:
    return min((max(w.opens_s, time) for w in windows if time <= w.closes_s), default=None)


def simulated(
    ride: Ride, taken: Sequence[tuple[Place, Break]], floors: dict[int, int], until: Place
) -> int | None:
    """The time at a place once the breaks taken at or before it are over; None: never there."""
    time = rested(ride.ready(), taken, (0, False))
    for k in range(until[0] + 1):
        if time is None or (k, False) == until:
            return time
        leg = ride.legs[k]
        assert leg is not None
        time = rested(time + leg, taken, (k, True))
        if time is None or (k, True) == until:
            return time
        start = ride.begin(k, time, floors.get(k, 0))
        if start is None:
            return None
        time = rested(start + ride.spent(k), taken, (k + 1, False))
    return time


def rested(time: int, taken: Sequence[tuple[Place, Break]], here: Place) -> int | None:
    """The time once the breaks taken here are over."""
    for _, rest in (each for each in taken if each[0] == here):
        begin = first_open(rest.windows, time)
        if begin is None:
            return None
        time = begin + rest.duration_s
    return time


def earliest(
    ride: Ride, done: int, floors: dict[int, int], until: Place, last: Place
) -> int | None:
    """The earliest time at a place over all placements of the first `done` breaks up to `last`."""
    key = (done, tuple(floors.items()), until, last)
    if key not in ride.known:
        places = [(k, arrived) for k in range(len(ride.calls) + 1) for arrived in (False, True)]
        allowed = [place for place in places if place <= last]
        times = [
            simulated(ride, list(zip(taken, ride.vehicle.breaks, strict=False)), floors, until)
            for taken in combinations_with_replacement(allowed, done)
        ]
        ride.known[key] = min((time for time in times if time is not None), default=None)
    return ride.known[key]


def scheduled(
    ride: Ride, floors: dict[int, int]
) -> tuple[list[int], list[tuple[int, bool, int]], int] | None:
    """Starts, breaks and end with these floors; None where a window or a break cannot be met."""
    n, breaks = len(ride.calls), ride.vehicle.breaks
    home = ride.legs[n]
    assert home is not None
    for done in range(len(breaks) + 1):
        left = earliest(ride, done, floors, (n, False), (n, False))
        if left is None:
            continue
        time: int | None = left + home
        for rest in breaks[done:]:
            time = None if time is None else first_open(rest.windows, time)
            time = None if time is None else time + rest.duration_s
        if time is not None:
            return (*told(ride, floors, done), left + home)
    return None


def told(
    ride: Ride, floors: dict[int, int], done: int
) -> tuple[list[int], list[tuple[int, bool, int]]]:
    """From the end back: each break as early in the sequence as costs no time."""
    n = len(ride.calls)
    starts: list[int] = []
    rests: list[tuple[int, bool, int]] = []
    for k, arrived in sorted(product(range(n + 1), (False, True)), reverse=True):
        if (k, arrived) == (n, True):
            continue
        here = (k, arrived)
        before = (k, False) if arrived else (k - 1, True)
        if arrived:
            arrival = earliest(ride, done, floors, here, here)
            assert arrival is not None
            start = ride.begin(k, arrival, floors.get(k, 0))
            assert start is not None
            starts.append(start)
        while done:
            best = earliest(ride, done, floors, here, here)
            if earliest(ride, done, floors, here, before) == best:
                break
            done -= 1
            standing = earliest(ride, done, floors, here, here)
            assert standing is not None
            begin = first_open(ride.vehicle.breaks[done].windows, standing)
            assert begin is not None
            rests.append((k, arrived, begin))
    assert not done
    return starts[::-1], rests[::-1]


def timed(ride: Ride) -> Timed | Limit:
    """The schedule of the ride, or the first limit that forbids it."""
    if not ride.calls:
        return Timed((), (), ride.ready(), ride.ready(), Cost())
    if any(ride.legs[k] is None for k in range(len(ride.calls) + 1)):
        return Limit.ROAD
    found = scheduled(ride, {})
    if found is None:
        return Limit.WINDOW
    floors: dict[int, int] = {}
    for _ in range(400):
        more = put_off(ride, found[0], floors)
        if more == floors:
            return priced(ride, found)
        floors = more
        found = scheduled(ride, floors)
        if found is None or -1 in floors:
            return Limit.ONBOARD
    return Limit.ONBOARD


def put_off(ride: Ride, starts: Sequence[int], floors: dict[int, int]) -> dict[int, int]:
    """The floors with those of pickups that left too early; -1: one that left before the plan."""
    more = dict(floors)
    since = {each.job_id: each.since_s for each in ride.vehicle.on_board}
    for k, start in enumerate(starts):
        most = ride.most_onboard(k) if ride.is_delivery(k) else None
        if most is None:
            continue
        if start - since.get(ride.jobs[k].id, start) > most:
            more[-1] = 0
        for p in range(k):
            if ride.calls[p][0] == ride.calls[k][0] and not ride.is_delivery(p):
                floor = start - most - ride.spent(p)
                if floor > starts[p]:
                    more[p] = max(more.get(p, 0), floor)
    return more


def priced(ride: Ride, found: tuple[list[int], list[tuple[int, bool, int]], int]) -> Timed | Limit:
    """The schedule with its cost, or the limit of the vehicle that it breaks."""
    starts, rests, ends = found
    v = ride.vehicle
    first = next((begin for k, arrived, begin in rests if k == 0 and arrived), starts[0])
    leg = ride.legs[0]
    assert leg is not None
    duration, metres = ends - first + leg, ride.metres()
    if ends > v.shift.closes_s:
        return Limit.SHIFT
    if v.max_distance_m is not None and metres > v.max_distance_m:
        return Limit.MAX_DISTANCE
    if v.max_work_s is not None and duration > v.max_work_s:
        return Limit.MAX_WORK
    late = wait = 0
    for k, start in enumerate(starts):
        job = ride.jobs[k]
        if not ride.is_delivery(k):
            wait += start - job.release_s
        elif job.promise_s is not None:
            late += max(0, start - job.promise_s)
    had = {job: vehicle for job, vehicle in ride.world.running if vehicle in ids(ride.world)}
    cost = Cost(
        vehicles=1,
        lateness_s=late,
        wait_s=wait,
        distance_m=metres,
        duration_s=duration,
        money=v.fixed_cost + v.cost_per_km * metres // 1000 + v.cost_per_hour * duration // 3600,
        imbalance_min2=((v.worked_s + duration) ** 2 - v.worked_s**2) // 3600,
        changes=sum(had.get(job, v.id) != v.id for job in {call[0] for call in ride.calls}),
    )
    return Timed(tuple(starts), tuple(rests), first - leg, ends, cost)


def ids(world: Snapshot) -> set[str]:
    return {vehicle.id for vehicle in world.vehicles}


def is_overloaded(ride: Ride) -> bool:
    """Whether something does not fit at some point, or there are too many jobs or stops."""
    v = ride.vehicle
    served = {call[0] for call in ride.calls}
    if len(served) > (v.max_jobs or 99) or len(ride.calls) > (v.max_stops or 99):
        return True
    for dimension, most in enumerate(v.capacity):
        aboard = 0
        for job in ride.world.jobs:
            is_held = job.id in {each.job_id for each in v.on_board}
            if is_held or (job.id in served and not job.pickups):
                mine = job.pickups or job.deliveries
                aboard += sum(units(job, stop, dimension) for stop in mine)
        if aboard > most:
            return True
        for k in range(len(ride.calls)):
            sign = -1 if ride.is_delivery(k) else 1
            aboard += sign * units(ride.jobs[k], ride.stops[k], dimension)
            if aboard > most:
                return True
    return False


def units(job: Job, stop: Stop, dimension: int) -> int:
    load = job.load if stop.load is None else stop.load
    return load[dimension] if load else 0

"""The compiled search: a world laid out as arrays, and the sequences that come back.

The kernel decides who makes which calls in which order; what the plan then says of them is told by
`answer`, the same as for the search in Python.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np
from gancang_planner_kernel import _kernel

from gancang_planner import partition
from gancang_planner.answer import answer
from gancang_planner.construct import aim_of, committed_line
from gancang_planner.cost import Cost
from gancang_planner.feasible import NEVER_S, world_of
from gancang_planner.improve import Watch
from gancang_planner.warm import warmed

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from numpy.typing import NDArray

    from gancang_planner.cost import Policy, Score
    from gancang_planner.feasible import World
    from gancang_planner.model import Vehicle
    from gancang_planner.outcome import Plan
    from gancang_planner.snapshot import Snapshot
    from gancang_planner.stopping import Stopping

    Numbers = NDArray[np.int64]
    Sequences = list[list[int]]

NONE = -1
"""How the kernel is told that there is no such number."""
PARTITION_FROM_S = 4.0
"""Runs of so many seconds end with a set partitioning over the routes seen."""
PARTITION_SHARE = 0.1
ANSWER_S = 0.1


def plan(
    snapshot: Snapshot,
    policy: Policy,
    stop: Stopping,
    seed: int,
    *,
    warm: Plan | None,
    on_progress: Callable[[int, Score], None] | None,
) -> Plan:
    """`gancang_planner.plan` by the compiled search."""
    watch = Watch(stop)
    world = world_of(snapshot)
    if not world.vehicles or not world.jobs:
        return answer(world, policy, [()] * len(world.vehicles), range(len(world.jobs)), 0)
    calls, closed = _first_calls(world, policy, warm)

    def told(found: Sequence[Sequence[int]], iterations: int) -> Plan:
        best = [each if v in closed else found[v] for v, each in enumerate(calls)]
        served = {world.job_of[call] for each in best for call in each} | set(world.holder)
        left_out = [job for job in range(len(world.jobs)) if job not in served]
        return answer(world, policy, best, left_out, iterations)

    gains = None
    if on_progress is not None:
        first = policy.score(told(calls, 0).cost)
        gains = _Gains(policy, on_progress, first, told if any(calls[v] for v in closed) else None)
    search = _searched(world, policy, (stop, watch, seed), calls, closed, gains)
    found = told(search.best, search.iterations)
    if gains is not None:
        gains.tell(found.iterations, policy.score(found.cost))  # younger than the last look
    return found


@dataclass(slots=True)
class _Gains:
    """Tells of each plan that is better than the one before, by the plan's own score.

    The parts that the kernel knows leave out the vehicles that are closed to it: where there are
    some, `told` makes the whole plan.
    """

    policy: Policy
    on_progress: Callable[[int, Score], None]
    best: Score
    told: Callable[[Sequence[Sequence[int]], int], Plan] | None

    def look(self, search: Any, iterations: int, parts: list[int]) -> None:
        """Tell what the search has found, if it is a gain."""
        cost = self.told(search.best, iterations).cost if self.told else Cost(*parts)
        self.tell(iterations, self.policy.score(cost))

    def tell(self, iterations: int, score: Score) -> None:
        """Tell of a plan if it is a gain."""
        if score < self.best:
            self.best = score
            self.on_progress(iterations, score)


def _searched(
    world: World,
    policy: Policy,
    asked: tuple[Stopping, Watch, int],
    calls: Sequence[Sequence[int]],
    closed: set[int],
    gains: _Gains | None,
) -> Any:
    """The search, done."""
    stop, watch, seed = asked
    left_s = watch.seconds_left()
    parts = left_s is not None and left_s >= PARTITION_FROM_S and partition.is_at_hand()
    parts = parts and partition.suits(world, policy)
    problem = laid_out(world, policy, closed)
    remembered = partition.routes_kept(world) if parts else 0
    search = _kernel.Search(problem, seed % 2**64, remembered)
    started = search.start([[] if v in closed else list(each) for v, each in enumerate(calls)])
    assert started, "the first sequences keep all limits"

    def run(seconds: float) -> None:
        search.run(
            iterations=_or_none(watch.iterations),
            planned=_or_none(stop.planned),
            no_gain=_or_none(stop.no_gain),
            seconds=seconds,
            ask_every_s=0 if stop.is_time_up else 0.01,
            watch=_asking(stop, gains, search),
        )

    if left_s is None:
        run(NONE)
    elif not parts:
        run(watch.seconds_left() or 0)
    else:
        run((watch.seconds_left() or 0) * (1 - PARTITION_SHARE))
        _choose_among_seen(world, policy, search, watch)
    return search


def _choose_among_seen(world: World, policy: Policy, search: Any, watch: Watch) -> None:
    """Give the search the best choice among the routes it has seen as its plan."""
    best = search.best
    jobs = sorted({world.job_of[call] for calls in best for call in calls})
    routes = [calls for calls in best if calls]
    columns = partition.columns_of(world, policy, search.seen, jobs)
    seconds = (watch.seconds_left() or 0) - ANSWER_S
    if seconds <= 0 or not columns.calls:
        return
    chosen = partition.best_choice(columns, len(jobs), len(routes), seconds)
    if chosen is not None:
        idle: Sequences = [[] for _ in range(len(best) - len(chosen))]
        search.take([*chosen, *idle])


def _asking(
    stop: Stopping, gains: _Gains | None, search: Any
) -> Callable[[int, list[int], bool], bool] | None:
    """What the search calls every few milliseconds: tells of gains, asks whether to stop."""
    if stop.is_time_up is None and gains is None:
        return None

    def ask(iterations: int, parts: list[int], better: bool) -> bool:  # noqa: FBT001 - the kernel's
        if better and gains is not None:
            gains.look(search, iterations, parts)
        return stop.is_time_up is not None and stop.is_time_up()

    return ask


def _first_calls(
    world: World, policy: Policy, warm: Plan | None
) -> tuple[list[Sequence[int]], set[int]]:
    """The calls that each vehicle starts with, and the vehicles that get nothing new."""
    holders = set(world.holder.values())
    if warm is None and not holders:
        return [()] * len(world.vehicles), set()
    rows = aim_of(policy).rows
    lines = [committed_line(world, rows, v) for v in range(len(world.vehicles))]
    if warm is not None:
        lines = warmed(world, rows, lines, warm)
    return [line.calls for line in lines], {line.v for line in lines if line.breaks}


def laid_out(world: World, policy: Policy, closed: set[int]) -> Any:
    """The world, of one vehicle and one job at least, as the kernel takes it.

    `closed`: vehicles that get nothing new.
    """
    windows = _Ranges()
    breaks = _Ranges()
    calls = [_call_row(world, call, windows) for call in range(len(world.job_of))]
    vehicles = [_vehicle_row(world, policy, v, (windows, breaks), closed) for v in _all(world)]
    return _kernel.Problem(
        places=len(world.classes[0][0]),
        dims=len(world.held_load[0]),
        calls=_table(calls, 8),
        call_load=_loads(world.load),
        windows=_table(windows.rows, 2),
        jobs=_table([_job_row(world, job) for job in range(len(world.jobs))], 9),
        start_load=_loads([_start_load(world, job) for job in range(len(world.jobs))]),
        vehicles=_table(vehicles, 17),
        capacity=_loads([_capacity(world, v) for v in _all(world)]),
        held_load=_loads(world.held_load),
        breaks=_table(breaks.rows, 3),
        eligible=_eligible(world),
        travel=[(np.ascontiguousarray(s), np.ascontiguousarray(m)) for s, m in world.classes],
        levels=_table(policy.rows(), len(Cost().parts())),
        shares=_table([(s.least_percent, s.most_percent, s.already) for s in policy.shares], 3),
    )


class _Ranges:
    """Rows of many owners one after the other; an owner keeps where its own begin."""

    def __init__(self) -> None:
        self.rows: list[tuple[int, ...]] = []

    def add(self, rows: Sequence[tuple[int, ...]]) -> tuple[int, int]:
        first = len(self.rows)
        self.rows.extend(rows)
        return first, len(rows)


def _all(world: World) -> range:
    return range(len(world.vehicles))


def _table(rows: Sequence[Sequence[int]], columns: int) -> Numbers:
    return np.array(rows, np.int64).reshape(len(rows), columns)


def _loads(rows: Sequence[Sequence[int]]) -> Numbers:
    return _table(rows, len(rows[0]) if rows else 0)


def _or_none(number: int | None) -> int:
    return NONE if number is None else number


def _call_row(world: World, call: int, windows: _Ranges) -> tuple[int, ...]:
    due_s = world.due_s[call]
    return (
        world.place[call],
        world.job_of[call],
        int(world.is_delivery(call)),
        world.service_s[call],
        world.setup_s[call],
        NONE if due_s == NEVER_S else due_s,
        *windows.add([(window.opens_s, window.closes_s) for window in world.windows[call]]),
    )


def _job_row(world: World, number: int) -> tuple[int, ...]:
    job = world.jobs[number]
    return (
        world.first_call[number],
        len(job.pickups),
        len(job.deliveries),
        world.holder.get(number, NONE),
        world.running.get(number, NONE),
        job.priority,
        _or_none(job.max_onboard_s),
        _or_none(job.max_detour_percent),
        world.since_s.get(number, NONE),
    )


def _start_load(world: World, job: int) -> tuple[int, ...]:
    """What of the job is on board from the start of its route, beside what is held already."""
    total = world.total_load[job]
    is_brought = not world.pickups_of[job] and job not in world.since_s
    return total if is_brought else (0,) * len(total)


def _vehicle_row(
    world: World, policy: Policy, v: int, ranges: tuple[_Ranges, _Ranges], closed: set[int]
) -> tuple[int, ...]:
    vehicle, (windows, breaks) = world.vehicles[v], ranges
    fleets = [share.fleet for share in policy.shares]
    return (
        world.start_place[v],
        world.end[v],
        world.vehicle_class[v],
        fleets.index(vehicle.fleet) if vehicle.fleet in fleets else NONE,
        world.ready_s[v],
        world.closes_s[v],
        *_limits(vehicle),
        vehicle.fixed_cost,
        vehicle.cost_per_km,
        vehicle.cost_per_hour,
        vehicle.worked_s,
        int(v in closed),
        *breaks.add([_break_row(each, windows) for each in vehicle.breaks]),
    )


def _limits(vehicle: Vehicle) -> tuple[int, ...]:
    limits = (vehicle.max_jobs, vehicle.max_stops, vehicle.max_distance_m, vehicle.max_work_s)
    return tuple(_or_none(limit) for limit in limits)


def _break_row(rest: Any, windows: _Ranges) -> tuple[int, ...]:
    open_s = [(window.opens_s, window.closes_s) for window in rest.windows]
    return (rest.duration_s, *windows.add(open_s))


def _capacity(world: World, v: int) -> tuple[int, ...]:
    """The vehicle's capacity in every dimension of the world."""
    capacity = world.vehicles[v].capacity
    return (*capacity, *(0 for _ in world.held_load[v][len(capacity) :]))


@dataclass(frozen=True, slots=True)
class _Asked:
    """What of a job decides whether a vehicle may carry it, whatever the time and the way."""

    allowed: frozenset[str] | None
    barred: frozenset[str]
    skills: frozenset[str]


def _eligible(world: World) -> NDArray[np.uint8]:
    """Whether a vehicle (column) may carry a job (row): what `reasons.eligible` says, at once."""
    vehicles = world.vehicles
    on_shift = np.array(world.ready_s, np.int64) < np.array(world.closes_s, np.int64)
    load = _loads(world.total_load)
    capacity = _loads([_capacity(world, v) for v in _all(world)])
    stops = np.array([len(world.calls_of(job)) for job in range(len(world.jobs))], np.int64)
    stops_max = np.array([_most(v.max_stops) for v in vehicles], np.int64)
    fit = on_shift[None, :] & (stops[:, None] <= stops_max[None, :])
    for dimension in range(capacity.shape[1]):
        fit = fit & (load[:, dimension][:, None] <= capacity[:, dimension][None, :])
    seen: dict[_Asked, NDArray[np.bool_]] = {}
    for row, job in enumerate(world.jobs):
        asked = _Asked(job.allowed_vehicles, job.forbidden_vehicles | job.refused_by, job.skills)
        if asked not in seen:
            seen[asked] = np.array([_may(asked, vehicle) for vehicle in vehicles], np.bool_)
        fit[row] &= seen[asked]
    return np.ascontiguousarray(fit, np.uint8)


def _most(limit: int | None) -> int:
    return NEVER_S if limit is None else limit


def _may(asked: _Asked, vehicle: Vehicle) -> bool:
    if vehicle.id in asked.barred or not asked.skills <= vehicle.skills:
        return False
    return asked.allowed is None or vehicle.id in asked.allowed

"""Lines under construction: where a job fits, what it adds, and insertion by regret.

A check of an insertion takes constant time per position by forward time slack (Savelsbergh 1992):
each call knows its latest start that keeps the rest of the line feasible. Only candidates that
pass, and whose least possible cost beats the best so far, are timed in full.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from itertools import pairwise
from operator import add, sub
from typing import TYPE_CHECKING

from gancang_planner.cost import Cost, Score, score_of
from gancang_planner.feasible import (
    NO_ROAD_S,
    Calls,
    World,
    broken,
    closes_s,
    earliest_starts,
    fits,
    forced_starts,
    last_start,
    leg_home_s,
    legs_s,
    loads_after,
    next_start,
)
from gancang_planner.model import Limit
from gancang_planner.reasons import eligible

if TYPE_CHECKING:
    from collections.abc import Collection, Iterator, Sequence

Rows = tuple[tuple[int, ...], ...]
"""`Policy.rows` of the levels that lines can differ in: all but the first, jobs left out."""


@dataclass(frozen=True, slots=True)
class Seat:
    """A place for a job in a line: pickup before call `i`, delivery before call `j` of the old."""

    added: Score
    i: int
    j: int


@dataclass(frozen=True, slots=True, eq=False)
class Line:
    """One vehicle's sequence of calls, timed. Lines are replaced, never changed.

    `path`: the places from its start to its end, that of call i at i + 1.
    `free_s[i]`: when the vehicle is free to go to call i. `latest_s[i]`: the latest start of
    call i that keeps windows and shift from there on. `seats`: what `best_seat` found already.
    """

    v: int
    calls: Calls
    path: tuple[int, ...]
    starts_s: tuple[int, ...]
    free_s: tuple[int, ...]
    latest_s: tuple[int, ...]
    loads: tuple[tuple[int, ...], ...]
    cost: Cost
    score: Score
    idle_s: int
    breaks: tuple[Limit, ...]
    seats: dict[int, Seat | None] = field(default_factory=dict)


def line_of(world: World, rows: Rows, v: int, calls: Calls) -> Line:
    """The line that drives these calls, as early as can be, and the limits it breaks."""
    outcome = earliest_starts(world, v, calls)
    starts = forced_starts(world, v, calls) if isinstance(outcome, Limit) else outcome
    breaks = broken(world, v, calls)
    places = [world.place[call] for call in calls]
    path = (world.vehicles[v].start_place, *places, world.end[v])
    cost = cost_of(world, v, calls, starts, _metres(world, path) if calls else 0)
    services = [world.service_s[call] for call in calls]
    driven_s = sum(legs_s(world, v, calls)) + leg_home_s(world, v, calls)
    return Line(
        v=v,
        calls=calls,
        path=path,
        starts_s=tuple(starts),
        free_s=(world.ready_s[v], *(a + b for a, b in zip(starts, services, strict=True))),
        latest_s=() if breaks else _latest_starts(world, v, calls),
        loads=tuple(loads_after(world, v, calls)),
        cost=cost,
        score=score_of(rows, cost.parts()),
        idle_s=cost.duration_s - driven_s - sum(services),
        breaks=breaks,
    )


def _latest_starts(world: World, v: int, calls: Calls) -> tuple[int, ...]:
    latest: list[int] = []
    deadline_s, onward = closes_s(world, v), world.end[v]
    for call in reversed(calls):
        leave_s = deadline_s - world.seconds[world.place[call]][onward]
        start = last_start(world.windows[call], leave_s - world.service_s[call])
        assert start is not None, (calls, call)
        latest.append(start)
        deadline_s, onward = start, world.place[call]
    return tuple(reversed(latest))


def cost_of(world: World, v: int, calls: Calls, starts: Sequence[int], metres: int) -> Cost:
    """The parts of the cost of a line with these starts and metres."""
    if not calls:
        return Cost()
    lateness_s = wait_s = 0
    for call, start in zip(calls, starts, strict=True):
        over_s = start - world.due_s[call]
        if over_s > 0 and call & 1:
            lateness_s += over_s
        elif over_s > 0:
            wait_s += over_s
    leg_s = world.seconds[world.vehicles[v].start_place][world.place[calls[0]]]
    home_s = leg_home_s(world, v, calls)
    ends_s = starts[-1] + world.service_s[calls[-1]] + (0 if home_s == NO_ROAD_S else home_s)
    duration_s = ends_s - starts[0] + (0 if leg_s == NO_ROAD_S else leg_s)
    imbalance = imbalance_min2(world.vehicles[v].worked_s, duration_s)
    return Cost(0, lateness_s, wait_s, metres, duration_s, imbalance)


def _metres(world: World, path: Sequence[int]) -> int:
    ways = [(a, b) for a, b in pairwise(path) if world.seconds[a][b] != NO_ROAD_S]
    return sum(world.metres[a][b] for a, b in ways)


def imbalance_min2(worked_s: int, duration_s: int) -> int:
    """Square minutes that a route adds to those of the work done before."""
    return ((worked_s + duration_s) ** 2 - worked_s**2) // 3600


def with_job(calls: Calls, job: int, i: int, j: int) -> Calls:
    """The calls with the pickup before call `i` and the delivery before call `j` of the old."""
    return (*calls[:i], 2 * job, *calls[i:j], 2 * job + 1, *calls[j:])


def without_job(calls: Calls, job: int) -> Calls:
    """The calls less both of the job's."""
    return tuple(call for call in calls if call >> 1 != job)


def best_seat(world: World, rows: Rows, line: Line, job: int) -> Seat | None:
    """The place in the line that adds least to the policy's score; None where there is none."""
    if job not in line.seats:
        line.seats[job] = cheapest_seat(world, rows, line, job, after=0)
    return line.seats[job]


def cheapest_seat(world: World, rows: Rows, line: Line, job: int, *, after: int) -> Seat | None:
    """The same, with the pickup no earlier than before call `after`, and not remembered."""
    vehicle = world.vehicles[line.v]
    jobs = len({call >> 1 for call in line.calls})
    if line.breaks or (vehicle.max_jobs is not None and jobs >= vehicle.max_jobs):
        return None
    best: Seat | None = None
    for least, i, j, metres in sorted(_candidates(world, rows, line, job, after)):
        if best is not None and least >= best.added:
            break
        calls = with_job(line.calls, job, i, j)
        starts = earliest_starts(world, line.v, calls)
        if isinstance(starts, Limit):
            continue
        cost = cost_of(world, line.v, calls, starts, line.cost.distance_m + metres)
        score = score_of(rows, cost.parts())
        added = tuple(map(sub, score, line.score))
        if best is None or added < best.added:
            best = Seat(added, i, j)
    return best


def _candidates(
    world: World, rows: Rows, line: Line, job: int, after: int
) -> Iterator[tuple[Score, int, int, int]]:
    """Positions that keep capacity, windows and shift: the least each can add, and its metres."""
    old = line.cost
    worked_s = world.vehicles[line.v].worked_s
    service_s = world.service_s[2 * job] + world.service_s[2 * job + 1]
    released_s, promised_s = world.due_s[2 * job], world.due_s[2 * job + 1]
    for i, picked_s in _pickup_positions(world, line, job, after):
        for j, brought_s in _delivery_positions(world, line, job, i, picked_s):
            duration_s = _detour(world.seconds, world, line, job, (i, j)) + service_s - line.idle_s
            metres = _detour(world.metres, world, line, job, (i, j))
            imbalance = imbalance_min2(worked_s, old.duration_s + duration_s) - old.imbalance_min2
            late_s = brought_s - promised_s if brought_s > promised_s else 0
            parts = (0, late_s, picked_s - released_s, metres, duration_s, imbalance)
            yield score_of(rows, parts), i, j, metres


def _pickup_positions(world: World, line: Line, job: int, after: int) -> Iterator[tuple[int, int]]:
    """Position and start of the pickup, where the load fits and the window is still open."""
    place, windows = world.place[2 * job], world.windows[2 * job]
    load, capacity = world.jobs[job].load, world.vehicles[line.v].capacity
    for i in range(after, len(line.calls) + 1):
        if _fits_beside(line.loads[i], load, capacity):
            start = next_start(windows, line.free_s[i] + world.seconds[line.path[i]][place])
            if start is not None:
                yield i, start


def _delivery_positions(
    world: World, line: Line, job: int, i: int, picked_s: int
) -> Iterator[tuple[int, int]]:
    """Position and start of the delivery after a pickup at `i`, driving on with the load."""
    place, windows = world.place[2 * job + 1], world.windows[2 * job + 1]
    load, capacity = world.jobs[job].load, world.vehicles[line.v].capacity
    to_delivery = world.seconds[world.place[2 * job]]
    onward = world.seconds[place]
    free_s = picked_s + world.service_s[2 * job]
    last = len(line.calls)
    for j in range(i, last + 1):
        start = next_start(windows, free_s + to_delivery[place])
        latest_s = line.latest_s[j] if j < last else closes_s(world, line.v)
        if start is not None:
            done_s = start + world.service_s[2 * job + 1]
            if done_s + onward[line.path[j + 1]] <= latest_s:
                yield j, start
        if j == last or not _fits_beside(line.loads[j + 1], load, capacity):
            return
        call = line.calls[j]
        passed = next_start(world.windows[call], free_s + to_delivery[line.path[j + 1]])
        if passed is None or passed > latest_s:
            return
        to_delivery, free_s = world.seconds[line.path[j + 1]], passed + world.service_s[call]


def _fits_beside(load: tuple[int, ...], more: tuple[int, ...], capacity: tuple[int, ...]) -> bool:
    return fits(map(add, load, more), capacity)


def _detour(
    ways: tuple[tuple[int, ...], ...], world: World, line: Line, job: int, seat: tuple[int, int]
) -> int:
    """How much of `ways`, the seconds or the metres, the two calls add."""
    i, j = seat
    pickup, delivery = world.place[2 * job], world.place[2 * job + 1]
    before, last, behind = line.path[i], line.path[j], line.path[j + 1]
    if i == j:
        old = ways[before][behind] if line.calls else 0
        return ways[before][pickup] + ways[pickup][delivery] + ways[delivery][behind] - old
    beside = line.path[i + 1]
    there = ways[before][pickup] + ways[pickup][beside] - ways[before][beside]
    return there + ways[last][delivery] + ways[delivery][behind] - ways[last][behind]


def committed_line(world: World, rows: Rows, v: int) -> Line:
    """What the vehicle must do: deliver what is on board, then what it was promised, in order."""
    number = {job.id: position for position, job in enumerate(world.jobs)}
    vehicle = world.vehicles[v]
    calls = tuple(2 * number[each.job_id] + 1 for each in vehicle.on_board)
    line = line_of(world, rows, v, calls)
    after = 0
    for job in (number[each] for each in vehicle.promised):
        seat = cheapest_seat(world, rows, line, job, after=after)
        i, j = (seat.i, seat.j) if seat else (len(line.calls), len(line.calls))
        line = line_of(world, rows, v, with_job(line.calls, job, i, j))
        after = i + 1
    return line


def insert_by_regret(
    world: World, rows: Rows, lines: list[Line], jobs: Collection[int]
) -> list[int]:
    """Give each job its cheapest seat in `lines`; the jobs that found none come back.

    First by priority, then whoever would lose most by waiting for the second-best vehicle.
    """
    waiting = {job: eligible(world, job) for job in sorted(jobs)}
    left_out = []
    while waiting:
        urgent: tuple[int, Score, int] | None = None
        chosen: tuple[Seat, int] | None = None
        for job in list(waiting):
            found = _two_best(world, rows, lines, job, waiting[job])
            if found is None:
                left_out.append(job)
                del waiting[job]
                continue
            regret, seat, v = found
            key = (world.jobs[job].priority, regret, -job)
            if urgent is None or key > urgent:
                urgent, chosen = key, (seat, v)
        if urgent is not None and chosen is not None:
            seat, v = chosen
            lines[v] = seated(world, rows, lines[v], -urgent[2], seat)
            del waiting[-urgent[2]]
    return left_out


def seated(world: World, rows: Rows, line: Line, job: int, seat: Seat) -> Line:
    """The line with the job in its seat."""
    return line_of(world, rows, line.v, with_job(line.calls, job, seat.i, seat.j))


def _two_best(
    world: World, rows: Rows, lines: list[Line], job: int, vehicles: tuple[int, ...]
) -> tuple[Score, Seat, int] | None:
    """What the second-best vehicle costs more than the best, and the best seat and vehicle."""
    found = cheapest_vehicles(world, rows, lines, job, vehicles)
    if not found:
        return None
    added, v, seat = found[0]
    if len(found) == 1:
        return (NO_ROAD_S,) * len(added), seat, v
    return tuple(b - a for a, b in zip(added, found[1][0], strict=True)), seat, v


def cheapest_vehicles(
    world: World, rows: Rows, lines: list[Line], job: int, vehicles: tuple[int, ...]
) -> list[tuple[Score, int, Seat]]:
    """The job's best seats in the two vehicles where it adds least, the cheapest first."""
    best: list[tuple[Score, int, Seat]] = []
    for v in vehicles:
        seat = best_seat(world, rows, lines[v], job)
        if seat is not None and (len(best) < 2 or seat.added < best[1][0]):
            best = sorted([*best, (seat.added, v, seat)], key=lambda each: each[:2])[:2]
    return best

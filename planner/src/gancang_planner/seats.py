"""Where a job fits into a line, and what it adds there.

A check of an insertion takes constant time per position by forward time slack (Savelsbergh 1992):
each call knows its latest start that keeps the rest of the line feasible. Only candidates that
pass, and whose least possible cost beats the best so far, are timed in full.
"""

from __future__ import annotations

from itertools import pairwise
from operator import add, sub
from typing import TYPE_CHECKING, NamedTuple

from gancang_planner.cost import Score, score_of
from gancang_planner.feasible import NEVER_S, World, next_start
from gancang_planner.limits import fits, has_room_for
from gancang_planner.lines import Line, Rows, Seat, with_job
from gancang_planner.outcome import Limit
from gancang_planner.timing import imbalance_min2, money, timed
from gancang_planner.weaving import woven_seat

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from gancang_planner.model import Load

    Table = Mapping[int, list[int]]


class Trial(NamedTuple):
    """A job that may come into a line, and the ways of the line's vehicle."""

    world: World
    line: Line
    job: int
    seconds: Table
    metres: Table


def best_seat(world: World, rows: Rows, line: Line, job: int) -> Seat | None:
    """The place in the line that adds least to the policy's score; None where there is none."""
    if job not in line.seats:
        line.seats[job] = cheapest_seat(world, rows, line, job, after=0)
    return line.seats[job]


def cheapest_seat(world: World, rows: Rows, line: Line, job: int, *, after: int) -> Seat | None:
    """The same, with pickups no earlier than before call `after`, and not remembered."""
    mine = world.calls_of(job)
    if line.breaks or not has_room_for(world, line.v, (*line.calls, *mine)):
        return None
    c = world.vehicle_class[line.v]
    trial = Trial(world, line, job, world.seconds[c], world.metres[c])
    if world.is_pair(job):
        return _first_of(trial, rows, sorted(_pair_candidates(trial, rows, after)))
    if len(mine) == 1:
        after = 0 if world.is_delivery(mine[0]) else after
        return _first_of(trial, rows, sorted(_single_candidates(trial, rows, after)))
    return woven_seat(world, rows, line, job, after=after)


def _first_of(trial: Trial, rows: Rows, candidates: list[tuple[Score, int, int]]) -> Seat | None:
    """The best of the candidates, which come with the least that each can add, in that order."""
    world, line = trial.world, trial.line
    best: Seat | None = None
    for least, i, j in candidates:
        if best is not None and least >= best.added:
            break
        calls = with_job(world, line.calls, trial.job, i, j)
        timing = timed(world, line.v, calls)
        if isinstance(timing, Limit):
            continue
        added = tuple(map(sub, score_of(rows, timing.cost.parts()), line.score))
        if best is None or added < best.added:
            best = Seat(added, calls)
    return best


def _pair_candidates(trial: Trial, rows: Rows, after: int) -> Iterator[tuple[Score, int, int]]:
    """Positions that keep capacity, windows and shift, with the least each can add."""
    world, job = trial.world, trial.job
    pickup, delivery = world.calls_of(job)
    service_s = world.service_s[pickup] + world.service_s[delivery]
    for i, picked_s in _pickup_positions(trial, pickup, after):
        for j, brought_s in _delivery_positions(trial, i, picked_s):
            late_s = max(0, brought_s - world.due_s[delivery])
            more_s = _detour(trial.seconds, trial, i, j) + service_s + _more_setup_s(trial, i, j)
            waited_s = picked_s - world.due_s[pickup]
            parts = _least_parts(trial, more_s, _detour(trial.metres, trial, i, j))
            yield score_of(rows, (0, parts[0], late_s, waited_s, *parts[1:])), i, j


def _single_candidates(trial: Trial, rows: Rows, after: int) -> Iterator[tuple[Score, int, int]]:
    """The same for a job of one call."""
    world, line = trial.world, trial.line
    (call,) = world.calls_of(trial.job)
    place, is_delivery = world.place[call], world.is_delivery(call)
    for i in range(after, len(line.calls) + 1):
        start = next_start(world.windows[call], line.free_s[i] + trial.seconds[line.path[i]][place])
        if start is None or not _fits_alone(trial, i, is_delivery=is_delivery):
            continue
        done_s = start + world.service_s[call]
        if done_s + trial.seconds[place][line.path[i + 1]] > _latest_s(trial, i):
            continue
        over_s = max(0, start - world.due_s[call])
        more_s = (
            _detour(trial.seconds, trial, i, i) + world.service_s[call] + _more_setup_s(trial, i, i)
        )
        parts = _least_parts(trial, more_s, _detour(trial.metres, trial, i, i))
        late_and_wait = (over_s, 0) if is_delivery else (0, over_s)
        yield score_of(rows, (0, parts[0], *late_and_wait, *parts[1:])), i, i


def _least_parts(trial: Trial, more_s: int, metres: int) -> tuple[int, ...]:
    """The least that vehicles, distance and all parts behind it grow by."""
    world, line, old = trial.world, trial.line, trial.line.cost
    vehicle = world.vehicles[line.v]
    duration_s = old.duration_s + more_s - line.idle_s
    imbalance = imbalance_min2(vehicle.worked_s, duration_s) - old.imbalance_min2
    paid = money(world, line.v, old.distance_m + metres, duration_s) - old.money
    changed = int(world.running.get(trial.job, line.v) != line.v)
    new = 0 if line.calls else 1
    return (new, metres, duration_s - old.duration_s, paid, imbalance, 0, changed)


def _latest_s(trial: Trial, i: int) -> int:
    """No later may the vehicle be at call `i`, or at its end."""
    latest_s = trial.line.latest_s
    return latest_s[i] if i < len(latest_s) else trial.world.closes_s[trial.line.v]


def _fits_alone(trial: Trial, i: int, *, is_delivery: bool) -> bool:
    """Whether the load of a job of one call fits: from the start to it, or from it to the end."""
    loads = trial.line.loads[: i + 1] if is_delivery else trial.line.loads[i:]
    more, capacity = trial.world.total_load[trial.job], trial.world.vehicles[trial.line.v].capacity
    return all(_fits_beside(load, more, capacity) for load in loads)


def _pickup_positions(trial: Trial, pickup: int, after: int) -> Iterator[tuple[int, int]]:
    """Position and start of the pickup, where the load fits and the window is still open."""
    world, line = trial.world, trial.line
    place, windows = world.place[pickup], world.windows[pickup]
    load, capacity = world.total_load[trial.job], world.vehicles[line.v].capacity
    for i in range(after, len(line.calls) + 1):
        if _fits_beside(line.loads[i], load, capacity):
            start = next_start(windows, line.free_s[i] + trial.seconds[line.path[i]][place])
            if start is not None:
                yield i, start


def _delivery_positions(trial: Trial, i: int, picked_s: int) -> Iterator[tuple[int, int]]:
    """Position and start of the delivery after a pickup at `i`, driving on with the load."""
    world, line = trial.world, trial.line
    pickup, delivery = world.calls_of(trial.job)
    place, windows = world.place[delivery], world.windows[delivery]
    load, capacity = world.total_load[trial.job], world.vehicles[line.v].capacity
    on_the_way, onward = trial.seconds[world.place[pickup]], trial.seconds[place]
    free_s = picked_s + world.service_s[pickup]
    aboard_s, most_s = 0, _most_aboard_s(trial)  # without waiting: that could be done before
    last = len(line.calls)
    for j in range(i, last + 1):
        start = next_start(windows, free_s + on_the_way[place])
        if start is not None and aboard_s + on_the_way[place] <= most_s:
            done_s = start + world.service_s[delivery]
            if done_s + onward[line.path[j + 1]] <= _latest_s(trial, j):
                yield j, start
        if j == last or not _fits_beside(line.loads[j + 1], load, capacity):
            return
        call, leg_s = line.calls[j], on_the_way[line.path[j + 1]]
        passed = next_start(world.windows[call], free_s + leg_s)
        if passed is None or passed > _latest_s(trial, j):
            return
        aboard_s += leg_s + world.service_s[call]
        if aboard_s > most_s:
            return
        on_the_way, free_s = trial.seconds[line.path[j + 1]], passed + world.service_s[call]


def _most_aboard_s(trial: Trial) -> int:
    most_s = trial.world.onboard_s[trial.world.vehicle_class[trial.line.v]][trial.job]
    return NEVER_S if most_s is None else most_s


def _fits_beside(load: Load, more: Load, capacity: Load) -> bool:
    return fits(map(add, load, more), capacity)


def _detour(ways: Table, trial: Trial, i: int, j: int) -> int:
    """How much of `ways`, the seconds or the metres, the calls of the job add."""
    path = trial.line.path
    first, last = _ends(trial)
    before, behind = path[i], path[j + 1]
    if i == j:
        old = ways[before][behind] if trial.line.calls else 0
        between = 0 if len(trial.world.calls_of(trial.job)) == 1 else ways[first][last]
        return ways[before][first] + between + ways[last][behind] - old
    there = ways[before][first] + ways[first][path[i + 1]] - ways[before][path[i + 1]]
    return there + ways[path[j]][last] + ways[last][behind] - ways[path[j]][behind]


def _ends(trial: Trial) -> tuple[int, int]:
    mine = trial.world.calls_of(trial.job)
    return trial.world.place[mine[0]], trial.world.place[mine[-1]]


def _more_setup_s(trial: Trial, i: int, j: int) -> int:
    """The setup that the calls of the job add: their own, and that of who comes behind them."""
    world, calls = trial.world, trial.line.calls
    mine = world.calls_of(trial.job)
    before = calls[max(0, i - 1) : i]
    if i == j:
        new = (*before, *mine, *calls[i : i + 1])
        old = calls[max(0, i - 1) : i + 1]
        return _setup_s(world, new, is_first=i == 0) - _setup_s(world, old, is_first=i == 0)
    last, behind = calls[j - 1], calls[j : j + 1]
    return (
        _setup_s(world, (*before, mine[0], calls[i]), is_first=i == 0)
        - _setup_s(world, (*before, calls[i]), is_first=i == 0)
        + _setup_s(world, (last, mine[1], *behind), is_first=False)
        - _setup_s(world, (last, *behind), is_first=False)
    )


def _setup_s(world: World, calls: tuple[int, ...], *, is_first: bool) -> int:
    """The setups within a few calls; that of the first call only if the route starts with it."""
    spent_s = world.setup_s[calls[0]] if calls and is_first else 0
    for before, call in pairwise(calls):
        if world.place[before] != world.place[call]:
            spent_s += world.setup_s[call]
    return spent_s

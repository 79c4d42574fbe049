"""Lines: the sequence of calls of one vehicle, timed and weighed, as insertion looks at it."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from gancang_planner.cost import Cost, Score, score_of
from gancang_planner.feasible import Calls, World, last_start, next_start
from gancang_planner.limits import broken, loads_after
from gancang_planner.outcome import Limit
from gancang_planner.timing import Timing, forced, timed

if TYPE_CHECKING:
    from gancang_planner.model import Load

Rows = tuple[tuple[int, ...], ...]
"""`Policy.rows` of the levels that lines can differ in: all but the first, jobs left out."""


@dataclass(frozen=True, slots=True)
class Seat:
    """A place for a job in a line: what it adds to the score, and the calls with the job."""

    added: Score
    calls: Calls


@dataclass(frozen=True, slots=True, eq=False)
class Line:
    """One vehicle's sequence of calls, timed. Lines are replaced, never changed.

    `path`: the places from its start to its end, that of call i at i + 1. `loads[i]`: on board
    before call i. `free_s[i]`: no earlier is the vehicle free to go to call i, whatever is put in
    behind. `latest_s[i]`: no later may call i start for the rest to be feasible. `idle_s`: duration
    that is neither travel nor service. `seats`: what `best_seat` found already.
    """

    v: int
    calls: Calls
    path: tuple[int, ...]
    free_s: tuple[int, ...]
    latest_s: tuple[int, ...]
    loads: tuple[Load, ...]
    cost: Cost
    score: Score
    idle_s: int
    breaks: tuple[Limit, ...]
    seats: dict[int, Seat | None] = field(default_factory=dict)


def line_of(world: World, rows: Rows, v: int, calls: Calls) -> Line:
    """The line that drives these calls, as early as can be, and the limits it breaks."""
    outcome = timed(world, v, calls)
    timing = forced(world, v, calls) if isinstance(outcome, Limit) else outcome
    breaks = broken(world, v, calls)
    busy_s = sum(timing.legs_s) + sum(timing.services_s)
    return Line(
        v=v,
        calls=calls,
        path=(world.start_place[v], *(world.place[call] for call in calls), world.end[v]),
        free_s=_free_s(world, v, calls, timing),
        latest_s=() if breaks else _latest_starts(world, v, calls),
        loads=tuple(loads_after(world, v, calls)),
        cost=timing.cost,
        score=score_of(rows, timing.cost.parts()),
        idle_s=timing.cost.duration_s - busy_s,
        breaks=breaks,
    )


def _free_s(world: World, v: int, calls: Calls, timing: Timing) -> tuple[int, ...]:
    ready_s = world.ready_s[v]
    if not world.vehicles[v].breaks:
        left = (a + b for a, b in zip(timing.starts_s, timing.services_s, strict=True))
        return (ready_s, *left)
    # A break may move when something is put in behind: without any, nothing can be earlier.
    free_s = [ready_s]
    for call, leg_s, service_s in zip(calls, timing.legs_s, timing.services_s, strict=False):
        start = next_start(world.windows[call], free_s[-1] + leg_s)
        free_s.append((free_s[-1] + leg_s if start is None else start) + service_s)
    return tuple(free_s)


def _latest_starts(world: World, v: int, calls: Calls) -> tuple[int, ...]:
    """Of a feasible line. Breaks and setups are left out: something may make them shorter."""
    latest: list[int] = []
    deadline_s, onward = world.closes_s[v], world.end[v]
    seconds = world.seconds[world.vehicle_class[v]]
    for call in reversed(calls):
        leave_s = deadline_s - seconds[world.place[call]][onward]
        start = last_start(world.windows[call], leave_s - world.service_s[call])
        assert start is not None, (calls, call)
        latest.append(start)
        deadline_s, onward = start, world.place[call]
    return tuple(reversed(latest))


def with_job(world: World, calls: Calls, job: int, i: int, j: int) -> Calls:
    """The calls with a job's pickup before call `i` and its delivery before call `j` of the old.

    For a job of one call both are its place.
    """
    mine = world.calls_of(job)
    return (*calls[:i], mine[0], *calls[i:j], *mine[1:], *calls[j:])


def without_job(world: World, calls: Calls, job: int) -> Calls:
    """The calls less those of the job."""
    return tuple(call for call in calls if world.job_of[call] != job)


def jobs_of(world: World, calls: Calls) -> tuple[int, ...]:
    """The jobs of these calls, in the order in which they first come."""
    return tuple(dict.fromkeys(world.job_of[call] for call in calls))

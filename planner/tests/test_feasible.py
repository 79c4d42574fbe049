"""The fast checks answer as trying everything does."""

from __future__ import annotations

from dataclasses import replace
from itertools import product

import hypothesis.strategies as st
from gancang_planner import (
    DEFAULT_POLICY,
    Break,
    Job,
    JobKind,
    Limit,
    Matrix,
    Policy,
    Snapshot,
    Stop,
    Term,
    Vehicle,
    Window,
)
from gancang_planner.cost import Score, score_of
from gancang_planner.feasible import World, world_of
from gancang_planner.limits import fits, loads_after
from gancang_planner.lines import Rows, line_of, with_job
from gancang_planner.seats import best_seat
from gancang_planner.timing import timed
from hypothesis import HealthCheck, given, settings

law = settings(deadline=None, suppress_health_check=[HealthCheck.too_slow])
HORIZON_S = 14


@st.composite
def short_windows(draw: st.DrawFn) -> tuple[Window, ...]:
    """One or two windows within the horizon."""
    times = sorted(draw(st.lists(st.integers(0, HORIZON_S), min_size=4, max_size=4, unique=True)))
    both = (Window(times[0], times[1]), Window(times[2], times[3]))
    return both[: draw(st.integers(1, 2))]


@st.composite
def short_days(draw: st.DrawFn, jobs_max: int, *, all_kinds: bool = False) -> World:
    """One vehicle, a few jobs of a load of one, shortest ways between four places."""
    ways = [[draw(st.integers(0, 4)) * (a != b) for b in range(4)] for a in range(4)]
    for via, a, b in product(range(4), repeat=3):
        ways[a][b] = min(ways[a][b], ways[a][via] + ways[via][b])
    jobs = tuple(
        draw(short_jobs(f"j{n}", all_kinds)) for n in range(draw(st.integers(1, jobs_max)))
    )
    vehicle = Vehicle(
        "v",
        0,
        Window(0, draw(st.integers(6, 16))),
        draw(st.none() | st.integers(0, 3)),
        draw(st.just((1,)) | st.just((2,))),
    )
    if all_kinds:
        prices = st.integers(0, 9000)
        vehicle = replace(
            vehicle, fixed_cost=draw(prices), cost_per_km=draw(prices), cost_per_hour=draw(prices)
        )
        if draw(st.booleans()):
            breaks = (Break(draw(short_windows()), draw(st.integers(0, 3))),)
            vehicle = replace(vehicle, breaks=breaks)
    return world_of(Snapshot(jobs, (vehicle,), Matrix.of(ways, ways)))


@st.composite
def short_jobs(draw: st.DrawFn, name: str, all_kinds: bool) -> Job:
    """A job of a load of one: a pickup and a delivery, or, of all kinds, one of them."""
    stops = st.builds(Stop, st.integers(0, 3), short_windows(), st.integers(0, 1))
    pickup, delivery = draw(stops), draw(stops)
    promise_s = draw(st.integers(0, HORIZON_S))
    kind = draw(st.sampled_from(JobKind)) if all_kinds else JobKind.DELIVER
    if kind == JobKind.BRING:
        return Job(name, (), delivery, (1,), promise_s=promise_s)
    if kind == JobKind.COLLECT:
        return Job(name, pickup, (), (1,))
    most_s = draw(st.none() | st.integers(0, 5))
    return Job(name, pickup, delivery, (1,), promise_s=promise_s, max_onboard_s=most_s)


@st.composite
def orders(draw: st.DrawFn, world: World, jobs: int) -> tuple[int, ...]:
    """The calls of the first jobs in any order that has each pickup before its delivery."""
    calls: tuple[int, ...] = ()
    for job in range(jobs):
        i = draw(st.integers(0, len(calls)))
        calls = with_job(world, calls, job, i, draw(st.integers(i, len(calls))))
    return calls


def schedules(world: World, calls: tuple[int, ...]) -> list[tuple[int, ...]]:
    """Every schedule of whole seconds that keeps roads, windows, time on board and shift."""
    partial: list[tuple[int, ...]] = [()]
    for n in range(len(calls)):
        partial = [
            (*done, s)
            for done in partial
            for s in range(HORIZON_S + 1)
            if may_start(world, calls, done, n, s)
        ]
    home_s = world.seconds[0][world.place[calls[-1]]][world.end[0]] + world.service_s[calls[-1]]
    return [p for p in partial if p[-1] + home_s <= world.vehicles[0].shift.closes_s]


def may_start(world: World, calls: tuple[int, ...], done: tuple[int, ...], n: int, s: int) -> bool:
    call, place = calls[n], world.place
    before = place[calls[n - 1]] if n else world.vehicles[0].start_place
    free_s = done[-1] + world.service_s[calls[n - 1]] if n else 0
    if free_s + world.seconds[0][before][place[call]] > s:
        return False
    if not any(window.opens_s <= s <= window.closes_s for window in world.windows[call]):
        return False
    max_onboard_s = world.jobs[world.job_of[call]].max_onboard_s
    if not call & 1 or max_onboard_s is None:
        return True
    left_s = done[calls.index(call - 1)] + world.service_s[call - 1]
    return s - left_s <= max_onboard_s


@settings(law, max_examples=300)
@given(st.data())
def test_the_earliest_schedule_is_the_earliest_of_all(data):
    world = data.draw(short_days(jobs_max=2))
    calls = data.draw(orders(world, len(world.jobs)))
    found = schedules(world, calls)
    answer = timed(world, 0, calls)
    if isinstance(answer, Limit):
        assert not found
    else:
        starts = answer.starts_s
        assert starts in found
        assert all(a <= b for other in found for a, b in zip(starts, other, strict=True))


@settings(law, max_examples=600)
@given(st.data())
def test_the_best_seat_is_the_best_of_all(data):
    world = data.draw(short_days(jobs_max=4, all_kinds=True))
    policies = [DEFAULT_POLICY, Policy.strict(Term.DURATION), Policy.strict(Term.MONEY, Term.WAIT)]
    rows = data.draw(st.sampled_from(policies)).rows()[1:]
    new = len(world.jobs) - 1
    line = line_of(world, rows, 0, data.draw(orders(world, new)))
    if line.breaks:
        return
    seat = best_seat(world, rows, line, new)
    scores = all_scores(world, rows, line.calls, new)
    if seat is None:
        assert not scores
    else:
        added = (a + b for a, b in zip(seat.added, line.score, strict=True))
        assert tuple(added) == min(scores)


def all_scores(world: World, rows: Rows, calls: tuple[int, ...], job: int) -> list[Score]:
    """The score of the line with the job in each place where it may be."""
    scores = []
    for i in range(len(calls) + 1):
        for j in range(i, len(calls) + 1) if world.is_pair(job) else (i,):
            tried = with_job(world, calls, job, i, j)
            timing = timed(world, 0, tried)
            light = all(fits(x, world.vehicles[0].capacity) for x in loads_after(world, 0, tried))
            if light and not isinstance(timing, Limit):
                scores.append(score_of(rows, timing.cost.parts()))
    return scores

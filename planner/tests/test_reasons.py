"""Each reason is true: mend it, and the job is served or a later reason shows."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Any

import hypothesis.strategies as st
import pytest
from gancang_planner import (
    DEFAULT_POLICY,
    UNREACHABLE,
    Job,
    Matrix,
    Snapshot,
    Stop,
    Stopping,
    Unserved,
    Vehicle,
    Window,
)
from hypothesis import HealthCheck, find, given, settings

from planner.tests.planners import each_planner
from planner.tests.worlds import worlds

if TYPE_CHECKING:
    from collections.abc import Callable

FOREVER = Window(0, 10**6)


def with_job(world: Snapshot, job: Job, **changes: Any) -> Snapshot:
    """The world with one job changed."""
    other = replace(job, **changes)
    return replace(world, jobs=tuple(other if j.id == job.id else j for j in world.jobs))


def with_fleet(world: Snapshot, **changes: Any) -> Snapshot:
    """The world with all vehicles changed alike."""
    return replace(world, vehicles=tuple(replace(v, **changes) for v in world.vehicles))


def with_long_shifts(world: Snapshot, _: Job) -> Snapshot:
    """The world with shifts that never end, and a vehicle if there was none."""
    dimensions = max(len(each.load) for each in world.jobs)
    idle = Vehicle("new", 0, FOREVER, capacity=(0,) * dimensions)
    fleet = tuple(replace(v, shift=Window(v.shift.opens_s, 10**6)) for v in world.vehicles)
    return replace(world, vehicles=fleet or (idle,))


def with_stops(world: Snapshot, job: Job, **changes: Any) -> Snapshot:
    """The world with all stops of one job changed alike."""

    def changed(stops: tuple[Stop, ...]) -> tuple[Stop, ...]:
        return tuple(replace(stop, **changes) for stop in stops)

    ends = {"pickups": changed(job.pickups), "deliveries": changed(job.deliveries)}
    return with_job(world, job, **ends)


def with_any_time(world: Snapshot, job: Job) -> Snapshot:
    """The world with the windows of one job gone, and the breaks."""
    return with_fleet(with_stops(world, job, windows=()), breaks=())


def with_no_weight(world: Snapshot, job: Job) -> Snapshot:
    """The world with one job that weighs nothing, and no most stops."""

    def light(stops: tuple[Stop, ...]) -> tuple[Stop, ...]:
        return tuple(replace(stop, load=None) for stop in stops)

    ends = {"pickups": light(job.pickups), "deliveries": light(job.deliveries)}
    return with_fleet(with_job(world, job, **ends, load=()), max_stops=None)


def with_roads(world: Snapshot, _: Job) -> Snapshot:
    """The world with a road from everywhere to everywhere."""

    def mended(matrix: Matrix) -> Matrix:
        rows = [[5 if s == UNREACHABLE else s for s in row] for row in matrix.seconds.tolist()]
        return Matrix.of(rows, matrix.metres)

    return replace(world, matrix={p: mended(m) for p, m in world.matrices().items()})


def with_idle_twins(world: Snapshot, _: Job) -> Snapshot:
    """The world with as many idle twins of each vehicle as there are jobs."""
    twins = {
        v.id: [replace(v, id=f"{v.id} twin {n}", on_board=(), promised=()) for n in range(6)]
        for v in world.vehicles
    }

    def and_twins(ids: frozenset[str]) -> frozenset[str]:
        return ids.union(*({twin.id for twin in twins.get(each, [])} for each in ids))

    same = tuple(
        replace(
            job,
            allowed_vehicles=job.allowed_vehicles and and_twins(job.allowed_vehicles),
            forbidden_vehicles=and_twins(job.forbidden_vehicles),
            refused_by=and_twins(job.refused_by),
        )
        for job in world.jobs
    )
    spare = [twin for each in twins.values() for twin in each]
    return replace(world, jobs=same, vehicles=(*world.vehicles, *spare))


MENDED: dict[Unserved, Callable[[Snapshot, Job], Snapshot]] = {
    Unserved.NO_VEHICLE_ON_SHIFT: with_long_shifts,
    Unserved.NOT_ALLOWED: lambda world, job: with_job(
        world, job, allowed_vehicles=None, forbidden_vehicles=frozenset()
    ),
    Unserved.SKILL_MISSING: lambda world, job: with_fleet(world, skills=job.skills),
    Unserved.ALL_REFUSED: lambda world, job: with_job(world, job, refused_by=frozenset()),
    Unserved.TOO_BIG: with_no_weight,
    Unserved.UNREACHABLE: with_roads,
    Unserved.WINDOW_CLOSED: with_any_time,
    Unserved.ON_BOARD_TOO_LONG: lambda world, job: with_job(
        world, job, max_onboard_s=None, max_detour_percent=None
    ),
    Unserved.SHIFT_ENDS: with_long_shifts,
    Unserved.TOO_FAR: lambda world, _: with_fleet(world, max_distance_m=None),
    Unserved.TOO_LONG: lambda world, _: with_fleet(world, max_work_s=None),
    Unserved.NO_CAPACITY_LEFT: with_idle_twins,
}


@each_planner
@settings(deadline=None, max_examples=500, suppress_health_check=[HealthCheck.too_slow])
@given(worlds(), st.integers(0, 2**32))
def test_mending_the_reason_serves_the_job_or_leaves_a_later_reason(plan, world, seed):
    for left_out in plan(world, DEFAULT_POLICY, Stopping(0), seed).unserved:
        (job,) = (job for job in world.jobs if job.id == left_out.job_id)
        again = plan(MENDED[left_out.reason](world, job), DEFAULT_POLICY, Stopping(0), seed)
        reasons = {each.job_id: each.reason for each in again.unserved}
        assert job.id not in reasons or reasons[job.id] > left_out.reason


@each_planner
@pytest.mark.parametrize("reason", Unserved)
def test_every_reason_occurs_in_the_random_worlds(plan, reason):
    def gives(world: Snapshot) -> bool:
        return any(each.reason == reason for each in plan(world, stop=Stopping(0)).unserved)

    find(worlds(), gives, settings=settings(max_examples=5000, deadline=None, phases=["generate"]))

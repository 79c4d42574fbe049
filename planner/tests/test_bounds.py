"""No plan uses fewer vehicles than the bound says, and the bound says something where it can."""

from __future__ import annotations

import pytest
from gancang_planner import Job, Matrix, Snapshot, Stop, Stopping, Vehicle, Window, plan
from hypothesis import given, settings

from .worlds import worlds

SHIFT = Window(0, 1000)
WAYS = Matrix.of([[0, 5], [5, 0]], [[0, 5], [5, 0]])


@given(worlds())
@settings(max_examples=400, deadline=None)
def test_no_plan_uses_fewer(world: Snapshot) -> None:
    found = plan(world, stop=Stopping(iterations=3))
    assert found.vehicles_at_least <= len(found.routes)


def visits(count: int, **stop: object) -> tuple[Job, ...]:
    return tuple(Job.visit(f"j{n}", Stop(1, **stop)) for n in range(count))  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("jobs", "vehicle", "least"),
    [
        (visits(5), {"max_jobs": 2}, 3),
        (visits(5), {"max_stops": 3}, 2),
        (visits(4, service_s=600), {}, 3),
        (visits(3, windows=(Window(10, 20),), service_s=30), {}, 3),
        (tuple(Job(f"j{n}", (), Stop(1), load=(3,)) for n in range(4)), {"capacity": (7,)}, 2),
        (tuple(Job(f"j{n}", Stop(1), (), load=(3,)) for n in range(4)), {"capacity": (7,)}, 2),
        (visits(5), {}, 1),
    ],
)
def test_the_bound_by_each_of_its_reasons(
    jobs: tuple[Job, ...], vehicle: dict[str, object], least: int
) -> None:
    fleet = tuple(Vehicle(f"v{n}", 0, SHIFT, **vehicle) for n in range(5))  # type: ignore[arg-type]
    found = plan(Snapshot(jobs, fleet, WAYS), stop=Stopping(iterations=20))
    assert not found.unserved
    assert found.vehicles_at_least == least <= len(found.routes)

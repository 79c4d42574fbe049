"""The best choice among routes seen: exact on what can be counted by hand, sound in a whole run."""

from __future__ import annotations

from random import Random
from typing import Any

import pytest
from gancang_planner import (
    Job,
    Matrix,
    Plan,
    Policy,
    Snapshot,
    Stop,
    Stopping,
    Term,
    Vehicle,
    Window,
    plan,
)
from gancang_planner.partition import Columns, best_choice

pytest.importorskip("highspy", reason="the extra `partition` is not installed")
kernel = pytest.importorskip("gancang_planner.kernel", reason="the kernel is not installed")

FEWEST = Policy.strict(Term.VEHICLES, Term.DISTANCE)


def town(jobs: int, vehicles: int) -> Snapshot:
    rng = Random(jobs)
    places = [(rng.randrange(100), rng.randrange(100)) for _ in range(2 * jobs + 1)]
    ways = [[abs(a - c) + abs(b - d) for c, d in places] for a, b in places]
    pairs = tuple(Job(f"j{n:02}", Stop(2 * n + 1), Stop(2 * n + 2), load=(1,)) for n in range(jobs))
    fleet = tuple(
        Vehicle(f"v{n}", 0, Window(0, 1500), end_place=0, capacity=(2,)) for n in range(vehicles)
    )
    return Snapshot(pairs, fleet, Matrix.of(ways, ways))


def test_the_cheapest_cover_is_chosen() -> None:
    columns = Columns(
        calls=[[0], [1], [2], [0, 1], [1, 2], [0, 1, 2]],
        rows=[[0], [1], [2], [0, 1], [1, 2], [0, 1, 2]],
        costs=[4, 4, 4, 7, 5, 10],
    )
    assert best_choice(columns, 3, vehicles_max=3, seconds=10) == [[0], [1, 2]]
    assert best_choice(columns, 3, vehicles_max=1, seconds=10) == [[0, 1, 2]]


def test_jobs_that_no_column_has_leave_no_choice() -> None:
    columns = Columns(calls=[[0]], rows=[[0]], costs=[4])
    assert best_choice(columns, 2, vehicles_max=2, seconds=10) is None


def test_a_long_run_ends_with_a_plan_that_keeps_all(
    monkeypatch: pytest.MonkeyPatch, capfd: pytest.CaptureFixture[str]
) -> None:
    chosen: list[object] = []
    real = kernel.partition.best_choice

    def watched(columns: Columns, rows: int, vehicles_max: int, _seconds: float) -> Any:
        # On a busy machine HiGHS gets the time that it needs.
        chosen.append(real(columns, rows, vehicles_max, seconds=120))
        return chosen[-1]

    monkeypatch.setattr(kernel, "PARTITION_FROM_S", 0.1)
    monkeypatch.setattr(kernel, "PARTITION_SHARE", 0.9)
    monkeypatch.setattr(kernel.partition, "best_choice", watched)
    world = town(20, 6)
    found: Plan = plan(world, FEWEST, Stopping(seconds=3), seed=3)
    assert chosen
    assert chosen[0] is not None
    assert not found.unserved
    assert sorted({v.job_id for r in found.routes for v in r.visits}) == [j.id for j in world.jobs]
    assert not any(route.breaks for route in found.routes)
    assert capfd.readouterr() == ("", "")  # HiGHS greets nobody

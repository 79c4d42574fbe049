"""Who else could do a job: as the plan would cost with it there, and nobody who could not."""

from __future__ import annotations

from dataclasses import replace

import pytest
from gancang_planner import (
    Job,
    Matrix,
    Policy,
    Snapshot,
    Stop,
    Stopping,
    Term,
    Vehicle,
    Window,
    alternatives,
    reference,
)

SHIFT = Window(0, 10_000)
POLICY = Policy.strict(Term.DISTANCE, Term.DURATION)


def street(*jobs: Job, vehicles: tuple[Vehicle, ...]) -> Snapshot:
    """Places along a street, ten seconds and ten metres from one to the next."""
    rows = [[10 * abs(a - b) for b in range(10)] for a in range(10)]
    return Snapshot(jobs, vehicles, Matrix.of(rows, rows))


def bus(name: str, place: int, **more: object) -> Vehicle:
    """A vehicle that stands in the street."""
    return Vehicle(name, place, SHIFT, **more)  # type: ignore[arg-type]  # a test's own words


LETTER = Job("letter", Stop(3), Stop(5))
FOUR = (bus("a", 3), bus("b", 1), bus("c", 0), bus("d", 9))


def test_the_others_come_in_the_order_in_which_the_policy_likes_them() -> None:
    snapshot = street(LETTER, vehicles=FOUR)
    plan = reference.plan(snapshot, POLICY, Stopping(0))
    assert [route.vehicle_id for route in plan.routes] == ["a"]
    found = alternatives(snapshot, plan, POLICY, "letter")
    assert [(each.vehicle_id, each.cost.distance_m) for each in found] == [
        ("b", 40),
        ("c", 50),
        ("d", 80),
    ]
    assert alternatives(snapshot, plan, POLICY, "letter", count=1) == found[:1]


def test_what_it_would_add_is_what_a_plan_with_it_there_costs_more() -> None:
    other = Job("other", Stop(1), Stop(8), promise_s=40)
    snapshot = street(LETTER, other, vehicles=FOUR)
    plan = reference.plan(snapshot, POLICY, Stopping(50), seed=2)
    for job in (LETTER, other):
        for each in alternatives(snapshot, plan, POLICY, job.id):
            mine = {
                added.job_id
                for r in plan.routes
                for added in r.added
                if r.vehicle_id == each.vehicle_id
            }
            costs = []
            for ids in (mine, mine | {job.id}):
                jobs = tuple(
                    replace(one, allowed_vehicles=frozenset({each.vehicle_id}))
                    for one in (LETTER, other)
                    if one.id in ids
                )
                alone = reference.plan(replace(snapshot, jobs=jobs), POLICY, Stopping(0))
                assert not alone.unserved
                costs.append(alone.cost)
            assert each.cost == costs[1] - costs[0]


def test_nobody_is_named_who_could_not_do_it() -> None:
    vehicles = (
        bus("a", 3),
        bus("full", 3, max_distance_m=10),
        bus("refused", 3),
        bus("unskilled", 3),
        bus("fit", 9, skills=frozenset({"cold"})),
    )
    vehicles = (replace(vehicles[0], skills=frozenset({"cold"})), *vehicles[1:])
    cold = replace(LETTER, skills=frozenset({"cold"}), refused_by=frozenset({"refused"}))
    snapshot = street(cold, vehicles=vehicles)
    plan = reference.plan(snapshot, POLICY, Stopping(0))
    assert [each.vehicle_id for each in alternatives(snapshot, plan, POLICY, "letter")] == ["fit"]


def test_whoever_has_it_promised_has_no_rival() -> None:
    vehicles = (bus("a", 3, promised=("letter",)), bus("b", 1))
    snapshot = street(LETTER, vehicles=vehicles)
    plan = reference.plan(snapshot, POLICY, Stopping(0))
    assert "a" not in [x.vehicle_id for x in alternatives(snapshot, plan, POLICY, "letter")]


def test_an_unknown_job_is_named() -> None:
    snapshot = street(LETTER, vehicles=FOUR)
    plan = reference.plan(snapshot, POLICY, Stopping(0))
    with pytest.raises(ValueError, match="no job 'parcel'"):
        alternatives(snapshot, plan, POLICY, "parcel")

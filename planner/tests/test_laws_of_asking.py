"""Laws of asking: how the world is told, how long is thought, and what is taken up again."""

from __future__ import annotations

from dataclasses import replace
from itertools import count, pairwise

import hypothesis.strategies as st
from gancang_planner import (
    Stopping,
)
from hypothesis import given, settings

from planner.tests.planners import each_planner
from planner.tests.test_laws import (
    A_FEW,
    SEEDS,
    assert_pickups_come_first,
    clean,
    law,
    stops_of,
)
from planner.tests.worlds import policies, worlds


@each_planner
@law
@given(worlds(), policies, SEEDS, st.randoms(use_true_random=False))
def test_the_order_of_the_input_and_the_hour_of_asking_change_nothing(
    plan, world, policy, seed, random
):
    shuffled = replace(
        world,
        jobs=tuple(random.sample(world.jobs, len(world.jobs))),
        vehicles=tuple(random.sample(world.vehicles, len(world.vehicles))),
    )
    assert plan(shuffled, policy, A_FEW, seed) == plan(world, policy, A_FEW, seed)


@each_planner
@law
@given(worlds(), policies, SEEDS)
def test_more_iterations_never_make_it_worse_and_each_gain_is_told(plan, world, policy, seed):
    scores = []
    for iterations in (0, 2, 6):
        told = []
        answer = plan(
            world,
            policy,
            Stopping(iterations),
            seed,
            on_progress=lambda *gain, told=told: told.append(gain),
        )
        scores.append(policy.score(answer.cost))
        assert all(later <= earlier for earlier, later in pairwise(scores))
        assert all(b < a for (_, a), (_, b) in pairwise(told))
        assert not told or told[-1][1] == scores[-1]
        assert told or scores[-1] == scores[0]


@each_planner
@law
@given(worlds(), policies, SEEDS, st.integers(0, 5))
def test_a_plan_stopped_by_the_clock_replays_from_its_iterations(plan, world, policy, seed, after):
    asked = count()
    stop = Stopping(50, is_time_up=lambda: next(asked) >= after)
    stopped = plan(world, policy, stop, seed)
    assert stopped.iterations <= after
    assert plan(world, policy, Stopping(stopped.iterations), seed) == stopped


@each_planner
@law
@given(worlds(), policies, SEEDS)
def test_a_plan_taken_up_again_is_never_worse(plan, world, policy, seed):
    first = plan(world, policy, A_FEW, seed)
    again = plan(world, policy, Stopping(0), warm=first)
    assert policy.score(again.cost) <= policy.score(first.cost)


@each_planner
@settings(law, max_examples=400)
@given(worlds(), worlds(), policies)
def test_a_plan_of_another_day_breaks_no_law(plan, world, other, policy):
    answer = plan(world, policy, A_FEW, warm=plan(other, policy, A_FEW))
    cold = plan(world, policy, A_FEW)
    assert {r.vehicle_id for r in answer.routes if r.breaks} == {
        r.vehicle_id for r in cold.routes if r.breaks
    }
    for route, vehicle in clean(world, answer):
        assert_pickups_come_first(world, route)
        assert route.ends_s <= vehicle.shift.closes_s
        for visit, job, _ in stops_of(world, route):
            assert visit.late_s == 0
            assert job.id in vehicle.committed() or vehicle.id not in job.refused_by

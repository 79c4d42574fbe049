"""The planner's timing is what the rules say, told once more the slow way in brute.py."""

from __future__ import annotations

from dataclasses import replace

import hypothesis.strategies as st
from gancang_planner import Limit, Snapshot, Stopping, plan
from gancang_planner.feasible import World, world_of
from gancang_planner.limits import has_room_for, is_never_too_full
from gancang_planner.timing import Timing, timed
from hypothesis import HealthCheck, assume, given, settings

from planner.tests import brute, brute_best
from planner.tests.worlds import Dice, policies, worlds
from planner.tests.worlds import world as world_from

law = settings(deadline=None, suppress_health_check=[HealthCheck.too_slow])


def ride_of(seed: int, jobs: int) -> tuple[World, int, tuple[int, ...], brute.Ride]:
    """A vehicle, more often with breaks, and calls in any order of pickups before deliveries."""
    dice = Dice(seed)
    snapshot = world_from(seed, jobs, 1 + seed % 2)
    if dice.upto(0, 1):
        fleet = tuple(replace(each, breaks=dice.breaks()) for each in snapshot.vehicles)
        snapshot = replace(snapshot, vehicles=fleet)
    world = world_of(snapshot)
    v = dice.upto(0, len(world.vehicles) - 1)
    free = [job for job in range(len(world.jobs)) if world.holder.get(job, v) == v]
    tokens = [job for job in free if dice.upto(0, 3) for _ in world.calls_of(job)]
    dice.random.shuffle(tokens)
    calls = tuple(_each_in_turn(dice, world, tokens))[: 6 if world.vehicles[v].breaks else 12]
    told = ((world.job_of[call], call) for call in calls)
    slow = tuple((world.jobs[job].id, call - world.first_call[job]) for job, call in told)
    return world, v, calls, brute.Ride(snapshot, world.vehicles[v], slow)


def _each_in_turn(dice: Dice, world: World, tokens: list[int]) -> list[int]:
    queues = {}
    for job in set(tokens):
        mine = list(world.calls_of(job))
        dice.random.shuffle(mine)
        queues[job] = sorted(mine, key=world.is_delivery)
    return [queues[job].pop(0) for job in tokens]


rides = st.builds(ride_of, st.integers(0, 2**32), st.integers(1, 4))


@settings(law, max_examples=800)
@given(rides)
def test_a_sequence_has_the_one_schedule_that_the_rules_give_it(ride):
    world, v, calls, slow = ride
    assert told(timed(world, v, calls)) == brute.timed(slow)


def told(outcome: Timing | Limit) -> brute.Timed | Limit:
    if isinstance(outcome, Limit):
        return outcome
    rests = tuple((rest.k, rest.has_arrived, rest.begins_s) for rest in outcome.rests)
    return brute.Timed(outcome.starts_s, rests, outcome.departs_s, outcome.ends_s, outcome.cost)


@settings(law, max_examples=300)
@given(rides)
def test_what_does_not_fit_is_seen(ride):
    world, v, calls, slow = ride
    fits = has_room_for(world, v, calls) and is_never_too_full(world, v, calls)
    assert fits == (not brute.is_overloaded(slow))


def is_small(world: Snapshot) -> bool:
    """Whether trying everything takes less than a second."""
    calls_max = 4 if any(vehicle.breaks for vehicle in world.vehicles) else 6
    return sum(len(job.stops()) for job in world.jobs) <= calls_max


@settings(law, max_examples=150)
@given(worlds(jobs_max=3, vehicles_max=2), policies)
def test_no_plan_is_better_than_the_best_of_all(world, policy):
    assume(is_small(world))
    best = brute_best.best_score(world, policy)
    assume(best is not None)
    found = plan(world, policy, Stopping(20))
    assume(not any(route.breaks for route in found.routes))
    assert policy.score(found.cost) >= best

"""The compiled search against the library in Python, on thousands of small worlds."""

from __future__ import annotations

from random import Random
from typing import TYPE_CHECKING, Any

import pytest
from gancang_planner.feasible import World, world_of
from gancang_planner.outcome import Limit
from gancang_planner.timing import Timing, timed
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from .worlds import POLICIES, worlds

if TYPE_CHECKING:
    from gancang_planner import Snapshot

kernel = pytest.importorskip("gancang_planner.kernel", reason="the kernel is not installed")


def sequence(world: World, rng: Random, v: int) -> tuple[int, ...]:
    """Some jobs of the world in a random order, pickups before deliveries."""
    jobs = [
        j for j in range(len(world.jobs)) if world.holder.get(j, v) == v or j not in world.since_s
    ]
    chosen = rng.sample(jobs, rng.randint(0, len(jobs)))
    calls = [call for job in chosen for call in world.calls_of(job)]
    rng.shuffle(calls)
    by_job: dict[int, list[int]] = {}
    for call in sorted(calls, key=lambda c: (world.is_delivery(c), rng.random())):
        by_job.setdefault(world.job_of[call], []).append(call)
    return tuple(by_job[world.job_of[call]].pop(0) for call in calls)


@given(worlds(), st.integers(0, 2**32), st.sampled_from(POLICIES))
@settings(max_examples=1500)
def test_a_sequence_is_timed_as_in_python(snapshot: Snapshot, seed: int, policy: Any) -> None:
    world, rng = world_of(snapshot), Random(seed)
    assume(world.vehicles and world.jobs)
    problem = kernel.laid_out(world, policy, set())
    for v in range(len(world.vehicles)):
        calls = sequence(world, rng, v)
        expected: Timing | Limit = timed(world, v, calls)
        found = problem.time(v, list(calls))
        if isinstance(expected, Limit):
            assert found is None, expected
            continue
        assert found is not None
        starts, departs, ends, parts = found
        assert tuple(starts) == expected.starts_s
        assert (departs, ends) == (expected.departs_s, expected.ends_s)
        assert tuple(parts) == expected.cost.parts()

"""The planner in plain Python: what it answers is right by definition."""

from __future__ import annotations

from random import Random
from typing import TYPE_CHECKING

from gancang_planner.answer import answer
from gancang_planner.construct import aim_of, committed_line, insert_by_regret
from gancang_planner.cost import DEFAULT_POLICY, Policy, Score
from gancang_planner.feasible import world_of
from gancang_planner.improve import Draft, Search, Watch, improve
from gancang_planner.lines import jobs_of
from gancang_planner.outcome import Plan
from gancang_planner.snapshot import Snapshot
from gancang_planner.stopping import Stopping
from gancang_planner.warm import warmed

if TYPE_CHECKING:
    from collections.abc import Callable

DEFAULT_STOPPING = Stopping()


def plan(
    snapshot: Snapshot,
    policy: Policy = DEFAULT_POLICY,
    stop: Stopping = DEFAULT_STOPPING,
    seed: int = 0,
    *,
    warm: Plan | None = None,
    on_progress: Callable[[int, Score], None] | None = None,
) -> Plan:
    """Who carries what in which order and when; for each job left out, the one reason.

    Insertion by regret, then ruin and recreate until `stop`. The same snapshot in any order of
    its jobs and vehicles, with the same policy, seed and iterations done, gives the same plan.
    `warm`: an earlier plan, of whose routes as much is taken over as still holds.
    `on_progress` is told the iterations done and the score at every better plan.
    """
    watch = Watch(stop)
    world = world_of(snapshot)
    aim = aim_of(policy)
    lines = [committed_line(world, aim.rows, v) for v in range(len(world.vehicles))]
    if warm is not None:
        lines = warmed(world, aim.rows, lines, warm)
    placed = {job for line in lines for job in jobs_of(world, line.calls)} | set(world.holder)
    loose = [job for job in range(len(world.jobs)) if job not in placed]
    left_out = insert_by_regret(world, aim, lines, loose)
    first = Draft(tuple(lines), tuple(sorted(left_out)))
    search = Search(world, aim, watch, Random(seed), on_progress)
    best, iterations = improve(search, first)
    calls = [line.calls for line in best.lines]
    return answer(world, policy, calls, best.left_out, iterations)

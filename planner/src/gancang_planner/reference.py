"""The planner in plain Python: what it answers is right by definition."""

from __future__ import annotations

from random import Random

from gancang_planner.construct import Line, Rows, committed_line, insert_by_regret, line_of
from gancang_planner.construct import without_job as calls_without_job
from gancang_planner.cost import DEFAULT_POLICY, Cost, Policy
from gancang_planner.feasible import NO_ROAD_S, World, leg_home_s, legs_s, world_of
from gancang_planner.improve import Draft, improve
from gancang_planner.model import (
    Added,
    Kind,
    LeftOut,
    Plan,
    Route,
    Snapshot,
    Stopping,
    Visit,
)
from gancang_planner.reasons import why_unserved

DEFAULT_STOPPING = Stopping()


def plan(
    snapshot: Snapshot,
    policy: Policy = DEFAULT_POLICY,
    stop: Stopping = DEFAULT_STOPPING,
    seed: int = 0,
) -> Plan:
    """Who carries what in which order and when; for each job left out, the one reason.

    Insertion by regret, then ruin and recreate until `stop`. The same snapshot in any order of
    its jobs and vehicles, with the same policy, seed and iterations done, gives the same plan.
    """
    world = world_of(snapshot)
    rows = policy.rows()[1:]
    lines = [committed_line(world, rows, v) for v in range(len(world.vehicles))]
    loose = [job for job in range(len(world.jobs)) if job not in world.holder]
    left_out = insert_by_regret(world, rows, lines, loose)
    first = Draft(tuple(lines), tuple(sorted(left_out)))
    best, iterations = improve(world, rows, first, stop, Random(seed))
    return _answer(world, rows, best, iterations)


def _answer(world: World, rows: Rows, draft: Draft, iterations: int) -> Plan:
    routes = tuple(_route(world, rows, line) for line in draft.lines if line.calls)
    lost = Cost(unserved=sum(world.jobs[job].priority for job in draft.left_out))
    return Plan(
        routes=routes,
        unserved=tuple(
            LeftOut(world.jobs[job].id, why_unserved(world, job)) for job in draft.left_out
        ),
        cost=sum((route.cost for route in routes), start=lost),
        iterations=iterations,
    )


def _route(world: World, rows: Rows, line: Line) -> Route:
    legs = [0 if leg == NO_ROAD_S else leg for leg in legs_s(world, line.v, line.calls)]
    home_s = leg_home_s(world, line.v, line.calls)
    departs_s = line.starts_s[0] - legs[0]
    visits = []
    free_s = departs_s
    for position, leg in enumerate(legs):
        visits.append(_visit(world, line, position, free_s + leg))
        free_s = visits[-1].departure_s
    return Route(
        vehicle_id=world.vehicles[line.v].id,
        visits=tuple(visits),
        departs_s=departs_s,
        ends_s=free_s + (0 if home_s == NO_ROAD_S else home_s),
        cost=line.cost,
        added=tuple(
            _added(world, rows, line, job) for job in dict.fromkeys(c >> 1 for c in line.calls)
        ),
        breaks=line.breaks,
    )


def _visit(world: World, line: Line, position: int, arrival_s: int) -> Visit:
    call, start_s = line.calls[position], line.starts_s[position]
    windows = world.windows[call]
    return Visit(
        job_id=world.jobs[call >> 1].id,
        kind=Kind.DELIVERY if call & 1 else Kind.PICKUP,
        place=world.place[call],
        arrival_s=arrival_s,
        start_s=start_s,
        departure_s=start_s + world.service_s[call],
        waiting_s=start_s - arrival_s,
        late_s=max(0, start_s - windows[-1].closes_s) if windows else 0,
        load=line.loads[position + 1],
    )


def _added(world: World, rows: Rows, line: Line, job: int) -> Added:
    less = line_of(world, rows, line.v, calls_without_job(line.calls, job))
    return Added(world.jobs[job].id, line.cost - less.cost)

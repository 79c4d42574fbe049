"""Who else could do a job of a plan, and what it would cost there."""

from __future__ import annotations

from typing import TYPE_CHECKING

from gancang_planner.construct import aim_of
from gancang_planner.feasible import world_of
from gancang_planner.lines import line_of
from gancang_planner.outcome import Alternative, Kind
from gancang_planner.reasons import eligible
from gancang_planner.seats import best_seat

if TYPE_CHECKING:
    from gancang_planner.cost import Policy
    from gancang_planner.feasible import Calls, World
    from gancang_planner.outcome import Plan, Route
    from gancang_planner.snapshot import Snapshot


def next_best(
    snapshot: Snapshot, plan: Plan, policy: Policy, job_id: str, count: int = 3
) -> tuple[Alternative, ...]:
    """`gancang_planner.alternatives`, by the search in Python."""
    world = world_of(snapshot)
    number = {job.id: position for position, job in enumerate(world.jobs)}
    if job_id not in number:
        raise ValueError(f"there is no job {job_id!r} in the snapshot")
    job, rows = number[job_id], aim_of(policy).rows
    calls_of = {route.vehicle_id: _calls(world, route, number) for route in plan.routes}
    found = []
    for v in eligible(world, job):
        vehicle_id = world.vehicles[v].id
        calls = calls_of.get(vehicle_id, ())
        if any(world.job_of[call] == job for call in calls):
            continue
        line = line_of(world, rows, v, calls)
        seat = best_seat(world, rows, line, job)
        if seat is not None:
            found.append((seat.added, vehicle_id, v, seat.calls, line.cost))
    return tuple(
        Alternative(vehicle_id, line_of(world, rows, v, calls).cost - before)
        for _, vehicle_id, v, calls, before in sorted(found, key=lambda each: each[:2])[:count]
    )


def _calls(world: World, route: Route, number: dict[str, int]) -> Calls:
    calls = []
    for visit in route.visits:
        if visit.kind != Kind.BREAK:
            job = number[visit.job_id]
            first = world.first_call[job]
            if visit.kind == Kind.DELIVERY:
                first += world.pickups_of[job]
            calls.append(first + visit.stop)
    return tuple(calls)

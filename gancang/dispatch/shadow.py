"""What a plan in the shadow does otherwise than the one that runs. Pure."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from gancang_planner import Plan, Snapshot

    from gancang.dispatch.planning import World

# The parts of a plan's cost that are compared, by their names in a Comparison.
FIGURES = {
    "riders": "vehicles",
    "lateness_s": "lateness_s",
    "wait_s": "wait_s",
    "distance_m": "distance_m",
    "duration_s": "duration_s",
}


def without_loose(snapshot: Snapshot) -> Snapshot:
    """The snapshot with nothing but what was promised before: what both plans have to do anyway."""
    committed = {code for vehicle in snapshot.vehicles for code in vehicle.committed()}
    return replace(snapshot, jobs=tuple(job for job in snapshot.jobs if job.id in committed))


def compared(world: World, running: Plan, instead: Plan, idle: Plan) -> dict[str, Any]:
    """The figures of two plans of one world, less those of the work promised before.

    Served: orders that are given to somebody; moved: orders that another rider would get, or none.
    """
    loose = world.loose()
    has, would = (_rider_of(plan, loose) for plan in (running, instead))
    moved = [code for code in sorted(loose) if has.get(code) != would.get(code)]
    figures: dict[str, Any] = {
        "considered": len(loose),
        "moved": len(moved),
        "orders": [[code, has.get(code), would.get(code)] for code in moved],
        "served": len(has),
        "served_instead": len(would),
    }
    for name, part in FIGURES.items():
        before = getattr(idle.cost, part)
        figures[name] = getattr(running.cost, part) - before
        figures[f"{name}_instead"] = getattr(instead.cost, part) - before
    return figures


def _rider_of(plan: Plan, loose: frozenset[str]) -> dict[str, str]:
    return {
        added.job_id: route.vehicle_id
        for route in plan.routes
        for added in route.added
        if added.job_id in loose
    }

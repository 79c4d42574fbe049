"""commiv: ruin and recreate in Zig, with its driver for few vehicles and its wall clock."""

from __future__ import annotations

from importlib import import_module
from time import perf_counter
from typing import Any

from benchmarks.planner.solvers import Problem, Routes, in_units, whole_ways

commiv: Any = import_module("commiv")


def solve(problem: Problem, seconds: float, seed: int) -> Routes | None:
    """Routes, or None where it says that there are none."""
    began = perf_counter()
    instance = problem[0]
    numbers = {
        "capacity": instance.capacity,
        "ready": in_units(instance.opens),
        "due": in_units(instance.closes),
        "service": in_units(instance.service),
        "seed": seed,
        "fleet_min": True,
    }
    ways = whole_ways(instance)
    left = max(1, round((seconds - (perf_counter() - began)) * 1000))
    try:
        if instance.pairs:
            found = commiv.solve_pdptw(
                ways,
                pickups=list(instance.pairs),
                deliveries=list(instance.pairs.values()),
                demand=[instance.demand[pickup] for pickup in instance.pairs],
                wall_ms=left,
                **numbers,
            )
        else:
            found = commiv.solve_vrptw(ways, demand=instance.demand, wall_ms=left, **numbers)
    except commiv.InfeasibleError:
        return None
    routes: Routes = found.routes
    return routes

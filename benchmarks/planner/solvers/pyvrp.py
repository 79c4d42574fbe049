"""PyVRP: its shipments (since 0.14) or clients on one kind of vehicle with a high fixed cost."""

from __future__ import annotations

from importlib import import_module
from time import perf_counter
from typing import Any

from benchmarks.planner.instances import Instance
from benchmarks.planner.solvers import FINENESS, Problem, Routes, in_units, whole_ways

pyvrp: Any = import_module("pyvrp")
stops: Any = import_module("pyvrp.stop")

A_VEHICLE = 1000 * FINENESS
"""More than any detour that saves one; ten times as much made its plans worse in our trials."""


def solve(problem: Problem, seconds: float, seed: int) -> Routes | None:
    """Routes of the best plan, or None where it keeps not all limits."""
    began = perf_counter()
    instance = problem[0]
    data = _data(instance)
    left = max(0.0, seconds - (perf_counter() - began))
    stop = stops.MaxRuntime(left)
    result = pyvrp.solve(data, stop=stop, seed=seed, collect_stats=False, display=False)
    if not result.best.is_feasible():
        return None
    return [_tasks(instance, route) for route in result.best.routes()]


def _data(instance: Instance) -> Any:
    ways = whole_ways(instance)
    opens, closes = in_units([instance.opens[0], instance.closes[0]])
    kind = pyvrp.VehicleType(
        num_available=instance.vehicles,
        capacity=[instance.capacity],
        fixed_cost=A_VEHICLE,
        tw_early=opens,
        tw_late=closes,
    )
    return pyvrp.ProblemData(
        locations=[pyvrp.Location(x, y) for x, y in instance.points],
        clients=[] if instance.pairs else _clients(instance),
        depots=[pyvrp.Depot(0, tw_early=opens, tw_late=closes)],
        vehicle_types=[kind],
        distance_matrices=[ways],
        duration_matrices=[ways],
        shipments=_shipments(instance),
    )


def _clients(instance: Instance) -> list[Any]:
    times = (instance.opens, instance.closes, instance.service)
    opens, closes, service = (in_units(each) for each in times)
    return [
        pyvrp.Client(
            task,
            delivery=[instance.demand[task]],
            service_duration=service[task],
            tw_early=opens[task],
            tw_late=closes[task],
        )
        for task in range(1, len(service))
    ]


def _shipments(instance: Instance) -> list[Any]:
    times = (instance.opens, instance.closes, instance.service)
    opens, closes, service = (in_units(each) for each in times)
    return [
        pyvrp.Shipment(
            pickup_location=a,
            delivery_location=b,
            pickup_tw_early=opens[a],
            pickup_tw_late=closes[a],
            pickup_service_duration=service[a],
            delivery_tw_early=opens[b],
            delivery_tw_late=closes[b],
            delivery_service_duration=service[b],
            amount=[instance.demand[a]],
        )
        for a, b in instance.pairs.items()
    ]


def _tasks(instance: Instance, route: Any) -> list[int]:
    pairs = list(instance.pairs.items())
    tasks = []
    for call in route:
        if call.is_client():
            tasks.append(call.idx + 1)
        elif call.is_shipment():
            tasks.append(pairs[call.idx][call.is_delivery()])
    return tasks

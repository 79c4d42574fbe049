"""VROOM by `pyvroom`: shipments (or jobs with deliveries) on a matrix, exploration at its most.

It has no seed. It ends by itself when it finds nothing better, so what is left of the time is
spent on one vehicle fewer, again and again: that is how its users would ask for few vehicles.
"""

from __future__ import annotations

from datetime import timedelta
from importlib import import_module
from time import perf_counter
from typing import Any

from benchmarks.planner.instances import Instance
from benchmarks.planner.solvers import Problem, Routes, in_units, whole_ways

vroom: Any = import_module("vroom")

EXPLORATION_MOST = 5
FIXED = 10**8
WORTH_ANOTHER_TRY = 0.1
"""The share of the time that must be left for one vehicle fewer."""


def solve(problem: Problem, seconds: float, seed: int) -> Routes | None:
    """Routes, or None where a task is left out."""
    del seed
    began = perf_counter()
    instance = problem[0]
    ways, best, vehicles = whole_ways(instance), None, instance.vehicles
    while (left := seconds - (perf_counter() - began)) > (
        WORTH_ANOTHER_TRY * seconds if best else 0
    ):
        found = _solved(instance, ways, vehicles, left)
        if found is None:
            break
        best, vehicles = found, len(found) - 1
    return best


def _solved(instance: Instance, ways: Any, vehicles: int, seconds: float) -> Routes | None:
    asked = vroom.Input()
    asked.set_durations_matrix("car", ways)
    opens, closes = in_units(instance.opens), in_units(instance.closes)
    asked.add_vehicle(
        [
            vroom.Vehicle(
                number,
                start=0,
                end=0,
                capacity=[instance.capacity],
                time_window=(opens[0], closes[0]),
                costs=vroom.VehicleCosts(fixed=FIXED),
            )
            for number in range(vehicles)
        ]
    )
    service = in_units(instance.service)

    def step(task: int) -> dict[str, Any]:
        return {
            "id": task,
            "location": task,
            "default_service": service[task],
            "time_windows": [(opens[task], closes[task])],
        }

    if instance.pairs:
        asked.add_job(
            [
                vroom.Shipment(
                    vroom.ShipmentStep(**step(pickup)),
                    vroom.ShipmentStep(**step(delivery)),
                    amount=[instance.demand[pickup]],
                )
                for pickup, delivery in instance.pairs.items()
            ]
        )
    else:
        tasks = range(1, len(instance.demand))
        asked.add_job([vroom.Job(**step(t), delivery=[instance.demand[t]]) for t in tasks])
    limit = timedelta(seconds=max(seconds, 0.001))
    answer = asked.solve(EXPLORATION_MOST, nb_threads=1, timeout=limit).to_dict()
    if answer["unassigned"]:
        return None
    return [[s["id"] for s in route["steps"] if "id" in s] for route in answer["routes"]]


def solve_round(text: str, seconds: float, seed: int) -> Any:
    """VROOM's own kind of answer to its own kind of document."""
    del seed
    began = perf_counter()
    asked = vroom.Input()
    asked._from_json(text, geometry=False)
    left = timedelta(seconds=max(0.001, seconds - (perf_counter() - began)))
    return asked.solve(EXPLORATION_MOST, nb_threads=1, timeout=left).to_dict()

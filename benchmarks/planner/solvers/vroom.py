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
from benchmarks.planner.solvers import FINENESS, Problem, Routes, in_units, whole_ways

vroom: Any = import_module("vroom")

EXPLORATION_MOST = 5
EXPLORATION_OF_MANY = 1
MANY = 600
"""It looks at the clock only once its first plans stand: at its most, too late for so many."""
COARSER = 1000
"""It refuses what might overflow 32 bits in all: as fine as that for many tasks."""
FIXED = 1000
"""More distance than any detour that saves a vehicle."""
WORTH_ANOTHER_TRY = 0.1
"""The share of the time that must be left for one vehicle fewer."""


def solve(problem: Problem, seconds: float, seed: int) -> Routes | None:
    """Routes, or None where a task is left out."""
    del seed
    began = perf_counter()
    instance = problem[0]
    ways, best, vehicles = whole_ways(instance, _fineness(instance)), None, instance.vehicles
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
    asked.add_vehicle(_vehicles(instance, vehicles))
    asked.add_job(_jobs(instance))
    explored = EXPLORATION_MOST if len(instance.demand) < MANY else EXPLORATION_OF_MANY
    limit = timedelta(seconds=max(seconds, 0.001))
    answer = asked.solve(explored, nb_threads=1, timeout=limit).to_dict()
    if answer["unassigned"]:
        return None
    return [[s["id"] for s in route["steps"] if "id" in s] for route in answer["routes"]]


def _fineness(instance: Instance) -> int:
    return FINENESS if len(instance.demand) < MANY else COARSER


def _vehicles(instance: Instance, vehicles: int) -> list[Any]:
    day = in_units([instance.opens[0], instance.closes[0]], _fineness(instance))
    return [
        vroom.Vehicle(
            number,
            start=0,
            end=0,
            capacity=[instance.capacity],
            time_window=tuple(day),
            costs=vroom.VehicleCosts(fixed=FIXED * _fineness(instance)),
        )
        for number in range(vehicles)
    ]


def _jobs(instance: Instance) -> list[Any]:
    times = (instance.opens, instance.closes, instance.service)
    opens, closes, service = (in_units(each, _fineness(instance)) for each in times)

    def step(task: int) -> dict[str, Any]:
        return {
            "id": task,
            "location": task,
            "default_service": service[task],
            "time_windows": [(opens[task], closes[task])],
        }

    if not instance.pairs:
        tasks = range(1, len(instance.demand))
        return [vroom.Job(**step(task), delivery=[instance.demand[task]]) for task in tasks]
    return [
        vroom.Shipment(
            vroom.ShipmentStep(**step(pickup)),
            vroom.ShipmentStep(**step(delivery)),
            amount=[instance.demand[pickup]],
        )
        for pickup, delivery in instance.pairs.items()
    ]


def solve_round(text: str, seconds: float, seed: int) -> Any:
    """VROOM's own kind of answer to its own kind of document, at its least exploration.

    Even so it is late within 5 s. At its most it takes ten times as long for a few percent.
    """
    del seed
    began = perf_counter()
    asked = vroom.Input()
    asked._from_json(text, geometry=False)
    left = timedelta(seconds=max(0.001, seconds - (perf_counter() - began)))
    return asked.solve(0, nb_threads=1, timeout=left).to_dict()

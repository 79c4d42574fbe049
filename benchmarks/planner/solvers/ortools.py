"""OR-Tools' routing: parallel cheapest insertion, guided local search, a high fixed cost."""

from __future__ import annotations

from importlib import import_module
from time import perf_counter
from typing import Any

from benchmarks.planner.instances import Instance
from benchmarks.planner.solvers import A_VEHICLE, Problem, Routes, in_units, whole_ways

cp: Any = import_module("ortools.constraint_solver.pywrapcp")
enums: Any = import_module("ortools.constraint_solver.routing_enums_pb2")

TELLING_S = 0.01
"""What it needs after its own limit to give the routes back."""


def solve(problem: Problem, seconds: float, seed: int) -> Routes | None:
    """Routes, or None if it finds no first plan in time. It has no seed."""
    del seed
    began = perf_counter()
    instance = problem[0]
    manager = cp.RoutingIndexManager(len(instance.demand), instance.vehicles, 0)
    routing = _model(instance, manager)
    asked = cp.DefaultRoutingSearchParameters()
    asked.first_solution_strategy = enums.FirstSolutionStrategy.PARALLEL_CHEAPEST_INSERTION
    asked.local_search_metaheuristic = enums.LocalSearchMetaheuristic.GUIDED_LOCAL_SEARCH
    left = max(0.001, seconds - (perf_counter() - began) - TELLING_S)
    asked.time_limit.FromNanoseconds(int(left * 10**9))
    found = routing.SolveWithParameters(asked)
    return _routes(instance, manager, routing, found) if found else None


def _model(instance: Instance, manager: Any) -> Any:
    routing = cp.RoutingModel(manager)
    ways, service = whole_ways(instance), in_units(instance.service)
    distance = routing.RegisterTransitMatrix(ways.tolist())
    travel = (ways + [[each] for each in service]).tolist()
    time = routing.RegisterTransitMatrix(travel)
    routing.SetArcCostEvaluatorOfAllVehicles(distance)
    routing.SetFixedCostOfAllVehicles(A_VEHICLE)
    opens, closes = in_units(instance.opens), in_units(instance.closes)
    starts_at_zero = False
    routing.AddDimension(time, closes[0], closes[0], starts_at_zero, "time")
    load = routing.RegisterUnaryTransitVector(instance.demand)
    starts_at_zero = True
    routing.AddDimension(load, 0, instance.capacity, starts_at_zero, "load")
    times = routing.GetDimensionOrDie("time")
    for task in range(1, len(service)):
        times.CumulVar(manager.NodeToIndex(task)).SetRange(opens[task], closes[task])
    for vehicle in range(instance.vehicles):
        times.CumulVar(routing.Start(vehicle)).SetRange(opens[0], closes[0])
        times.CumulVar(routing.End(vehicle)).SetRange(opens[0], closes[0])
    solver = routing.solver()
    for pickup, delivery in instance.pairs.items():
        a, b = manager.NodeToIndex(pickup), manager.NodeToIndex(delivery)
        routing.AddPickupAndDelivery(a, b)
        solver.Add(routing.VehicleVar(a) == routing.VehicleVar(b))
        solver.Add(times.CumulVar(a) <= times.CumulVar(b))
    return routing


def _routes(instance: Instance, manager: Any, routing: Any, found: Any) -> Routes:
    routes = []
    for vehicle in range(instance.vehicles):
        at, route = found.Value(routing.NextVar(routing.Start(vehicle))), []
        while not routing.IsEnd(at):
            route.append(manager.IndexToNode(at))
            at = found.Value(routing.NextVar(at))
        routes.append(route)
    return [route for route in routes if route]

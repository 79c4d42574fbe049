"""vrp-cli by its Python door: pragmatic JSON, fewest tours before cost, whole seconds only."""

from __future__ import annotations

import json
from datetime import UTC, datetime, timedelta
from importlib import import_module
from time import perf_counter
from typing import Any

from benchmarks.planner.instances import Instance
from benchmarks.planner.solvers import Problem, Routes, in_units, whole_ways

vrp: Any = import_module("vrp_cli")

EPOCH = datetime(2026, 1, 1, tzinfo=UTC)


def solve(problem: Problem, seconds: float, seed: int) -> Routes | None:
    """Routes, or None where a task is left out. It has no seed; its time is a whole second more."""
    del seed
    began = perf_counter()
    instance = problem[0]
    ways = whole_ways(instance).ravel().tolist()
    matrix = {"profile": "car", "travelTimes": ways, "distances": ways}
    config = {
        "termination": {"maxTime": max(1, round(seconds - (perf_counter() - began)))},
        "environment": {
            "parallelism": {"numThreadPools": 1, "threadsPerPool": 1},
            "logging": {"enabled": False},
        },
    }
    told = [json.dumps(each) for each in (_problem(instance), matrix, config)]
    answer = json.loads(vrp.solve_pragmatic(told[0], [told[1]], told[2]))
    if answer.get("unassigned"):
        return None
    return [
        [
            int(activity.get("jobTag") or activity["jobId"])
            for stop in tour["stops"]
            for activity in stop["activities"]
            if activity["type"] in ("pickup", "delivery")
        ]
        for tour in answer["tours"]
    ]


def _problem(instance: Instance) -> dict[str, Any]:
    return {
        "plan": {"jobs": _jobs(instance)},
        "fleet": {"vehicles": [_vehicle(instance)], "profiles": [{"name": "car"}]},
        "objectives": [
            [{"type": "minimize-unassigned"}],
            [{"type": "minimize-tours"}],
            [{"type": "minimize-distance"}],
        ],
    }


def _jobs(instance: Instance) -> list[dict[str, Any]]:
    times = (instance.opens, instance.closes, instance.service)
    opens, closes, service = (in_units(each) for each in times)

    def task(number: int) -> dict[str, Any]:
        place = {
            "location": {"index": number},
            "duration": service[number],
            "times": [[_at(opens[number]), _at(closes[number])]],
            "tag": str(number),
        }
        return {"places": [place], "demand": [abs(instance.demand[number])]}

    if not instance.pairs:
        tasks = range(1, len(service))
        return [{"id": str(number), "deliveries": [task(number)]} for number in tasks]
    return [
        {"id": str(a), "pickups": [task(a)], "deliveries": [task(b)]}
        for a, b in instance.pairs.items()
    ]


def _vehicle(instance: Instance) -> dict[str, Any]:
    opens, closes = in_units([instance.opens[0], instance.closes[0]])
    depot = {"location": {"index": 0}}
    shift = {"start": {"earliest": _at(opens), **depot}, "end": {"latest": _at(closes), **depot}}
    return {
        "typeId": "van",
        "vehicleIds": [f"van{number}" for number in range(instance.vehicles)],
        "profile": {"matrix": "car"},
        "costs": {"fixed": 0, "distance": 1, "time": 0},
        "shifts": [shift],
        "capacity": [instance.capacity],
    }


def _at(units: int) -> str:
    return (EPOCH + timedelta(seconds=units)).strftime("%Y-%m-%dT%H:%M:%SZ")

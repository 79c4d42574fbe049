"""Whether an answer keeps every rule, found without a line of the planner's."""

from __future__ import annotations

from dataclasses import dataclass
from itertools import pairwise
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from benchmarks.planner.instances import Instance

TOLERANCE = 1e-5


@dataclass(frozen=True)
class Verdict:
    """What an answer is worth. `problems`: the rules that it breaks, each in a sentence."""

    vehicles: int
    distance: float
    problems: tuple[str, ...]


def checked(instance: Instance, routes: Sequence[Sequence[int]]) -> Verdict:
    """The answer measured and held against every rule of the instance."""
    used = [list(route) for route in routes if route]
    distance = 0.0
    problems = list(_of_the_whole(instance, used))
    if not problems:
        for number, route in enumerate(used, 1):
            distance += _driven(instance, route)
            problems += [f"route {number}: {each}" for each in _of_a_route(instance, route)]
    return Verdict(len(used), distance, tuple(problems))


def _of_the_whole(instance: Instance, routes: list[list[int]]) -> Iterator[str]:
    if len(routes) > instance.vehicles:
        yield f"{len(routes)} routes, but {instance.vehicles} vehicles"
    seen = sorted(task for route in routes for task in route)
    wanted = list(range(1, len(instance.demand)))
    if seen != wanted:
        missing, twice = set(wanted) - set(seen), {t for t in seen if seen.count(t) > 1}
        strange = set(seen) - set(wanted)
        yield f"missing {sorted(missing)}, twice {sorted(twice)}, strange {sorted(strange)}"


def _driven(instance: Instance, route: list[int]) -> float:
    stops = [0, *route, 0]
    return float(sum(instance.ways[a, b] for a, b in pairwise(stops)))


def _of_a_route(instance: Instance, route: list[int]) -> Iterator[str]:
    yield from _pairs(instance, route)
    yield from _loads(instance, route)
    yield from _times(instance, route)


def _pairs(instance: Instance, route: list[int]) -> Iterator[str]:
    turn = {task: at for at, task in enumerate(route)}
    for pickup, delivery in instance.pairs.items():
        here = (pickup in turn, delivery in turn)
        if any(here) and not all(here):
            yield f"{pickup} and {delivery} are not in one vehicle"
        elif all(here) and turn[pickup] > turn[delivery]:
            yield f"{delivery} is delivered before it is fetched at {pickup}"


def _loads(instance: Instance, route: list[int]) -> Iterator[str]:
    load = 0 if instance.pairs else sum(instance.demand[task] for task in route)
    if load > instance.capacity:
        yield f"{load} on board at the depot"
    for task in route:
        load += instance.demand[task] if instance.pairs else -instance.demand[task]
        if not 0 <= load <= instance.capacity:
            yield f"{load} on board after {task}"


def _times(instance: Instance, route: list[int]) -> Iterator[str]:
    at, now = 0, float(instance.opens[0])
    for task in [*route, 0]:
        now = max(now + instance.ways[at, task], instance.opens[task])
        if now > instance.closes[task] + TOLERANCE:
            yield f"{task} is reached at {now:.5f}, it closes at {instance.closes[task]}"
        now += instance.service[task]
        at = task


def checked_round(problem: dict[str, Any], answer: dict[str, Any]) -> Verdict:
    """The same for an answer of VROOM's to a round (rounds.py): shipments with time windows.

    `distance` is the cost, which is seconds of travel.
    """
    seconds = problem["matrices"]["car"]["durations"]
    tasks = {("pickup", s["pickup"]["id"]): (s, s["pickup"]) for s in problem["shipments"]}
    tasks |= {("delivery", s["delivery"]["id"]): (s, s["delivery"]) for s in problem["shipments"]}
    vans = {vehicle["id"]: vehicle for vehicle in problem["vehicles"]}
    problems, cost, done = [], 0, 0
    for route in answer["routes"]:
        van = vans.pop(route["vehicle"])
        steps = [
            (s["type"], s.get("id")) for s in route["steps"] if s["type"] not in ("start", "end")
        ]
        calls = [(*tasks[step], step) for step in steps]
        cost += _travel(van, [call["location_index"] for _, call, _ in calls], seconds)
        problems += [f"vehicle {van['id']}: {each}" for each in _wrongs(van, calls, seconds)]
        done += len(calls)
    if done != len(tasks):
        problems.append(f"{len(tasks) - done} of {len(tasks)} stops are left out")
    return Verdict(len(answer["routes"]), cost, tuple(problems))


def _travel(van: dict[str, Any], places: list[int], seconds: list[list[int]]) -> int:
    way = [van["start_index"], *places, van["end_index"]]
    return sum(seconds[a][b] for a, b in pairwise(way))


def _wrongs(van: dict[str, Any], calls: list[Any], seconds: list[list[int]]) -> Iterator[str]:
    fetched: set[int] = set()
    delivered: set[int] = set()
    load = 0
    at, now = van["start_index"], van["time_window"][0]
    for shipment, call, (kind, id) in calls:
        now += seconds[at][call["location_index"]]
        opens, closes = call["time_windows"][0]
        now = max(now, opens)
        if now > closes:
            yield f"{kind} {id} begins at {now}, its window closes at {closes}"
        setup = call.get("setup", 0) if call["location_index"] != at else 0
        now += setup + call["service"]
        at = call["location_index"]
        key = shipment["pickup"]["id"]
        load += shipment["amount"][0] * (1 if kind == "pickup" else -1)
        if load > van["capacity"][0]:
            yield f"{load} on board after {kind} {id}"
        (fetched if kind == "pickup" else delivered).add(key)
        if not delivered <= fetched:
            yield f"delivery {id} comes before its pickup"
    if fetched != delivered:
        yield "a shipment is not whole"
    if now + seconds[at][van["end_index"]] > van["time_window"][1]:
        yield "back too late"

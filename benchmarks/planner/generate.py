"""Instances of 1,000 tasks in the manner of Li & Lim's, made from a seed around a hidden plan.

`python -m benchmarks.planner.generate DIR` writes them as files of their format.
"""

from __future__ import annotations

import argparse
from dataclasses import dataclass
from functools import cache
from heapq import nsmallest
from itertools import pairwise
from math import ceil, hypot
from pathlib import Path
from random import Random

PAIRS = 500
PAIRS_A_VEHICLE = 2
SIDE = 500
SERVICE = {"c": 90, "r": 10, "rc": 10}
CLUSTERS = 40
SEED = 20_261_124

Point = tuple[int, int]


@dataclass(frozen=True)
class Kind:
    """Places clustered, random or mixed; a short day in small vehicles, or a long one in large."""

    places: str
    is_long: bool

    @property
    def name(self) -> str:
        return f"g{self.places}{1 + self.is_long}_10"

    @property
    def capacity(self) -> int:
        return 1000 if self.is_long else 200

    @property
    def tasks_a_route(self) -> int:
        """About so many tasks has a route of the hidden plan."""
        return 60 if self.is_long else 12


KINDS = [Kind(places, is_long) for places in SERVICE for is_long in (False, True)]


@cache
def all_of_them(seed: int = SEED) -> dict[str, str]:
    """The six instances, by name; the same for the same seed."""
    return {kind.name: made(kind, Random(f"{seed} {kind.name}")) for kind in KINDS}


def made(kind: Kind, random: Random, pairs: int = PAIRS) -> str:
    """One instance: hidden routes through near places, then windows around their times."""
    places = _places(kind, random, 2 * pairs)
    depot = (SIDE // 2, SIDE // 2)
    routes = _hidden_routes(kind, places, random)
    day = max(_arrivals(kind, depot, places, route)[1] for route in routes)
    horizon = ceil(day * 1.1)
    rows: dict[int, tuple[int, ...]] = {0: (0, *depot, 0, 0, horizon, 0, 0, 0)}
    for route in routes:
        rows |= _rows_of(kind, (depot, *places), route, (horizon, random))
    lines = ["\t".join(map(str, rows[task])) for task in sorted(rows)]
    return "\n".join([f"{pairs // PAIRS_A_VEHICLE}\t{kind.capacity}\t1", *lines, ""])


def _places(kind: Kind, random: Random, tasks: int) -> list[Point]:
    """A place for each task; task t lies at places[t - 1]."""

    def anywhere() -> Point:
        return random.randint(0, SIDE), random.randint(0, SIDE)

    centres = [anywhere() for _ in range(CLUSTERS)]

    def clustered() -> Point:
        x, y = random.choice(centres)
        near = (round(random.gauss(x, 12)), round(random.gauss(y, 12)))
        return min(SIDE, max(0, near[0])), min(SIDE, max(0, near[1]))

    share = {"c": 1.0, "r": 0.0, "rc": 0.5}[kind.places]
    return [clustered() if random.random() < share else anywhere() for _ in range(tasks)]


def _hidden_routes(kind: Kind, places: list[Point], random: Random) -> list[list[int]]:
    """Routes that go on to one of the nearest places that nobody has yet; even numbers of tasks."""
    free = set(range(1, len(places) + 1))
    routes = []
    while free:
        size = min(
            len(free), 2 * random.randint(kind.tasks_a_route // 3, kind.tasks_a_route * 2 // 3)
        )
        route = [random.choice(sorted(free))]
        free.remove(route[0])
        while len(route) < size:
            here = places[route[-1] - 1]
            near = nsmallest(3, ((_gap(places[t - 1], here), t) for t in free))
            route.append(random.choice(near)[1])
            free.remove(route[-1])
        routes.append(route)
    return routes


def _gap(a: Point, b: Point) -> float:
    return hypot(a[0] - b[0], a[1] - b[1])


def _arrivals(
    kind: Kind, depot: Point, places: list[Point], route: list[int]
) -> tuple[list[float], float]:
    """When the hidden route reaches each task, and when it is home."""
    way = [depot, *(places[task - 1] for task in route), depot]
    now, arrivals = 0.0, []
    for a, b in pairwise(way):
        now += _gap(a, b)
        arrivals.append(now)
        now += SERVICE[kind.places]
    return arrivals[:-1], arrivals[-1]


def _rows_of(
    kind: Kind, points: tuple[Point, ...], route: list[int], drawn: tuple[int, Random]
) -> dict[int, tuple[int, ...]]:
    """The rows of a hidden route: its tasks paired first with later, windows around its times."""
    horizon, random = drawn
    arrivals, home = _arrivals(kind, points[0], list(points[1:]), route)
    slack = random.uniform(0, max(0.0, horizon - home))
    rows: dict[int, tuple[int, ...]] = {}
    waiting: list[tuple[int, int]] = []
    left = len(route)
    for task, arrival in zip(route, arrivals, strict=True):
        is_pickup = not waiting or (len(waiting) < left and random.random() < 0.5)
        demand = random.randint(1, 4) * 10 // (1 if kind.is_long else 2) if is_pickup else 0
        load = sum(amount for _, amount in waiting)
        if is_pickup and waiting and (len(waiting) >= left or load + demand > kind.capacity):
            is_pickup = False
        width = random.choice([0.02, 0.05, 0.1, 0.2]) * horizon
        x, y = points[task]
        last = horizon - SERVICE[kind.places] - ceil(_gap((x, y), points[0]))
        opens = max(0, int(arrival + slack - random.random() * width))
        closes = min(last, max(ceil(arrival + slack), int(opens + width)))
        place = (task, x, y)
        when = (min(opens, closes), closes, SERVICE[kind.places])
        if is_pickup:
            waiting.append((task, demand))
            rows[task] = (*place, demand, *when, 0, 0)
        else:
            pickup, amount = waiting.pop(random.randrange(len(waiting)))
            rows[task] = (*place, -amount, *when, pickup, 0)
            rows[pickup] = (*rows[pickup][:8], task)
        left -= 1
    return rows


def main() -> None:
    """Write the instances into a folder."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("folder", type=Path)
    parser.add_argument("--seed", type=int, default=SEED)
    asked = parser.parse_args()
    asked.folder.mkdir(parents=True, exist_ok=True)
    for name, text in all_of_them(asked.seed).items():
        (asked.folder / f"{name}.txt").write_text(text, "utf-8")


if __name__ == "__main__":
    main()

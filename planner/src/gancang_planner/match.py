"""Matching: one job, one rider, now. The cheapest way for all together, over near candidates.

Nearby riders are found by a grid of strips, travel times asked for those pairs alone, and the
assignment solved exactly by shortest augmenting paths (Jonker & Volgenant 1987). Its dual prices
then tell which pairs outside the candidates could lower the cost; they are added until none is
left, so that the answer is the optimum over all pairs and says so (`is_proven`).
"""

from __future__ import annotations

import time
from random import Random
from typing import TYPE_CHECKING, Any

from gancang_planner.match_crowd import crowd_of
from gancang_planner.match_graph import answered, engine, first_graph, solved
from gancang_planner.match_model import (
    DEFAULT_TRAVEL,
    NEAREST_MAX,
    REQUESTS_MAX,
    RIDERS_MAX,
    Geometry,
    Left,
    Matching,
    Pair,
    Request,
    Rider,
    Travel,
    Why,
)

if TYPE_CHECKING:
    from collections.abc import Sequence

__all__ = [
    "Geometry",
    "Left",
    "Matching",
    "Pair",
    "Request",
    "Rider",
    "Travel",
    "Why",
    "demonstration",
    "generated",
    "match",
]

EDGES_MAX = 20_000_000
ROUNDS_MAX = 1_000


def match(
    requests: Sequence[Request],
    riders: Sequence[Rider],
    travel: Travel = DEFAULT_TRAVEL,
    *,
    nearest: int = 20,
    rounds: int = 20,
) -> Matching:
    """The cheapest matching that serves as many of the requests that must be served as can be.

    `nearest`: candidates a request (where riders are fewer than requests: a rider too).
    `rounds`: how often pairs that could lower the cost may be added; 0: the candidates are all.
    The same requests and riders in any order give the same matching; ties go by id.
    Raises ValueError, which names the request or rider, before any work.
    """
    _check_sizes(requests, riders, nearest, rounds)
    crowd = crowd_of(requests, riders, travel)
    compiled = engine()
    graph = first_graph(compiled, crowd, nearest)
    return answered(crowd, *solved(compiled, crowd, graph, rounds=rounds))


def generated(requests: int, riders: int, seed: int) -> tuple[list[Request], list[Rider]]:
    """Requests and riders on a square of 30 km, half of them in six towns; who must be served."""
    draw = Random(seed)
    towns = [(draw.uniform(4e3, 26e3), draw.uniform(4e3, 26e3)) for _ in range(6)]

    def place() -> tuple[float, float]:
        if draw.random() < 0.5:
            return draw.uniform(0, 30e3), draw.uniform(0, 30e3)
        x, y = draw.choice(towns)
        return draw.gauss(x, 1500), draw.gauss(y, 1500)

    return (
        [Request(f"j{number:06}", place()) for number in range(requests)],
        [Rider(f"r{number:06}", place()) for number in range(riders)],
    )


def demonstration(jobs: int, riders: int, k: int, seed: int) -> dict[str, Any]:
    """How many pairs at what cost a generated problem of this size ends with, and how fast.

    `seconds_candidates`: from places in arrays to the graph; `seconds_assign`: from there to the
    assignment that is proven to be the cheapest of all.
    """
    _check_sizes(range(jobs), range(riders), k, 0)
    crowd = crowd_of(*generated(jobs, riders, seed), Travel(geometry=Geometry.METRES))
    compiled = engine()
    began = time.perf_counter()
    graph = first_graph(compiled, crowd, k)
    between = time.perf_counter()
    graph, solution = solved(compiled, crowd, graph, rounds=20)
    ended = time.perf_counter()
    found = answered(crowd, graph, solution)
    return {
        "pairs": len(found.pairs),
        "cost": round(found.cost, 3),
        "seconds_candidates": round(between - began, 6),
        "seconds_assign": round(ended - between, 6),
    }


def _check_sizes(
    requests: Sequence[object], riders: Sequence[object], nearest: int, rounds: int
) -> None:
    if len(requests) > REQUESTS_MAX or len(riders) > RIDERS_MAX:
        raise ValueError(
            f"{len(requests)} requests and {len(riders)} riders are too many:"
            f" at most {REQUESTS_MAX} and {RIDERS_MAX}"
        )
    if type(nearest) is not int or not 1 <= nearest <= NEAREST_MAX:
        raise ValueError(f"the nearest must be 1 to {NEAREST_MAX}, not {nearest!r}")
    if type(rounds) is not int or not 0 <= rounds <= ROUNDS_MAX:
        raise ValueError(f"the rounds must be 0 to {ROUNDS_MAX}, not {rounds!r}")
    if (len(requests) + len(riders)) * min(nearest, len(riders)) > EDGES_MAX:
        raise ValueError(
            f"{len(requests)} requests with {nearest} candidates each are too many:"
            f" at most {EDGES_MAX} pairs"
        )

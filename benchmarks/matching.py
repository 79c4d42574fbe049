"""Matching from places to pairs, against scipy's dense and sparse assignment on the same problem.

All in one process and one thread, turn about, the fastest of a few runs each. Costs are checked
against the dense optimum, which knows all pairs. scipy is given arrays and gives arrays; so there
are two figures of ours, from arrays to arrays, and from objects with names to pairs with names.
"""

from __future__ import annotations

import subprocess
import sys
import time
from math import inf
from typing import TYPE_CHECKING, Any

import numpy as np
from gancang_planner.match import Geometry, Matching, Travel, generated, match
from gancang_planner.match_crowd import crowd_of
from gancang_planner.match_graph import engine, first_graph, solved
from scipy.optimize import linear_sum_assignment  # type: ignore[import-untyped]
from scipy.sparse import csr_array  # type: ignore[import-untyped]
from scipy.sparse.csgraph import min_weight_full_bipartite_matching  # type: ignore[import-untyped]
from scipy.spatial.distance import cdist  # type: ignore[import-untyped]

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from gancang_planner.match_graph import Graph

K, SEED, RUNS = 20, 7, 7
SPEED_MPS = 10.0
TRAVEL = Travel(speed_mps=SPEED_MPS, geometry=Geometry.METRES)
SMALL, LARGE, HUGE = (5_000, 2_000), (20_000, 5_000), (50_000, 20_000)
BALANCED = (3_000, 3_000)
MIB = 2**20


def run() -> Iterator[dict[str, Any]]:
    """Seconds, ratios to scipy, ratios of cost to the dense optimum, memory."""
    yield _against_dense(*SMALL)
    yield _against_dense(*BALANCED)
    yield _against_sparse(*SMALL)
    yield _against_sparse(*BALANCED)
    for size in (LARGE, HUGE):
        yield _in_a_child(*size)


def _against_dense(jobs: int, riders: int) -> dict[str, Any]:
    requests, there = generated(jobs, riders, SEED)
    places = [np.array([each.place for each in some]) for some in (requests, there)]

    def dense() -> float:
        table = cdist(*places) / SPEED_MPS
        rows, columns = linear_sum_assignment(table)
        return float(table[rows, columns].sum())

    crowd = crowd_of(requests, there, TRAVEL)

    def arrays() -> Any:
        return solved(engine(), crowd, first_graph(engine(), crowd, K), rounds=20)

    def named() -> Matching:
        return match(requests, there, TRAVEL, nearest=K)

    def candidates_only() -> Matching:
        return match(requests, there, TRAVEL, nearest=K, rounds=0)

    (dense_s, optimum), (ours_s, _), (named_s, found), (fast_s, fast) = _turn_about(
        dense, arrays, named, candidates_only
    )
    assert found.is_proven
    # Fewer pairs would be a cheaper matching, and no better one.
    assert len(found.pairs) == min(jobs, riders)
    return {
        "what": f"match {jobs} x {riders}, places to pairs, against scipy's dense assignment",
        "told": f"{dense_s / ours_s:.1f}x ({ours_s * 1000:.1f} ms, {dense_s * 1000:.1f} ms),"
        f" with names {dense_s / named_s:.1f}x; cost {found.cost / optimum:.6f}; the first"
        f" candidates alone: {len(fast.pairs)} pairs, cost {fast.cost / optimum:.6f}",
        "seconds": [round(each, 5) for each in (ours_s, dense_s, named_s, fast_s)],
        "ratio": round(dense_s / ours_s, 2),
        "cost_ratio": found.cost / optimum,
        "pairs": [len(found.pairs), len(fast.pairs)],
    }


def _against_sparse(jobs: int, riders: int) -> dict[str, Any]:
    """Both on the graph of the first candidates, in arrays, as each wants them."""
    crowd = crowd_of(*generated(jobs, riders, SEED), TRAVEL)
    compiled = engine()
    graph = first_graph(compiled, crowd, K)
    leave, seats = np.full(jobs, inf), np.ones(riders, np.int32)

    def ours() -> Any:
        return compiled.match_assign(graph.first, graph.rider, graph.seconds, leave, seats)[0]

    table = _for_scipy(graph, jobs, riders)

    def sparse() -> Any:
        return min_weight_full_bipartite_matching(table)

    (ours_s, rider_of), (sparse_s, (rows, columns)) = _turn_about(ours, sparse)
    owners = graph.owners()
    cost = float(graph.seconds[graph.rider == rider_of[owners]].sum())
    costs = np.asarray(table[rows, columns]).ravel()
    real = columns < max(jobs, riders)
    assert int(real.sum()) == int((rider_of >= 0).sum())
    assert abs(cost - float(costs[real].sum())) < 1e-3
    return {
        "what": f"assign {jobs} x {riders}, {len(graph.rider)} candidates, against scipy's sparse",
        "told": f"{sparse_s / ours_s:.1f}x ({ours_s * 1000:.2f} ms, {sparse_s * 1000:.2f} ms),"
        f" the same cost, {int(real.sum())} pairs",
        "seconds": [round(ours_s, 6), round(sparse_s, 6)],
        "ratio": round(sparse_s / ours_s, 2),
    }


def _for_scipy(graph: Graph, jobs: int, riders: int) -> Any:
    """Rows are the fewer side, as scipy wants them.

    As many jobs as riders: each row may also stay alone, at a price above all. Without that, scipy
    first looks for minutes whether a full matching exists, and refuses if none does.
    """
    plain = csr_array((graph.seconds, graph.rider, graph.first), shape=(jobs, riders))
    if riders < jobs:
        plain = csr_array(plain.T)
    if jobs != riders:
        return plain
    rows, columns = plain.shape
    alone = np.arange(rows)
    dear = csr_array((np.full(rows, 1e7), (alone, columns + alone)), (rows, columns + rows))
    wider = csr_array((plain.data, plain.indices, plain.indptr), (rows, columns + rows))
    return csr_array(wider + dear)


def _turn_about(*works: Callable[[], Any]) -> list[tuple[float, Any]]:
    """The fastest run of each, and what it answered."""
    best = [inf] * len(works)
    answers: list[Any] = [None] * len(works)
    for _ in range(RUNS):
        for number, work in enumerate(works):
            began = time.perf_counter()
            answers[number] = work()
            best[number] = min(best[number], time.perf_counter() - began)
    return list(zip(best, answers, strict=True))


CHILD = """
import re, sys, time
from pathlib import Path
from gancang_planner.match import Geometry, Travel, generated, match
requests, riders = generated(int(sys.argv[1]), int(sys.argv[2]), int(sys.argv[3]))
travel = Travel(speed_mps=10.0, geometry=Geometry.METRES)
began = time.perf_counter()
found = match(requests, riders, travel, nearest=int(sys.argv[4]))
took_s = time.perf_counter() - began
# Not ru_maxrss, which begins with what the parent had.
peak_kib = re.search(r"VmHWM:\\s+(\\d+)", Path("/proc/self/status").read_text())[1]
print(took_s, peak_kib, len(found.pairs), found.is_proven)
"""


def _in_a_child(jobs: int, riders: int) -> dict[str, Any]:
    asked = [sys.executable, "-c", CHILD, *map(str, (jobs, riders, SEED, K))]
    told = subprocess.run(asked, capture_output=True, text=True, check=True).stdout.split()
    took_s, peak_mib = float(told[0]), int(told[1]) * 1024 / MIB
    return {
        "what": f"match {jobs} x {riders}, places to pairs, in a process of its own",
        "told": f"{took_s * 1000:.0f} ms, peak {peak_mib:.0f} MiB, {told[2]} pairs,"
        f" proven: {told[3]}",
        "seconds": round(took_s, 4),
        "peak_mib": round(peak_mib),
        "pairs": int(told[2]),
    }

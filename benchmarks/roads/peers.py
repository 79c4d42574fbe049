"""What a Python user would pick for times between places on a graph."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np
from gancang_roads.osm import read
from gancang_roads.profiles import profile
from gancang_roads.segments import lengths_m

if TYPE_CHECKING:
    from pathlib import Path

    from gancang_roads.arrays import Ints

Answers = Callable[["Ints", "Ints"], Any]
"""Centiseconds from sources to targets, infinite where there is no way."""


@dataclass(frozen=True, slots=True)
class Problem:
    """A graph as arrays. x, y: degrees * 1e7."""

    nodes: int
    tail: Ints
    head: Ints
    cs: Ints
    x: Ints
    y: Ints

    def shortest(self) -> tuple[Ints, Ints, Ints]:
        """Each pair of neighbours once, with its least cost."""
        order = np.lexsort((self.cs, self.head, self.tail))
        tail, head, cs = self.tail[order], self.head[order], self.cs[order]
        is_first = np.append(True, (np.diff(tail) != 0) | (np.diff(head) != 0))
        return tail[is_first], head[is_first], cs[is_first]


def with_scipy(problem: Problem) -> tuple[Answers, int]:
    """scipy.sparse.csgraph; a quarter of the sources, since it tells all targets."""
    from scipy.sparse import csr_array  # type: ignore[import-untyped]  # noqa: PLC0415 - may be missing
    from scipy.sparse.csgraph import dijkstra  # type: ignore[import-untyped]  # noqa: PLC0415

    tail, head, cs = problem.shortest()
    matrix = csr_array((cs.astype(float), (tail, head)), shape=(problem.nodes,) * 2)
    return lambda sources, targets: dijkstra(matrix, indices=sources)[:, targets], 4


def with_igraph(problem: Problem) -> tuple[Answers, int]:
    """igraph's C core; a quarter of the sources."""
    import igraph  # noqa: PLC0415

    tail, head, cs = problem.shortest()
    edges = np.stack([tail, head], axis=1)
    graph = igraph.Graph(n=problem.nodes, edges=edges.tolist(), directed=True)
    weights = cs.tolist()
    return lambda a, b: graph.distances(a.tolist(), b.tolist(), weights=weights), 4


def with_networkx(problem: Problem) -> tuple[Answers, int]:
    """networkx, one source after the other; a fiftieth of them."""
    import networkx  # noqa: PLC0415

    graph = networkx.DiGraph()
    graph.add_nodes_from(range(problem.nodes))
    tail, head, cs = (column.tolist() for column in problem.shortest())
    graph.add_weighted_edges_from(zip(tail, head, cs, strict=True))

    def answers(sources: Ints, targets: Ints) -> list[list[float]]:
        found = []
        for source in sources.tolist():
            told = networkx.single_source_dijkstra_path_length(graph, source)
            found.append([told.get(target, np.inf) for target in targets.tolist()])
        return found

    return answers, 50


def with_pyroutingkit(problem: Problem) -> tuple[Answers, int]:
    """pyroutingkit's own table, RoutingKit in C++ like our order."""
    from pyroutingkit import CCH, INF_WEIGHT  # noqa: PLC0415

    tail, head, cs = (column.astype(np.uint32) for column in problem.shortest())
    lat, lon = ((side / 1e7).astype(np.float32) for side in (problem.y, problem.x))
    engine = CCH()
    engine.build_topology(tail, head, lat, lon, node_count=problem.nodes)
    engine.customize_weights(cs)

    def answers(sources: Ints, targets: Ints) -> Any:
        told = engine.distances_many_to_many(sources.astype(np.uint32), targets.astype(np.uint32))
        return np.where(told < INF_WEIGHT, told.astype(float), np.inf)

    return answers, 1


PEERS: dict[str, Callable[[Problem], tuple[Answers, int]]] = {
    "scipy Dijkstra": with_scipy,
    "igraph": with_igraph,
    "networkx": with_networkx,
    "pyroutingkit": with_pyroutingkit,
}


def raw_arcs(path: Path) -> Problem:
    """Every node of every way that a motorcycle may use: the graph of who cuts nothing."""
    extract = read(path)
    rider = profile("motorcycle")
    kmh = np.array([rider.kmh(tags) for tags in extract.tag_sets])
    way = np.repeat(np.arange(len(extract.way_ids)), np.diff(extract.start))
    at = np.flatnonzero(way[:-1] == way[1:])
    metres = lengths_m(extract.x, extract.y)[at]
    _, of = np.unique(extract.refs, return_inverse=True)
    tails, heads, costs = [], [], []
    for column, (one, other) in enumerate(((at, at + 1), (at + 1, at))):
        speed = kmh[extract.way_tags[way[at]], column]
        is_open = speed > 0
        tails.append(of[one[is_open]])
        heads.append(of[other[is_open]])
        costs.append(np.maximum(np.rint(metres[is_open] * 360 / speed[is_open]), 1))
    used, ends = np.unique(np.concatenate([*tails, *heads]), return_inverse=True)
    tail, head = np.split(ends, 2)
    cs = np.concatenate(costs).astype(np.int64)
    nowhere = np.zeros(len(used), np.int64)
    return Problem(len(used), tail, head, cs, nowhere, nowhere)

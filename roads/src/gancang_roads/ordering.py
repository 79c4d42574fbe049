"""In which order nodes are contracted: dead ends and bends first, then by nested dissection."""

from __future__ import annotations

import numpy as np

from gancang_roads.arrays import Ints, Small
from gancang_roads.engine import routingkit
from gancang_roads.graph import Graph

ROUNDS = 12
SEED = 7


def order_of(graph: Graph) -> Small:
    """Nodes in the order of contraction. Raises EngineMissing."""
    low, high = np.minimum(graph.tail, graph.head), np.maximum(graph.tail, graph.head)
    edges: Ints = np.unique(low.astype(np.int64) * graph.nodes + high)
    edges = edges[edges // graph.nodes != edges % graph.nodes]
    peeled, edges = _peeled(graph.nodes, edges)
    is_core = np.ones(graph.nodes, bool)
    is_core[peeled] = False
    core = np.flatnonzero(is_core)
    number = np.cumsum(is_core) - 1
    tails, heads = number[edges // graph.nodes], number[edges % graph.nodes]
    inner = _dissected(tails, heads, graph.x[core], graph.y[core])
    return np.append(peeled, core[inner]).astype(np.int32)


def _peeled(count: int, edges: Ints) -> tuple[Ints, Ints]:
    """Nodes of at most two neighbours, round by round no two that touch; the edges that remain.

    Whoever had two neighbours leaves an edge between them. Costs nothing in the hierarchy, and
    spares the dissection half its work.
    """
    lot = np.random.default_rng(SEED).permutation(count)
    taken: list[Ints] = []
    is_left = np.ones(count, bool)
    for _ in range(ROUNDS):
        one, other = edges // count, edges % count
        degree = np.bincount(one, minlength=count) + np.bincount(other, minlength=count)
        is_slight = is_left & (degree <= 2)
        both = is_slight[one] & is_slight[other]
        loser = np.where(lot[one[both]] < lot[other[both]], one[both], other[both])
        is_slight[loser] = False
        going = np.flatnonzero(is_slight)
        if len(going) * 50 < count:
            break
        taken.append(going)
        is_left[going] = False
        edges = _bridged(count, edges, is_slight)
    return np.concatenate([*taken, np.empty(0, np.int64)]), edges


def _bridged(count: int, edges: Ints, is_going: np.typing.NDArray[np.bool_]) -> Ints:
    """The edges without some nodes, whose pairs of neighbours now touch."""
    one, other = edges // count, edges % count
    stays = ~is_going[one] & ~is_going[other]
    middle = np.where(is_going[one], one, other)[~stays]
    outer = np.where(is_going[one], other, one)[~stays]
    order = np.lexsort((outer, middle))
    middle, outer = middle[order], outer[order]
    pairs = np.flatnonzero(middle[:-1] == middle[1:])
    bridges = outer[pairs] * count + outer[pairs + 1]
    return np.unique(np.append(edges[stays], bridges))


def _dissected(tails: Ints, heads: Ints, x: Small, y: Small) -> Small:
    if not len(x):
        return np.empty(0, np.int32)
    lat, lon = (y / 1e7).tolist(), (x / 1e7).tolist()
    # The engine wants each edge in both directions.
    there, back = np.append(tails, heads).tolist(), np.append(heads, tails).tolist()
    return np.array(routingkit().compute_order_inertial(len(x), there, back, lat, lon), np.int32)

"""Dijkstra's algorithm as it stands in the textbooks, to hold the hierarchy to."""

from __future__ import annotations

from heapq import heappop, heappush
from typing import TYPE_CHECKING, TypeVar

from gancang_roads.hierarchy import INFINITE

if TYPE_CHECKING:
    from collections.abc import Callable, Hashable, Iterable

    from gancang_roads.network import Roads

Node = TypeVar("Node", bound="Hashable")


def dijkstra(
    starts: Iterable[tuple[Node, int]], after: Callable[[Node], Iterable[tuple[Node, int]]]
) -> dict[Node, int]:
    """The least cost of every node that is reached."""
    done: dict[Node, int] = {}
    queue: list[tuple[int, int, Node]] = []
    for number, (node, cost) in enumerate(starts):
        heappush(queue, (cost, number, node))
    number = len(queue)
    while queue:
        cost, _, node = heappop(queue)
        if node in done:
            continue
        done[node] = cost
        for other, more in after(node):
            if other not in done:
                number += 1
                heappush(queue, (cost + more, number, other))
    return done


def neighbours(roads: Roads) -> Callable[[int], list[tuple[int, int]]]:
    """The arcs out of each node, as costs have them."""
    out: list[list[tuple[int, int]]] = [[] for _ in range(roads.graph.nodes)]
    arcs = zip(
        roads.graph.tail.tolist(),
        roads.graph.head.tolist(),
        roads.costs.arcs.tolist(),
        strict=True,
    )
    for tail, head, cost in arcs:
        if cost < INFINITE:
            out[tail].append((head, cost))
    return out.__getitem__

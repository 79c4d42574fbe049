"""The contraction hierarchy, whose form knows no costs and whose costs are filled in afterwards.

Customizable contraction hierarchies: Dibbelt, Strasser, Wagner, "Customizable Contraction
Hierarchies", ACM JEA 21, 2016. Nodes are numbered by rank here. Every node's upper neighbours
are its ancestors in the elimination tree, so one pass over the levels of that tree is a search.
"""

from __future__ import annotations

from array import array
from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING

import numpy as np

from gancang_roads.arrays import Ints, Small, spans
from gancang_roads.graph import Graph

if TYPE_CHECKING:
    from collections.abc import Iterator

INFINITE = np.int64(1) << 60
"""No way. Two of them still fit into an int64."""
TRIANGLES_AT_ONCE = 4_000_000


@dataclass(frozen=True)
class Hierarchy:
    """Rank r has the upper neighbours heads[first[r]:first[r + 1]], ascending: its edges upwards.

    rank: of each node. slot: the edge that each arc of the graph belongs to; -1 for a loop.
    is_up: whether that arc leads upwards.
    """

    rank: Small
    first: Small
    heads: Small
    slot: Small
    is_up: Small

    @property
    def nodes(self) -> int:
        """How many."""
        return len(self.rank)

    @cached_property
    def parent(self) -> Small:
        """The lowest upper neighbour of each rank; -1 at the top."""
        degree = np.diff(self.first)
        at = np.minimum(self.first[:-1], max(len(self.heads) - 1, 0))
        if not len(self.heads):
            return np.full(self.nodes, -1, np.int32)
        return np.where(degree > 0, self.heads[at], -1).astype(np.int32)

    @cached_property
    def depth(self) -> Small:
        """How many ancestors each rank has."""
        depth = array("i", [0]) * self.nodes
        parents = self.parent.tolist()
        for node in range(self.nodes - 1, -1, -1):
            if parents[node] >= 0:
                depth[node] = depth[parents[node]] + 1
        return np.array(depth, np.int32)

    @cached_property
    def levels(self) -> list[Small]:
        """Ranks by their distance from the leaves: those of one level do not touch."""
        level = array("i", [0]) * self.nodes
        for node, above in enumerate(self.parent.tolist()):
            if above >= 0 and level[above] <= level[node]:
                level[above] = level[node] + 1
        told = np.array(level, np.int32)
        order = np.argsort(told, kind="stable").astype(np.int32)
        return np.split(order, np.flatnonzero(np.diff(told[order])) + 1)

    def customised(self, costs: Ints) -> tuple[Ints, Ints]:
        """The cost of each edge upwards and downwards, with all ways round by lower nodes."""
        up, down = (np.full(len(self.heads), INFINITE) for _ in range(2))
        is_up, is_down = self.is_up == 1, (self.is_up == 0) & (self.slot >= 0)
        np.minimum.at(up, self.slot[is_up], costs[is_up])
        np.minimum.at(down, self.slot[is_down], costs[is_down])
        for low, high, across in self._triangles():
            np.minimum.at(up, across, down[low] + up[high])
            np.minimum.at(down, across, down[high] + up[low])
        np.minimum(up, INFINITE, out=up)
        np.minimum(down, INFINITE, out=down)
        return up, down

    def _triangles(self) -> Iterator[tuple[Small, Small, Small]]:
        """Lower triangles level by level: kept for the next time if they are few."""
        return iter(self._kept_triangles) if self._are_few else self._made_triangles()

    @cached_property
    def _are_few(self) -> bool:
        degree = np.diff(self.first).astype(np.int64)
        return int((degree * (degree - 1) // 2).sum()) <= TRIANGLES_AT_ONCE

    @cached_property
    def _kept_triangles(self) -> list[tuple[Small, Small, Small]]:
        return list(self._made_triangles())

    def _made_triangles(self) -> Iterator[tuple[Small, Small, Small]]:
        degree = np.diff(self.first)
        tails = np.repeat(np.arange(self.nodes), degree)
        # heads + tails * nodes: ascending, so that an edge is found by its ends.
        ends = tails * self.nodes + self.heads
        for level in self.levels:
            for nodes in _portions(level, degree):
                edges = np.repeat(self.first[nodes], degree[nodes]) + spans(degree[nodes])
                left = np.repeat(degree[nodes], degree[nodes]) - 1 - spans(degree[nodes])
                low = np.repeat(edges, left)
                high = low + 1 + spans(left)
                sought = self.heads[low].astype(np.int64) * self.nodes + self.heads[high]
                if len(low):
                    across = np.searchsorted(ends, sought)
                    yield low.astype(np.int32), high.astype(np.int32), across.astype(np.int32)


def _portions(level: Small, degree: Small) -> Iterator[Small]:
    """A level cut so that no portion has too many triangles for the memory."""
    triangles = np.cumsum(degree[level].astype(np.int64) ** 2 // 2)
    cuts = np.searchsorted(
        triangles, np.arange(TRIANGLES_AT_ONCE, triangles[-1], TRIANGLES_AT_ONCE)
    )
    yield from np.split(level, np.unique(cuts))


def contract(graph: Graph, order: Small) -> Hierarchy:
    """The hierarchy of a graph for this order."""
    count = graph.nodes
    rank = np.empty(count, np.int64)
    rank[order] = np.arange(count)
    tail, head = rank[graph.tail], rank[graph.head]
    low, high = np.minimum(tail, head), np.maximum(tail, head)
    is_loop = low == high
    keys = np.unique(low[~is_loop] * count + high[~is_loop])
    first, heads = _filled(count, keys)
    ends = np.repeat(np.arange(count), np.diff(first)) * count + heads
    slot = np.where(is_loop, -1, np.searchsorted(ends, low * count + high))
    return Hierarchy(
        rank=rank.astype(np.int32),
        first=first,
        heads=heads,
        slot=slot.astype(np.int32),
        is_up=(tail < head).astype(np.int32),
    )


def _filled(count: int, keys: Ints) -> tuple[Small, Small]:
    """The edges upwards after elimination: each node hands its upper neighbours to its parent."""
    cuts = array("i", np.searchsorted(keys // count, np.arange(count + 1)).tolist())
    above = array("i", (keys % count).tolist())
    handed: dict[int, set[int]] = {}
    first, heads = array("i", [0]), array("i")
    for node in range(count):
        upper = handed.pop(node, set())
        upper.update(above[cuts[node] : cuts[node + 1]])
        upper.discard(node)
        if upper:
            ascending = sorted(upper)
            heads.extend(ascending)
            parent = ascending[0]
            there = handed.get(parent)
            small, large = sorted((upper, there or set()), key=len)
            large |= small
            handed[parent] = large
        first.append(len(heads))
    return np.array(first, np.int32), np.array(heads, np.int32)

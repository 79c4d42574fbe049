"""Parts of a network between which no way leads."""

from __future__ import annotations

from array import array

import numpy as np

from gancang_roads.arrays import Ints, Small


def strong_parts(nodes: int, tail: Small, head: Small) -> Ints:
    """The part of each node, within which each leads to each; 0 is the largest.

    Tarjan, "Depth-first search and linear graph algorithms", SIAM J. Comput. 1(2), 1972.
    """
    order = np.argsort(tail, kind="stable")
    first = np.searchsorted(tail[order], np.arange(nodes + 1))
    walk = _Walk(array("q", first.tolist()), array("i", head[order].tolist()))
    for root in range(nodes):
        if not walk.index[root]:
            walk.from_root(root)
    return _largest_first(np.array(walk.part, np.int64), walk.found)


class _Walk:
    """A depth-first walk that keeps its own stack: roads are longer than Python's."""

    def __init__(self, first: array[int], heads: array[int]) -> None:
        nodes = len(first) - 1
        self._first, self._heads, self._cursor = first, heads, first[:]
        self.index, self._low = array("i", [0]) * nodes, array("i", [0]) * nodes
        self.part = array("i", [-1]) * nodes
        self.found = self._clock = 0
        self._open: list[int] = []

    def from_root(self, root: int) -> None:
        """Visit all that is reached from there."""
        path = [root]
        low = self._low
        while path:
            node = path[-1]
            if not self.index[node]:
                self._enter(node)
            if (other := self._next(node)) >= 0:
                if not self.index[other]:
                    path.append(other)
                elif self.part[other] < 0:
                    low[node] = min(low[node], self.index[other])
                continue
            path.pop()
            if path:
                low[path[-1]] = min(low[path[-1]], low[node])
            if low[node] == self.index[node]:
                self._close(node)

    def _enter(self, node: int) -> None:
        self._clock += 1
        self.index[node] = self._low[node] = self._clock
        self._open.append(node)

    def _next(self, node: int) -> int:
        at = self._cursor[node]
        if at == self._first[node + 1]:
            return -1
        self._cursor[node] = at + 1
        return self._heads[at]

    def _close(self, node: int) -> None:
        while (member := self._open.pop()) != node:
            self.part[member] = self.found
        self.part[node] = self.found
        self.found += 1


def _largest_first(part: Ints, count: int) -> Ints:
    sizes = np.bincount(part, minlength=count)
    place = np.empty(count, np.int64)
    place[np.argsort(-sizes, kind="stable")] = np.arange(count)
    return place[part]


def weak_parts(nodes: int, tail: Small, head: Small) -> Ints:
    """The part of each node if every road led both ways; 0 is the largest."""
    part: Ints = np.arange(nodes)
    while True:
        least = np.minimum(part[tail], part[head])
        shrunk = part.copy()
        np.minimum.at(shrunk, part[tail], least)
        np.minimum.at(shrunk, part[head], least)
        while not np.array_equal(jumped := shrunk[shrunk], shrunk):
            shrunk = jumped
        if np.array_equal(shrunk, part):
            _, dense = np.unique(part, return_inverse=True)
            return _largest_first(dense, int(dense.max(initial=-1)) + 1)
        part = shrunk

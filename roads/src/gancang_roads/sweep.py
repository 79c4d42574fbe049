"""All ways from many to many: one sweep up the elimination tree, one down, for all at once.

RPHAST (Delling, Goldberg, Nowatzyk, Werneck, 2011; Delling, Goldberg, Werneck, "Faster Batched
Shortest Paths in Road Networks", ATMOS 2011) on a customizable hierarchy. Each numpy operation
handles a whole level of nodes and a block of sources.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from gancang_roads.arrays import Ints, spans
from gancang_roads.hierarchy import INFINITE, Hierarchy

if TYPE_CHECKING:
    from collections.abc import Iterator

BLOCK = 128
"""Sources at once: what their distances take stays in the processor's cache."""


@dataclass(frozen=True, slots=True)
class Ends:
    """Where points touch the network: point `of` reaches `node` at `cost`. Ascending by `of`.

    side: along (0) or against (1) the segment that the point lies on.
    """

    of: Ints
    node: Ints
    cost: Ints
    points: int
    side: Ints | None = None


@dataclass(frozen=True, slots=True)
class _Level:
    """Nodes of one depth with their edges to nodes nearer the top, all as rows of the table.

    Nodes with more edges come first: the j-th edges of all nodes lie side by side, as a strip
    for the first so many nodes.
    """

    rows: Ints
    heads: Ints
    edges: Ints
    strips: list[tuple[int, int]]


def all_costs(hierarchy: Hierarchy, up: Ints, down: Ints, sources: Ends, targets: Ends) -> Ints:
    """The least cost of each pair, shape (sources, targets); INFINITE where no way leads."""
    plan = _Plan(hierarchy, down, targets)
    climb = _Climb(hierarchy, up, sources)
    found = np.empty((sources.points, targets.points), np.int64)
    for begin in range(0, sources.points, BLOCK):
        end = min(begin + BLOCK, sources.points)
        table = np.full((plan.size, end - begin), INFINITE)
        climb.fill(table, plan.row_of, begin, end)
        plan.sweep(table)
        found[begin:end] = plan.read(table).T
    return np.minimum(found, INFINITE)


def ancestors(hierarchy: Hierarchy, ranks: Ints) -> Ints:
    """The ranks and all above them, ascending."""
    is_marked = np.zeros(hierarchy.nodes, bool)
    parent, at = hierarchy.parent, np.unique(ranks)
    while len(at):
        is_marked[at] = True
        at = parent[at]
        at = np.unique(at[at >= 0])
        at = at[~is_marked[at]]
    return np.flatnonzero(is_marked)


class _Plan:
    """The way down to a fixed set of targets."""

    def __init__(self, hierarchy: Hierarchy, down: Ints, targets: Ends) -> None:
        ranks = hierarchy.rank[targets.node]
        chosen = ancestors(hierarchy, ranks)
        chosen = chosen[np.argsort(hierarchy.depth[chosen], kind="stable")]
        self.size = len(chosen)
        self.row_of = np.full(hierarchy.nodes, -1, np.int64)
        self.row_of[chosen] = np.arange(self.size)
        self._targets, self._target_rows = targets, self.row_of[ranks]
        self._cuts = np.searchsorted(targets.of, np.arange(targets.points))
        self._is_single = len(targets.of) == targets.points
        self._levels = list(self._made_levels(hierarchy, down, chosen))

    def _made_levels(self, hierarchy: Hierarchy, down: Ints, chosen: Ints) -> Iterator[_Level]:
        """All levels are sorted at once: there are many, and most are small."""
        counts = np.diff(hierarchy.first)[chosen]
        edges = np.repeat(hierarchy.first[chosen], counts) + spans(counts)
        is_open = down[edges] < INFINITE
        edges, owner = edges[is_open], np.repeat(np.arange(len(chosen)), counts)[is_open]
        depth = hierarchy.depth[chosen].astype(np.int64)
        counts = np.bincount(owner, minlength=len(chosen))
        rows = np.lexsort((-counts, depth))
        rows = rows[counts[rows] > 0]
        place = np.empty(len(chosen), np.int64)
        place[rows] = np.arange(len(rows))
        strip = spans(counts)
        order = np.lexsort((place[owner], strip, depth[owner]))
        edges, strip, level = edges[order], strip[order], depth[owner[order]]
        heads, costs = self.row_of[hierarchy.heads[edges]], down[edges][:, None]
        every = np.arange(1, int(depth.max(initial=0)) + 1)
        for nodes, some in zip(_runs(depth[rows], every), _runs(level, every), strict=True):
            if some.start < some.stop:
                widths = np.bincount(strip[some])
                begins = np.cumsum(widths) - widths
                strips = list(zip(begins.tolist(), widths.tolist(), strict=True))
                yield _Level(rows[nodes], heads[some], costs[some], strips)

    def sweep(self, table: Ints) -> None:
        """Carry the costs at the upper nodes down, level by level."""
        for level in self._levels:
            ways = table[level.heads]
            ways += level.edges
            best = table[level.rows]
            for begin, width in level.strips:
                top = best[:width]
                np.minimum(top, ways[begin : begin + width], out=top)
            table[level.rows] = best

    def read(self, table: Ints) -> Ints:
        """The cost at each target, shape (targets, block)."""
        at = table[self._target_rows]
        at += self._targets.cost[:, None]
        return at if self._is_single else np.minimum.reduceat(at, self._cuts, axis=0)


def _runs(ascending: Ints, values: Ints) -> Iterator[slice]:
    """Where each value stands."""
    begins, ends = (np.searchsorted(ascending, values, side) for side in ("left", "right"))
    return map(slice, begins.tolist(), ends.tolist())


class _Climb:
    """The way up from each source: costs at its ancestors, by how far up they are."""

    def __init__(self, hierarchy: Hierarchy, up: Ints, sources: Ends) -> None:
        self._sources = sources
        ranks, self._which = np.unique(hierarchy.rank[sources.node], return_inverse=True)
        depth = hierarchy.depth[ranks].astype(np.int64)
        height = int(depth.max(initial=0)) + 1
        # Column c of a chain is its ancestor at depth c; the rest is -1.
        self.chain = np.full((len(ranks), height), -1, np.int64)
        self.costs = np.full((len(ranks), height), INFINITE)
        lines, at = np.arange(len(ranks)), ranks
        while len(at):
            self.chain[lines, hierarchy.depth[at]] = at
            at = hierarchy.parent[at].astype(np.int64)
            lines, at = lines[at >= 0], at[at >= 0]
        self.costs[np.arange(len(ranks)), depth] = 0
        self._relax(hierarchy, up, height)

    def _relax(self, hierarchy: Hierarchy, up: Ints, height: int) -> None:
        degree = np.diff(hierarchy.first)
        for column in range(height - 1, 0, -1):
            lines = np.flatnonzero(self.chain[:, column] >= 0)
            # Sources below the same ancestor share its edges.
            nodes = self.chain[lines, column]
            counts = degree[nodes]
            owners = np.repeat(lines, counts)
            edges = np.repeat(hierarchy.first[nodes], counts) + spans(counts)
            columns = hierarchy.depth[hierarchy.heads[edges]]
            reached = self.costs[owners, column] + up[edges]
            flat = owners * height + columns
            self.costs.reshape(-1)[flat] = np.minimum(self.costs.reshape(-1)[flat], reached)

    def fill(self, table: Ints, row_of: Ints, begin: int, end: int) -> None:
        """Write the costs of sources begin to end into the rows of the table that they reach."""
        which = np.flatnonzero((self._sources.of >= begin) & (self._sources.of < end))
        chain = self.chain[self._which[which]]
        costs = self.costs[self._which[which]] + self._sources.cost[which, None]
        rows = np.where(chain >= 0, row_of[chain], -1)
        is_there = rows >= 0
        columns = np.broadcast_to((self._sources.of[which] - begin)[:, None], rows.shape)
        np.minimum.at(table, (rows[is_there], columns[is_there]), costs[is_there])

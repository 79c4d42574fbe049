"""Times and distances from many places to many."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np

from gancang_roads.arrays import UNREACHABLE, Floats, Ints, Small, spans
from gancang_roads.errors import RoadsError
from gancang_roads.graph import COST_SHIFT
from gancang_roads.hierarchy import INFINITE
from gancang_roads.snapping import Snaps
from gancang_roads.sweep import Ends, all_costs

if TYPE_CHECKING:
    from gancang_roads.network import Roads

PAIRS_MAX = 100_000_000
"""So many at once take some 4 GB while they are made."""
DM_MASK = (1 << COST_SHIFT) - 1


@dataclass(frozen=True, slots=True)
class RoadMatrix:
    """Whole seconds and metres of the quickest ways, shape (sources, targets), int32.

    UNREACHABLE where no way leads. source: what the figures come from.
    """

    seconds: Small
    metres: Small
    source: str
    is_estimate: bool = False


def matrix(roads: Roads, sources: Any, targets: Any) -> RoadMatrix:
    """See Roads.matrix."""
    if len(sources) * len(targets) > PAIRS_MAX:
        told = (
            f"{len(sources):,} x {len(targets):,} points are more than {PAIRS_MAX:,} pairs at once"
        )
        raise RoadsError(f"{told}: ask for them in parts")
    begin = roads.snapped(sources, what="source")
    end = begin if targets is sources else roads.snapped(targets, what="target")
    costs = snap_costs(roads, begin, end)
    is_open = costs < INFINITE
    seconds = np.where(is_open, ((costs >> COST_SHIFT) + 50) // 100, UNREACHABLE)
    metres = np.where(is_open, ((costs & DM_MASK) + 5) // 10, UNREACHABLE)
    return RoadMatrix(seconds.astype(np.int32), metres.astype(np.int32), roads.source)


def snap_costs(roads: Roads, begin: Snaps, end: Snaps) -> Ints:
    """The least costs between places on the network; INFINITE where no way leads."""
    if not len(begin) or not len(end):
        return np.empty((len(begin), len(end)), np.int64)
    costs = all_costs(
        roads.hierarchy, roads.costs.up, roads.costs.down, starts(roads, begin), goals(roads, end)
    )
    rows, columns = np.nonzero(begin.segment[:, None] == end.segment[None, :])
    if len(rows):
        direct = along(roads, begin, end, rows, columns)
        costs[rows, columns] = np.minimum(costs[rows, columns], direct)
    return costs


def starts(roads: Roads, snaps: Snaps) -> Ends:
    """The crossings that one reaches first, with the cost of the rest of the segment."""
    first = roads.graph.first_arc
    arcs = 2 * snaps.segment[:, None] + np.array([0, 1])
    # Copies of an arc come after it, and nobody starts in the middle of a forbidden turn.
    is_there = first[arcs] < first[arcs + 1]
    of, side = np.nonzero(is_there)
    rows = first[arcs[of, side]]
    share = np.where(side == 0, 1 - snaps.fraction[of], snaps.fraction[of])
    costs = _part(roads, rows, share) + off_road(roads, snaps)[of]
    return Ends(
        of, roads.graph.head[rows].astype(np.int64), np.minimum(costs, INFINITE), len(snaps), side
    )


def goals(roads: Roads, snaps: Snaps) -> Ends:
    """The crossings that one comes from last, with the cost of the rest of the segment."""
    first = roads.graph.first_arc
    arcs = (2 * snaps.segment[:, None] + np.array([0, 1])).ravel()
    counts = (first[arcs + 1] - first[arcs]).astype(np.int64)
    rows = np.repeat(first[arcs], counts) + spans(counts)
    which = np.repeat(np.arange(len(arcs)), counts)
    of, side = which >> 1, which & 1
    share = np.where(side == 0, snaps.fraction[of], 1 - snaps.fraction[of])
    costs = _part(roads, rows, share) + off_road(roads, snaps)[of]
    return Ends(
        of, roads.graph.tail[rows].astype(np.int64), np.minimum(costs, INFINITE), len(snaps), side
    )


def _part(roads: Roads, rows: Ints, share: Floats) -> Ints:
    """The cost of a share of each arc."""
    costs = roads.costs.arcs[rows]
    cs = np.rint((costs >> COST_SHIFT) * share).astype(np.int64)
    dm = np.rint((costs & DM_MASK) * share).astype(np.int64)
    return np.where(costs < INFINITE, (cs << COST_SHIFT) | dm, INFINITE)


def off_road(roads: Roads, snaps: Snaps) -> Ints:
    """The cost of the stretch between each point and the road."""
    cs = np.rint(snaps.off_m * 360 / roads.profile.off_road_kmh).astype(np.int64)
    return (cs << COST_SHIFT) | np.rint(snaps.off_m * 10).astype(np.int64)


def along(roads: Roads, begin: Snaps, end: Snaps, rows: Ints, columns: Ints) -> Ints:
    """The costs of ways that stay on one segment; INFINITE against a one-way street."""
    ahead = end.fraction[columns] - begin.fraction[rows]
    first = roads.graph.first_arc
    found = np.full(len(rows), INFINITE)
    for side, share in ((0, ahead), (1, -ahead)):
        arcs = 2 * begin.segment[rows] + side
        at = np.flatnonzero((first[arcs] < first[arcs + 1]) & (share >= 0))
        found[at] = np.minimum(found[at], _part(roads, first[arcs[at]], share[at]))
    both = off_road(roads, begin)[rows] + off_road(roads, end)[columns]
    # Whoever stays at a door does not walk to the road and back.
    stays = (ahead == 0) & (begin.off_m[rows] == end.off_m[columns])
    stays &= begin.side[rows] == end.side[columns]
    return np.where(stays, 0, np.where(found < INFINITE, found + both, INFINITE))

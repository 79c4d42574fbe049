"""One way from door to door: its line, its turns, and other ways for whoever knows better."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

import numpy as np

from gancang_roads import engine, lines
from gancang_roads.arrays import Ints
from gancang_roads.directions import Step, steps
from gancang_roads.errors import NoWay
from gancang_roads.graph import COST_SHIFT
from gancang_roads.hierarchy import INFINITE
from gancang_roads.lines import Stretch
from gancang_roads.matrix import DM_MASK, along, goals, starts
from gancang_roads.snapping import Snaps

if TYPE_CHECKING:
    from gancang_roads.network import Network, Roads

SLOWER_AT_MOST = 1.4
ALIKE_AT_MOST = 0.7
PENALTY = 1.5
TRIES = 8


@dataclass(frozen=True)
class Route:
    """Whole seconds and metres, the line as (lat, lon), and what is needed to tell the turns.

    ends: the parts of the first and the last segment; arcs: what lies between. side: on which side
    of the road the target lies at the end: 1 left, -1 right, 0 neither.
    """

    seconds: int
    metres: int
    line: list[tuple[float, float]]
    source: str
    ends: tuple[Stretch, ...] = field(repr=False)
    arcs: Ints = field(repr=False, compare=False)
    side: int = field(repr=False)
    network: Network = field(repr=False, compare=False)
    is_estimate: bool = False

    @property
    def stretches(self) -> list[Stretch]:
        """All parts of segments, as they are driven one after the other."""
        between = [Stretch(n >> 1, float(n & 1), float(1 - (n & 1))) for n in self.arcs.tolist()]
        return [s for s in (self.ends[0], *between, *self.ends[1:]) if s.begin != s.end]

    def steps(self, language: str = "id") -> list[Step]:
        """The turns in words, in Indonesian (`id`) or English (`en`)."""
        return steps(self.network, self.stretches, self.side, language)


def route(roads: Roads, source: Any, target: Any) -> Route:
    """See Roads.route."""
    snaps = roads.snapped([source, target])
    return _route(roads, snaps, roads.metric)


def _route(roads: Roads, snaps: Snaps, metric: Any) -> Route:
    begin, end = _row(snaps, 0), _row(snaps, 1)
    first, last = starts(roads, begin), goals(roads, end)
    found = engine.path(metric, _pairs(first), _pairs(last))
    direct = _direct(roads, begin, end)
    if direct is not None and (found is None or direct[0] >> COST_SHIFT <= found[0]):
        return _told(roads, snaps, (direct[1],), np.empty(0, np.int64), direct[0])
    if found is None:
        raise NoWay(
            f"no way leads there for the traveller {roads.profile.name}: "
            "both points lie on roads that are not joined"
        )
    _, nodes, arcs = found
    rows = np.array(arcs, np.int64)
    into, out = _end_at(first, nodes[0]), _end_at(last, nodes[-1])
    assert first.side is not None
    assert last.side is not None
    numbers = roads.graph.arc[rows]
    ends = (
        Stretch(int(begin.segment[0]), float(begin.fraction[0]), 1.0 - float(first.side[into])),
        Stretch(int(end.segment[0]), float(last.side[out]), float(end.fraction[0])),
    )
    cost = int(roads.costs.arcs[rows].sum() + first.cost[into] + last.cost[out])
    return _told(roads, snaps, ends, numbers, cost)


def _told(roads: Roads, snaps: Snaps, ends: tuple[Stretch, ...], arcs: Ints, cost: int) -> Route:
    network = roads.network
    pieces = [lines.part(network, stretch) for stretch in ends]
    if len(arcs):
        pieces.insert(1, lines.whole(network, arcs))
    side = int(snaps.side[1]) * (1 if ends[-1].begin <= ends[-1].end else -1)
    return Route(
        seconds=((cost >> COST_SHIFT) + 50) // 100,
        metres=((cost & DM_MASK) + 5) // 10,
        line=lines.joined(pieces),
        source=roads.source,
        ends=ends,
        arcs=arcs,
        side=side,
        network=network,
    )


def _row(snaps: Snaps, row: int) -> Snaps:
    names = ("is_on", "segment", "fraction", "off_m", "side", "lat", "lon")
    return Snaps(*(getattr(snaps, name)[row : row + 1] for name in names))


def _pairs(ends: Any) -> list[tuple[int, int]]:
    is_open = ends.cost < INFINITE
    costs = (ends.cost[is_open] >> COST_SHIFT).tolist()
    return list(zip(ends.node[is_open].tolist(), costs, strict=True))


def _end_at(ends: Any, node: int) -> int:
    at = np.flatnonzero(ends.node == node)
    return int(at[np.argmin(ends.cost[at])])


def _direct(roads: Roads, begin: Snaps, end: Snaps) -> tuple[int, Stretch] | None:
    """The way along one and the same segment, if there is one."""
    if begin.segment[0] != end.segment[0]:
        return None
    cost = int(along(roads, begin, end, np.zeros(1, int), np.zeros(1, int))[0])
    stretch = Stretch(int(begin.segment[0]), float(begin.fraction[0]), float(end.fraction[0]))
    return (cost, stretch) if cost < INFINITE else None


def alternatives(roads: Roads, source: Any, target: Any, *, at_most: int) -> list[Route]:
    """Ways found by making those already found slower (the penalty method).

    Kept if at most 1.4 times slower than the quickest and at most 70 % on roads of those kept.
    """
    snaps = roads.snapped([source, target])
    found = [_route(roads, snaps, roads.metric)]
    cs = engine.centiseconds(roads.costs.arcs).astype(float)
    for _ in range(TRIES):
        if len(found) >= at_most:
            break
        used = np.array([s.segment for s in found[-1].stretches], np.int64)
        cs[np.isin(roads.graph.arc >> 1, used)] *= PENALTY
        metric = roads.engine.metric(np.minimum(cs, engine.CLOSED_CS).astype(np.int64))
        other = _route(roads, snaps, metric)
        if other.seconds > found[0].seconds * SLOWER_AT_MOST:
            break
        if max(_alike(other, kept) for kept in found) <= ALIKE_AT_MOST:
            found.append(other)
        else:
            cs[np.isin(roads.graph.arc >> 1, [s.segment for s in other.stretches])] *= PENALTY
    return sorted(found, key=lambda way: way.seconds)


def _alike(one: Route, other: Route) -> float:
    """The share of one way's length that the other also uses."""
    shared = {s.segment for s in other.stretches}
    lengths = [(s.segment, abs(s.end - s.begin) * _length(one.network, s)) for s in one.stretches]
    whole = sum(length for _, length in lengths)
    return sum(length for segment, length in lengths if segment in shared) / max(whole, 1e-9)


def _length(network: Network, stretch: Stretch) -> float:
    first, last = int(network.first[stretch.segment]), int(network.last[stretch.segment])
    x, y = network.x[first : last + 1].astype(float), network.y[first : last + 1].astype(float)
    scale = np.cos(np.radians(y[0] / 1e7))
    return float(np.hypot(np.diff(x) * scale, np.diff(y)).sum())

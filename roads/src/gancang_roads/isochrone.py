"""What is reached from a place within some time."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np

from gancang_roads.arrays import Floats, Ints, spans
from gancang_roads.graph import COST_SHIFT
from gancang_roads.hierarchy import INFINITE
from gancang_roads.matrix import starts
from gancang_roads.snapping import DEGREE_M
from gancang_roads.sweep import Ends, all_costs

if TYPE_CHECKING:
    from gancang_roads.network import Roads

CELL_M = 100.0
SAMPLE_M = 40.0

Ring = list[tuple[float, float]]


@dataclass(frozen=True, slots=True)
class Isochrone:
    """Roads reached, as squares of 100 m: their outline as closed rings of (lat, lon).

    Outer rings and holes alike: a point inside an odd number of rings is reached. nodes: how many
    crossings are reached.
    """

    within_s: int
    rings: list[Ring]
    area_km2: float
    nodes: int
    source: str


def isochrone(roads: Roads, source: Any, within_s: int) -> Isochrone:
    """See Roads.isochrone."""
    snap = roads.snapped([source])
    count = roads.graph.nodes
    everywhere = Ends(np.arange(count), np.arange(count), np.zeros(count, np.int64), count)
    costs = all_costs(
        roads.hierarchy, roads.costs.up, roads.costs.down, starts(roads, snap), everywhere
    )[0]
    cs = np.where(costs < INFINITE, costs >> COST_SHIFT, INFINITE)
    lat, lon = _samples(roads, cs, within_s * 100)
    lat, lon = np.append(lat, snap.lat), np.append(lon, snap.lon)
    cells, frame = _cells(lat, lon)
    area = len(cells) * (CELL_M / 1000) ** 2
    reached = int((cs <= within_s * 100).sum())
    return Isochrone(within_s, _rings(cells, frame), area, reached, roads.source)


def _samples(roads: Roads, cs: Ints, limit: int) -> tuple[Floats, Floats]:
    """Points along all arcs, as far as they are reached."""
    graph, network = roads.graph, roads.network
    begin = cs[graph.tail]
    takes = np.where(roads.costs.arcs < INFINITE, roads.costs.arcs >> COST_SHIFT, INFINITE)
    rows = np.flatnonzero((begin < limit) & (takes < INFINITE))
    share = np.minimum(1, (limit - begin[rows]) / takes[rows])
    number = graph.arc[rows].astype(np.int64)
    first = network.first[number >> 1].astype(np.int64)
    counts = network.last[number >> 1] - first
    pieces = np.repeat(first, counts) + spans(counts)
    # By share of the points of a segment, not of its metres: a square of 100 m forgives that.
    position = (spans(counts) + 0.5) / np.repeat(counts, counts)
    position = np.where(np.repeat(number & 1, counts) == 1, 1 - position, position)
    pieces = np.unique(
        pieces[position <= np.repeat(share, counts) + 0.5 / np.repeat(counts, counts)]
    )
    x, y = network.x, network.y
    run_x, run_y = x[pieces + 1] - x[pieces], y[pieces + 1] - y[pieces]
    longest = np.maximum(np.abs(run_x), np.abs(run_y)) / 1e7 * DEGREE_M
    steps = (longest / SAMPLE_M).astype(np.int64) + 2
    part = spans(steps) / np.repeat(steps - 1, steps)
    lat = (np.repeat(y[pieces], steps) + part * np.repeat(run_y, steps)) / 1e7
    lon = (np.repeat(x[pieces], steps) + part * np.repeat(run_x, steps)) / 1e7
    return lat, lon


def _cells(lat: Floats, lon: Floats) -> tuple[set[tuple[int, int]], tuple[float, ...]]:
    """The squares (row, column) in which there are points, and the frame they are counted in."""
    south, west = float(lat.min()), float(lon.min())
    step_lat = CELL_M / DEGREE_M
    step_lon = step_lat / float(np.cos(np.radians(south)))
    rows = ((lat - south) / step_lat).astype(np.int64)
    columns = ((lon - west) / step_lon).astype(np.int64)
    return set(zip(rows.tolist(), columns.tolist(), strict=True)), (south, west, step_lat, step_lon)


def _rings(cells: set[tuple[int, int]], frame: tuple[float, ...]) -> list[Ring]:
    """The outline of the squares: edges that have a square on their left only, chained."""
    follows: dict[tuple[int, int], list[tuple[int, int]]] = {}
    for row, column in cells:
        for here, there, beyond in (
            ((row, column), (row, column + 1), (row - 1, column)),
            ((row, column + 1), (row + 1, column + 1), (row, column + 1)),
            ((row + 1, column + 1), (row + 1, column), (row + 1, column)),
            ((row + 1, column), (row, column), (row, column - 1)),
        ):
            if beyond not in cells:
                follows.setdefault(here, []).append(there)
    south, west, step_lat, step_lon = frame
    rings = []
    while follows:
        corner = start = next(iter(follows))
        corners = [start]
        while corners[-1] != start or len(corners) == 1:
            corner = follows[corners[-1]].pop()
            if not follows[corners[-1]]:
                del follows[corners[-1]]
            corners.append(corner)
        rings.append(
            [(south + r * step_lat, west + c * step_lon) for r, c in _straightened(corners)]
        )
    return rings


def _straightened(corners: list[tuple[int, int]]) -> list[tuple[int, int]]:
    """Without corners in the middle of a straight line."""
    inner = [
        here
        for before, here, after in zip(corners, corners[1:], corners[2:], strict=False)
        if not (before[0] == here[0] == after[0] or before[1] == here[1] == after[1])
    ]
    return [corners[0], *inner, corners[0]]

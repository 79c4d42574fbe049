"""The same roads at another hour, or with some of them closed or slowed down."""

from __future__ import annotations

from dataclasses import dataclass
from itertools import pairwise
from math import inf
from typing import TYPE_CHECKING

import numpy as np

from gancang_roads.arrays import Flags, Floats, Ints
from gancang_roads.clip import inside
from gancang_roads.errors import RoadsError

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import date

    from gancang_roads.network import Network, Roads


@dataclass(frozen=True, slots=True)
class Closure:
    """An area in which roads are closed, or so many times slower, from a day to a day inclusive.

    ring: its corners as (lat, lon). why: volcano, flood, road works. decree: what orders it.
    """

    ring: tuple[tuple[float, float], ...]
    why: str
    begins: date | None = None
    ends: date | None = None
    decree: str = ""
    factor: float = inf

    def __post_init__(self) -> None:
        if len(self.ring) < 3:
            raise RoadsError("a closed area has three corners or more")
        if not self.factor >= 1:
            raise RoadsError(f"a closure makes no road quicker: {self.factor}")
        if self.begins and self.ends and self.begins > self.ends:
            raise RoadsError(f"the closure ends on {self.ends}, before it begins on {self.begins}")

    def holds(self, on: date) -> bool:
        """Whether it is in force on a day."""
        return (self.begins or on) <= on <= (self.ends or on)


def with_closures(roads: Roads, closures: Sequence[Closure], *, on: date) -> Roads:
    """See Roads.with_closures."""
    held = [closure for closure in closures if closure.holds(on)]
    if not held:
        return roads
    factors = np.ones(len(roads.network.first))
    for closure in held:
        at = segments_in(roads.network, closure.ring)
        factors[at] = np.maximum(factors[at], closure.factor)
    return roads.with_factors(factors, note=f", {len(held)} closed areas on {on.isoformat()}")


def at_hour(roads: Roads, hour: int) -> Roads:
    """See Roads.at_hour."""
    if not 0 <= hour <= 23:
        raise RoadsError(f"there is no hour {hour}; hours are 0 to 23")
    hours = roads.profile.hours
    classes = roads.network.told["classes"]
    by_class = [hours.get(name.removesuffix("_link"), ())[hour : hour + 1] for name in classes]
    each = np.array([told[0] if told else 1.0 for told in by_class])
    if (each == 1).all():
        return roads
    return roads.with_factors(each[roads.network.road_class], note=f", at {hour}:00")


def segments_in(network: Network, ring: Sequence[tuple[float, float]]) -> Ints:
    """The segments that lie in an area, in part at least."""
    corners: Floats = np.array([*ring, ring[0]])[:, ::-1]
    (west, south), (east, north) = (corners.min(axis=0) * 1e7, corners.max(axis=0) * 1e7)
    x, y = network.x, network.y
    touches = (np.maximum(x[:-1], x[1:]) >= west) & (np.minimum(x[:-1], x[1:]) <= east)
    touches &= (np.maximum(y[:-1], y[1:]) >= south) & (np.minimum(y[:-1], y[1:]) <= north)
    pieces = np.flatnonzero(touches)
    segment = np.searchsorted(network.first, pieces, "right") - 1
    is_road = pieces < network.last[segment]
    pieces, segment = pieces[is_road], segment[is_road]
    begin, end = (np.stack([x[at], y[at]], axis=1) / 1e7 for at in (pieces, pieces + 1))
    is_hit = inside((corners,), begin[:, 1], begin[:, 0]) | inside((corners,), end[:, 1], end[:, 0])
    for one, other in pairwise(corners):
        is_hit |= _cross(begin, end, one, other)
    return np.unique(segment[is_hit])


def _cross(begin: Floats, end: Floats, one: Floats, other: Floats) -> Flags:
    """Whether each line from begin to end crosses the line from one to the other."""

    def side(a: Floats, b: Floats, p: Floats) -> Floats:
        ab, ap = b - a, p - a
        turned: Floats = ab[..., 0] * ap[..., 1] - ab[..., 1] * ap[..., 0]
        return turned

    apart = side(begin, end, one) * side(begin, end, other) <= 0
    crossing: Flags = apart & (side(one, other, begin) * side(one, other, end) <= 0)
    return crossing

"""Which stretches of road a decree closes, and for how long. Pure."""

from __future__ import annotations

import re
from dataclasses import dataclass
from math import cos, pi, radians, sin
from typing import TYPE_CHECKING

import numpy as np
from gancang_roads import NoWay, OffTheMap
from gancang_roads.traffic import segments_in

from gancang.maps.rules import Why
from gancang.values import Refused

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import date, datetime

    from gancang_roads import Roads
    from gancang_roads.arrays import Ints

CIRCLE, AREA, WAY = "circle", "area", "way"
LEAST = {CIRCLE: 1, AREA: 2, WAY: 2}
MOST = {CIRCLE: 1, AREA: 200, WAY: 2}
CORNERS = 32
METRES_A_DEGREE = 111_195
NUMBER = r"-?\d{1,3}(?:[.,]\d+)?"
POINT = re.compile(rf"({NUMBER})\s*[;,\s]\s*({NUMBER})")

Points = tuple[tuple[float, float], ...]


@dataclass(frozen=True, slots=True)
class Shape:
    """What is closed, as (lat, lon): around a point, within corners, or the way between two."""

    kind: str
    points: Points
    radius_m: int = 0

    def ring(self) -> Points:
        """The corners of an area or a circle; both ends of a way. Two corners are a box's."""
        if self.kind == CIRCLE:
            return _around(self.points[0], self.radius_m)
        if self.kind == AREA and len(self.points) == 2:
            (south, west), (north, east) = self.points
            return (south, west), (south, east), (north, east), (north, west)
        return self.points

    def middle(self) -> tuple[float, float]:
        """Where a sign of it may stand on a map."""
        lats, lons = zip(*self.points, strict=True)
        return sum(lats) / len(lats), sum(lons) / len(lons)

    def segments(self, roads: Roads) -> Ints:
        """The stretches of road that lie in it, in part at least; none where nothing does."""
        if self.kind != WAY:
            return segments_in(roads.network, self.ring())
        try:
            found = roads.route(*self.points)
        except (NoWay, OffTheMap):
            return np.empty(0, np.int64)
        return np.unique([stretch.segment for stretch in found.stretches])


@dataclass(frozen=True, slots=True)
class Shut:
    """Roads that are closed for a while, and by what. `until` None: until further notice."""

    shape: Shape
    decree: str
    decree_on: date
    since: datetime
    until: datetime | None


def _around(middle: tuple[float, float], radius_m: int) -> Points:
    """A ring whose every edge is at least so far from the middle."""
    lat, lon = middle
    north = radius_m / METRES_A_DEGREE / cos(pi / CORNERS)
    east = north / cos(radians(lat))
    turns = [2 * pi * n / CORNERS for n in range(CORNERS)]
    return tuple((lat + north * sin(turn), lon + east * cos(turn)) for turn in turns)


def points_from(typed: str, kind: str) -> Points:
    """Points as people type them, one a line: latitude, longitude. Refused where one is none."""
    lines = [line.strip() for line in typed.splitlines() if line.strip()]
    if not LEAST[kind] <= len(lines) <= MOST[kind]:
        raise Refused(Why.HOW_MANY_POINTS, many=len(lines))
    return tuple(map(_point, lines))


def _point(line: str) -> tuple[float, float]:
    found = POINT.fullmatch(line)
    if found is None:
        raise Refused(Why.NOT_A_POINT, typed=line[:60])
    lat, lon = (float(number.replace(",", ".")) for number in found.groups())
    return lat, lon


def why_not_there(
    points: Sequence[tuple[float, float]], box: tuple[float, float, float, float], region: str
) -> Refused | None:
    """Why points cannot be of a region whose box is (west, south, east, north); None if all can."""
    west, south, east, north = box
    for lat, lon in points:
        told = {"lat": f"{lat:g}", "lon": f"{lon:g}", "region": region}
        if south <= lat <= north and west <= lon <= east:
            continue
        if south <= lon <= north and west <= lat <= east:
            return Refused(Why.SWAPPED, **told)
        return Refused(Why.OUTSIDE, **told)
    return None

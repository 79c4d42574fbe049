"""A point on the earth."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Sequence


@dataclass(frozen=True, slots=True)
class Point:
    """Latitude and longitude in degrees (WGS 84)."""

    lat: float
    lon: float

    def __post_init__(self) -> None:
        if not (-90 <= self.lat <= 90 and -180 <= self.lon <= 180):
            raise ValueError(f"no such place on earth: {self.lat}, {self.lon}")


def metres_between(one: Point, other: Point) -> float:
    """The way as the crow flies (haversine)."""
    lat_1, lat_2 = math.radians(one.lat), math.radians(other.lat)
    half = math.sin((lat_2 - lat_1) / 2) ** 2
    turn = math.sin(math.radians(other.lon - one.lon) / 2) ** 2
    return 12_742_000 * math.asin(math.sqrt(half + math.cos(lat_1) * math.cos(lat_2) * turn))


def lies_in(point: Point, bounds: Sequence[float]) -> bool:
    """Whether a place lies within a frame: west, south, east, north in degrees."""
    west, south, east, north = bounds
    return west <= point.lon <= east and south <= point.lat <= north


def middle_of(points: Sequence[Point]) -> Point:
    """The place amid some places near each other."""
    assert points
    return Point(
        sum(point.lat for point in points) / len(points),
        sum(point.lon for point in points) / len(points),
    )

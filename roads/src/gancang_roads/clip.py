"""Which part of an extract is wanted: all of it, a box, or a polygon."""

from __future__ import annotations

import itertools
import json
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Protocol

import numpy as np

from gancang_roads.arrays import Flags, Floats, Small
from gancang_roads.errors import RoadsError

if TYPE_CHECKING:
    from pathlib import Path

SCALE = 1e7


class Clip(Protocol):
    """Says of each point (degrees * 1e7) whether it is kept; `str` completes "no roads …"."""

    def keeps(self, x: Small, y: Small) -> Flags:
        """One flag a point."""
        ...


@dataclass(frozen=True, slots=True)
class Everywhere:
    """No clip."""

    def keeps(self, x: Small, y: Small) -> Flags:
        """All of them."""
        del y
        return np.ones(len(x), bool)

    def __str__(self) -> str:
        return "whose nodes are in the file"


@dataclass(frozen=True, slots=True)
class Box:
    """West, south, east, north in degrees."""

    west: float
    south: float
    east: float
    north: float

    def __post_init__(self) -> None:
        if not (-180 <= self.west < self.east <= 180 and -90 <= self.south < self.north <= 90):
            raise RoadsError(
                f"no such box: {self}; it is west,south,east,north in degrees, "
                "such as 113.8,-8.8,114.7,-7.7"
            )

    @classmethod
    def parse(cls, text: str) -> Box:
        """`west,south,east,north`."""
        try:
            west, south, east, north = (float(part) for part in text.split(","))
        except ValueError:
            raise RoadsError(f"a box is west,south,east,north in degrees, not {text!r}") from None
        return cls(west, south, east, north)

    def keeps(self, x: Small, y: Small) -> Flags:
        """Those inside, edges included."""
        inside = (x >= self.west * SCALE) & (x <= self.east * SCALE)
        return inside & (y >= self.south * SCALE) & (y <= self.north * SCALE)

    def __str__(self) -> str:
        return f"within {self.west},{self.south},{self.east},{self.north}"


@dataclass(frozen=True, slots=True)
class Polygon:
    """Rings of (lon, lat), each closed; a point inside an odd number of them is inside."""

    rings: tuple[Floats, ...]

    @classmethod
    def read(cls, path: Path) -> Polygon:
        """All polygons of a GeoJSON file."""
        try:
            told = json.loads(path.read_text("utf-8"))
        except (UnicodeDecodeError, json.JSONDecodeError) as wrong:
            raise RoadsError(f"{path} is no GeoJSON: {wrong}") from None
        rings = tuple(np.array(ring, float)[:, :2] for ring in _rings(told))
        if not rings:
            raise RoadsError(f"{path} holds no polygon")
        return cls(rings)

    def keeps(self, x: Small, y: Small) -> Flags:
        """Those inside, by counting the edges to the east of each."""
        return inside(self.rings, y / SCALE, x / SCALE)

    def __str__(self) -> str:
        return "within the polygon"


def inside(rings: tuple[Floats, ...], lat: Floats, lon: Floats) -> Flags:
    """Whether each point lies inside an odd number of rings of (lon, lat)."""
    odd = np.zeros(len(lat), bool)
    for ring in rings:
        (west, south), (east, north) = ring.min(axis=0), ring.max(axis=0)
        near = (lat >= south) & (lat <= north) & (lon <= east) & (lon >= west)
        rows = np.flatnonzero(near)
        y, x = lat[rows], lon[rows]
        for (ax, ay), (bx, by) in itertools.pairwise(ring):
            if ay == by:
                continue
            crosses = (ay > y) != (by > y)
            odd[rows] ^= crosses & (x < ax + (y - ay) * ((bx - ax) / (by - ay)))
    return odd


def _rings(told: Any) -> list[Any]:
    match told:
        case {"type": "FeatureCollection", "features": list(features)}:
            return [ring for feature in features for ring in _rings(feature)]
        case {"type": "Feature", "geometry": geometry}:
            return _rings(geometry)
        case {"type": "Polygon", "coordinates": list(rings)}:
            return rings
        case {"type": "MultiPolygon", "coordinates": list(polygons)}:
            return [ring for rings in polygons for ring in rings]
    return []

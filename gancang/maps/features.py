"""Read from an extract what is drawn on the map."""

from __future__ import annotations

import math
from collections import defaultdict
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

import numpy as np
import osmium
import shapely

from gancang.maps.kinds import AREAS, KEYS, LINES, NAMELESS_LAYERS, POINTS, drawn

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping
    from pathlib import Path

    from numpy.typing import NDArray

    Box = tuple[float, float, float, float]
    """West, south, east, north in degrees."""

LATITUDE_MAX = 85.0511
"""Beyond it the square of the web's Mercator map ends."""
TELL_EVERY = 50_000


@dataclass(slots=True)
class Layer:
    """Things of one layer, side by side: shapes in degrees, kinds, names, first zooms."""

    shapes: list[Any] = field(default_factory=list)
    kinds: list[str] = field(default_factory=list)
    names: list[str] = field(default_factory=list)
    from_zoom: list[int] = field(default_factory=list)

    def add(self, shape: Any, kind: str, name: str, from_zoom: int) -> None:
        """Put one thing at the end."""
        self.shapes.append(shape)
        self.kinds.append(kind)
        self.names.append(name)
        self.from_zoom.append(from_zoom)

    def __len__(self) -> int:
        return len(self.shapes)


@dataclass(slots=True)
class Features:
    """All that is drawn, by layer, the coast's lines, and the box that holds it."""

    layers: dict[str, Layer]
    coast: list[Any]
    box: Box
    broken: int
    """Things with a shape that no one can draw; they are left out."""


def read(
    extract: Path, box: Box | None = None, tell: Callable[[int], object] = lambda _seen: None
) -> Features:
    """What an extract (.osm.pbf, .osm, .osm.gz) draws within a box; all of it without one.

    Raises RuntimeError of osmium for a file that is not OpenStreetMap's.
    """
    found = Features(defaultdict(Layer), [], box or (180.0, 90.0, -180.0, -90.0), 0)
    shaper = osmium.geom.WKBFactory()
    wanted = osmium.filter.KeyFilter(*KEYS)
    objects = osmium.FileProcessor(str(extract)).with_areas(wanted).with_filter(wanted)
    for seen, thing in enumerate(objects):
        if seen % TELL_EVERY == 0:
            tell(seen)
        try:
            _take(thing, found, shaper)
        except (RuntimeError, osmium.InvalidLocationError):
            found.broken += 1  # a way whose nodes lie outside the extract, a ring that is open
    for layer in found.layers.values():
        layer.shapes = list(shapely.from_wkb(layer.shapes))
    found.coast = list(shapely.from_wkb(found.coast))
    return _within(found, box)


def _take(thing: Any, found: Features, shaper: Any) -> None:
    tags = thing.tags
    if thing.is_node():
        shape, make = POINTS, shaper.create_point
    elif thing.is_area():
        shape, make = AREAS, shaper.create_multipolygon
    elif thing.is_way():
        shape, make = LINES, shaper.create_linestring
        if tags.get("natural") == "coastline":
            found.coast.append(bytes.fromhex(make(thing)))
    else:
        return
    _add(shape, make, thing, found)
    if thing.is_area():  # a hospital's or a mosque's outline has its name on the map as well
        _add(POINTS, make, thing, found)


def _add(shape: str, make: Callable[[Any], str], thing: Any, found: Features) -> None:
    how = drawn(shape, thing.tags)
    if how is None:
        return
    name = "" if how.layer in NAMELESS_LAYERS else _name_of(thing.tags)
    if how.layer == "landmarks" and not name:
        return  # a shop without a name helps nobody to find a house
    found.layers[how.layer].add(bytes.fromhex(make(thing)), how.kind, name, how.from_zoom)


def _name_of(tags: Mapping[str, str]) -> str:
    return tags.get("name:id") or tags.get("name") or tags.get("ref") or ""


def _within(found: Features, box: Box | None) -> Features:
    """Only what touches the box; where none was given, the box that holds all roads and houses."""
    layers = {}
    for name, layer in found.layers.items():
        shapes = np.array(layer.shapes, dtype=object)
        if name in ("landmarks", "places"):
            shapes = shapely.point_on_surface(shapes)
        if box is not None:
            keep = np.flatnonzero(shapely.intersects(shapes, shapely.box(*box)))
        else:
            keep = np.arange(len(shapes))
        layers[name] = Layer(
            list(shapes[keep]),
            [layer.kinds[k] for k in keep],
            [layer.names[k] for k in keep],
            [layer.from_zoom[k] for k in keep],
        )
    drawn_shapes = [shape for layer in layers.values() for shape in layer.shapes]
    if box is None and drawn_shapes:
        west, south, east, north = shapely.total_bounds(np.array(drawn_shapes, dtype=object))
        box = (float(west), float(south), float(east), float(north))
    return Features(layers, found.coast, box or found.box, found.broken)


def to_square(degrees: NDArray[np.float64]) -> NDArray[np.float64]:
    """Longitudes and latitudes (n, 2) as places on the web's Mercator square, 0 to 1, y down."""
    latitudes = np.radians(np.clip(degrees[:, 1], -LATITUDE_MAX, LATITUDE_MAX))
    y = 0.5 - np.arcsinh(np.tan(latitudes)) / (2 * math.pi)
    return np.column_stack((degrees[:, 0] / 360 + 0.5, y))

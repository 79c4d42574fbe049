"""Cut what is drawn into vector tiles (Mapbox Vector Tile 2.1), zoom by zoom."""

from __future__ import annotations

import gzip
import math
from typing import TYPE_CHECKING, Any

import mapbox_vector_tile
import numpy as np
import shapely
from pmtiles.tile import zxy_to_tileid

from gancang.maps.features import to_square
from gancang.maps.kinds import ZOOM_MAX

if TYPE_CHECKING:
    from collections.abc import Iterator

    from numpy.typing import NDArray

    from gancang.maps.features import Box, Features, Layer

EXTENT = 4096
MARGIN = 96
"""How far a tile's shapes reach over its edge, in its own units, so that lines do not break."""
SMALLEST = 24.0
"""Areas smaller than this many units on a side are not drawn, or a forest becomes a carpet."""
FINENESS = {ZOOM_MAX: 1.0}
"""Units by which a line may be off; coarser where nobody looks closely."""
FINENESS_ELSEWHERE = 6.0


class Square:
    """One layer on the Mercator square, ready to be cut at any zoom."""

    def __init__(self, name: str, layer: Layer) -> None:
        self.name = name
        self.shapes = shapely.transform(np.array(layer.shapes, dtype=object), to_square)
        self.kinds = np.array(layer.kinds, dtype=object)
        self.names = np.array(layer.names, dtype=object)
        self.from_zoom = np.array(layer.from_zoom)
        self.sizes = _sizes(self.shapes)

    def at(self, zoom: int) -> tuple[NDArray[Any], NDArray[np.int64]]:
        """The shapes that show at this zoom, in units of its tiles, and their numbers."""
        scale = EXTENT * 2**zoom
        shows = self.from_zoom <= zoom
        if zoom < ZOOM_MAX:
            shows &= (self.sizes == 0) | (self.sizes * scale >= SMALLEST)
        numbers = np.flatnonzero(shows)
        shapes = shapely.transform(self.shapes[numbers], lambda at: at * scale)
        fineness = FINENESS.get(zoom, FINENESS_ELSEWHERE)
        return shapely.simplify(shapes, fineness, preserve_topology=False), numbers


def _sizes(shapes: NDArray[Any]) -> NDArray[np.float64]:
    """The longer side of each area; 0 for lines and points, which show whatever their size."""
    bounds = shapely.bounds(shapes)
    sides = np.maximum(bounds[:, 2] - bounds[:, 0], bounds[:, 3] - bounds[:, 1])
    return np.where(shapely.get_dimensions(shapes) == 2, sides, 0.0)


def tiles_of(box: Box, zoom: int) -> list[tuple[int, int, int]]:
    """The tiles of a zoom that touch a box, in the order of PMTiles: their number, x and y."""
    (west, north), (east, south) = to_square(np.array([(box[0], box[3]), (box[2], box[1])]))
    many = 2**zoom
    columns = range(math.floor(west * many), min(many - 1, math.floor(east * many)) + 1)
    rows = range(math.floor(north * many), min(many - 1, math.floor(south * many)) + 1)
    return sorted((zxy_to_tileid(zoom, x, y), x, y) for x in columns for y in rows)


def cut(features: Features) -> Iterator[tuple[int, bytes]]:
    """Each tile that has something in it, by its number in PMTiles, as gzipped protobuf."""
    squares = [Square(name, layer) for name, layer in features.layers.items() if len(layer)]
    for zoom in range(ZOOM_MAX + 1):
        at_zoom = [(square, *square.at(zoom)) for square in squares]
        trees = [shapely.STRtree(shapes) for _, shapes, _ in at_zoom]
        for tile_id, x, y in tiles_of(features.box, zoom):
            layers = [
                layer
                for (square, shapes, numbers), tree in zip(at_zoom, trees, strict=True)
                if (layer := _layer_of(square, shapes, numbers, tree, x, y))
            ]
            if layers:
                yield tile_id, _packed(layers)


def _layer_of(
    square: Square,
    shapes: NDArray[Any],
    numbers: NDArray[np.int64],
    tree: Any,
    x: int,
    y: int,
) -> dict[str, Any] | None:
    """What a tile shows of a layer, in the tile's own units."""
    west, north = x * EXTENT, y * EXTENT
    frame = (west - MARGIN, north - MARGIN, west + EXTENT + MARGIN, north + EXTENT + MARGIN)
    near = tree.query(shapely.box(*frame))
    if not len(near):
        return None
    clipped = shapely.clip_by_rect(shapes[near], *frame)
    some = np.flatnonzero(~shapely.is_empty(clipped))
    local = shapely.transform(clipped[some], lambda at: at - (west, north))
    found = [
        {"geometry": shape, "properties": _properties(square, numbers[near[k]])}
        for k, shape in zip(some, local, strict=True)
    ]
    return {"name": square.name, "features": found} if found else None


def _properties(square: Square, number: int) -> dict[str, str]:
    name = square.names[number]
    return {"kind": square.kinds[number], **({"name": name} if name else {})}


def _packed(layers: list[dict[str, Any]]) -> bytes:
    options = {"extents": EXTENT, "y_coord_down": True}
    # The time in the head of a gzip file would make each build another file.
    return gzip.compress(mapbox_vector_tile.encode(layers, default_options=options), 6, mtime=0)

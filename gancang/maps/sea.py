"""The sea, from the lines of the coast.

OpenStreetMap draws no sea: its coastlines have the land on their left and the water on their right
(https://wiki.openstreetmap.org/wiki/Tag:natural%3Dcoastline).
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np
import shapely

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from gancang.maps.features import Box

ASIDE = 1e-6
"""How far beside the line we look, in degrees: a hand's breadth."""


def sea_within(coast: list[Any], box: Box) -> list[Any]:
    """The areas of the box that lie to the right of the coast's lines.

    A coast that breaks off within the box parts nothing: there, no sea is drawn.
    """
    frame = shapely.box(*box)
    inside = shapely.intersection(np.array(coast, dtype=object), frame)
    lines = shapely.get_parts(inside)
    lines = lines[shapely.get_type_id(lines) == shapely.GeometryType.LINESTRING]
    if not len(lines):
        return []
    cut = shapely.union_all([*lines, frame.exterior])
    faces = np.array(shapely.get_parts(shapely.polygonize(shapely.get_parts(cut))), dtype=object)
    left, right = _beside(lines)
    tree = shapely.STRtree(faces)
    votes = np.zeros(len(faces), np.int64)
    for points, vote in ((right, 1), (left, -1)):
        _, hit = tree.query(points, predicate="within")
        np.add.at(votes, hit, vote)
    return list(faces[votes > 0])


def _beside(lines: NDArray[Any]) -> tuple[NDArray[Any], NDArray[Any]]:
    """A point close to the left and one close to the right of the middle of each segment."""
    at, line_of = shapely.get_coordinates(lines, return_index=True)
    along = np.diff(at, axis=0)
    same = (np.diff(line_of) == 0) & (along != 0).any(axis=1)
    along, middle = along[same], ((at[1:] + at[:-1]) / 2)[same]
    left = np.column_stack((-along[:, 1], along[:, 0])) / np.hypot(*along.T)[:, None] * ASIDE
    return shapely.points(middle + left), shapely.points(middle - left)

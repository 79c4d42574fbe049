"""Outlines of villages as a file of GeoJSON tells them. No rows, no Django."""

from __future__ import annotations

import json
import re
from typing import TYPE_CHECKING, Any

import shapely
from shapely.geometry import shape

from gancang.addresses.rules import Why
from gancang.values import Refused

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    from shapely.geometry.base import BaseGeometry

    from gancang.regions.spelling import Named

POINTS_MOST = 2_000_000
KINDS = {"Polygon", "MultiPolygon"}


def read_outlines(
    text: bytes, villages: Iterable[Named], *, bounds: Sequence[float]
) -> dict[str, BaseGeometry]:
    """The outline of each village by its code, in degrees. Refused with the first thing wrong."""
    try:
        told = json.loads(text)
        features = list(told["features"])
    except (ValueError, KeyError, TypeError, RecursionError):
        raise Refused(Why.NOT_GEOJSON) from None
    if not features:
        raise Refused(Why.NOT_GEOJSON)
    known = list(villages)
    found: dict[str, BaseGeometry] = {}
    points = 0
    for number, feature in enumerate(features, 1):
        village = _village_of(feature, known, number)
        outline = _outline_of(feature, village.name, bounds)
        points += shapely.get_num_coordinates(outline)
        if points > POINTS_MOST:
            raise Refused(Why.TOO_LARGE, most=f"{POINTS_MOST:,}")
        if village.code in found:
            raise Refused(Why.OUTLINE_TWICE, village=village.name, number=number)
        found[village.code] = outline
    return found


def _village_of(feature: Any, known: Sequence[Named], number: int) -> Named:
    """The village whose official code, or name and district, stand among a shape's properties.

    Other numbers stand there too: a statistical code may have the digits of another village's.
    """
    properties = feature.get("properties") if isinstance(feature, dict) else None
    told = [str(value).strip() for value in (properties or {}).values()]
    names = {each.casefold() for each in told}
    by_name = [
        each
        for each in known
        if each.name.casefold() in names and each.district.casefold() in names
    ]
    digits = {re.sub(r"\D", "", each) for each in told if re.fullmatch(r"[\d.]{10,16}", each)}
    by_digits = [each for each in known if re.sub(r"\D", "", each.code) in digits]
    for found in ([each for each in known if each.code in told], by_name, by_digits):
        if len(found) == 1:
            return found[0]
    raise Refused(Why.UNKNOWN_OUTLINE, number=number)


def _outline_of(feature: Mapping[str, Any], village: str, bounds: Sequence[float]) -> BaseGeometry:
    geometry = feature.get("geometry")
    if not isinstance(geometry, dict) or geometry.get("type") not in KINDS:
        raise Refused(Why.NO_OUTLINE, village=village)
    parts: Any = geometry.get("coordinates")
    rings = [parts] if geometry["type"] == "Polygon" else parts
    try:
        is_closed = all(ring[0] == ring[-1] and len(ring) > 3 for part in rings for ring in part)
        outline = shape(geometry) if is_closed else None
    except (TypeError, ValueError, IndexError, KeyError, shapely.errors.GEOSException):
        raise Refused(Why.NO_OUTLINE, village=village) from None
    if outline is None:
        raise Refused(Why.NOT_CLOSED, village=village)
    if outline.is_empty or not outline.is_valid:
        raise Refused(Why.CROSSED, village=village)
    west, south, east, north = bounds
    frame = shapely.box(west, south, east, north)
    if not outline.intersects(frame):
        exchanged = shapely.box(south, west, north, east)
        raise Refused(
            Why.OUTLINE_SWAPPED if outline.intersects(exchanged) else Why.OUTLINE_ELSEWHERE,
            village=village,
        )
    return shapely.force_2d(outline)

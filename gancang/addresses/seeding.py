"""Landmarks of a street map's extract: a register to begin with, which people then mend."""

from __future__ import annotations

from collections import defaultdict
from typing import TYPE_CHECKING

import shapely
from django.db import transaction

from gancang.addresses.models import Landmark
from gancang.addresses.queries import find_villages_at
from gancang.addresses.rules import SAME_LANDMARK_M, kind_on_map, sounds_of
from gancang.audit.actions import record
from gancang.maps.actions import box_of
from gancang.maps.features import read
from gancang.maps.rules import Why
from gancang.regions.spelling import words_of
from gancang.values import Point, Refused, metres_between

if TYPE_CHECKING:
    from collections.abc import Iterator
    from datetime import datetime
    from pathlib import Path

    from gancang.regions.models import Region

NAME_MOST = 80


@transaction.atomic
def load_landmarks(region: Region, extract: Path, *, by: str, now: datetime) -> tuple[int, int]:
    """Add the named landmarks of an extract: how many are new, how many were known.

    What people have corrected or withdrawn stays as they left it. A fixed number of statements.
    """
    found = list(_on_map(region, extract))
    villages = find_villages_at(region, [point for _kind, _name, point in found])
    known: dict[tuple[int, str], list[Point]] = defaultdict(list)
    rows = Landmark.objects.filter(region=region)
    for pk, sounds, lat, lon in rows.values_list("village", "sounds", "lat", "lon"):
        known[pk, sounds].append(Point(lat, lon))
    fresh = []
    for (kind, name, point), village in zip(found, villages, strict=True):
        here = known[village.pk, sounds_of(name)]
        if any(metres_between(point, each) <= SAME_LANDMARK_M for each in here):
            continue
        here.append(point)
        row = Landmark(region=region, village=village, kind=kind, name=name, source="map", at=now)
        row.sounds, row.lat, row.lon = sounds_of(name), point.lat, point.lon
        fresh.append(row)
    Landmark.objects.bulk_create(fresh, batch_size=5000)
    facts = {"file": extract.name, "added": len(fresh), "known": len(found) - len(fresh)}
    record("landmarks.loaded", region.code, region=region.code, by=by, now=now, facts=facts)
    return len(fresh), len(found) - len(fresh)


def _on_map(region: Region, extract: Path) -> Iterator[tuple[str, str, Point]]:
    """Kind, name and place of what an extract names in the region. Refused if it is no extract."""
    if not extract.is_file():
        raise Refused(Why.NO_FILE, file=extract.name)
    try:
        layer = read(extract, box_of(region)).layers.get("landmarks")
    except RuntimeError as said:
        raise Refused(Why.NOT_OSM, file=extract.name, said=str(said)) from said
    if layer is None:
        return
    points = shapely.get_coordinates(shapely.point_on_surface(layer.shapes)).tolist()
    for on_map, name, (lon, lat) in zip(layer.kinds, layer.names, points, strict=True):
        kind = kind_on_map(on_map, name)
        if kind and words_of(name):
            yield kind, name[:NAME_MOST], Point(lat, lon)

"""Landmarks of a street map's extract: a register to begin with, which people then mend."""

from __future__ import annotations

from collections import defaultdict
from typing import TYPE_CHECKING

import shapely
from django.db import transaction

from gancang.addresses.models import Landmark
from gancang.addresses.queries import find_villages_at
from gancang.addresses.rules import is_there, kind_on_map, sounds_of
from gancang.audit.actions import record
from gancang.maps.actions import box_of
from gancang.maps.features import read
from gancang.maps.rules import Why
from gancang.regions.spelling import words_of
from gancang.values import Point, Refused

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence
    from datetime import datetime
    from pathlib import Path

    from gancang.regions.models import Region

    OnMap = tuple[str, str, Point]
    """Kind, name and place."""

NAME_MOST = 80


def load_landmarks(region: Region, extract: Path, *, by: str, now: datetime) -> tuple[int, int]:
    """Add the named landmarks of an extract: how many are new, how many were known.

    What people have corrected or withdrawn stays as they left it. A fixed number of statements.
    """
    found = list(_on_map(region, extract))
    with transaction.atomic():  # an extract is read for minutes, with no transaction open
        added = _add(region, found, now=now)
        facts = {"file": extract.name, "added": added, "known": len(found) - added}
        record("landmarks.loaded", region.code, region=region.code, by=by, now=now, facts=facts)
    return added, len(found) - added


def _add(region: Region, found: Sequence[OnMap], *, now: datetime) -> int:
    """Write down those that are not known yet; how many they are."""
    villages = find_villages_at(region, [point for _kind, _name, point in found])
    known: dict[tuple[int, str], list[Point]] = defaultdict(list)
    rows = Landmark.objects.filter(region=region)
    for pk, sounds, lat, lon in rows.values_list("village", "sounds", "lat", "lon"):
        known[pk, sounds].append(Point(lat, lon))
    fresh = []
    for (kind, name, point), village in zip(found, villages, strict=True):
        sounds = sounds_of(name)
        if village is None or is_there(point, known[village.pk, sounds]):
            continue
        known[village.pk, sounds].append(point)
        row = Landmark(region=region, village=village, kind=kind, name=name, source="map", at=now)
        row.sounds, row.lat, row.lon = sounds, point.lat, point.lon
        fresh.append(row)
    Landmark.objects.bulk_create(fresh, batch_size=5000)
    return len(fresh)


def _on_map(region: Region, extract: Path) -> Iterator[OnMap]:
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

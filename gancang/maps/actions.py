"""Loading a map: from an extract to tiles that are in force."""

from __future__ import annotations

import hashlib
import math
from typing import TYPE_CHECKING

import osmium
from django.db import transaction
from django.db.models import Max, Min

from gancang.audit.actions import record
from gancang.maps import build as building
from gancang.maps import stored
from gancang.maps.rules import Why
from gancang.regions.models import Village
from gancang.values import Refused

if TYPE_CHECKING:
    from collections.abc import Callable
    from datetime import datetime
    from pathlib import Path

    from gancang.maps.features import Box
    from gancang.regions.models import Region

MARGIN_DEG = 0.1
"""How far the map reaches beyond the outermost villages, some eleven kilometres."""
NEW = "new.pmtiles"


def load(
    region: Region,
    extract: Path,
    box: Box | None,
    *,
    tell: Callable[[str, int], object],
    by: str,
    now: datetime,
) -> tuple[stored.Stored, building.Built]:
    """Draw a region's map from an extract and put it in force; the old one stays until then.

    Without a box the map reaches a little beyond the region's villages.
    """
    if not extract.is_file():
        raise Refused(Why.NO_FILE, file=extract.name)
    box = box or box_of(region)
    place = stored.folder_of(region.code)
    data_of, built = _built(extract, place / NEW, box, region, tell)
    tiles = (place / NEW).read_bytes()
    name = f"{data_of or 'undated'}-{hashlib.sha256(tiles).hexdigest()[:12]}.pmtiles"
    (place / NEW).rename(place / name)
    found = stored.Stored(name, extract.name, data_of, built.box)
    with transaction.atomic():
        facts = {"extract": extract.name, "data_of": data_of, "tiles": built.tiles}
        record("map.loaded", region.code, region=region.code, by=by, now=now, facts=facts)
        stored.put_in_force(region.code, found)
    return found, built


def _built(
    extract: Path, target: Path, box: Box, region: Region, tell: Callable[[str, int], object]
) -> tuple[str, building.Built]:
    try:
        return _day_of(extract), building.build(extract, target, box, tell)
    except building.Nowhere as nowhere:
        west, south, east, north = (f"{degree:.2f}" for degree in box)
        places = {"west": west, "south": south, "east": east, "north": north}
        raise Refused(Why.ELSEWHERE, file=extract.name, region=region.name, **places) from nowhere
    except RuntimeError as said:
        raise Refused(Why.NOT_OSM, file=extract.name, said=str(said)) from said


def _day_of(extract: Path) -> str:
    """The day up to which the extract knows the world, as its head says; empty if it does not."""
    with osmium.io.Reader(str(extract), osmium.osm.osm_entity_bits.NOTHING) as reader:
        told = reader.header().get("osmosis_replication_timestamp") or ""
    return told[:10]


def box_of(region: Region) -> Box:
    """West, south, east, north of a region's villages, with a margin."""
    ends = Village.objects.filter(region=region).aggregate(
        Min("lon"), Min("lat"), Max("lon"), Max("lat")
    )
    return (
        ends["lon__min"] - MARGIN_DEG,
        ends["lat__min"] - MARGIN_DEG,
        ends["lon__max"] + MARGIN_DEG,
        ends["lat__max"] + MARGIN_DEG,
    )


def box_from(typed: str) -> Box:
    """A box as people type it: west,south,east,north. Refused where it is none."""
    try:
        west, south, east, north = (float(part) for part in typed.split(","))
    except ValueError:
        raise Refused(Why.NOT_A_BOX, typed=typed) from None
    sound = -180 <= west < east <= 180 and -90 <= south < north <= 90
    if not sound or not all(map(math.isfinite, (west, south, east, north))):
        raise Refused(Why.NOT_A_BOX, typed=typed)
    return west, south, east, north

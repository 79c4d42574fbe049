"""Loading a map, from an extract to tiles that are in force; closing its roads for a while."""

from __future__ import annotations

import hashlib
import math
from dataclasses import dataclass
from typing import TYPE_CHECKING

import gancang_roads
import osmium
from django.db import transaction
from django.db.models import Max, Min
from gancang_roads import BadExtract, Network, NotWritten
from gancang_roads import Box as Clip
from gancang_roads.snapping import REACH_M

from gancang.audit.actions import record
from gancang.maps import build as building
from gancang.maps import stored
from gancang.maps.closed import CIRCLE, Shape, why_not_there
from gancang.maps.models import RoadClosure, RoadOpening
from gancang.maps.rules import Why
from gancang.maps.ways import BUILT_FOR, known_roads
from gancang.regions.models import Village
from gancang.values import Refused

if TYPE_CHECKING:
    from collections.abc import Callable
    from datetime import date, datetime
    from pathlib import Path

    from gancang.maps.features import Box
    from gancang.regions.models import Region

MARGIN_DEG = 0.1
"""How far the map reaches beyond the outermost villages, some eleven kilometres."""
NEW_TILES = "new.pmtiles"
NEW_ROADS = "new.road"


@dataclass(frozen=True, slots=True)
class Loaded:
    """What came of an extract: the map in force, its tiles, its roads, and whom they miss."""

    stored: stored.Stored
    tiles: building.Built
    roads: gancang_roads.Built
    villages: int
    villages_off: int
    """Villages that lie too far from any road; ways to them are estimated."""


def load(
    region: Region,
    extract: Path,
    box: Box | None,
    *,
    tell: Callable[[str, int], object],
    by: str,
    now: datetime,
) -> Loaded:
    """Draw a region's map and its roads from an extract and put both in force, or neither.

    Without a box the map reaches a little beyond the region's villages. The old map stays in
    force until the new one is whole.
    """
    if not extract.is_file():
        raise Refused(Why.NO_FILE, file=extract.name)
    box = box or box_of(region)
    try:
        with stored.loading(region.code) as half:
            if half is None:
                raise Refused(Why.UNDER_WAY, region=region.name)
            return _loaded(region, extract, box, half, tell=tell, by=by, now=now)
    except OSError as wrong:
        raise Refused(Why.NOT_WRITTEN, region=region.name, said=wrong.strerror) from wrong


def _loaded(  # noqa: PLR0913 - what `load` was told, and where to work
    region: Region,
    extract: Path,
    box: Box,
    half: Path,
    *,
    tell: Callable[[str, int], object],
    by: str,
    now: datetime,
) -> Loaded:
    data_of, tiles = _drawn(extract, half / NEW_TILES, box, region, tell)
    roads = _roads(extract, half / NEW_ROADS, box, region, tell)
    villages = Village.objects.filter(region=region).values_list("lat", "lon")
    off = _count_off(half / NEW_ROADS, list(villages))
    if off == len(villages):
        km = f"{REACH_M / 1000:g}"
        raise Refused(Why.NO_VILLAGE, file=extract.name, region=region.name, km=km)
    names = [_named(half / new, data_of) for new in (NEW_TILES, NEW_ROADS)]
    found = stored.Stored(names[0], extract.name, data_of, tiles.box, roads=names[1])
    with transaction.atomic():
        facts = {"extract": extract.name, "data_of": data_of, "tiles": tiles.tiles}
        facts |= {"roads": roads.edges, "roads_of": roads.stamp, "villages_off": off}
        record("map.loaded", region.code, region=region.code, by=by, now=now, facts=facts)
        stored.put_in_force(region.code, found, half)
    return Loaded(found, tiles, roads, len(villages), off)


def _named(file: Path, data_of: str) -> str:
    """Give a file the name under which it may be kept for ever: by day and by what it holds."""
    with file.open("rb") as opened:
        digest = hashlib.file_digest(opened, "sha256").hexdigest()
    name = f"{data_of or 'undated'}-{digest[:12]}{file.suffix}"
    file.rename(file.with_name(name))
    return name


def _drawn(
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


def _roads(
    extract: Path, target: Path, box: Box, region: Region, tell: Callable[[str, int], object]
) -> gancang_roads.Built:
    def heard(stage: str, done: float | None) -> None:
        tell(f"roads: {stage}", round(100 * (done or 0)))

    try:
        return gancang_roads.build(
            extract, target, clip=Clip(*box), profiles=BUILT_FOR, progress=heard
        )
    except BadExtract as said:
        raise Refused(Why.NO_ROADS, file=extract.name, region=region.name) from said
    except NotWritten as wrong:
        raise Refused(Why.NOT_WRITTEN, region=region.name, said=wrong.why) from wrong


def _count_off(network: Path, points: list[tuple[float, float]]) -> int:
    roads = Network.open(network).roads(BUILT_FOR[0])
    return int((~roads.nearest(points).is_on).sum()) if points else 0


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


RADIUS_M_MIN, RADIUS_M_MAX = 10, 20_000


@dataclass(frozen=True, slots=True, kw_only=True)
class Decree:
    """What closes roads: which, from when, until when (None: further notice), by what, why."""

    shape: Shape
    since: datetime
    until: datetime | None
    cause: str
    number: str
    on: date
    motorcycles_pass: bool


@transaction.atomic
def close_roads(told: Decree, *, region: Region, by: str, now: datetime) -> tuple[RoadClosure, int]:
    """While it holds, nobody is sent or promised along these roads; how many stretches those are.

    Refused where no road map is loaded, or nothing would be closed.
    """
    if told.until is not None and told.until <= max(told.since, now):
        raise Refused(Why.BEFORE_IT_BEGINS)
    stretches = _stretches(region, told.shape)
    row = RoadClosure.objects.create(
        region=region,
        kind=told.shape.kind,
        points=[list(point) for point in told.shape.points],
        radius_m=told.shape.radius_m,
        since=told.since,
        until=told.until,
        cause=told.cause,
        decree=told.number,
        decree_on=told.on,
        motorcycles_pass=told.motorcycles_pass,
        by=by,
        made_at=now,
    )
    facts: dict[str, object] = {
        "decree": told.number,
        "decree_on": told.on.isoformat(),
        "cause": told.cause,
        "since": told.since.isoformat(),
        "until": told.until.isoformat() if told.until else None,
        "kind": told.shape.kind,
        "points": row.points,
        "stretches": stretches,
    }
    record("roads.closed", str(row.pk), region=region.code, by=by, now=now, facts=facts)
    return row, stretches


def _stretches(region: Region, shape: Shape) -> int:
    """How many stretches of road lie in it. Refused where it closes nothing."""
    roads = known_roads(region)
    if not roads:
        raise Refused(Why.NO_ROADS_LOADED)
    if refused := why_not_there(shape.points, box_of(region), region.name):
        raise refused
    if shape.kind == CIRCLE and not RADIUS_M_MIN <= shape.radius_m <= RADIUS_M_MAX:
        raise Refused(Why.NO_RADIUS)
    found = shape.segments(roads[0])
    if not len(found):
        raise Refused(Why.NOTHING_THERE)
    return len(found)


@transaction.atomic
def open_roads(closure: RoadClosure, *, by: str, now: datetime) -> None:
    """A closure ends now, or never begins. Twice is once, and what is over stays as it was."""
    if closure.until is not None and closure.until <= now:
        return
    _row, is_new = RoadOpening.objects.get_or_create(
        closure=closure, defaults={"at": now, "by": by}
    )
    if is_new:
        region = closure.region.code
        record("roads.opened", str(closure.pk), region=region, by=by, now=now)

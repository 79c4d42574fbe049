"""What of OpenStreetMap is drawn: layer, kind and the zoom from which it shows, as one table.

Tags as the OpenStreetMap wiki describes them (https://wiki.openstreetmap.org/wiki/Map_features).
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Mapping

ZOOM_MAX = 14
"""Tiles end here; a map shows closer views by stretching them."""

LINES, AREAS, POINTS = "lines", "areas", "points"


@dataclass(frozen=True, slots=True)
class Drawn:
    """How one kind of thing is drawn: as what shape, in which layer, from which zoom on."""

    shape: str
    layer: str
    kind: str
    from_zoom: int


def _table(
    shape: str, layer: str, key: str, rows: dict[str, tuple[str, int]]
) -> dict[tuple[str, str, str], Drawn]:
    """Rows of `values separated by blanks: (kind, zoom)`; `*` stands for any other value."""
    return {
        (shape, key, value): Drawn(shape, layer, kind, zoom)
        for values, (kind, zoom) in rows.items()
        for value in values.split()
    }


TABLE = {
    **_table(
        LINES,
        "roads",
        "highway",
        {
            "motorway trunk": ("main", 5),
            "primary": ("primary", 7),
            "secondary": ("secondary", 9),
            "tertiary": ("tertiary", 10),
            "motorway_link trunk_link primary_link secondary_link tertiary_link": ("link", 12),
            "residential unclassified living_street road": ("street", 12),
            "pedestrian service": ("service", 13),
            "track": ("track", 13),
            "path footway cycleway steps bridleway": ("path", 14),
        },
    ),
    **_table(LINES, "roads", "railway", {"rail": ("rail", 9), "light_rail tram": ("rail", 12)}),
    **_table(LINES, "roads", "route", {"ferry": ("ferry", 8)}),
    **_table(
        LINES,
        "water",
        "waterway",
        {"river": ("river", 9), "canal": ("river", 11), "stream drain ditch": ("stream", 13)},
    ),
    **_table(
        AREAS,
        "water",
        "natural",
        {"water": ("lake", 6), "bay": ("lake", 6), "wetland": ("wetland", 10)},
    ),
    **_table(AREAS, "water", "waterway", {"riverbank dock": ("lake", 9)}),
    **_table(AREAS, "water", "landuse", {"reservoir basin salt_pond aquaculture": ("lake", 9)}),
    **_table(
        AREAS,
        "land",
        "natural",
        {
            "wood": ("wood", 8),
            "scrub heath": ("scrub", 10),
            "grassland": ("grass", 11),
            "beach sand shoal": ("sand", 10),
            "bare_rock scree": ("rock", 10),
        },
    ),
    **_table(
        AREAS,
        "land",
        "landuse",
        {
            "forest": ("wood", 8),
            "farmland orchard vineyard plant_nursery": ("field", 10),
            "meadow grass recreation_ground village_green": ("grass", 11),
            "residential": ("homes", 10),
            "commercial retail industrial": ("works", 11),
            "cemetery": ("cemetery", 13),
        },
    ),
    **_table(
        AREAS,
        "land",
        "leisure",
        {"park garden golf_course": ("grass", 12), "pitch": ("grass", 14)},
    ),
    **_table(
        AREAS, "land", "amenity", {"hospital": ("care", 12), "school university": ("school", 13)}
    ),
    **_table(AREAS, "buildings", "building", {"*": ("building", 13)}),
    **_table(
        POINTS,
        "places",
        "place",
        {
            "city": ("city", 4),
            "town": ("town", 7),
            "village": ("village", 10),
            "suburb": ("suburb", 11),
            "hamlet neighbourhood quarter": ("hamlet", 13),
        },
    ),
    **_table(
        POINTS,
        "landmarks",
        "amenity",
        {
            "hospital": ("hospital", 12),
            "clinic doctors": ("clinic", 13),
            "pharmacy": ("pharmacy", 13),
            "place_of_worship": ("worship", 14),
            "school kindergarten": ("school", 14),
            "university": ("school", 13),
            "marketplace": ("market", 14),
            "townhall": ("office", 14),
            "fuel": ("fuel", 14),
            "bus_station ferry_terminal": ("station", 13),
        },
    ),
    **_table(POINTS, "landmarks", "shop", {"*": ("shop", 14)}),
    **_table(POINTS, "landmarks", "natural", {"peak volcano": ("peak", 11)}),
}
KEYS = tuple(sorted({key for _, key, _ in TABLE}))
NAMELESS_LAYERS = frozenset({"buildings", "land"})
"""What is drawn without a name keeps none: it would make the file larger."""


def drawn(shape: str, tags: Mapping[str, str]) -> Drawn | None:
    """How a thing with these tags is drawn, None if it is not."""
    for key in KEYS:
        value = tags.get(key)
        if value is None or value == "no":
            continue
        found = TABLE.get((shape, key, value)) or TABLE.get((shape, key, "*"))
        if found is not None:
            return found
    return None

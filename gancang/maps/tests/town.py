"""An invented town on an eastern coast, as an OpenStreetMap file: nobody's map was copied."""

from __future__ import annotations

import os
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import TYPE_CHECKING

from gancang.maps.actions import load

if TYPE_CHECKING:
    from pathlib import Path

    from gancang.regions.models import Region

LAT, LON = -8.2, 114.35
"""The town's middle, where nothing else says so."""
DAY = datetime(2026, 11, 20, 12, tzinfo=UTC)
"""Of which day the roads of the river's town are."""


@dataclass
class Drawing:
    """An OpenStreetMap file that grows: points in metres east and north of the middle."""

    lat: float = LAT
    lon: float = LON
    lines: list[str] = field(default_factory=list)
    last: int = 0
    corners: dict[tuple[float, float], int] = field(default_factory=dict)

    def point(self, east: float, north: float, **tags: str) -> int:
        """A node; its number."""
        self.last += 1
        lat, lon = self.lat + north / 111_000, self.lon + east / 111_000
        self.lines.append(
            f'<node id="{self.last}" lat="{lat:.7f}" lon="{lon:.7f}">{_told(tags)}</node>'
        )
        return self.last

    def way(self, *corners: tuple[float, float], closed: bool = False, **tags: str) -> None:
        """A way through points, joined where others pass; a closed one ends where it began."""
        for corner in corners:
            if corner not in self.corners:
                self.corners[corner] = self.point(*corner)
        nodes = [self.corners[corner] for corner in corners]
        nodes += nodes[:1] if closed else []
        refs = "".join(f'<nd ref="{node}"/>' for node in nodes)
        self.last += 1
        self.lines.append(f'<way id="{self.last}">{refs}{_told(tags)}</way>')

    def write(self, file: Path) -> Path:
        """The file, nodes before ways as OpenStreetMap wants it."""
        ordered = sorted(self.lines, key=lambda line: line.startswith("<way"))
        head = "<?xml version='1.0'?><osm version='0.6' generator='a story'>"
        file.write_text(head + "".join(ordered) + "</osm>", encoding="utf-8")
        return file


def _told(tags: dict[str, str]) -> str:
    return "".join(f'<tag k="{key}" v="{value}"/>' for key, value in tags.items())


def town(lat: float = LAT, lon: float = LON) -> Drawing:
    """A main road, a lane, a house, a mosque, a rice field, and the sea two kilometres east."""
    drawn = Drawing(lat, lon)
    drawn.point(0, 0, place="village", name="Sumber Angin")
    drawn.way((-1500, -50), (0, -50), (1500, -50), highway="primary", name="Jalan Raya")
    drawn.way((0, -50), (0, 400), highway="path", name="Gang Melati")
    drawn.way((30, 30), (50, 30), (50, 50), (30, 50), closed=True, building="yes")
    mosque = ((-90, 30), (-50, 30), (-50, 70), (-90, 70))
    drawn.way(*mosque, closed=True, amenity="place_of_worship", name="Masjid Nurul Huda")
    field_of_rice = ((-900, 100), (-300, 100), (-300, 700), (-900, 700))
    drawn.way(*field_of_rice, closed=True, landuse="farmland")
    # A coast has its land on the left and its sea on the right: it goes north.
    drawn.way((2000, -4000), (2100, 0), (2000, 4000), natural="coastline")
    return drawn


def by_the_river(lat: float, lon: float, bridge_m: float = 1500) -> Drawing:
    """Two streets on both sides of a river, joined by one bridge to the east."""
    drawn = Drawing(lat, lon)
    for north, name in ((-100, "Jalan Selatan"), (100, "Jalan Utara")):
        drawn.way((0, north), (700, north), (bridge_m, north), highway="residential", name=name)
    drawn.way((bridge_m, -100), (bridge_m, 100), highway="secondary", name="Jembatan")
    return drawn


def load_town(region: Region, drawn: Drawing, folder: Path) -> None:
    """What `gancang load-map` does, with data of a known day."""
    file = drawn.write(folder / "town.osm")
    os.utime(file, (DAY.timestamp(), DAY.timestamp()))
    load(region, file, None, tell=lambda _what, _count: None, by="tests", now=DAY)

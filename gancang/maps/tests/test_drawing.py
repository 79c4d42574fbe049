"""What a regency's map shows, from an extract to the tiles a phone asks for."""

from __future__ import annotations

import gc
import gzip
import resource
from typing import TYPE_CHECKING, Any

import mapbox_vector_tile
import pytest
from hypothesis import given
from hypothesis import strategies as st
from pmtiles.reader import MmapSource, Reader
from shapely.geometry import LineString, Point, box

from gancang.maps import features
from gancang.maps.build import Nowhere, build
from gancang.maps.kinds import ZOOM_MAX
from gancang.maps.sea import sea_within
from gancang.maps.tiles import tiles_of

from .town import LAT, LON, Drawing, town

if TYPE_CHECKING:
    from pathlib import Path

AROUND = (LON - 0.03, LAT - 0.03, LON + 0.03, LAT + 0.03)


def shown_at(file: Path, zoom: int, lat: float = LAT, lon: float = LON) -> dict[str, Any]:
    """What the tile at a place shows, by layer: pairs of kind and name."""
    (_number, x, y), *_ = tiles_of((lon, lat, lon, lat), zoom)
    with file.open("rb") as opened:
        packed = Reader(MmapSource(opened)).get(zoom, x, y)
    assert packed is not None
    told = mapbox_vector_tile.decode(gzip.decompress(packed))
    return {
        name: {(f["properties"]["kind"], f["properties"].get("name")) for f in layer["features"]}
        for name, layer in told.items()
    }


@pytest.fixture
def drawn(tmp_path: Path) -> Path:
    """The town's tiles."""
    build(town().write(tmp_path / "town.osm"), tmp_path / "town.pmtiles", AROUND)
    return tmp_path / "town.pmtiles"


def test_close_by_a_rider_sees_roads_houses_and_the_mosque_by_name(drawn: Path) -> None:
    shown = shown_at(drawn, ZOOM_MAX)
    assert ("primary", "Jalan Raya") in shown["roads"]
    assert ("path", "Gang Melati") in shown["roads"]
    assert shown["buildings"] == {("building", None)}
    assert shown["landmarks"] == {("worship", "Masjid Nurul Huda")}
    assert shown["places"] == {("village", "Sumber Angin")}
    assert shown["land"] == {("field", None)}


def test_from_afar_only_the_great_roads_are_left(drawn: Path) -> None:
    shown = shown_at(drawn, 8)
    assert shown["roads"] == {("primary", "Jalan Raya")}
    assert "buildings" not in shown
    assert "places" not in shown


def test_the_sea_lies_east_of_this_coast_and_nowhere_else(drawn: Path) -> None:
    assert ("sea", None) in shown_at(drawn, ZOOM_MAX, lon=LON + 0.025)["water"]
    assert "water" not in shown_at(drawn, ZOOM_MAX)


def test_the_same_extract_makes_the_same_file(tmp_path: Path, drawn: Path) -> None:
    build(town().write(tmp_path / "town.osm"), tmp_path / "again.pmtiles", AROUND)
    assert (tmp_path / "again.pmtiles").read_bytes() == drawn.read_bytes()


def test_a_map_of_another_place_leaves_the_old_one_as_it_was(tmp_path: Path, drawn: Path) -> None:
    before = drawn.read_bytes()
    with pytest.raises(Nowhere):
        build(tmp_path / "town.osm", drawn, (10.0, 50.0, 11.0, 51.0))
    assert drawn.read_bytes() == before
    assert sorted(file.name for file in tmp_path.iterdir()) == ["town.osm", "town.pmtiles"]


def test_a_full_disk_leaves_the_old_map_as_it_was_and_nothing_open(
    tmp_path: Path, drawn: Path
) -> None:
    """A file left open would complain when it goes, and warnings fail here."""
    before = drawn.read_bytes()
    streets = Drawing()
    for street in range(200):
        streets.way((0, 40 * street), (9000, 40 * street), highway="residential", name=f"{street}")
    wide = streets.write(tmp_path / "wide.osm")
    soft, hard = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (10_000, hard))
    try:
        with pytest.raises(OSError, match="File too large"):
            build(wide, drawn)
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, (soft, hard))
    gc.collect()
    assert drawn.read_bytes() == before
    assert sorted(f.name for f in tmp_path.iterdir()) == ["town.osm", "town.pmtiles", "wide.osm"]


def test_a_way_into_the_unknown_is_left_out_and_counted(tmp_path: Path) -> None:
    drawing = Drawing()
    drawing.way((0, 0), (100, 0), highway="primary")
    drawing.lines.append('<way id="9"><nd ref="1"/><nd ref="77"/><tag k="highway" v="path"/></way>')
    found = features.read(drawing.write(tmp_path / "torn.osm"))
    assert found.broken == 1
    assert found.layers["roads"].kinds == ["primary"]


@given(st.lists(st.floats(0.1, 0.9), min_size=2, max_size=8), st.booleans())
def test_land_and_sea_share_the_frame_along_any_coast(easts: list[float], goes_north: bool) -> None:
    """Law: where a coast crosses the whole frame, its right is sea, its left is none."""
    norths = [n / (len(easts) - 1) for n in range(len(easts))]
    coast = list(zip(easts, norths, strict=True))
    sea = sea_within([LineString(coast if goes_north else coast[::-1])], (0, 0, 1, 1))
    assert any(area.contains(Point(0.99, 0.5)) for area in sea) == goes_north
    assert any(area.contains(Point(0.01, 0.5)) for area in sea) != goes_north


def test_an_island_is_land_in_the_sea_and_a_coast_that_breaks_off_draws_none() -> None:
    # Counter-clockwise, so that the land is inside.
    island = LineString([(0.4, 0.4), (0.6, 0.4), (0.6, 0.6), (0.4, 0.6), (0.4, 0.4)])
    sea = sea_within([island], (0, 0, 1, 1))
    assert sum(area.area for area in sea) == pytest.approx(0.96)
    assert not sea[0].contains(Point(0.5, 0.5))
    assert sea_within([LineString([(0.2, 0.2), (0.5, 0.5)])], (0, 0, 1, 1)) == []
    assert sea_within([], box(0, 0, 1, 1).bounds) == []

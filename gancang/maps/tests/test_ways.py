"""The way from a counter to a door: by the roads of an extract, else by a marked estimate."""

from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING

import pytest
from gancang_roads import Place

from gancang.maps import stored
from gancang.maps.actions import load
from gancang.maps.rules import Why
from gancang.maps.templatetags.gancang_maps import way_source
from gancang.maps.ways import travel_of
from gancang.regions.models import Region, Village
from gancang.regions.queries import place_of, zone_of
from gancang.values import Reason, Refused

from .town import DAY, Drawing, by_the_river, load_town

if TYPE_CHECKING:
    from pathlib import Path

pytestmark = pytest.mark.django_db
KM = 1 / 111


@pytest.fixture
def region(tmp_path: Path, settings: object) -> Region:
    """The region, with a folder for its maps that is empty."""
    settings.VAR = tmp_path / "var"  # type: ignore[attr-defined]  # pytest-django exports no type
    return Region.objects.get()


@pytest.fixture
def village(region: Region) -> Village:
    """The village in whose middle the river's town is drawn."""
    found = Village.objects.filter(region=region).order_by("code").first()
    assert found is not None
    return found


def why_not(region: Region, file: Path) -> Reason:
    """The reason for which an extract is refused."""
    with pytest.raises(Refused) as refused:
        load(region, file, None, tell=lambda _what, _count: None, by="tests", now=DAY)
    return refused.value.reason


def ends(village: Village) -> tuple[Place, Place]:
    """A door on each bank, two hundred metres apart as the heron flies."""
    return tuple(place_of(village, village.lat + n * 0.1 * KM, village.lon) for n in (-1, 1))  # type: ignore[return-value]


def test_without_an_extract_ways_are_estimated_and_say_so(region: Region, village: Village) -> None:
    here, there = ends(village)
    leg = travel_of(region).leg(here, there)
    assert leg.source == travel_of(region).source == "estimate"
    assert 200 < leg.metres < 400
    assert travel_of(region).route(here, there) is None


def test_with_an_extract_the_way_goes_by_the_bridge_and_names_the_day_of_its_roads(
    region: Region, village: Village, tmp_path: Path
) -> None:
    load_town(region, by_the_river(village.lat, village.lon), tmp_path)
    here, there = ends(village)
    travel = travel_of(region)
    leg = travel.leg(here, there)
    assert 3100 < leg.metres < 3300
    assert leg.source == travel.source == "roads of 2026-11-20"
    way = travel.route(here, there)
    assert way is not None
    assert (way.metres, way.seconds, way.source) == (leg.metres, leg.seconds, leg.source)
    assert "Belok kiri ke Jembatan" in [step.text for step in way.steps]
    assert way.line[0] == pytest.approx((here.lat, here.lon), abs=1e-4)


def test_the_morning_rush_makes_rides_longer_and_leaves_prices_as_they_are(
    region: Region, village: Village, tmp_path: Path
) -> None:
    load_town(region, by_the_river(village.lat, village.lon), tmp_path)
    here, there = ends(village)
    zone = zone_of(region)
    rush, noon, night = (
        travel_of(region, at=datetime(2026, 11, 24, hour, 30, tzinfo=zone)) for hour in (7, 10, 2)
    )
    free = travel_of(region)
    assert rush.seconds(here, there) > noon.seconds(here, there) == free.seconds(here, there)
    assert rush.metres(here, there) == free.metres(here, there)
    # Quiet hours are one network, the busy one says its hour; asked again, nothing is made anew.
    assert noon.roads is night.roads is free.roads
    assert rush.source == "roads of 2026-11-20, at 7:00"
    assert way_source(rush.source) == "menurut peta jalan 20-11-2026, lalu lintas pukul 7"
    again = travel_of(region, at=datetime(2026, 11, 25, 7, tzinfo=zone))
    assert again.roads is rush.roads


def test_where_one_is_already_no_time_passes_and_what_no_road_reaches_is_estimated(
    region: Region, village: Village, tmp_path: Path
) -> None:
    load_town(region, by_the_river(village.lat, village.lon), tmp_path)
    here, there = ends(village)
    far = Place(village.lat + 5 * KM, village.lon, here.area)
    told = travel_of(region).matrix([here, far], [here, there, far])
    assert told.seconds[0][0] == told.metres[0][0] == told.metres[1][2] == 0
    assert told.sources[0] == ("roads of 2026-11-20", "roads of 2026-11-20", "estimate")
    assert told.metres[0][2] == travel_of(region).estimate.metres(here, far)
    assert travel_of(region).route(here, far) is None


def test_roads_of_a_new_extract_hold_at_once_and_a_bad_one_changes_nothing(
    region: Region, village: Village, tmp_path: Path
) -> None:
    load_town(region, by_the_river(village.lat, village.lon), tmp_path)
    load_town(region, by_the_river(village.lat, village.lon, bridge_m=900), tmp_path)
    here, there = ends(village)
    assert 1900 < travel_of(region).metres(here, there) < 2100
    before = stored.in_force(region.code)

    houses = Drawing(village.lat, village.lon)
    houses.way((30, 30), (50, 30), (50, 50), (30, 50), closed=True, building="yes")
    # In the frame around the villages, and far from each of them.
    off = Drawing(village.lat, min(v.lon for v in Village.objects.all()) - 0.09)
    off.way((0, 0), (100, 0), highway="primary")
    cut_off = tmp_path / "cut.osm"
    whole = by_the_river(village.lat, village.lon).write(tmp_path / "whole.osm")
    cut_off.write_text(whole.read_text()[:-6])
    for file, why in (
        (houses.write(tmp_path / "houses.osm"), Why.NO_ROADS),
        (off.write(tmp_path / "off.osm"), Why.NO_VILLAGE),
        (cut_off, Why.NOT_OSM),
    ):
        assert why_not(region, file) == why
        assert stored.in_force(region.code) == before
    assert 1900 < travel_of(region).metres(here, there) < 2100
    with stored.loading(region.code):
        assert why_not(region, whole) == Why.UNDER_WAY
    left = {file.name for file in stored.folder_of(region.code).iterdir()}
    assert before is not None
    assert left == {"now.json", before.tiles, before.before, before.roads, before.roads_before}


def test_a_network_that_was_damaged_on_the_disk_leaves_estimates(
    region: Region, village: Village, tmp_path: Path
) -> None:
    load_town(region, by_the_river(village.lat, village.lon), tmp_path)
    found = stored.in_force(region.code)
    assert found is not None
    file = stored.folder_of(region.code) / found.roads
    file.write_bytes(file.read_bytes()[:-100])
    assert travel_of(region).leg(*ends(village)).source == "estimate"

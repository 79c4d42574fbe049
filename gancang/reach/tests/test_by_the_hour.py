"""A promise minds the traffic of its hour; a price is the same at every hour."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime
from typing import TYPE_CHECKING, Any

from gancang.maps.tests.town import Drawing, load_town
from gancang.programmes.queries import list_programmes, terms_of
from gancang.reach.queries import Door, atlas_of
from gancang.regions.queries import get_tariff, today_in, zone_of

if TYPE_CHECKING:
    from pathlib import Path

    from tests.cast import Cast

KM = 1 / 111


def test_a_ride_in_the_rush_is_told_longer_and_costs_the_same(
    cast: Cast, tmp_path: Path, settings: Any
) -> None:
    settings.VAR = tmp_path / "var"
    origin = cast.hospital
    assert origin.lat is not None
    assert origin.lon is not None
    drawn = Drawing(origin.lat, origin.lon)
    drawn.way((0, 0), (0, 5_000), (0, 10_000), highway="primary", name="Jalan Raya")
    drawn.way((0, 10_000), (300, 10_000), highway="residential")
    load_town(cast.region, drawn, tmp_path)
    door = Door(village=cast.village, point=(origin.lat + 9 * KM, origin.lon))
    found = map(terms_of, list_programmes(cast.region))
    terms = next(t for t in found if t.tariff and t.item_class == "medicine")
    told = {}
    for hour in (12, 10):
        # A Tuesday on which every pharmacy is open at both hours.
        now = datetime(2026, 11, 24, hour, 30, tzinfo=zone_of(cast.region))
        tariff = get_tariff(cast.region, terms.tariff, on=today_in(cast.region, now))
        atlas = atlas_of(cast.region, now=now)
        told[hour] = atlas.trip(door, terms, tariff, origin=origin)
        at_once = atlas.measured(origin, [cast.village])
        assert at_once.trip(door, terms, tariff, origin=origin) == told[hour]
    rush, quiet = told[12], told[10]
    assert rush.ride_min > quiet.ride_min
    assert rush.late_min > quiet.late_min
    assert rush.ride_source == f"{quiet.ride_source}, at 12:00"
    rush, quiet = (replace(t, ride_min=0, late_min=0, ride_source="") for t in (rush, quiet))
    assert rush == quiet
    assert quiet.source == "roads of 2026-11-20"

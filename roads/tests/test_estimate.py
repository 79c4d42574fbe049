"""Laws of travel without a map, and a few trips that people of Banyuwangi know."""

from math import inf, nan
from typing import Any

import pytest
from gancang_roads import Estimate, Leg, Place, great_circle_m
from hypothesis import given
from hypothesis import strategies as st

areas = st.sampled_from([None, "low", "high", "bay"])
places = st.builds(Place, st.floats(-8.8, -7.7), st.floats(113.8, 114.7), areas)
TRAVEL = Estimate(
    speed_kmh=40,
    start_s=120,
    mountain_areas=frozenset({"high"}),
    pair_detours={("low", "bay"): 2.4, ("bay", "bay"): 1.2},
)
TOWN = Place(-8.21861, 114.36694)


@given(places, places)
def test_the_way_back_is_as_long_as_the_way_there(a: Place, b: Place) -> None:
    assert TRAVEL.leg(a, b) == TRAVEL.leg(b, a)


@given(places, areas)
def test_a_second_stop_at_the_same_point_costs_no_travel(a: Place, area: str | None) -> None:
    assert TRAVEL.leg(a, Place(a.lat, a.lon, area)) == Leg(seconds=0, metres=0)


@given(places, places)
def test_no_road_is_shorter_than_the_straight_line(a: Place, b: Place) -> None:
    assert TRAVEL.metres(a, b) >= great_circle_m(a, b) - 0.5


@given(places, places, places)
def test_between_the_same_areas_whoever_goes_further_needs_longer(
    a: Place, b: Place, c: Place
) -> None:
    c = Place(c.lat, c.lon, b.area)
    near, far = sorted((b, c), key=lambda place: great_circle_m(a, place))
    assert TRAVEL.metres(a, near) <= TRAVEL.metres(a, far)
    assert TRAVEL.seconds(a, near) <= TRAVEL.seconds(a, far)


@given(places, places, places)
def test_where_all_roads_wind_alike_a_way_round_is_never_shorter(
    a: Place, b: Place, c: Place
) -> None:
    even = Estimate(speed_kmh=40, start_s=120)
    assert even.metres(a, c) <= even.metres(a, b) + even.metres(b, c) + 2
    assert even.seconds(a, c) <= even.seconds(a, b) + even.seconds(b, c) + 2


@given(places, places, places)
def test_a_way_round_saves_at_most_what_the_factors_differ_by(a: Place, b: Place, c: Place) -> None:
    worst = 2.4 / 1.2  # the largest factor of TRAVEL over its smallest
    assert TRAVEL.metres(a, c) <= worst * (TRAVEL.metres(a, b) + TRAVEL.metres(b, c) + 2)


@given(st.lists(places, max_size=4), st.lists(places, max_size=4))
def test_a_matrix_says_what_its_single_trips_say(a: list[Place], b: list[Place]) -> None:
    matrix = TRAVEL.matrix(a, b)
    assert matrix.seconds == tuple(tuple(TRAVEL.leg(x, y).seconds for y in b) for x in a)
    assert matrix.metres == tuple(tuple(TRAVEL.leg(x, y).metres for y in b) for x in a)


def test_whoever_reads_a_figure_can_tell_that_it_is_an_estimate() -> None:
    assert TRAVEL.leg(TOWN, TOWN).is_estimate
    assert TRAVEL.matrix([TOWN], [TOWN]).is_estimate
    assert TRAVEL.profile == "motorcycle"


def test_a_degree_of_latitude_is_111_kilometres() -> None:
    assert great_circle_m(Place(-8, 114), Place(-9, 114)) == pytest.approx(111_195, abs=1)


def test_mountain_roads_wind_more() -> None:
    low, high = Place(-8.2, 114.2, "low"), Place(-8.2, 114.2, "high")
    from_low, from_high = Place(-8.3, 114.3, "low"), Place(-8.3, 114.3, "high")
    straight_m = great_circle_m(low, from_low)
    assert TRAVEL.metres(from_low, low) == round(straight_m * 1.35)
    assert TRAVEL.metres(from_low, high) == round(straight_m * (1.35 + 1.6) / 2)
    assert TRAVEL.metres(from_high, high) == round(straight_m * 1.6)


def test_what_is_known_of_two_areas_overrules_what_is_known_of_each() -> None:
    low, bay = Place(-8.2, 114.2, "low"), Place(-8.3, 114.3, "bay")
    assert TRAVEL.metres(low, bay) == round(great_circle_m(low, bay) * 2.4)
    assert TRAVEL.metres(bay, low) == TRAVEL.metres(low, bay)


def test_siliragung_is_some_sixty_kilometres_and_an_hour_and_a_half_from_town() -> None:
    leg = TRAVEL.leg(TOWN, Place(-8.52, 114.13))
    assert 54_000 < leg.metres < 66_000
    assert 75 < leg.seconds / 60 < 110


def test_tegalsari_is_some_seventy_minutes_from_town() -> None:
    # Point of the village of that name in the region pack.
    assert 60 < TRAVEL.seconds(TOWN, Place(-8.43432, 114.14868)) / 60 < 80


@pytest.mark.parametrize(
    ("wrong", "says"),
    [
        ({"speed_kmh": 0}, "above 0"),
        ({"speed_kmh": nan}, "above 0"),
        ({"speed_kmh": 40, "start_s": -1}, "0 s or more"),
        ({"speed_kmh": 40, "detour": 0.9}, "straight line"),
        ({"speed_kmh": 40, "mountain_detour": nan}, "straight line"),
        ({"speed_kmh": 40, "pair_detours": {("a", "b"): inf}}, "straight line"),
        ({"speed_kmh": 40, "pair_detours": {("a", "b"): 2.0, ("b", "a"): 3.0}}, "a and b"),
    ],
)
def test_an_impossible_world_is_refused_at_birth(wrong: dict[str, Any], says: str) -> None:
    with pytest.raises(ValueError, match=says):
        Estimate(**wrong)


@pytest.mark.parametrize(("lat", "lon"), [(114.3, -8.2), (nan, 114.3), (-8.2, inf), (-8.2, -181)])
def test_a_place_off_the_earth_is_refused(lat: float, lon: float) -> None:
    with pytest.raises(ValueError, match="no such place"):
        Place(lat, lon)

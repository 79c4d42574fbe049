"""A plus code that a phone shows is a place, whole or short with a village's name."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from gancang.addresses.plus_codes import middle_of_code, take_code
from gancang.values import Point, metres_between

DIGITS = "23456789CFGHJMPQRVWX"


def code_of(point: Point) -> str:
    """The code of ten digits for a place, as a phone tells it."""
    lat, lon, code, size = point.lat + 90, point.lon + 180, "", 400.0
    for _pair in range(5):
        size /= 20
        row, column = int(lat // size), int(lon // size)
        code += DIGITS[row] + DIGITS[column]
        lat, lon = lat - row * size, lon - column * size
    return f"{code[:8]}+{code[8:]}"


def nowhere() -> Point:
    """A whole code needs no place beside it."""
    raise AssertionError("was asked for a place")


@pytest.mark.parametrize(
    ("code", "lat", "lon"),
    [  # of the specification's own test data
        ("8FVC9G8F+6X", 47.3655625, 8.5249375),
        ("6PH57VP3+PR", 1.2868125, 103.8545625),
        ("7FG49Q00+", 20.375, 2.775),
        ("4VCPPQGP+Q9", -41.2730625, 174.7859375),
        ("849VGJQF+VX7QR3J", 37.5396691, -122.3750698),
    ],
)
def test_known_codes_are_their_places(code: str, lat: float, lon: float) -> None:
    point = middle_of_code(code, nowhere)
    assert point is not None
    assert metres_between(point, Point(lat, lon)) < 1


ISLANDS = {"lat": st.floats(-10, 5), "lon": st.floats(96, 140)}


@given(st.builds(Point, **ISLANDS), st.floats(-0.4, 0.4), st.floats(-0.4, 0.4))
def test_a_short_code_means_the_place_nearest_to_the_village(
    house: Point, north: float, east: float
) -> None:
    village = Point(house.lat + north, house.lon + east)
    short = code_of(house)[4:]
    found = middle_of_code(short, lambda: village)
    assert found is not None
    assert metres_between(found, house) < 15
    whole = middle_of_code(code_of(house), nowhere)
    assert whole is not None
    assert metres_between(whole, house) < 15


@pytest.mark.parametrize(
    ("typed", "code", "rest"),
    [
        ("9F4G+2Q Srono", "9F4G+2Q", "Srono"),
        ("rumah di 6p4hj937+3w, Kebaman", "6P4HJ937+3W", "rumah di , Kebaman"),
        ("RT 2+RW 3", "", "RT 2+RW 3"),
        ("9F4G+2", "", "9F4G+2"),
        ("62+812", "", "62+812"),
        ("", "", ""),
    ],
)
def test_a_code_is_taken_out_of_what_was_typed(typed: str, code: str, rest: str) -> None:
    assert take_code(typed) == (code, rest)


def test_a_code_beyond_the_poles_is_no_place() -> None:
    assert middle_of_code("XX000000+", nowhere) is None

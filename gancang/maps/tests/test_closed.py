"""Laws of closed roads: what a ring holds, and how points are typed."""

from __future__ import annotations

from math import cos, radians, sin

import numpy as np
import pytest
from gancang_roads import Place
from gancang_roads.clip import inside
from gancang_roads.estimate import great_circle_m
from hypothesis import given
from hypothesis import strategies as st

from gancang.maps.closed import AREA, CIRCLE, WAY, Shape, points_from, why_not_there
from gancang.maps.rules import Why
from gancang.values import Refused

LATS = st.floats(-11, 6)
LONS = st.floats(95, 141)


def holds(ring: tuple[tuple[float, float], ...], lat: float, lon: float) -> bool:
    """Whether a point lies within a ring."""
    corners = np.array([*ring, ring[0]])[:, ::-1]
    return bool(inside((corners,), np.array([lat]), np.array([lon]))[0])


@given(LATS, LONS, st.integers(10, 20_000), st.floats(0, 6.28), st.floats(0, 0.99))
def test_all_that_is_near_enough_lies_in_a_circle(
    lat: float, lon: float, radius_m: int, turn: float, part: float
) -> None:
    ring = Shape(CIRCLE, ((lat, lon),), radius_m).ring()
    north, east = radius_m * part * sin(turn), radius_m * part * cos(turn)
    there = lat + north / 111_195, lon + east / 111_195 / cos(radians(lat))
    assert holds(ring, *there)
    farthest = max(great_circle_m(Place(lat, lon), Place(*corner)) for corner in ring)
    assert farthest < 1.02 * radius_m


@given(LATS, LONS, st.sampled_from(["{}, {}", "{},{}", "{} {}", "{};{}"]))
def test_a_point_is_read_as_it_was_typed(lat: float, lon: float, how: str) -> None:
    lat, lon = round(lat, 5), round(lon, 5)
    typed = how.format(f"{lat:.5f}", f"{lon:.5f}")
    assert points_from(typed, CIRCLE) == ((lat, lon),)
    comma = f"{lat:.5f} {lon:.5f}".replace(".", ",")
    assert points_from(comma, CIRCLE) == ((lat, lon),)
    assert points_from(f"\n{typed}\n\n{comma}\n", WAY) == ((lat, lon),) * 2


@given(st.text(max_size=40))
def test_no_text_breaks_the_reading_of_points(typed: str) -> None:
    for kind in (CIRCLE, AREA, WAY):
        try:
            assert all(len(point) == 2 for point in points_from(typed, kind))
        except Refused:
            continue


@given(LATS, LONS)
def test_a_box_holds_its_middle_whichever_corners_are_told(lat: float, lon: float) -> None:
    corners = ((lat, lon), (lat + 0.1, lon + 0.2))
    for two in (corners, corners[::-1], ((lat + 0.1, lon), (lat, lon + 0.2))):
        shape = Shape(AREA, two)
        assert holds(shape.ring(), *shape.middle())


@pytest.mark.parametrize(
    ("point", "why"),
    [((-8.2, 114.3), None), ((114.3, -8.2), Why.SWAPPED), ((-6.2, 106.8), Why.OUTSIDE)],
)
def test_a_point_is_of_the_region_or_looks_swapped_or_lies_outside(
    point: tuple[float, float], why: Why | None
) -> None:
    refused = why_not_there([point], (114, -9, 115, -7), "Kota")
    assert (refused and refused.reason) == why

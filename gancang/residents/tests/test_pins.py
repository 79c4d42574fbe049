"""A good pin is remembered after a hand-over, and nothing worse takes its place."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import TYPE_CHECKING

import pytest

from gancang.audit.models import Event
from gancang.regions.models import Village
from gancang.residents.actions import learn_pin
from gancang.residents.models import Pin, Resident
from gancang.residents.places import (
    best_pin,
    why_not_pin,
)
from gancang.residents.rules import Why
from gancang.values import Point, metres_between
from tests.cast import place

if TYPE_CHECKING:
    from gancang.orders.models import Order
    from tests.cast import Cast

NOW = datetime(2026, 11, 24, 2, 0, tzinfo=UTC)


def near(cast: Cast, north_m: float = 0) -> Point:
    """A gate some 400 m beside the village's point, and `north_m` further north."""
    return Point(cast.village.lat + (300 + north_m) / 111_200, cast.village.lon + 0.0025)


def learn(order: Order, point: Point) -> Why | None:
    """What the hand-over of an order teaches."""
    return learn_pin(order.resident_id, point, "handover", NOW, about=order.code, by="rider")


def grade_of(order: Order) -> str:
    """How well the patient's pin is known."""
    return Resident.objects.get(pk=order.resident_id).pin_grade


def test_the_second_delivery_starts_from_the_learned_pin(cast: Cast) -> None:
    first = place(cast)
    assert (first.point_is_village, grade_of(first)) == (True, "village")
    assert learn(first, near(cast)) is None
    second = place(cast, number="R-2")
    assert not second.point_is_village
    assert metres_between(Point(second.lat, second.lon), near(cast)) < 1
    assert grade_of(second) == "learned"


def test_the_learned_pin_holds_against_a_typed_one_while_the_address_stays(cast: Cast) -> None:
    learn(place(cast), near(cast))
    told = {"lat": str(cast.village.lat), "lon": str(cast.village.lon)}
    again = place(cast, number="R-2", address="Dsn. Krajan, RT.2 RW.1", **told)
    assert metres_between(Point(again.lat, again.lon), near(cast)) < 1


def test_whoever_has_moved_is_looked_for_at_the_new_address(cast: Cast) -> None:
    learn(place(cast), near(cast))
    moved = place(cast, number="R-2", address="Dusun Sukorejo RT 05/RW 03")
    assert (moved.point_is_village, grade_of(moved)) == (True, "village")
    assert not Pin.objects.filter(ended_at=None).exists()
    assert Pin.objects.count() == 1, "where he lived is kept"


def test_the_same_hand_over_told_twice_teaches_once(cast: Cast) -> None:
    order = place(cast)
    for _again in range(3):
        assert learn(order, near(cast)) is None
    assert (grade_of(order), Pin.objects.count()) == ("learned", 1)
    assert Event.objects.filter(kind="resident.pin_learned").count() == 1


def test_a_second_hand_over_at_the_same_gate_confirms_it(cast: Cast) -> None:
    first, second = place(cast), place(cast, number="R-2")
    learn(first, near(cast))
    learn(second, near(cast, north_m=40))
    row = Resident.objects.get(pk=first.resident_id)
    assert row.pin_grade == "confirmed"
    assert row.lat is not None
    assert row.lat == pytest.approx(near(cast, north_m=20).lat)


def test_one_hand_over_at_a_neighbour_s_does_not_move_a_confirmed_pin(cast: Cast) -> None:
    for number, north in enumerate((0, 20, 900)):
        learn(place(cast, number=f"R-{number}"), near(cast, north_m=north))
    row = Resident.objects.get()
    assert row.pin_grade == "confirmed"
    assert row.lat == pytest.approx(near(cast, north_m=10).lat)
    assert Pin.objects.count() == 3


def test_a_point_outside_the_region_or_in_another_village_is_not_learned(cast: Cast) -> None:
    order = place(cast)
    other = max(
        Village.objects.filter(region=cast.region),
        key=lambda v: metres_between(Point(v.lat, v.lon), near(cast)),
    )
    assert learn(order, Point(0, 0)) is Why.PIN_OUTSIDE
    assert learn(order, Point(other.lat, other.lon)) is Why.PIN_FAR
    assert (grade_of(order), Pin.objects.count()) == ("village", 0)


def test_a_wide_village_reaches_as_far_as_no_other_is_nearer() -> None:
    village, neighbour = Point(-8.5, 114.0), Point(-8.5, 114.2)
    bounds = (113.0, -9.0, 115.0, -8.0)

    def why(lon: float) -> Why | None:
        return why_not_pin(Point(-8.5, lon), village=village, others=[neighbour], bounds=bounds)

    assert (why(114.09), why(114.11)) == (None, Why.PIN_FAR)
    assert why(113.5) is Why.PIN_FAR  # 55 km: nobody's village is that wide


def test_no_coordinates_and_no_name_stand_in_the_event(cast: Cast) -> None:
    order = place(cast)
    learn(order, near(cast))
    event = Event.objects.get(kind="resident.pin_learned")
    assert "Sari" not in event.payload
    assert str(near(cast).lat)[:6] not in event.payload


def test_of_two_places_met_once_the_newest_holds() -> None:
    old, new = Point(-8.20, 114.3), Point(-8.21, 114.3)
    assert best_pin([old, new]) == (new, "learned")

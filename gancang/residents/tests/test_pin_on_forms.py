"""The pin on the forms of an address: two fields, a search beside them, and a word of doubt."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

from gancang.orders.models import Order
from gancang.residents.models import Resident
from gancang.residents.tests.test_registry import typed_correction
from gancang.values import Point, metres_between
from tests.cast import client_of, place, typed_prescription

if TYPE_CHECKING:
    from gancang.regions.models import Village
    from tests.cast import Cast

SWAPPED = "Lintang dan bujur tertukar"
OTHER = "Menurut titik desa"


def far_village(cast: Cast) -> Village:
    """Another village, far enough that a pin in it is no pin of the first."""
    here = Point(cast.village.lat, cast.village.lon)
    others = type(cast.village).objects.filter(region=cast.region).order_by("code")
    return next(v for v in others if metres_between(here, Point(v.lat, v.lon)) > 5_000)


@pytest.mark.parametrize("actor", ["clerk", "pharmacist"])
def test_a_prescription_is_placed_with_a_pin_that_was_typed(cast: Cast, actor: str) -> None:
    desk = client_of(getattr(cast, actor))
    assert 'name="lat"' in desk.get("/medicine/new").content.decode()
    lat, lon = cast.village.lat + 0.001, cast.village.lon
    # In this country a comma stands for the point.
    pin = {"lat": f"{lat:.6f}".replace(".", ","), "lon": f"{lon:.6f}"}
    answer = desk.post("/medicine/new", typed_prescription(cast, **pin), follow=True)
    assert OTHER not in answer.content.decode()
    row = Resident.objects.get()
    assert (row.lat, row.lon, row.pin_grade) == (round(lat, 6), round(lon, 6), "clerk")


def test_a_pin_in_another_village_is_doubted_and_taken(cast: Cast) -> None:
    other = far_village(cast)
    pin = {"lat": f"{other.lat:.6f}", "lon": f"{other.lon:.6f}"}
    clerk = client_of(cast.clerk)
    page = clerk.post("/medicine/new", typed_prescription(cast, **pin), follow=True)
    told = page.content.decode()
    assert OTHER in told
    assert f"{other.name}, {other.district.name}" in told
    assert Order.objects.count() == 1
    number = Order.objects.get().resident_id
    again = typed_correction(cast, number, address="Jalan Baru 3", **pin)
    page = clerk.post(f"/residents/{number}/correct", again, follow=True)
    assert OTHER in page.content.decode()
    assert Resident.objects.get().address == "Jalan Baru 3"


def test_a_pin_outside_the_region_is_doubted(cast: Cast) -> None:
    typed = typed_prescription(cast, lat="1.5", lon="100.5")
    page = client_of(cast.clerk).post("/medicine/new", typed, follow=True)
    assert "di luar" in page.content.decode()


def test_exchanged_degrees_are_told_and_change_nothing(cast: Cast) -> None:
    pin = {"lat": f"{cast.village.lon}", "lon": f"{cast.village.lat}"}
    clerk = client_of(cast.clerk)
    answer = clerk.post("/medicine/new", typed_prescription(cast, **pin))
    assert answer.status_code == 400
    assert SWAPPED in answer.content.decode()
    assert not Order.objects.exists()
    number = place(cast).resident_id
    answer = clerk.post(f"/residents/{number}/correct", typed_correction(cast, number, **pin))
    assert answer.status_code == 400
    assert SWAPPED in answer.content.decode()
    assert SWAPPED in clerk.post("/residents/pin", pin).content.decode()
    assert Resident.objects.get().lat is None


@pytest.mark.parametrize(
    "pin", [{"lat": "utara", "lon": "1"}, {"lat": "1e2", "lon": "3"}, {"lat": "-8.1", "lon": ""}]
)
def test_what_is_no_point_is_told_beside_its_field(cast: Cast, pin: dict[str, str]) -> None:
    number = place(cast).resident_id
    clerk = client_of(cast.clerk)
    answer = clerk.post(f"/residents/{number}/correct", typed_correction(cast, number, **pin))
    assert answer.status_code == 400
    assert "field-error" in answer.content.decode()
    assert Resident.objects.get().lat is None


def test_the_form_tells_while_it_is_filled_that_the_pin_left_the_village(
    cast: Cast, django_assert_num_queries: Any
) -> None:
    other, clerk = far_village(cast), client_of(cast.clerk)
    pin = {"lat": f"{other.lat:.6f}", "lon": f"{other.lon:.6f}"}
    village = f"{cast.village.name}, {cast.village.district.name}"
    with django_assert_num_queries(6):  # three of the log-in; villages twice, outlines
        told = clerk.post("/residents/pin", {**pin, "village": village}).content.decode()
    assert OTHER in told
    typed = {**pin, "village": ["nirgendwo", other.code]}
    assert OTHER not in clerk.post("/residents/pin", typed).content.decode()
    assert clerk.post("/residents/pin", {"village": village}).content.decode().strip() == ""


def test_the_search_beside_the_form_offers_to_set_the_pin(cast: Cast) -> None:
    typed = {"place": "", "village": cast.village.code}
    page = client_of(cast.clerk).post("/residents/places", typed, headers={"HX-Request": "true"})
    assert f'data-lat="{cast.village.lat:.6f}"' in page.content.decode()
    assert "<h1>" not in page.content.decode()

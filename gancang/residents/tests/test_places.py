"""A clerk finds where a house lies from what is said of it, and nobody else's house."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

from gancang.addresses.tests.test_plus_codes import code_of
from gancang.regions.queries import villages_by_code, villages_told_of
from gancang.residents.models import Reading, Resident
from gancang.values import Point, metres_between
from tests.cast import client_of, place

if TYPE_CHECKING:
    from gancang.orders.models import Order
    from tests.cast import Cast


def found(cast: Cast, typed: str, **more: object) -> list[dict[str, str]]:
    """The places that the counter is offered."""
    answer = client_of(cast.clerk).post("/residents/places", {"place": typed, **more})
    assert answer.status_code == 200
    return [
        {"grade": c.grade, "name": c.name, "at": f"{c.lat}, {c.lon}", "where": c.where}
        for c in answer.context["found"]
    ]


def slip_in(name: str) -> str:
    """A name with its last but one letter left out, as somebody in a hurry types it."""
    return name[:-2] + name[-1] if len(name) > 5 else name


def met_at(order: Order, lat: float, lon: float, hamlet: str = "Krajan") -> int:
    """The order's patient, met at a door there by two riders."""
    rows = Resident.objects.filter(pk=order.resident_id)
    rows.update(lat=lat, lon=lon, pin_grade="confirmed", hamlet=hamlet)
    return order.resident_id


def neighbours(cast: Cast, many: int) -> None:
    """Some more patients of one hamlet, met at their doors."""
    for number in range(many):
        nik = f"35101649035{number + 50:05}"
        order = place(cast, nik=nik, number=f"R-{number}", full_name=f"Tetangga {number}")
        met_at(order, cast.village.lat + 0.001 * number, cast.village.lon)


def test_a_misspelt_village_in_a_whole_sentence_is_found_by_its_own_point(cast: Cast) -> None:
    village = cast.village
    said = f"belakang masjid Al-Huda, {slip_in(village.name)} {village.district.name}"
    first = found(cast, said)[0]
    assert (first["name"], first["grade"]) == (village.name, "village")
    assert first["at"] == f"{village.lat:.6f}, {village.lon:.6f}"


def test_every_village_is_found_by_its_name_and_district_in_a_sentence(cast: Cast) -> None:
    places = villages_by_code(cast.region)
    for village in places.values():
        said = f"RT 02 RW 01, dekat toko Makmur, {village.name}, kec. {village.district.name}"
        assert villages_told_of(places, said)[0] == village, said


def test_a_code_with_a_village_beside_it_is_the_place_itself(cast: Cast) -> None:
    house = Point(cast.village.lat + 0.004, cast.village.lon - 0.003)
    for typed in (code_of(house), f"{code_of(house)[4:]} {cast.village.name}"):
        first = found(cast, typed)[0]
        assert first["grade"] == "code"
        lat, lon = map(float, first["at"].split(","))
        assert metres_between(Point(lat, lon), house) < 15
    exact = found(cast, f"{house.lat:.5f}, {house.lon:.5f}")[0]
    assert exact["at"] == f"{house.lat:.5f}0, {house.lon:.5f}0"


def test_the_house_of_a_patient_is_offered_first_and_its_reading_is_written_down(
    cast: Cast,
) -> None:
    village = cast.village
    number = met_at(place(cast), village.lat + 0.002, village.lon)
    before = Reading.objects.count()
    offered = found(cast, f"Krajan {village.name}", patient=number)
    assert offered[0]["grade"] == "confirmed"
    assert offered[0]["at"] == f"{village.lat + 0.002:.6f}, {village.lon:.6f}"
    assert Reading.objects.count() == before + 1
    told = Reading.objects.latest("pk")
    assert (told.by, told.resident_number, told.purpose) == ("clerk", number, "place of the house")


def test_a_search_never_shows_where_other_patients_live(cast: Cast) -> None:
    village = cast.village
    met_at(place(cast), village.lat + 0.002, village.lon)
    neighbours(cast, 1)
    before = Reading.objects.count()
    offered = found(cast, f"Dusun Krajan RT 02/RW 01, {village.name}, {village.district.name}")
    assert {each["grade"] for each in offered} == {"village"}
    assert Reading.objects.count() == before


def test_a_hamlet_is_known_to_a_hundred_metres_amid_three_houses(cast: Cast) -> None:
    village = cast.village
    neighbours(cast, 3)
    said = f"dsn krajan, {village.name}, {village.district.name}"
    first = found(cast, said)[0]
    assert (first["name"], first["grade"]) == ("Krajan", "guess")
    lat, lon = first["at"].split(", ")
    assert lat == f"{round(village.lat + 0.001, 3):.6f}"
    assert lon == f"{round(village.lon, 3):.6f}"


def test_a_house_of_another_region_is_not_there(cast: Cast) -> None:
    answer = client_of(cast.clerk).post("/residents/places", {"patient": "999999", "place": "a"})
    assert answer.status_code == 404


@pytest.mark.parametrize(
    "typed", ["", "\0", "xq zq wq", "+", "62+81", "9" * 500, "-91.000, 200.000"]
)
def test_rubbish_finds_nothing_and_says_so(cast: Cast, typed: str) -> None:
    assert found(cast, typed, patient="²", village="\0") == []


def test_a_search_asks_as_much_in_an_empty_village_as_in_a_full_one(
    cast: Cast, django_assert_num_queries: Any
) -> None:
    clerk = client_of(cast.clerk)
    typed = {"place": f"Krajan {cast.village.name} {cast.village.district.name}"}
    for many in (0, 4):
        neighbours(cast, many)
        with django_assert_num_queries(
            6
        ):  # session, user, membership, villages, landmarks, hamlets
            clerk.post("/residents/places", typed, headers={"HX-Request": "true"})

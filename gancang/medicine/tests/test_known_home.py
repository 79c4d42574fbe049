"""A patient from before is priced and met where he was met; a village is found as it is spoken."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING

from gancang.medicine.models import Prescription
from gancang.orders.models import Order
from gancang.regions.queries import find_villages
from gancang.residents.actions import learn_pin
from gancang.residents.models import Resident
from gancang.values import Point, metres_between
from tests.cast import client_of, place, typed_prescription

from .csv_files import row_of, write
from .test_api import machine_of
from .test_import import bring

if TYPE_CHECKING:
    from pathlib import Path

    from tests.cast import Cast


def at(cast: Cast, north_m: float) -> Point:
    """A place so far north of the village's own point."""
    return Point(cast.village.lat + north_m / 111_200, cast.village.lon)


def met(order: Order, point: Point) -> None:
    """The rider met the patient there."""
    learn_pin(order.resident_id, point, "handover", datetime.now(UTC), about=order.code)


def typed_at(point: Point) -> dict[str, str]:
    """The pin that the counter sets on the map."""
    return {"lat": f"{point.lat:.6f}", "lon": f"{point.lon:.6f}"}


def test_the_way_is_reckoned_from_where_the_patient_was_met_not_from_what_was_typed(
    cast: Cast,
) -> None:
    there, elsewhere = at(cast, 1_500), at(cast, -1_500)
    priced_there = place(cast, number="R-0", nik="", full_name="Budi", **typed_at(there))
    first = place(cast, **typed_at(elsewhere))
    assert first.distance_m != priced_there.distance_m
    met(first, there)
    again = place(cast, number="R-2", **typed_at(elsewhere))
    assert abs(again.distance_m - priced_there.distance_m) <= 2  # six digits of a degree
    moved = place(cast, number="R-3", address="Dusun Baru RT 09", **typed_at(elsewhere))
    assert moved.distance_m == first.distance_m


def test_a_hamlet_is_guessed_from_two_neighbours_who_were_met_and_the_rider_hears_so(
    cast: Cast,
) -> None:
    home = "Dusun Krajan RT {}"
    for number, north_m in enumerate((400, 600)):
        neighbour = place(
            cast, number=f"T-{number}", nik="", full_name=f"T {number}", address=home.format(number)
        )
        assert Resident.objects.get(pk=neighbour.resident_id).pin_grade == "village"
        met(neighbour, at(cast, north_m))
    order = place(cast, address="dsn. KRAJAN RT 7")
    assert Resident.objects.get(pk=order.resident_id).pin_grade == "guess"
    assert metres_between(Point(order.lat, order.lon), at(cast, 500)) < 1
    assert order.point_is_village  # "there is no pin of the house yet"
    page = client_of(cast.clerk).get("/medicine/new", {"patient": order.resident_id})
    assert page.context["form"].initial["lat"] == ""  # a guess is not typed as if it were known
    far = place(cast, number="R-9", nik="", full_name="Jauh", address="Dusun Lain RT 1")
    assert Resident.objects.get(pk=far.resident_id).pin_grade == "village"


def test_the_pin_that_a_clerk_set_stays_when_the_next_prescription_tells_none(cast: Cast) -> None:
    place(cast, **typed_at(at(cast, 700)))
    again = place(cast, number="R-2")
    assert not again.point_is_village
    assert metres_between(Point(again.lat, again.lon), at(cast, 700)) < 1


def test_a_village_is_taken_as_it_is_spoken(cast: Cast) -> None:
    spoken = f"ds. {cast.village.name.lower()} {cast.village.district.name.lower()}"
    assert place(cast, village=spoken).village == cast.village


def test_where_several_villages_may_be_meant_the_counter_chooses_one_and_nothing_is_lost(
    cast: Cast,
) -> None:
    clerk = client_of(cast.clerk)
    unclear = cast.village.district.name  # only the kecamatan
    page = clerk.post("/medicine/new", typed_prescription(cast, village=unclear))
    assert page.status_code == 400
    shown = page.content.decode()
    assert "Desa mana yang dimaksud" in shown
    assert unclear in shown
    offered = find_villages(cast.region, unclear)[0]
    assert f'value="{offered.code}"' in shown
    typed = {**typed_prescription(cast), "village": [unclear, offered.code]}
    assert clerk.post("/medicine/new", typed).status_code == 302
    assert Order.objects.get().village == offered


def test_a_village_that_nobody_knows_is_told_as_unknown_and_not_as_too_long(cast: Cast) -> None:
    nowhere = "Xyzzy Qwrtp Kvvzx Jjwqq dekat pasar ikan"
    typed = typed_prescription(cast, village=nowhere)
    page = client_of(cast.clerk).post("/medicine/new", typed).content.decode()
    assert "tidak dikenal di sini" in page
    assert "Terlalu panjang" not in page
    assert nowhere in page


def test_while_one_types_the_villages_that_may_be_meant_are_offered(cast: Cast) -> None:
    asked = {"format": "choices", "village": f"{cast.village.name} {cast.village.district.name}"}
    shown = client_of(cast.clerk).get("/residents/villages", asked).content.decode()
    assert f'value="{cast.village.code}" checked' in shown
    nothing = client_of(cast.clerk).get("/residents/villages", {**asked, "village": "xyzzy"})
    assert "radio" not in nothing.content.decode()


def written(number: str) -> datetime | None:
    """When a prescription was written, as far as somebody said."""
    return Prescription.objects.get(number=number).prescribed_at


def test_every_door_tells_when_it_was_written_and_nobody_has_to(cast: Cast, tmp_path: Path) -> None:
    now = datetime.now(UTC)
    an_hour_ago = (now - timedelta(hours=1)).isoformat()
    place(cast, number="R-1", prescribed_at="09-03-2026 09:40")
    bring(cast, write(tmp_path, [row_of(cast, 2, waktu_resep="2026-03-09 09.40")]))
    sent = typed_prescription(cast, number="R-3", prescribed_at=an_hour_ago)
    body = {**sent, "pbi": True, "confirmed": True, "items": ["Amlodipine"]}
    assert machine_of(cast).send(body).status_code == 201
    place(cast, number="R-4")
    first = written("R-1")
    assert first is not None
    assert first == written("R-00002")
    assert first.astimezone(UTC).day == 9
    assert written("R-3") == datetime.fromisoformat(an_hour_ago)
    assert written("R-4") is None


def test_what_cannot_be_a_time_or_lies_ahead_stands_beside_its_field(cast: Cast) -> None:
    for typed in ("kemarin", "25:00", "09-03-2026", "01-01-2999 09:00"):
        sent = typed_prescription(cast, prescribed_at=typed)
        page = client_of(cast.clerk).post("/medicine/new", sent)
        assert set(page.context["form"].errors) == {"prescribed_at"}, typed
    assert not Order.objects.exists()


def test_a_clock_that_runs_ahead_a_little_is_taken_for_now(cast: Cast) -> None:
    ahead = (datetime.now(UTC) + timedelta(minutes=2)).isoformat()
    order = place(cast, prescribed_at=ahead)
    at_what = written(order.prescription.number)
    assert at_what is not None
    assert at_what <= order.placed_at

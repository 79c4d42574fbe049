"""The counter types a prescription: what is wrong stands beside its field, and nothing is lost."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from gancang.medicine.models import Prescription
from gancang.orders.models import Order
from gancang.outbox.models import Letter
from gancang.residents.models import Fact, Resident
from tests.cast import client_of, place, shares_of_order, typed_prescription

if TYPE_CHECKING:
    from django.test.client import _MonkeyPatchedWSGIResponse as Response

    from tests.cast import Cast


def post(cast: Cast, **changed: str) -> Response:
    """The clerk presses the button."""
    return client_of(cast.clerk).post("/medicine/new", typed_prescription(cast, **changed))


def test_a_prescription_becomes_an_order_with_its_price_its_money_and_a_letter(cast: Cast) -> None:
    order = place(cast)
    assert (order.state, order.version, order.origin) == ("placed", 1, cast.hospital)
    assert order.price_rp == order.patient_pays_rp + sum(shares_of_order(order.code).values())
    assert order.promise_at > order.placed_at
    assert len(order.door_code) == 4
    papers = Prescription.objects.get(order=order)
    assert papers.items.splitlines() == ["Amlodipine 5 mg 1x1", "Metformin 500 mg 2x1"]
    assert Fact.objects.get(resident=order.resident_id).name == "pbi_active"
    letter = Letter.objects.get(subject=order.code)
    assert letter.address == "+6281234567890"
    assert order.door_code in letter.body


@pytest.mark.parametrize(
    ("field", "typed"),
    [
        ("number", ""),
        ("number", "=SUM(A1)"),
        ("full_name", ""),
        ("full_name", "Sa\x00ri"),
        ("full_name", "S" * 121),
        ("nik", "123"),
        ("nik", "3510163203510001"),
        ("birth_date", ""),
        ("birth_date", "31-02-1951"),
        ("birth_date", "01-01-2999"),
        ("phone", ""),
        ("phone", "12"),
        ("village", ""),
        ("village", "99.99.99.9999"),
        ("address", ""),
        ("clinic", ""),
        ("prescriber", ""),
        ("items", ""),
        ("pbi", ""),
    ],
)
def test_what_is_wrong_stands_beside_its_field_and_the_rest_stays_typed(
    cast: Cast, field: str, typed: str
) -> None:
    page = post(cast, **{field: typed})
    assert page.status_code == 400
    assert set(page.context["form"].errors) == {field}
    shown = page.content.decode()
    assert f'id="id_{field}_error"' in shown
    if field != "address":
        assert "Dusun Krajan RT 02/RW 01" in shown
    assert not Order.objects.exists()
    assert not Resident.objects.exists()


def test_all_that_is_wrong_is_told_at_once(cast: Cast) -> None:
    page = post(cast, nik="123", phone="12", village="")
    assert set(page.context["form"].errors) == {"nik", "phone", "village"}


def test_the_page_speaks_indonesian_and_english(cast: Cast) -> None:
    clerk = client_of(cast.clerk)
    typed = typed_prescription(cast, nik="123")
    assert "16 angka" in clerk.post("/medicine/new", typed).content.decode()
    clerk.cookies["language"] = "en"
    assert "A NIK has 16 digits" in clerk.post("/medicine/new", typed).content.decode()


def test_the_same_prescription_twice_is_one_order(cast: Cast) -> None:
    first = place(cast)
    again = post(cast)
    assert again.headers["Location"] == f"/medicine/orders/{first.code}"
    assert Order.objects.count() == Letter.objects.count() == 1


def test_another_hospital_may_use_the_same_number(cast: Cast) -> None:
    first = place(cast)
    typed = typed_prescription(cast)
    client_of(cast.other_pharmacist).post("/medicine/new", typed)
    assert Order.objects.exclude(pk=first.pk).get().origin == cast.other_hospital


def test_the_number_of_another_patient_is_not_taken_for_his(cast: Cast) -> None:
    first = place(cast)
    page = post(cast, full_name="Budi", nik="3510160101800002", birth_date="01-01-1980")
    assert page.status_code == 400
    shown = page.content.decode()
    assert first.code in shown
    assert 'value="Budi"' in shown
    assert Order.objects.count() == 1


def test_a_patient_from_before_need_not_be_typed_again(cast: Cast) -> None:
    number = place(cast).resident_id
    page = client_of(cast.clerk).get("/medicine/new", {"patient": number}).content.decode()
    assert 'value="Sari"' in page
    assert 'value="09-03-1951"' in page


@pytest.mark.parametrize("number", ["0", "9" * 40, "x", "-1"])
def test_a_patient_who_does_not_exist_is_an_empty_form(cast: Cast, number: str) -> None:
    page = client_of(cast.clerk).get("/medicine/new", {"patient": number})
    assert page.status_code == 200
    assert page.context["form"].initial == {}


def test_without_a_nik_a_newborn_is_served_too(cast: Cast) -> None:
    place(cast, nik="")
    assert Resident.objects.get().nik_index is None


def test_a_name_tells_patients_apart_where_one_has_no_nik(cast: Cast) -> None:
    place(cast)
    assert post(cast, nik="", full_name="SARI").status_code == 302
    assert post(cast, nik="", full_name="Budi").status_code == 400

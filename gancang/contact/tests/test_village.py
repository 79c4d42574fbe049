"""A village clerk helps the patients of his village, and of no other."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from gancang.accounts.models import Membership
from gancang.audit.models import Event
from gancang.contact.models import OnBehalf
from gancang.orders.models import Order
from gancang.outbox.queries import language_of
from gancang.regions.models import Village
from gancang.residents.models import Reading
from tests.cast import BORN, NIK, client_of, place

if TYPE_CHECKING:
    from tests.cast import Cast


def test_the_village_clerk_finds_an_order_of_his_village_by_its_code(cast: Cast) -> None:
    order, browser = place(cast), client_of(cast.village_clerk)
    found = browser.post("/contact/patient", {"code": order.code.lower()})
    assert found["Location"] == f"/contact/patient/{order.code}"
    assert browser.get(found["Location"]).status_code == 200


def test_an_order_of_another_village_is_not_there_for_him(cast: Cast) -> None:
    order, browser = place(cast), client_of(cast.village_clerk)
    elsewhere = Village.objects.filter(region=cast.region).order_by("code")[1]
    Order.objects.filter(pk=order.pk).update(village=elsewhere)
    assert browser.post("/contact/patient", {"code": order.code}).status_code == 400
    assert browser.get(f"/contact/patient/{order.code}").status_code == 404


@pytest.mark.parametrize("where", ["hospital", "fleet", None])
def test_a_village_clerk_sits_in_a_village(cast: Cast, where: str | None) -> None:
    typed = {
        "full_name": "Siti Aminah",
        "username": "siti.aminah",
        "role": "village_clerk",
        "organisation": getattr(cast, where).pk if where else "",
        "password": "jamu-beras-kencur",
    }
    assert client_of(cast.admin).post("/accounts/people", typed).status_code == 400
    assert not Membership.objects.filter(user__username="siti.aminah").exists()


def typed_for(**changed: str) -> dict[str, str]:
    """Her neighbour asks for Sari, who wants it."""
    typed = {"relation": "neighbour", "name": "Bu Tin", "asked": "on", "deed": "tomorrow"}
    return {**typed, **changed}


def test_he_finds_a_patient_by_name_and_date_of_birth_and_each_look_is_written_down(
    cast: Cast,
) -> None:
    order, browser = place(cast), client_of(cast.village_clerk)
    wrong = {"name": "Sari", "born": "10-03-1951"}
    assert browser.post("/contact/patient", wrong).status_code == 400
    right = {"name": "sari", "born": BORN.strftime("%d-%m-%Y")}
    found = browser.post("/contact/patient", right)
    assert found["Location"] == f"/contact/patient/{order.code}"
    page = browser.get(found["Location"]).content.decode()
    assert "Amlodipine" not in page
    assert "Saraf" not in page
    readings = Reading.objects.filter(by="village-clerk", resident_number=order.resident_id)
    assert readings.count() == 3


@pytest.mark.parametrize("typed", [{}, {"name": "Sa", "born": "09-03-1951"}, {"name": "Sari"}])
def test_nobody_browses_through_the_village(cast: Cast, typed: dict[str, str]) -> None:
    place(cast)
    browser = client_of(cast.village_clerk)
    assert browser.post("/contact/patient", typed or {"name": ""}).status_code == 400
    assert not Reading.objects.filter(by="village-clerk").exists()


def test_what_he_does_is_kept_with_whom_he_did_it_for(cast: Cast) -> None:
    order, browser = place(cast), client_of(cast.village_clerk)
    path = f"/contact/patient/{order.code}/do"
    assert browser.post(path, typed_for()).status_code == 302
    deed = OnBehalf.objects.get()
    assert (deed.order, deed.deed, deed.by) == (order, "tomorrow", cast.village_clerk)
    assert (deed.relation, deed.name, deed.role) == ("neighbour", "Bu Tin", "village_clerk")
    event = Event.objects.get(kind="order.on_behalf")
    assert (event.actor, event.subject) == ("village-clerk", order.code)
    assert "Bu Tin" not in event.payload, "names stay out of the chain"
    order.refresh_from_db()
    assert order.not_before is not None
    browser.post(path, typed_for(deed="cancel"))
    order.refresh_from_db()
    assert order.state == "cancelled"


@pytest.mark.parametrize(
    "changed",
    [{"asked": ""}, {"name": " "}, {"relation": "stranger"}, {"deed": "steal"}, {"deed": ""}],
)
def test_without_the_patients_wish_nothing_is_done(cast: Cast, changed: dict[str, str]) -> None:
    order = place(cast)
    path = f"/contact/patient/{order.code}/do"
    answer = client_of(cast.village_clerk).post(path, typed_for(**changed))
    assert answer.status_code == 400
    order.refresh_from_db()
    assert (order.state, order.not_before) == ("placed", None)
    assert not OnBehalf.objects.exists()


def test_a_slip_shows_the_way_to_the_order_and_nothing_of_the_medicine(cast: Cast) -> None:
    order = place(cast)
    page = client_of(cast.clerk).get(f"/contact/patient/{order.code}/slip").content.decode()
    assert order.code in page
    assert "<svg" in page
    assert "style=" not in page
    for secret in (order.door_code, "Amlodipine", "Saraf", NIK, BORN.strftime("%d-%m-%Y")):
        assert secret not in page


def test_letters_come_in_the_language_that_was_chosen(cast: Cast) -> None:
    order, browser = place(cast), client_of(cast.village_clerk)
    chosen = cast.region.languages[-1]
    browser.post(f"/contact/patient/{order.code}/language", {"language": "Klingon"})
    assert language_of(order.resident_id) == ""
    browser.post(f"/contact/patient/{order.code}/language", {"language": chosen})
    assert language_of(order.resident_id) == chosen

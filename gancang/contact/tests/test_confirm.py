"""Address and phone are confirmed before anybody sets out (H26)."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import TYPE_CHECKING

import pytest
from django.test import Client

from gancang.audit.models import Event
from gancang.contact.models import PatientMessage
from gancang.dispatch.models import Offer
from gancang.dispatch.ticking import tick
from gancang.orders.links import track_token
from gancang.orders.models import Order
from gancang.outbox.models import Letter
from gancang.residents.models import Reading, Resident
from tests.cast import at_work, client_of, place, release

if TYPE_CHECKING:
    from tests.cast import Cast


@pytest.fixture
def order(cast: Cast) -> Order:
    """Released, and nobody has confirmed it."""
    found = release(cast, place(cast))
    Order.objects.filter(pk=found.pk).update(confirmed_at=None, confirmed_how="")
    Letter.objects.filter(subject=found.code).delete()
    found.refresh_from_db()
    return found


def is_offered(cast: Cast, order: Order) -> bool:
    """Whether a tick offers it to somebody."""
    tick(cast.region, now=datetime.now(UTC), seed=1)
    return Offer.objects.filter(order=order, answer="open").exists()


def test_an_unconfirmed_order_stands_in_the_work_list_and_on_no_route(
    cast: Cast, order: Order
) -> None:
    at_work(cast, cast.rider)
    clerk = client_of(cast.clerk)
    assert order.code in clerk.get("/contact/confirmations").content.decode()
    assert not is_offered(cast, order)
    assert clerk.post(f"/contact/confirmations/{order.code}").status_code == 302
    again = clerk.get("/contact/confirmations").content.decode()
    assert f"/contact/confirmations/{order.code}" not in again
    order.refresh_from_db()
    assert order.confirmed_how == "phone"
    assert is_offered(cast, order)


def test_confirmed_twice_is_confirmed_once(cast: Cast, order: Order) -> None:
    for _ in range(2):
        client_of(cast.operator).post(f"/contact/confirmations/{order.code}")
    assert Event.objects.filter(subject=order.code, kind="order.confirmed").count() == 1
    assert Letter.objects.filter(subject=order.code, kind="order.placed").count() == 1


def test_the_patient_says_on_his_page_that_the_address_is_right(cast: Cast, order: Order) -> None:
    browser, link = Client(), f"/o/{track_token(order.code)}"
    assert f"{link}/confirm" in browser.get(link).content.decode()
    page = browser.get(f"{link}/confirm").content.decode()
    person = Resident.objects.get(pk=order.resident_id)
    assert person.address in page
    assert person.full_name not in page
    assert Reading.objects.filter(by="patient", resident_number=person.pk).exists()
    assert browser.post(f"{link}/confirm", {"right": "yes"})["Location"] == link
    order.refresh_from_db()
    assert order.confirmed_how == "link"
    assert browser.get(f"{link}/confirm")["Location"] == link, "the address is not shown any more"


def test_the_patient_says_what_is_wrong_and_somebody_rings(cast: Cast, order: Order) -> None:
    link = f"/o/{track_token(order.code)}/confirm"
    assert Client().post(link, {"words": " "}).status_code == 400
    assert Client().post(link, {"words": "Sudah pindah ke RT 5"}).status_code == 200
    message = PatientMessage.objects.get(order=order)
    assert (message.why, message.body) == ("says_wrong", "Sudah pindah ke RT 5")
    order.refresh_from_db()
    assert order.confirmed_at is None


def test_wrong_is_corrected_and_with_that_confirmed(cast: Cast, order: Order) -> None:
    operator, path = client_of(cast.operator), f"/contact/patient/{order.code}/correct"
    typed = {"relation": "patient", "asked": "on", "landmark": "pagar biru"}
    assert operator.post(path, typed | {"phone": "12"}).status_code == 400
    assert operator.post(path, typed | {"phone": "0857 1234 0000"}).status_code == 302
    person = Resident.objects.get(pk=order.resident_id)
    assert (person.phone, person.landmark) == ("+6285712340000", "pagar biru")
    assert [each.number for each in person.phones.all()] == ["+6281234567890"]
    order.refresh_from_db()
    assert order.confirmed_how == "clerk"
    assert Letter.objects.get(subject=order.code, kind="order.placed").address == person.phone

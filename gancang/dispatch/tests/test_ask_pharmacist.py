"""Whoever has a question about the medicine rings the pharmacist; the rider does not answer it."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from django.test import Client

from gancang.orders.links import track_token
from tests.cast import client_of, collected

if TYPE_CHECKING:
    from gancang.regions.models import Organisation
    from tests.cast import Cast

PHONE = "0333-555-0101"
BUTTON = re.compile(r'<a class="button wide" href="tel:([^"]+)">')
MUST_NOT = "efek samping"  # stands in the one sentence of what the rider must not answer


def pages(cast: Cast) -> list[str]:
    """The rider's home and bag page, and the patient's link, while the bag is on its way."""
    order = collected(cast)
    rider = client_of(cast.rider)
    return [
        rider.get("/dispatch/rider").content.decode(),
        rider.get(f"/dispatch/rider/orders/{order.code}").content.decode(),
        Client().get(f"/o/{track_token(order.code)}").content.decode(),
    ]


def with_phone(hospital: Organisation, phone: str) -> None:
    hospital.phone = phone
    hospital.save(update_fields=["phone"])


def test_one_press_rings_the_pharmacist_and_a_sentence_says_what_the_rider_must_not_answer(
    cast: Cast,
) -> None:
    with_phone(cast.hospital, PHONE)
    for page in pages(cast):
        assert BUTTON.findall(page) == [PHONE]
        assert page.count(MUST_NOT) == 1


def test_where_a_pharmacy_has_no_telephone_rider_and_patient_ring_the_regency_and_ask_for_it(
    cast: Cast,
) -> None:
    with_phone(cast.hospital, "")
    for page in pages(cast):
        assert BUTTON.findall(page) == [cast.region.phone]


def test_a_rider_without_a_bag_has_nobody_to_ask(cast: Cast) -> None:
    assert MUST_NOT not in client_of(cast.rider).get("/dispatch/rider").content.decode()
